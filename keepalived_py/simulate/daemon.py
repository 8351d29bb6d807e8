"""The adapter between an engine and the other world, as `linux` is for this one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import MILLISECOND, Address, Microseconds
from keepalived_py.simulate.clock import Clock, Timer
from keepalived_py.simulate.network import Network
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.timeline import Happening
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    AddDropRules,
    AddRoutes,
    AddRules,
    Announce,
    Log,
    Notify,
    NotifyEvent,
    RemoveAddresses,
    RemoveDropRules,
    RemoveRoutes,
    RemoveRules,
    ReplaceRoute,
    RunScript,
    SendAdvert,
    SignalScript,
    Subject,
    Transition,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import (
    AddressLost,
    AdvertReceived,
    Event,
    FileRead,
    LinkChanged,
    ProcessesCounted,
    RoutingLost,
    ScriptExited,
    SourceAddressChanged,
)
from keepalived_py.vrrp.packet.advert import decode as decode_advert
from keepalived_py.vrrp.packet.advert import encode
from keepalived_py.vrrp.packet.ah import IPPROTO_AH
from keepalived_py.vrrp.packet.ip import Datagram, DecodeError, pack_ipv4, parse_ipv4
from keepalived_py.vrrp.signing import Signer, sign
from keepalived_py.vrrp.state import State

SIGTERM = 15
SIGKILL = 9
DEATH_US = MILLISECOND
"""How long a signal takes to end a script."""

IDENTIFICATION = 1
"""Of all packets: nobody fragments them."""

WORDS = (SendAdvert, Announce, Log, NotifyEvent)
"""What changes nothing on the node itself."""

decode = lru_cache(maxsize=64)(decode_advert)  # a multicast is decoded once, not once per listener


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last advert of an instance, and the interval that counted then."""

    at_us: Microseconds
    interval_us: Microseconds


NEVER = Heartbeat(-(10**12), 0)


@dataclass(slots=True)
class Run:
    """A script that is running, and the timer of its end; None while it hangs."""

    obeys_sigterm: bool
    end: Timer | None = None


