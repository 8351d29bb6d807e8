"""Network segments that carry packets between interfaces: late, out of sight, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from keepalived_py.model.units import Microseconds
from keepalived_py.simulate.clock import Clock
from keepalived_py.simulate.kernel import Kernel
from keepalived_py.vrrp.packet.ip import Datagram


@dataclass(frozen=True, slots=True)
class Conditions:
    """How packets fare. `loss` and `corruption` are the probabilities, 0..1, that a receiver misses a
    packet, and that it gets one with a flipped bit."""

    delay_us: Microseconds = 200
    jitter_us: Microseconds = 0
    loss: float = 0.0
    corruption: float = 0.0

    @property
    def are_reliable(self) -> bool:
        """Whether what is sent arrives."""
        return not self.loss and not self.corruption


@dataclass(frozen=True, slots=True)
class Port:
    """An interface of a node, plugged into a segment."""

    node: str
    interface: str
    segment: str


@dataclass(frozen=True, slots=True)
class Plug:
    """What is behind a port."""

    kernel: Kernel
    receive: Callable[[Datagram], None]


class Network:
    """A packet never overtakes another one from the same port to the same port, as on an Ethernet."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self.conditions = Conditions()
        self.plugs: dict[Port, Plug] = {}
        self._clock = clock
        self._random = random
        self._severed: set[tuple[str, str, str]] = set()
        self._last_arrival_us: dict[tuple[Port, Port], Microseconds] = {}

    def attach(self, port: Port, plug: Plug) -> None:
        self.plugs[port] = plug

    def port(self, node: str, interface: str) -> Port | None:
        return next((port for port in self.plugs if (port.node, port.interface) == (node, interface)), None)

    def segments(self) -> list[str]:
        return list(dict.fromkeys(port.segment for port in self.plugs))

    def sever(self, segment: str, speaker: str, listener: str) -> None:
        """From now on, nothing that node `speaker` sends on the segment reaches node `listener`."""
        self._severed.add((segment, speaker, listener))

    def heal(self, node: str) -> None:
        """Undo all that separates `node` from others, either way."""
        self._severed = {cut for cut in self._severed if node not in cut[1:]}

    def hears(self, listener: Port, speaker: Port) -> bool:
        """Whether packets from one port can reach another, but for their loss."""
        return (
            listener.segment == speaker.segment
            and listener != speaker
            and (speaker.segment, speaker.node, listener.node) not in self._severed
            and self.plugs[speaker].kernel.is_up(speaker.interface)
            and self.plugs[listener].kernel.is_up(listener.interface)
        )

    def send(self, sender: Port, packet: Datagram) -> None:
        """Send a packet to the group or to whoever has the address."""
        destination = packet.destination
        for listener, plug in self.plugs.items():
            if listener.segment != sender.segment or listener is sender:
                continue
            if destination.is_multicast or plug.kernel.has_address(listener.interface, destination):
                self._carry(sender, listener, packet)

    def _carry(self, sender: Port, listener: Port, packet: Datagram) -> None:
        conditions = self.conditions
        if conditions.loss and self._random.random() < conditions.loss:
            return
        if conditions.corruption and self._random.random() < conditions.corruption:
            packet = self._corrupt(packet)
        arrival_us = self._clock.now_us + conditions.delay_us
        if conditions.jitter_us:
            arrival_us += self._random.randint(0, conditions.jitter_us)
        arrival_us = max(arrival_us, self._last_arrival_us.get((sender, listener), 0))
        self._last_arrival_us[sender, listener] = arrival_us
        if self.hears(listener, sender):
            self._clock.at(arrival_us, lambda: self._arrive(listener, packet))

    def _corrupt(self, packet: Datagram) -> Datagram:
        """Flip a bit; not in the IP header, which the receiver's kernel checks."""
        corrupted = bytearray(packet.payload)
        corrupted[self._random.randrange(len(corrupted))] ^= 1 << self._random.randrange(8)
        return replace(packet, payload=bytes(corrupted))

    def _arrive(self, listener: Port, packet: Datagram) -> None:
        plug = self.plugs[listener]
        if plug.kernel.is_up(listener.interface):
            plug.receive(packet)
