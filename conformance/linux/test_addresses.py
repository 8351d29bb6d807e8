"""Addresses on interfaces: the kernel has of ours exactly what it has of keepalived's."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_interface
from typing import Any, TypeAlias

import pytest
from pyroute2.iproute import IPRoute
from pyroute2.netlink.rtnl.ifaddrmsg import IFA_F_TENTATIVE

from conformance.conftest import needs
from conformance.lab import Host, Lan, wait_until
from conformance.routers import C, Router, vrrp_instance
from keepalived_py.linux.addresses import PROTOCOL_KEEPALIVED, Addresses
from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket
from keepalived_py.model.address import AddressFlag, Broadcast, IpAddress
from keepalived_py.model.units import Interface
from keepalived_py.vrrp.actions import Log

Known: TypeAlias = dict[Interface, dict[str, object]]
"""What the kernel has of each address."""

OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("192.0.2.1", {}),
    "prefix": ("192.0.2.17/28", {}),
    "brd": ("192.0.2.33/28 brd 192.0.2.40", {"broadcast": ip_address("192.0.2.40")}),
    "brd +": ("192.0.2.49/28 brd +", {"broadcast": Broadcast.HOST_BITS_SET}),
    "brd -": ("192.0.2.65/28 brd -", {"broadcast": Broadcast.HOST_BITS_RESET}),
    "scope": ("192.0.2.81/28 scope link", {"scope": 253}),
    "label": ("192.0.2.97/28 label eth0:1", {"label": "eth0:1"}),
    "noprefixroute": ("192.0.2.113/28 noprefixroute", {"flags": AddressFlag.NOPREFIXROUTE}),
    "autojoin": ("239.1.2.3/32 autojoin", {"flags": AddressFlag.AUTOJOIN}),
    "peer": ("198.51.100.1 peer 198.51.100.2", {"peer": ip_address("198.51.100.2")}),
    "IPv6": ("2001:db8::1", {"preferred_lifetime_seconds": 0}),
    "IPv6 prefix": ("2001:db8:0:1::1/64", {}),
    "-nodad": ("2001:db8:0:2::1/64 -nodad", {"flags": AddressFlag.DAD}),
    "home": ("2001:db8:0:3::1/64 home", {"flags": AddressFlag.HOME}),
    "mngtmpaddr": ("2001:db8:0:4::1/64 mngtmpaddr", {"flags": AddressFlag.MNGTMPADDR}),
    "preferred_lft": ("2001:db8:0:5::1/64 preferred_lft 0", {"preferred_lifetime_seconds": 0}),
    "IPv6 peer": (
        "2001:db8:0:6::1 peer 2001:db8:0:6::2",
        {"peer": ip_address("2001:db8:0:6::2"), "preferred_lifetime_seconds": 0},
    ),
}


def address_of(option: str) -> IpAddress:
    line, fields = OPTIONS[option]
    return IpAddress(interface=ip_interface(line.split()[0]), **fields)


@contextmanager
def machine(host: Host) -> Iterator[tuple[CommandSocket, Addresses, list[Log]]]:
    """What sets addresses on a host, and what it has logged."""
    log: list[Log] = []
    loop = asyncio.new_event_loop()
    with host.network():
        commands = CommandSocket()
        interfaces = Interfaces(
            commands, MonitorSocket(), lambda fact: None, lambda *removed: None, log.append
        )
        interfaces.start(loop)
    try:
        yield commands, Addresses(commands, interfaces, log.append), log
    finally:
        interfaces.stop(loop)
        commands.close()
        loop.close()


def addresses_of(host: Host) -> Known:
    """All that the kernel knows of each address of eth0; what time changes is left out."""
    with host.network(), IPRoute() as kernel:
        reports = list(kernel.get_addr())
    known: Known = {}
    for content in reports:
        attributes = dict(content["attrs"])
        if attributes.get("IFA_LABEL", "eth0").startswith("eth0") and content["scope"] != 254:
            lifetimes = attributes.pop("IFA_CACHEINFO")
            attributes["preferred"], attributes["valid"] = lifetimes["ifa_preferred"], lifetimes["ifa_valid"]
            attributes["IFA_FLAGS"] &= ~IFA_F_TENTATIVE
            address = attributes.get("IFA_LOCAL") or attributes["IFA_ADDRESS"]
            known[ip_interface((address, content["prefixlen"]))] = attributes | {"scope": content["scope"]}
    return known


@pytest.fixture(scope="module")
def both() -> tuple[Known, Known]:
    """All addresses of OPTIONS on a host by us, and on another by keepalived."""
    needs(C)
    wanted = {address_of(option).interface for option in OPTIONS}
    with Lan() as lan:
        host = lan.host()
        with machine(host) as (_, addresses, log):
            addresses.add("eth0", [address_of(option) for option in OPTIONS])
            assert not log
            ours = addresses_of(host)
    # Another LAN, or they would find each other's addresses.
    with Lan() as lan, Router(C, lan.host()) as router:
        lines = "\n".join(f"    {line} dev eth0" for line, _ in OPTIONS.values())
        router.start(f"static_ipaddress {{\n{lines}\n}}\n{vrrp_instance()}")
        wait_until(lambda: wanted <= addresses_of(router.host).keys(), "all static addresses of C")
        return ours, addresses_of(router.host)


@pytest.mark.parametrize("option", OPTIONS)
def test_address_is_set_as_keepalived_sets_it(option: str, both: tuple[Known, Known]) -> None:
    ours, theirs = both
    interface = address_of(option).interface
    expected = theirs[interface]
    expected.setdefault("IFA_PROTO", PROTOCOL_KEEPALIVED)  # versions before 2.3 do not set it
    assert ours[interface] == expected


@pytest.mark.parametrize("option", OPTIONS)
def test_address_is_removed_again(option: str, lan: Lan) -> None:
    host = lan.host()
    address = address_of(option)
    with machine(host) as (_, addresses, log):
        addresses.add("eth0", [address])
        assert address.interface in addresses_of(host)
        addresses.remove("eth0", [address])
        assert address.interface not in addresses_of(host)
        assert not log


def test_address_that_is_there_already_is_no_error(lan: Lan) -> None:
    with machine(lan.host()) as (_, addresses, log):
        addresses.add("eth0", [address_of("plain")])
        addresses.add("eth0", [address_of("plain")])
        addresses.remove("eth0", [address_of("plain")])
        addresses.remove("eth0", [address_of("plain")])
        assert not log


def test_missing_interface_is_logged_when_adding_and_no_error_when_removing(lan: Lan) -> None:
    with machine(lan.host()) as (_, addresses, log):
        addresses.remove("eth9", [address_of("plain")])
        assert not log
        addresses.add("eth9", [address_of("plain")])
        assert "192.0.2.1" in log[0].text
        assert "eth9" in log[0].text


def test_refused_address_is_logged_and_the_others_are_set(lan: Lan) -> None:
    host = lan.host()
    with machine(host) as (_, addresses, log):
        host.plumb("ip link set eth0 mtu 1000")  # too small for IPv6
        addresses.add("eth0", [address_of("IPv6"), address_of("plain")])
        [line] = log
        assert "2001:db8::1" in line.text
        assert address_of("plain").interface in addresses_of(host)


def test_hundreds_of_addresses_take_a_moment(lan: Lan) -> None:
    host = lan.host()
    many = [IpAddress(interface=ip_interface(f"10.8.{n >> 8}.{n & 255}/32")) for n in range(500)]
    with machine(host) as (_, addresses, log):
        addresses.add("eth0", many)
        assert {address.interface for address in many} <= addresses_of(host).keys()
        addresses.remove("eth0", many)
        assert not {address.interface for address in many} & addresses_of(host).keys()
        assert not log
