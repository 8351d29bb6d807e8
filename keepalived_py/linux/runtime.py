"""A configuration, running on this machine: events to the engine, its actions to the system."""

import signal
import time
from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from ipaddress import IPv4Address
from typing import assert_never

from keepalived_py.linux.addresses import Addresses
from keepalived_py.linux.arp import ArpSocket
from keepalived_py.linux.asked import AskedProcesses
from keepalived_py.linux.files import Files, initialise_files
from keepalived_py.linux.interfaces import Fact, Interfaces
from keepalived_py.linux.linkbeat import Poller
from keepalived_py.linux.ndisc import NdiscSocket
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket
from keepalived_py.linux.nftables import Nftables
from keepalived_py.linux.processes import Processes
from keepalived_py.linux.routes import Routes
from keepalived_py.linux.routing_monitor import RoutingMonitor
from keepalived_py.linux.rules import Rules
from keepalived_py.linux.sockets import Sockets
from keepalived_py.linux.spawn import Child, Spawner
from keepalived_py.linux.static_entries import StaticEntries
from keepalived_py.linux.vmac import Vmacs
from keepalived_py.linux.vrfs import with_vrf_tables
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.question import question
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import SECOND, Interface, Microseconds
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
    Transition,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import AddressLost, Event, LinkChanged, RoutingLost, ScriptExited


