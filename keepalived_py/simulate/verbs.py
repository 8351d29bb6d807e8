"""What can be done to a world: a table of verbs, each a function of the world, a node and an argument."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from typing import TypeAlias

from keepalived_py.model.question import question
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import MILLISECOND, Address
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.scripts import FAILURE, SUCCESS, Behaviour
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.events import (
    FileRead,
    LinkChanged,
    ProcessesCounted,
    ProgramChanged,
    SourceAddressChanged,
)

KEEPALIVED = "keepalived"

Verb: TypeAlias = Callable[[World, str, str], None]


def boot(world: World, name: str, _: str) -> None:
    """The machine gets power; keepalived starts, and what else ran before."""
    world.nodes[name].powered = True
    world.start_daemon(name)


def crash(world: World, name: str, _: str) -> None:
    """The machine loses power: no daemon, no addresses."""
    node = world.nodes[name]
    world.kill_daemon(name)
    node.powered = False
    node.kernel.lose_power()


def stop(world: World, name: str, _: str) -> None:
    """keepalived is told to stop, by SIGTERM; if it stands still it goes on before."""
    node = world.nodes[name]
    resume(world, name, "")
    if node.daemon:
        node.daemon.stop()
        node.daemon = None


def reload(world: World, name: str, file: str) -> None:
    """A running keepalived is told to read a file, by SIGHUP; if it stands still it goes on before."""
    node = world.nodes[name]
    resume(world, name, "")
    if node.daemon:
        node.configuration = node.files[file]
        node.daemon.reload(node.configuration)


def kill(world: World, name: str, program: str) -> None:
    """All processes of a program die, by SIGKILL. Addresses that a killed keepalived has set remain."""
    if program == KEEPALIVED:
        world.kill_daemon(name)
    else:
        set_processes(world, name, program, 0)


def start(world: World, name: str, program: str) -> None:
    """One more process of a program; of keepalived never more than one."""
    if program == KEEPALIVED:
        world.start_daemon(name)
    else:
        set_processes(world, name, program, world.nodes[name].processes[program] + 1)


def suspend(world: World, name: str, _: str) -> None:
    """A running keepalived stands still, by SIGSTOP."""
    daemon = world.nodes[name].daemon
    if daemon:
        daemon.suspend()


def resume(world: World, name: str, _: str) -> None:
    """keepalived goes on, by SIGCONT, if it stood still."""
    daemon = world.nodes[name].daemon
    if daemon and daemon.suspended:
        daemon.resume()


def set_processes(world: World, name: str, program: str, count: int) -> None:
    node = world.nodes[name]
    ran, node.processes[program] = node.processes[program] > 0, count
    if node.daemon is None:
        return
    for process in node.configuration.processes.values():
        if process.path.rpartition("/")[2] == program:
            node.daemon.happen(ProcessesCounted(process.name, count))
    if world.early_runs and ran is not (count > 0):
        for script in node.configuration.scripts.values():
            asked = question(script.command)
            if asked and asked.service == program:
                node.daemon.happen(ProgramChanged(script.name, count > 0))


def write(world: World, name: str, argument: str) -> None:
    """A number is written into a tracked file: `load=20`."""
    node = world.nodes[name]
    file, _, number = argument.partition("=")
    node.numbers[file] = int(number)
    if node.daemon and file in node.configuration.files:
        node.daemon.happen(FileRead(file, node.numbers[file]))


def behave(status: int | None) -> Verb:
    """From its next run on, a script exits with this status, or hangs."""

    def verb(world: World, name: str, script: str) -> None:
        behaviours = world.nodes[name].behaviours
        behaviours[script] = replace(behaviours.get(script, Behaviour()), status=status)

    return verb


def link(*, up: bool) -> Verb:
    """The link of an interface goes up or down."""

    def verb(world: World, name: str, interface: str) -> None:
        node = world.nodes[name]
        node.kernel.set_link(interface, up=up)
        if node.daemon:
            node.daemon.happen(LinkChanged(interface, up))

    return verb


def cut(*, mute: bool, deaf: bool) -> Verb:
    """A node is no longer heard, no longer hears, or both; on one segment, or on all."""

    def verb(world: World, name: str, segment: str) -> None:
        for each in [segment] if segment else world.network.segments():
            for other in world.nodes:
                if mute:
                    world.network.sever(each, name, other)
                if deaf:
                    world.network.sever(each, other, name)

    return verb


def heal(world: World, name: str, _: str) -> None:
    """A node is no longer cut off, in any way."""
    world.network.heal(name)


def loss(world: World, _: str, percent: str) -> None:
    """From now on each receiver misses this share of the packets: `30%`."""
    probability = float(percent.removesuffix("%")) / 100
    world.network.conditions = replace(world.network.conditions, loss=probability)


def corrupt(world: World, _: str, percent: str) -> None:
    """From now on this share of the packets arrives with a flipped bit: `5%`."""
    probability = float(percent.removesuffix("%")) / 100
    world.network.conditions = replace(world.network.conditions, corruption=probability)


def delay(world: World, _: str, duration: str) -> None:
    """From now on packets take this time: `50ms`."""
    delay_us = int(duration.removesuffix("ms")) * MILLISECOND
    world.network.conditions = replace(world.network.conditions, delay_us=delay_us, jitter_us=delay_us // 4)


def delete(world: World, name: str, text: str) -> None:
    """Someone deletes an address, behind the daemon's back."""
    node = world.nodes[name]
    address = ip_address(text)
    for interface in node.kernel.interfaces_with(address):
        node.kernel.remove_address(interface, address)
        if node.daemon:
            node.daemon.lose_address(interface, address)


