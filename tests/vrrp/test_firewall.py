"""What becomes of the packets that a master drops when its configuration changes."""

from dataclasses import replace
from ipaddress import IPv4Address, ip_address, ip_interface

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    AddDropRules,
    FilteredAddress,
    RemoveAddresses,
    RemoveDropRules,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.firewall import filtered
from keepalived_py.vrrp.state import State

SECOND = 1_000_000
KINDS = AddAddresses | RemoveAddresses | AddDropRules | RemoveDropRules


def address(text: str, **options: object) -> IpAddress:
    return IpAddress(interface=ip_interface(text), **options)  # type: ignore[arg-type]


ONE, OTHER = address("10.0.0.101"), address("10.0.0.102")
DROPPED_ONE, DROPPED_OTHER = (FilteredAddress(it.address, "eth0") for it in (ONE, OTHER))
ROUTER = VirtualRouter(name="VI", vrid=1, interface="eth0", virtual_addresses=(ONE,), accept=False)


def reloaded(before: VirtualRouter, after: VirtualRouter) -> list[Action]:
    """What a master does that is given another configuration."""
    engine = Engine(Configuration(routers={"VI": before}))
    engine.handle(LinkChanged("eth0", True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")), 0)
    engine.start(0)
    engine.expire(5 * SECOND)
    assert engine.instances["VI"].state is State.MASTER
    actions = engine.reload(Configuration(routers={"VI": after}), 6 * SECOND)
    return [action for action in actions if isinstance(action, KINDS)]


def test_what_is_the_same_is_left_alone() -> None:
    assert reloaded(ROUTER, replace(ROUTER, advert_interval_us=2 * SECOND)) == []


def test_new_addresses_never_answer_and_old_ones_do_not_until_they_are_gone() -> None:
    assert reloaded(ROUTER, replace(ROUTER, virtual_addresses=(OTHER,))) == [
        AddDropRules("VI", (DROPPED_OTHER,)),
        RemoveAddresses("VI", "eth0", (ONE,)),
        AddAddresses("VI", "eth0", (OTHER,)),
        RemoveDropRules("VI", (DROPPED_ONE,)),
    ]


def test_addresses_may_answer_from_now_on_or_no_more() -> None:
    assert reloaded(ROUTER, replace(ROUTER, accept=True)) == [RemoveDropRules("VI", (DROPPED_ONE,))]
    assert reloaded(replace(ROUTER, accept=True), ROUTER) == [AddDropRules("VI", (DROPPED_ONE,))]


def test_who_becomes_the_owner_of_its_addresses_answers() -> None:
    assert reloaded(ROUTER, replace(ROUTER, priority=255)) == [RemoveDropRules("VI", (DROPPED_ONE,))]


def test_an_address_is_known_by_the_name_of_its_device_if_it_outlives_it() -> None:
    """The loss of the interface is no fault with `dont_track_primary`, that of others if `no_track`."""
    router = replace(
        ROUTER,
        virtual_addresses=(
            address("fe80::1"),
            address("fe80::2", device="eth1"),
            address("fe80::3", device="eth1", tracked=False),
        ),
    )
    survive = {
        track: [it.survives_device for it in filtered(replace(router, track_primary=track))]
        for track in (True, False)
    }
    assert survive == {True: [False, False, False], False: [True, False, True]}
    assert filtered(router)[1] == FilteredAddress(ip_address("fe80::2"), "eth1")
