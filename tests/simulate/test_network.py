"""How packets travel between simulated nodes."""

from functools import partial
from ipaddress import IPv4Address
from random import Random

import pytest

from keepalived_py.simulate.clock import Clock
from keepalived_py.simulate.kernel import Kernel
from keepalived_py.simulate.network import Conditions, Network, Plug, Port
from keepalived_py.vrrp.packet.ip import Datagram

GROUP = IPv4Address("224.0.0.18")
SOURCE = IPv4Address("10.0.0.1")
PAYLOAD = bytes(20)


class Lan:
    """Three nodes on a segment, and what arrives at them: (time, node, payload)."""

    def __init__(self, conditions: Conditions) -> None:
        self.clock = Clock()
        self.network = Network(self.clock, Random(0))
        self.network.conditions = conditions
        self.arrived: list[tuple[int, str, bytes]] = []
        self.ports: dict[str, Port] = {}
        self.kernels: dict[str, Kernel] = {}
        for host, node in enumerate("ABC", start=1):
            kernel = self.kernels[node] = Kernel()
            kernel.add_interface("eth0", IPv4Address(f"10.0.0.{host}"))
            self.ports[node] = Port(node, "eth0", "lan")
            self.network.attach(self.ports[node], Plug(kernel, partial(self._arrive, node)))

    def _arrive(self, node: str, packet: Datagram) -> None:
        self.arrived.append((self.clock.now_us, node, packet.payload))

    def send(self, node: str, destination: IPv4Address = GROUP, payload: bytes = PAYLOAD) -> None:
        packet = Datagram(source=SOURCE, destination=destination, ttl=255, protocol=112, payload=payload)
        self.network.send(self.ports[node], packet)

    def run(self) -> list[str]:
        """Let everything arrive; at which nodes something did."""
        while self.clock.next_us() is not None:
            self.clock.step()
        return [node for _, node, _ in self.arrived]


@pytest.fixture
def lan() -> Lan:
    return Lan(Conditions(delay_us=100))


def test_a_multicast_reaches_all_others_after_the_delay(lan: Lan) -> None:
    lan.send("A")
    lan.run()
    assert lan.arrived == [(100, "B", PAYLOAD), (100, "C", PAYLOAD)]


def test_a_unicast_reaches_who_has_the_address(lan: Lan) -> None:
    lan.kernels["C"].add_address("eth0", IPv4Address("10.0.0.101"))
    lan.send("A", IPv4Address("10.0.0.2"))
    lan.send("A", IPv4Address("10.0.0.101"))
    assert lan.run() == ["B", "C"]


def test_a_mute_node_hears_and_is_not_heard(lan: Lan) -> None:
    lan.network.sever("lan", "A", "B")
    lan.network.sever("lan", "A", "C")
    lan.send("A")
    lan.send("B")
    assert lan.run() == ["A", "C"]


def test_a_healed_node_is_heard_again(lan: Lan) -> None:
    lan.network.sever("lan", "A", "B")
    lan.network.heal("B")
    lan.send("A")
    assert lan.run() == ["B", "C"]


def test_without_a_link_nothing_arrives_nor_what_was_on_its_way(lan: Lan) -> None:
    lan.send("A")
    lan.kernels["B"].set_link("eth0", up=False)
    lan.send("A")
    assert lan.run() == ["C", "C"]


def test_packets_do_not_overtake_each_other() -> None:
    lan = Lan(Conditions(delay_us=10, jitter_us=1000))
    payloads = [bytes([number]) for number in range(50)]
    for payload in payloads:
        lan.send("A", IPv4Address("10.0.0.2"), payload)
    lan.run()
    assert [payload for _, _, payload in lan.arrived] == payloads
    assert len({at_us for at_us, _, _ in lan.arrived}) > 1


def test_the_share_of_packets_that_is_lost_is_the_one_asked_for() -> None:
    lan = Lan(Conditions(loss=0.3))
    for _ in range(1000):
        lan.send("A", IPv4Address("10.0.0.2"))
    assert 650 < len(lan.run()) < 750


def test_corruption_flips_one_bit() -> None:
    lan = Lan(Conditions(corruption=1.0))
    for _ in range(200):
        lan.send("A", IPv4Address("10.0.0.2"))
    lan.run()
    for _, _, payload in lan.arrived:
        assert int.from_bytes(payload).bit_count() == 1
