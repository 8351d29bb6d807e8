"""A world: nodes on segments, one clock, one seed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.simulate.clock import Clock
from keepalived_py.simulate.daemon import Daemon
from keepalived_py.simulate.network import Network, Plug, Port
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.timeline import Entry, Happening
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.packet.ip import Datagram


class World:
    """`random` decides what chance decides; `engine_type` is what every daemon runs."""

    def __init__(self, random: Random, engine_type: type[Engine] = Engine) -> None:
        self.clock = Clock()
        self.network = Network(self.clock, random)
        self.early_runs = True
        """Whether scripts that ask for processes run as soon as these have ended, or begun."""
        self.nodes: dict[str, Node] = {}
        self.timeline: list[Entry] = []
        self.observers: list[Callable[[Microseconds], None]] = []
        """Each is called with the time until which the world stays as it is, before it changes."""
        self.listeners: list[Callable[[str, Happening], None]] = []
        """Each is told of what happens on a node, when it has happened."""
        self._engine_type = engine_type

    def add_node(
        self,
        name: str,
        configuration: Configuration,
        interfaces: Mapping[str, tuple[str, Sequence[Address]]],
        files: Mapping[str, Configuration] | None = None,
    ) -> Node:
        """A node that is up but for its keepalived; `interfaces` are (segment, its own addresses) by name."""
        node = self.nodes[name] = Node(name, configuration, files or {})
        for interface, (segment, addresses) in interfaces.items():
            node.kernel.add_interface(interface, *addresses)
            plug = Plug(node.kernel, partial(self._deliver, node, interface))
            self.network.attach(Port(name, interface, segment), plug)
        return node

    def start_daemon(self, name: str) -> None:
        """Start keepalived on a node that has power, unless it runs."""
        node = self.nodes[name]
        if node.powered and node.daemon is None:
            node.killed = False
            node.daemon = Daemon(node, self.clock, self.network, self.record, self._engine_type)
            node.daemon.start()

    def kill_daemon(self, name: str) -> None:
        node = self.nodes[name]
        if node.daemon:
            node.daemon.die()
            node.daemon = None
            node.killed = True

    def record(self, node: str, what: Happening) -> None:
        self.timeline.append(Entry(self.clock.now_us, node, what))
        for listener in self.listeners:
            listener(node, what)

    def run_until(self, time_us: Microseconds) -> None:
        """Let everything happen that is due up to a time, and that time come."""
        while (next_us := self.clock.next_us()) is not None and next_us <= time_us:
            self._observe(next_us)
            self.clock.step()
        self._observe(time_us)
        self.clock.advance(time_us)

    def _observe(self, until_us: Microseconds) -> None:
        for observer in self.observers:
            observer(until_us)

    @staticmethod
    def _deliver(node: Node, interface: str, packet: Datagram) -> None:
        if node.daemon:
            node.daemon.receive(interface, packet)