class Runtime:
    """Runs a configuration until it is stopped.

    `log` is given every line for the log, `notify` whom to tell of a change, `late` how late each
    deadline was met, `changed` each change of state before what it entails; none may wait.
    `log_addresses` logs each address that comes or goes. With `early_runs` scripts that ask for
    processes run as soon as these have ended, or begun.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        loop: AbstractEventLoop,
        log: Callable[[Log], None],
        notify: Callable[[Notify | NotifyEvent], None],
        late: Callable[[Microseconds], None] = lambda late_us: None,
        changed: Callable[[Transition], None] = lambda transition: None,
        log_addresses: bool = False,
        early_runs: bool = True,
    ) -> None:
        self._commands = CommandSocket()
        self._nftables = Nftables(log)
        self._vmacs = Vmacs(self._commands, self._nftables, log)
        configuration = with_vrf_tables(self._vmacs.place(configuration), self._commands, log)
        self.engine = Engine(configuration)
        self._loop = loop
        self._log = log
        self._notify = notify
        self._late = late
        self._changed = changed
        self._running = False
        self._timer: TimerHandle | None = None
        self._armed_us: Microseconds | None = None
        self._children: dict[str, Child] = {}
        self._retiring: Mapping[str, VirtualRouter] = {}
        self._interfaces = Interfaces(
            self._commands, MonitorSocket(), self._take_fact, self._address_removed, log, log_addresses
        )
        self._addresses = Addresses(self._commands, self._interfaces, log)
        self._routes = Routes(self._commands, self._interfaces, log)
        self._rules = Rules(self._commands, log)
        self._routing_monitor = RoutingMonitor(self._routes, self._commands.port, self._routing_lost, log)
        self._static = StaticEntries(self._addresses, self._routes, self._rules, log)
        self._sockets = Sockets(loop, self._interfaces, self._handle, log)
        self._processes = Processes(loop, self._handle, log)
        self._asked = AskedProcesses(loop, self._handle)
        self._early_runs = early_runs
        self._files = Files(loop, self._handle, log)
        self._poller = Poller(loop, self._interfaces.poll, log)
        self._arp = ArpSocket()
        self._ndisc = NdiscSocket()
        self._prepare(configuration)

    def start(self) -> None:
        """Find out how things stand, and begin."""
        configuration = self.engine.configuration
        initialise_files(configuration.files.values(), self._log)
        self._poller.configure(configuration)
        self._vmacs.make()
        self._interfaces.start(self._loop)
        self._static.configure(configuration)
        self._interfaces.read()
        self._processes.configure(configuration.processes)
        self._files.configure(configuration)
        self._serve(configuration.routers.values())
        self._routing_monitor.start(self._loop)
        self._running = True
        self._execute(self.engine.start(_now_us()))
        self._watch_programs()

    def reload(self, configuration: Configuration) -> None:
        """Run another configuration; what is the same in both is not disturbed."""
        before = self.engine.configuration
        configuration = with_vrf_tables(self._vmacs.place(configuration), self._commands, self._log)
        self._prepare(configuration)
        self._vmacs.make()
        self._static.configure(configuration)
        self._interfaces.read()
        self._poller.configure(configuration)
        self._processes.configure(configuration.processes)
        self._files.configure(configuration)
        # Those who leave say so in their old words, and those who are new may speak at once.
        self._retiring = before.routers
        self._serve((*before.routers.values(), *configuration.routers.values()))
        self._execute(self.engine.reload(configuration, _now_us()))
        self._watch_programs()
        self._retiring = {}
        self._serve(configuration.routers.values())
        self._vmacs.retire()

    def stop(self, *, release: bool = True) -> None:
        """End; `release` False leaves the virtual addresses where they are, and tells nobody."""
        self._execute(self.engine.stop(_now_us(), release))
        self._running = False
        self._disarm()
        self._processes.stop()
        self._asked.stop()
        self._files.stop()
        self._poller.stop()
        self._static.stop()
        self._sockets.close()
        if release:
            self._vmacs.stop()
        self._nftables.stop()
        self._interfaces.stop(self._loop)
        self._routing_monitor.stop(self._loop)
        for each in (self._commands, self._arp, self._ndisc):
            each.close()

    def kill_scripts(self) -> None:
        """End what still runs of the scripts that `stop` has asked to end."""
        for child in self._children.values():
            child.signal_group(signal.SIGKILL)

    def _prepare(self, configuration: Configuration) -> None:
        definitions = configuration.definitions
        self._spawner = Spawner(self._loop, definitions.script_account, self._log)
        self._commands.configure(definitions.vrrp_netlink_cmd)
        self._nftables.configure(configuration)
        self._interfaces.configure(definitions.vrrp_netlink_monitor)
        self._interfaces.set_virtual(
            address.interface for router in configuration.routers.values() for address in router.all_addresses
        )
        self._watch_routing(configuration)

    def _watch_programs(self) -> None:
        scripts = self.engine.scripts.values() if self._early_runs else ()
        asked = {script.name: question(script.config.command) for script in scripts}
        self._asked.configure({name: what for name, what in asked.items() if what})

    def _watch_routing(self, configuration: Configuration) -> None:
        items: list[Route | Rule] = [*configuration.static_routes, *configuration.static_rules]
        for router in configuration.routers.values():
            items += (*router.virtual_routes, *router.virtual_rules)
        self._routing_monitor.watch(items, configuration.definitions.vrrp_netlink_monitor)

    def _serve(self, routers: Iterable[VirtualRouter]) -> None:
        definitions = self.engine.configuration.definitions
        self._sockets.configure(routers, definitions)

    @property
    def route_devices(self) -> dict[Route, str]:
        """Where the kernel has put the watched routes that name no interface."""
        devices = self._routing_monitor.devices.items()
        return {route: name for route, index in devices if (name := self._interfaces.name_of(index))}

    # What happens

    def _handle(self, event: Event) -> None:
        self._execute(self.engine.handle(event, _now_us()))

    def _take_fact(self, fact: Fact) -> None:
        """Sockets are there before the engine knows that it can send, and until it knows that it
        cannot."""
        gained = fact.up if isinstance(fact, LinkChanged) else fact.address is not None
        if gained:
            self._sockets.update()
        self._handle(fact)
        if not gained:
            self._sockets.update()
        if isinstance(fact, LinkChanged):
            if gained:
                self._static.interface_returned(fact.interface)
            if self._running:
                self._vmacs.link_changed(fact.interface)

    def _address_removed(self, device: str, address: Interface, virtual: bool) -> None:
        if virtual:
            self._handle(AddressLost(device, address.ip))
        # Not at once: it may be the interface that goes, of which we hear after its addresses.
        self._loop.call_soon(self._static.put_back_address, device, address)

    def _routing_lost(self, lost: Route | Rule) -> None:
        self._interfaces.read()  # It may have gone with its interface.
        self._handle(RoutingLost(lost))
        self._loop.call_soon(self._static.put_back, lost)

    def _script_ended(self, script: str, status: int | None, signal_number: int | None) -> None:
        if self._running:
            self._handle(ScriptExited(script, status, signal_number))

    def _expire(self) -> None:
        # The loop may wake us a little early; what we were woken for is due all the same.
        now_us = max(_now_us(), self._armed_us or 0)
        self._late(now_us - (self._armed_us or now_us))
        self._disarm()
        self._execute(self.engine.expire(now_us))

    def _arm(self) -> None:
        deadline_us = self.engine.next_deadline()
        if deadline_us == self._armed_us:
            return
        self._disarm()
        if deadline_us is not None:
            self._timer = self._loop.call_at(deadline_us / SECOND, self._expire)
            self._armed_us = deadline_us

    def _disarm(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._armed_us = None

    # What is done about it

    def _execute(self, actions: Iterable[Action]) -> None:
        """Carry out actions in order; one that fails is logged, and the rest goes on."""
        for action in actions:
            try:
                self._carry_out(action)
            except OSError as error:
                self._log(Log(f"Error {error.errno} ({error.strerror}) with {action}"))
        if self._running:
            self._arm()

    def _carry_out(self, action: Action) -> None:
        match action:
            case SendAdvert(instance=name, priority=priority):
                retiring = self._retiring.get(name) if priority == 0 else None
                self._sockets.send(retiring or self.engine.instances[name].config, action)
            case AddAddresses(interface=interface, addresses=addresses):
                self._addresses.add(interface, addresses)
            case RemoveAddresses(interface=interface, addresses=addresses):
                self._addresses.remove(interface, addresses)
            case AddDropRules(addresses=filtered):
                self._nftables.add_rules(filtered)
            case RemoveDropRules(addresses=filtered):
                self._nftables.remove_rules(filtered)
            case AddRoutes(routes=routes):
                self._routes.add(routes)
            case RemoveRoutes(routes=routes):
                self._routes.remove(routes)
            case ReplaceRoute(before=before, after=after):
                self._routes.replace(before, after)
            case AddRules(rules=rules):
                self._rules.add(rules)
            case RemoveRules(rules=rules):
                self._rules.remove(rules)
            case Announce():
                self._announce(action)
            case RunScript(script=script):
                command = self.engine.scripts[script].config.command
                self._children[script] = self._spawner.start(command, partial(self._script_ended, script))
            case SignalScript(script=script, signal=number):
                if child := self._children.get(script):
                    child.signal_group(number)
            case Notify() | NotifyEvent():
                self._notify(action)
            case Log():
                self._log(action)
            case Transition():
                self._changed(action)
            case _:
                assert_never(action)

    def _announce(self, action: Announce) -> None:
        link = self._interfaces.get(action.interface)
        if link is None or not link.has_neighbours:
            return
        if isinstance(action.address, IPv4Address):
            self._arp.send(link, action.address)
        else:
            self._ndisc.send(link, action.address)


def _now_us() -> Microseconds:
    return time.monotonic_ns() // 1000
