"""Adverts that keepalived 2.4.3 sent, captured on the peer's side of a veth pair (tcpdump, from the IP
header on): `encode` must produce the same octets, and `decode` must understand them."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_interface

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import DEFAULT_GROUP_6, AuthType, UnicastPeer, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND
from keepalived_py.vrrp.packet.advert import decode, encode
from keepalived_py.vrrp.packet.checksum import checksum
from keepalived_py.vrrp.packet.ip import Datagram, pack_ipv4, parse_ipv4

SOURCE = IPv4Address("10.0.0.1")
PEER = IPv4Address("10.0.0.2")
ALL_ROUTERS = IPv4Address("224.0.0.18")
IP_CHECKSUM = slice(10, 12)


def vips(*texts: str) -> tuple[IpAddress, ...]:
    return tuple(IpAddress(interface=ip_interface(text)) for text in texts)


@dataclass(frozen=True)
class Captured:
    router: VirtualRouter
    destination: IPv4Address
    packets: tuple[tuple[int, int, str], ...]
    """(identification, priority, octets); the last one says that the sender stops."""


VERSION_2 = Captured(
    VirtualRouter(name="a", vrid=51, interface="eth0", virtual_addresses=vips("10.0.0.101/32")),
    ALL_ROUTERS,
    (
        (1, 100, "45c0002800010000ff70d0910a000001e000001221336401000170650a0000650000000000000000"),
        (2, 100, "45c0002800020000ff70d0900a000001e000001221336401000170650a0000650000000000000000"),
        (4, 0, "45c0002800040000ff70d08e0a000001e0000012213300010001d4650a0000650000000000000000"),
    ),
)
VERSION_2_PASS = Captured(
    VirtualRouter(
        name="a",
        vrid=7,
        interface="eth0",
        advert_interval_us=2 * SECOND,
        auth_type=AuthType.PASS,
        auth_data=b"s3cr3t\0\0",
        virtual_addresses=vips("10.0.0.101/24", "192.0.2.7/32"),
    ),
    ALL_ROUTERS,
    (
        (1, 200, "45c0002c00010000ff70d08d0a000001e00000122107c80201023f6d0a000065c00002077333637233740000"),
        (3, 0, "45c0002c00030000ff70d08b0a000001e0000012210700020102076e0a000065c00002077333637233740000"),
    ),
)
VERSION_2_UNICAST = Captured(
    VirtualRouter(
        name="a",
        vrid=2,
        interface="eth0",
        unicast_ttl=64,
        source_address=SOURCE,
        unicast_peers=(UnicastPeer(address=PEER),),
        virtual_addresses=vips("10.0.0.101/32"),
    ),
    PEER,
    (
        (1, 255, "45c0002800010000407065a30a0000010a0000022102ff010001d5950a0000650000000000000000"),
        (10, 0, "45c00028000a00004070659a0a0000010a000002210200010001d4960a0000650000000000000000"),
    ),
)
VERSION_3 = Captured(
    VirtualRouter(
        name="a",
        vrid=255,
        interface="eth0",
        version=3,
        advert_interval_us=10 * CENTISECOND,
        virtual_addresses=vips("10.0.0.101/32"),
    ),
    ALL_ROUTERS,
    (
        (1, 254, "45c0002000010000ff70d0990a000001e000001231fffe01000adaff0a000065"),
        (58, 0, "45c00020003a0000ff70d0600a000001e000001231ff0001000ad9000a000065"),
    ),
)
VERSION_3_UNICAST = Captured(
    VirtualRouter(
        name="a",
        vrid=1,
        interface="eth0",
        version=3,
        advert_interval_us=4095 * CENTISECOND,
        source_address=SOURCE,
        unicast_peers=(UnicastPeer(address=PEER),),
        virtual_addresses=vips("10.0.0.101/32", "10.0.0.102/32", "10.0.0.103/32"),
    ),
    PEER,
    (
        (1, 255, "45c0002800010000ff70a6a20a0000010a0000023101ff030fff8c420a0000650a0000660a000067"),
        (2, 0, "45c0002800020000ff70a6a10a0000010a000002310100030fff8b430a0000650a0000660a000067"),
    ),
)

CAPTURES = {
    "version 2": VERSION_2,
    "version 2 with a password": VERSION_2_PASS,
    "version 2 unicast": VERSION_2_UNICAST,
    "version 3": VERSION_3,
    "version 3 unicast": VERSION_3_UNICAST,
}

each_capture = pytest.mark.parametrize("captured", CAPTURES.values(), ids=CAPTURES.keys())


@each_capture
def test_encodes_the_octets_that_keepalived_sends(captured: Captured) -> None:
    for identification, priority, octets in captured.packets:
        datagram = encode(captured.router, priority, SOURCE, captured.destination)
        ours = bytearray(pack_ipv4(datagram, identification))
        assert ours[IP_CHECKSUM] == b"\0\0", "the kernel's to fill in"
        ours[IP_CHECKSUM] = checksum(bytes(ours[:20])).to_bytes(2)
        assert ours.hex() == octets


@each_capture
def test_decodes_what_keepalived_sends(captured: Captured) -> None:
    router = captured.router
    for _, priority, octets in captured.packets:
        advert = decode(parse_ipv4(bytes.fromhex(octets)))
        assert advert.checksum_valid
        assert (advert.source, advert.destination, advert.ttl) == (SOURCE, captured.destination, router.ttl)
        assert (advert.version, advert.type, advert.vrid) == (router.version, 1, router.vrid)
        assert advert.priority == priority
        assert advert.addresses == tuple(vip.address for vip in router.virtual_addresses)
        assert advert.advert_interval_us == router.advert_interval_us
        assert advert.auth_type == router.auth_type.value
        assert advert.auth_data == (router.auth_data if router.version == 2 else b"")
        assert advert.ip_length == advert.received_length == advert.expected_length == len(octets) // 2


SOURCE_6 = IPv6Address("fe80::ff:fe00:1")
PEER_6 = IPv6Address("fe80::ff:fe00:2")


@dataclass(frozen=True)
class Captured6:
    router: VirtualRouter
    destination: IPv6Address
    hop_limit: int | None
    messages: tuple[tuple[int, str], ...]
    """(priority, octets behind the IPv6 header); the last one says that the sender stops."""


IPV6 = Captured6(
    VirtualRouter(
        name="a",
        vrid=61,
        interface="eth0",
        family=6,
        version=3,
        advert_interval_us=50 * CENTISECOND,
        multicast_group=DEFAULT_GROUP_6,
        virtual_addresses=vips("fe80::61/128", "2001:db8::1/64", "2001:db8::5/128"),
    ),
    DEFAULT_GROUP_6,
    255,
    (
        (
            150,
            "313d96030032e0f3"
            "fe80000000000000000000000000006120010db800000000000000000000000120010db8000000000000000000000005",
        ),
        (
            0,
            "313d0003003276f4"
            "fe80000000000000000000000000006120010db800000000000000000000000120010db8000000000000000000000005",
        ),
    ),
)
IPV6_VERSION_2_UNICAST = Captured6(
    VirtualRouter(
        name="a",
        vrid=62,
        interface="eth0",
        family=6,
        version=2,
        source_address=SOURCE_6,
        unicast_peers=(UnicastPeer(address=PEER_6),),
        virtual_addresses=vips("fe80::61/128", "2001:db8::1/64"),
    ),
    PEER_6,
    None,
    (
        (150, "213e960200012085fe80000000000000000000000000006120010db8000000000000000000000001"),
        (0, "213e00020001b685fe80000000000000000000000000006120010db8000000000000000000000001"),
    ),
)

each_ipv6_capture = pytest.mark.parametrize(
    "captured", [IPV6, IPV6_VERSION_2_UNICAST], ids=["IPv6", "IPv6, version 2, unicast"]
)


@each_ipv6_capture
def test_encodes_the_octets_that_keepalived_sends_over_ipv6(captured: Captured6) -> None:
    for priority, octets in captured.messages:
        datagram = encode(captured.router, priority, SOURCE_6, captured.destination)
        assert datagram.payload.hex() == octets
        assert datagram.ttl == captured.hop_limit, "None: the kernel has a default"


@each_ipv6_capture
def test_decodes_what_keepalived_sends_over_ipv6(captured: Captured6) -> None:
    router = captured.router
    for priority, octets in captured.messages:
        datagram = Datagram(
            source=SOURCE_6,
            destination=captured.destination,
            ttl=255,
            protocol=112,
            payload=bytes.fromhex(octets),
        )
        advert = decode(datagram)
        assert advert.checksum_valid
        assert (advert.version, advert.type, advert.vrid) == (router.version, 1, router.vrid)
        assert (advert.priority, advert.auth_type, advert.auth_data) == (priority, 0, b"")
        assert advert.addresses == tuple(vip.address for vip in router.virtual_addresses)
        assert advert.advert_interval_us == router.advert_interval_us
        assert advert.received_length == advert.expected_length == len(octets) // 2