class Daemon:
    """A running keepalived. Every public method is something that happens to it."""

    def __init__(
        self,
        node: Node,
        clock: Clock,
        network: Network,
        record: Callable[[str, Happening], None],
        engine_type: type[Engine],
    ) -> None:
        self.engine = engine_type(node.configuration)
        self.heartbeats: dict[tuple[str | None, int, int], Heartbeat] = {}
        """By interface, VRID and family."""
        self.told: dict[tuple[Subject, str], State] = {}
        """What notifications said last."""
        self.entered: dict[str, State] = {}
        """What transitions said last."""
        self.misdeeds: list[str] = []
        """What the engine should not have asked for."""
        self.suspended = False
        self.delayed_until_us: Microseconds = 0
        """Nobody may be master before, whatever `vrrp_startup_delay` there was since the start."""
        self._backlog: list[Event] = []
        self._node = node
        self._clock = clock
        self._network = network
        self._record = partial(record, node.name)
        self._timer: Timer | None = None
        self._armed_us: Microseconds | None = None
        self._runs: dict[str, Run] = {}
        self._signer = Signer()
        self._routers: dict[str, VirtualRouter] = {}
        self._use(node.configuration)

    @property
    def now_us(self) -> Microseconds:
        return self._clock.now_us

    def start(self) -> None:
        self._started_us = self._clock.now_us
        self.delayed_until_us = self._end_of_delay(self._node.configuration)
        kernel = self._node.kernel
        for interface in kernel.interfaces:
            self.engine.handle(LinkChanged(interface, kernel.is_up(interface)), self._clock.now_us)
            for family in (4, 6):
                source = SourceAddressChanged(interface, family, kernel.own_address(interface, family))
                self.engine.handle(source, self._clock.now_us)
        self._look_around(self._node.configuration)
        self._perform(self.engine.start(self._clock.now_us))

    def stop(self) -> None:
        self._perform(self.engine.stop(self._clock.now_us))
        self.die()

    def die(self) -> None:
        """Be gone, at once and without a word."""
        if self._timer:
            self._timer.cancel()
        for run in self._runs.values():
            if run.end:
                run.end.cancel()

    def reload(self, configuration: Configuration) -> None:
        self._look_around(configuration)
        # What a reload removes says goodbye with the configuration that it had.
        self._routers = {**configuration.routers, **self._routers}
        self.delayed_until_us = min(self.delayed_until_us, self._end_of_delay(configuration))
        self._perform(self.engine.reload(configuration, self._clock.now_us))
        self._use(configuration)
        # A renamed instance keeps its state without a word.
        self.entered.clear()
        self.told.clear()

    def _end_of_delay(self, configuration: Configuration) -> Microseconds:
        return self._started_us + configuration.definitions.startup_delay_us

    def suspend(self) -> None:
        """Stand still, as after SIGSTOP or in a paused virtual machine: what happens has to wait."""
        self.suspended = True

    def resume(self) -> None:
        """Go on: first with all that has happened, then with what is due."""
        self.suspended = False
        while self._backlog:
            event = self._backlog.pop(0)
            if isinstance(event, AdvertReceived):  # it is read only now
                event = replace(event, wall_us=self._clock.now_us)
            self.happen(event)
        self._expire()

    def happen(self, event: Event) -> None:
        """Tell the engine of an event and carry out what it wants."""
        if self.suspended:
            self._backlog.append(event)
        else:
            self._perform(self.engine.handle(event, self._clock.now_us))

    def receive(self, interface: str, packet: Datagram) -> None:
        try:
            advert = decode(packet)
        except DecodeError:
            return
        destination = advert.destination
        where = interface, destination.version, advert.vrid, destination.is_multicast
        instance = self._listeners.get(where)
        if instance is not None:
            self.happen(AdvertReceived(instance, advert, wall_us=self._clock.now_us))

    def lose_address(self, interface: str, address: Address) -> None:
        # That a sync group is BACKUP because of this, keepalived does not tell.
        self.told = {about: state for about, state in self.told.items() if about[0] is Subject.INSTANCE}
        self.happen(AddressLost(interface, address))

    def lose_routing(self, lost: Route | Rule) -> None:
        self.told = {about: state for about, state in self.told.items() if about[0] is Subject.INSTANCE}
        self.happen(RoutingLost(lost))

    def _look_around(self, configuration: Configuration) -> None:
        """Count the processes and read the files that a configuration tracks."""
        for process in configuration.processes.values():
            counted = ProcessesCounted(process.name, self._node.count(process))
            self._perform(self.engine.handle(counted, self._clock.now_us))
        for file in configuration.files:
            read = FileRead(file, self._node.numbers[file])
            self._perform(self.engine.handle(read, self._clock.now_us))

    def _use(self, configuration: Configuration) -> None:
        self._routers = dict(configuration.routers)
        self._listeners = {
            (router.interface, router.family, router.vrid, not router.unicast): name
            for name, router in configuration.routers.items()
        }

    def _expire(self) -> None:
        self._timer = None
        if self.suspended:
            return
        now_us = self._clock.now_us
        self._perform(self.engine.expire(now_us))
        deadline_us = self.engine.next_deadline()
        if deadline_us is not None and deadline_us <= now_us:
            self.misdeeds.append("leaves something undone that is due")
            self._node.turns += 1
            self.die()

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            if type(action) in WORDS:
                self._node.words += 1
            else:
                self._node.turns += 1
            self._act(action)
        deadline_us = self.engine.next_deadline()
        if self._timer and (self._timer.cancelled or deadline_us != self._armed_us):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and deadline_us is not None:
            self._timer = self._clock.at(deadline_us, self._expire)
            self._armed_us = deadline_us

    def _act(self, action: Action) -> None:
        kernel = self._node.kernel
        match action:
            case SendAdvert():
                self._send(action)
            case AddAddresses(_, interface, addresses):
                self._record(action)
                for device, address in self._placed(interface, addresses):
                    kernel.add_address(device, address)
            case RemoveAddresses(_, interface, addresses):
                self._record(action)
                for device, address in self._placed(interface, addresses):
                    kernel.remove_address(device, address)
            case AddRoutes(_, added) | AddRules(_, added):
                kernel.routing |= dict.fromkeys(added)
            case RemoveRoutes(_, removed) | RemoveRules(_, removed):
                kernel.remove_routing(removed)
            case ReplaceRoute(_, before, after):
                kernel.remove_routing((before,))
                kernel.routing[after] = None
            case Announce(interface, address):
                kernel.announce(interface, address)
            case RunScript(script):
                self._run(script)
            case SignalScript(script, signal):
                self._signal(script, signal)
            case Transition(instance, _, state, _):
                self._record(action)
                self.entered[instance] = state
            case Notify(subject, name, state, _):
                self._record(action)
                self.told[subject, name] = state
            case NotifyEvent():
                self._record(action)
            case Log() | AddDropRules() | RemoveDropRules():
                pass

    @staticmethod
    def _placed(interface: str | None, addresses: tuple[IpAddress, ...]) -> list[tuple[str, Address]]:
        devices = ((address.device or interface, address.address) for address in addresses)
        return [(device, address) for device, address in devices if device is not None]

    def _send(self, action: SendAdvert) -> None:
        router = self._routers[action.instance]
        self.heartbeats[router.interface, router.vrid, router.family] = Heartbeat(
            self._clock.now_us, router.advert_interval_us
        )
        port = self._network.port(self._node.name, router.interface or "")
        if port is None or not self._node.kernel.is_up(port.interface):
            return
        number = self._signer.number(router, action, wall_us=self._clock.now_us)
        for destination in router.destinations:
            priority, source, old = action.priority, action.source, action.old_checksum
            advert = encode(router, priority, source, destination, old_checksum=old)
            self._network.send(port, _on_the_wire(sign(router, advert, number, IDENTIFICATION)))

    def _run(self, name: str) -> None:
        behaviour = self._node.behaviour(self.engine.configuration.scripts[name])
        if name in self._runs:
            self.misdeeds.append(f"runs script {name} while it is running")
        run = self._runs[name] = Run(behaviour.obeys_sigterm)
        if behaviour.status is not None:
            exited = ScriptExited(name, behaviour.status)
            run.end = self._clock.after(behaviour.duration_us, partial(self._exit, exited))

    def _signal(self, name: str, signal: int) -> None:
        run = self._runs.get(name)
        if run is None or (signal == SIGTERM and not run.obeys_sigterm):
            return
        if run.end:
            run.end.cancel()
        exited = ScriptExited(name, None, signal)
        run.end = self._clock.after(DEATH_US, partial(self._exit, exited))

    def _exit(self, event: ScriptExited) -> None:
        del self._runs[event.script]
        self.happen(event)


def _on_the_wire(packet: Datagram) -> Datagram:
    """With the IP header that an authentication header protects."""
    if packet.protocol != IPPROTO_AH:
        return packet
    return parse_ipv4(pack_ipv4(packet, IDENTIFICATION))