def unroute(world: World, name: str, text: str) -> None:
    """Someone deletes a route, named by its destination, or a rule, by its priority."""
    node = world.nodes[name]
    for item in tuple(node.kernel.routing):
        if text == routing_name(item):
            node.kernel.remove_routing((item,))
            if node.daemon:
                node.daemon.lose_routing(item)


def routing_name(item: Route | Rule) -> str:
    return str(item.destination if isinstance(item, Route) else item.priority)


def forget(world: World, name: str, interface: str) -> None:
    """An interface loses its own addresses."""
    for family in (4, 6):
        set_own_address(world, name, interface, family, None)


def remember(world: World, name: str, argument: str) -> None:
    """An interface gets an address of its own back: `eth0=10.0.0.1`."""
    interface, _, text = argument.partition("=")
    address = ip_address(text)
    set_own_address(world, name, interface, address.version, address)


def set_own_address(world: World, name: str, interface: str, family: int, address: Address | None) -> None:
    node = world.nodes[name]
    node.kernel.set_own_address(interface, family, address)
    if node.daemon:
        node.daemon.happen(SourceAddressChanged(interface, family, address))


def apply(world: World, step: Step) -> None:
    """Do what a step says, now. Raises KeyError for a verb, node or file that there is not."""
    world.record(step.node, step)
    if step.node:
        world.nodes[step.node].turns += 1
    VERBS[step.verb](world, step.node, step.argument)


def schedule(world: World, steps: Iterable[Step]) -> None:
    """Have the steps happen when their time comes."""
    for step in steps:
        world.clock.at(step.at_us, partial(apply, world, step))


VERBS: dict[str, Verb] = {
    "boot": boot,
    "crash": crash,
    "stop": stop,
    "reload": reload,
    "kill": kill,
    "start": start,
    "suspend": suspend,
    "resume": resume,
    "pass": behave(SUCCESS),
    "fail": behave(FAILURE),
    "hang": behave(None),
    "write": write,
    "up": link(up=True),
    "down": link(up=False),
    "cut": cut(mute=True, deaf=True),
    "mute": cut(mute=True, deaf=False),
    "deafen": cut(mute=False, deaf=True),
    "heal": heal,
    "loss": loss,
    "corrupt": corrupt,
    "delay": delay,
    "delete": delete,
    "unroute": unroute,
    "forget": forget,
    "remember": remember,
}
