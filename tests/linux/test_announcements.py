"""Gratuitous ARP and unsolicited neighbour advertisement, octet for octet."""

from ipaddress import IPv4Address, IPv6Address

from keepalived_py.linux.arp import gratuitous_arp
from keepalived_py.linux.interfaces import Link
from keepalived_py.linux.ndisc import neighbour_advertisement

LINK = Link(
    index=2,
    name="eth0",
    flags=0,
    up=True,
    resolves=True,
    hardware_type=1,
    hardware_address=bytes.fromhex("020000000001"),
    broadcast=bytes.fromhex("ffffffffffff"),
)


def test_gratuitous_arp_is_a_request_to_all() -> None:
    expected = "00010800060400010200000000010a000065ffffffffffff0a000065"
    assert gratuitous_arp(LINK, IPv4Address("10.0.0.101")).hex() == expected


def test_neighbour_advertisement_overrides() -> None:
    expected = (
        "6000000000203aff"
        "20010db8000000000000000000000001"
        "ff020000000000000000000000000001"
        "8800f92a20000000"
        "20010db8000000000000000000000001"
        "0201020000000001"
    )
    assert neighbour_advertisement(LINK, IPv6Address("2001:db8::1"), router=False).hex() == expected


def test_neighbour_advertisement_of_a_router_says_so() -> None:
    address = IPv6Address("2001:db8::1")
    host, router = (neighbour_advertisement(LINK, address, router=router) for router in (False, True))
    assert host[44] == 0x20
    assert router[44] == 0xA0
