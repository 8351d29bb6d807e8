"""What trackers amount to."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.tracking import contribution

ROUTER = VirtualRouter(
    name="A",
    vrid=1,
    interface="eth0",
    virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.101"), device="eth1"),),
)


def engine_with(router: VirtualRouter, **links: bool) -> Engine:
    engine = Engine(Configuration(routers={router.name: router}))
    for interface, up in links.items():
        engine.handle(LinkChanged(interface, up), 0)
    engine.handle(SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")), 0)
    engine.start(0)
    return engine


@pytest.mark.parametrize(
    ("weight", "reverse", "up", "expected"),
    [
        (10, False, True, 10),
        (10, False, False, 0),
        (10, False, None, 0),
        (-10, False, True, 0),
        (-10, False, False, -10),
        (-10, False, None, 0),
        (10, True, True, -10),
        (10, True, False, 0),
        (-10, True, True, 0),
        (-10, True, False, 10),
    ],
)
def test_contribution(weight: int, reverse: bool, up: bool | None, expected: int) -> None:
    assert contribution(Weight(weight, reverse), up) == expected


def test_the_device_of_an_address_must_be_up() -> None:
    assert engine_with(ROUTER, eth0=True, eth1=False).instances["A"].state is State.FAULT
    assert engine_with(ROUTER, eth0=True, eth1=True).instances["A"].state is State.BACKUP


def test_whatever_weight_track_interface_gives_to_it() -> None:
    weighted = replace(ROUTER, track_interfaces=(Tracked(name="eth1", weight=Weight(20)),))
    assert engine_with(weighted, eth0=True, eth1=False).instances["A"].state is State.FAULT
    assert engine_with(weighted, eth0=True, eth1=True).instances["A"].effective_priority == 100


def test_but_not_if_the_address_is_not_tracked() -> None:
    address = replace(ROUTER.virtual_addresses[0], tracked=False)
    untracked = replace(ROUTER, virtual_addresses=(address,))
    assert engine_with(untracked, eth0=True, eth1=False).instances["A"].state is State.BACKUP


def test_the_own_interface_need_not_be_up_with_dont_track_primary() -> None:
    lenient = replace(ROUTER, track_primary=False)
    assert engine_with(lenient, eth0=False, eth1=True).instances["A"].state is State.BACKUP


def test_an_interface_may_weigh() -> None:
    weighted = replace(ROUTER, track_interfaces=(Tracked(name="eth2", weight=Weight(-30)),))
    engine = engine_with(weighted, eth0=True, eth1=True, eth2=False)
    assert engine.instances["A"].effective_priority == 70
    engine.handle(LinkChanged("eth2", True), 1)
    assert engine.instances["A"].effective_priority == 100


def test_the_effective_priority_stays_within_1_and_254_and_an_owners_never_changes() -> None:
    heavy = (Tracked(name="eth2", weight=Weight(-253)), Tracked(name="eth3", weight=Weight(253)))
    for priority, down, up in ((100, 1, 254), (255, 255, 255)):
        router = replace(ROUTER, priority=priority, track_interfaces=heavy)
        engine = engine_with(router, eth0=True, eth1=True, eth2=False, eth3=False)
        assert engine.instances["A"].effective_priority == down
        engine.handle(LinkChanged("eth2", True), 1)
        engine.handle(LinkChanged("eth3", True), 1)
        assert engine.instances["A"].effective_priority == up
