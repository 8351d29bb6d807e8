"""Authenticated adverts that keepalived sent, captured with tcpdump's view of a veth pair, from the IP
header on. AH is of 2.2.7 and 2.4.3 (unicast), with auth_pass s3cret; auth_hmac is of 2.4.3.

The digests are also computed here from RFC 2104 and the layouts alone, without anything of ours.
"""

import hashlib
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, ip_address

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import AuthType, UnicastPeer, VirtualRouter
from keepalived_py.model.units import Address
from keepalived_py.vrrp.packet.advert import Advert, decode, encode
from keepalived_py.vrrp.packet.ah import integrity_check_value, wrap
from keepalived_py.vrrp.packet.checksum import checksum
from keepalived_py.vrrp.packet.ip import Datagram, pack_ipv4, parse_ipv4
from keepalived_py.vrrp.packet.trailer import HMAC_SHA256_128, Trailer, signed

PASSWORD = b"s3cret\0\0"
SOURCE = IPv4Address("10.0.0.1")
ROUTER = VirtualRouter(
    name="a",
    vrid=7,
    interface="eth0",
    auth_type=AuthType.AH,
    auth_data=PASSWORD,
    virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.101/32")),),
)
UNICAST = replace(
    ROUTER,
    unicast_peers=tuple(UnicastPeer(address=IPv4Address(peer)) for peer in ("10.0.0.2", "10.0.0.3")),
)

AH = (
    # identification, sequence number, priority, octets
    (
        (1, 1, 200),
        "45c0004000010000ff33d0b60a000001e0000012"
        "700400000a0000010000000113800a6120691086354646442107c80102010a910a0000650000000000000000",
    ),
    (
        (4, 4, 200),
        "45c0004000040000ff33d0b30a000001e0000012"
        "700400000a0000010000000453e3c5681023f529f7bac27c2107c80102010a910a0000650000000000000000",
    ),
    (
        (5, 5, 0),
        "45c0004000050000ff33d0b20a000001e0000012"
        "700400000a00000100000005f20e4d504a3af7c1531eb6c9210700010201d2910a0000650000000000000000",
    ),
)
AH_UNICAST = (
    (
        (1, 1, 200),
        "45c0004000010000ff33a6c70a0000010a000002"
        "700400000a0000010000000163dd73a4083ca0ef23fb59b32107c80102010a910a0000650000000000000000",
    ),
    (
        (1, 1, 200),
        "45c0004000010000ff33a6c60a0000010a000003"
        "700400000a0000010000000187cdff0e5e72366cd9a9963c2107c80102010a910a0000650000000000000000",
    ),
    (
        (3, 3, 0),
        "45c0004000030000ff33a6c40a0000010a000003"
        "700400000a00000100000003728d92e25a5b700595bd227c210700010201d2910a0000650000000000000000",
    ),
)
each_ah = pytest.mark.parametrize(
    ("router", "facts", "octets"),
    [(ROUTER, *capture) for capture in AH] + [(UNICAST, *capture) for capture in AH_UNICAST],
)

TEXT_KEY, BINARY_KEY = b"k" * 32, b"\x0a" * 40
HMAC = {
    "version 2": (
        7,
        TEXT_KEY,
        "45c0004400010000ff70d0750a000001e00000122107c80100010c910a0000650000000000000000"
        "010700006b07172a90710000b74d691baa8476d2d89de17af97976f7",
    ),
    "version 3": (
        9,
        BINARY_KEY,
        "45c0004000010000ff70d0790a000001e00000123107c802003207650a0000650a000066"
        "010900006b071730a8ce000045d3a37f1ed9242f3db91dfc0ee79bfd",
    ),
    "unicast, to the first peer": (
        9,
        BINARY_KEY,
        "45c0003c00010000ff70a68e0a0000010a0000023107c8010032e7e00a000065"
        "010900006b07173527360000f5aa840793525b92602da6551a9ac336",
    ),
    "unicast, to the second peer": (
        9,
        BINARY_KEY,
        "45c0003c00010000ff70a68d0a0000010a0000033107c8010032e7df0a000065"
        "010900006b07173527360000f5aa840793525b92602da6551a9ac336",
    ),
    "IPv6": (
        7,
        TEXT_KEY,
        "6c0967af004470fffe80000000000000000000fffe000001ff020000000000000000000000000012"
        "3107c80200325497fe80000000000000000000000000010120010db8000000000000000000000001"
        "010700006b07173a581d000006f03cb76ee3c9a3b7194ab04b1ae32c",
    ),
}
each_hmac = pytest.mark.parametrize(("key_id", "key", "octets"), HMAC.values(), ids=HMAC.keys())


def rfc_2104(algorithm: str, key: bytes, text: bytes) -> bytes:
    """H(K XOR opad, H(K XOR ipad, text)); both hashes have blocks of 64 octets."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.new(algorithm, bytes(octet ^ 0x36 for octet in padded) + text).digest()
    return hashlib.new(algorithm, bytes(octet ^ 0x5C for octet in padded) + inner).digest()


def datagram(octets: str) -> Datagram:
    packet = bytes.fromhex(octets)
    if packet[0] >> 4 == 4:
        return parse_ipv4(packet)
    return Datagram(
        source=IPv6Address(packet[8:24]),
        destination=IPv6Address(packet[24:40]),
        ttl=packet[7],
        protocol=packet[6],
        payload=packet[40:],
    )


@each_ah
def test_ah_packets_are_those_of_keepalived(
    router: VirtualRouter, facts: tuple[int, int, int], octets: str
) -> None:
    identification, sequence, priority = facts
    destination = IPv4Address(bytes.fromhex(octets)[16:20])
    advert = encode(router, priority, SOURCE, destination)
    wrapped = wrap(advert, identification, PASSWORD, sequence, router.unicast)
    ours = bytearray(pack_ipv4(wrapped, identification))
    assert ours[10:12] == b"\0\0", "the kernel's to fill in"
    ours[10:12] = checksum(bytes(ours[:20])).to_bytes(2)
    assert ours.hex() == octets


@each_ah
def test_ah_packets_are_understood(router: VirtualRouter, facts: tuple[int, int, int], octets: str) -> None:
    _, sequence, priority = facts
    advert = decode(datagram(octets))
    assert advert.ah is not None
    assert (advert.ah.sequence, advert.ah.spi, advert.priority) == (sequence, int(SOURCE), priority)
    assert advert.ah.icv == integrity_check_value(advert.ah.covered, PASSWORD, router.unicast)
    assert advert.received_length == advert.expected_length == advert.ip_length == 64
    assert (advert.vrid, advert.auth_type, advert.checksum_valid) == (7, AuthType.AH.value, True)


@each_ah
def test_the_icv_is_that_of_rfc_2402(router: VirtualRouter, facts: tuple[int, int, int], octets: str) -> None:
    packet = bytearray.fromhex(octets)
    packet[1] = 0  # TOS
    packet[6:8] = packet[10:12] = b"\0\0"  # fragment offset, checksum
    if router.unicast:
        packet[8] = 0  # TTL
    icv = packet[32:44]
    packet[32:44] = bytes(12)
    assert rfc_2104("md5", PASSWORD, bytes(packet))[:12] == icv


@each_hmac
def test_trailers_are_those_of_keepalived(key_id: int, key: bytes, octets: str) -> None:
    advert = decode(datagram(octets))
    trailer = Trailer.parse(advert.trailer)
    assert (trailer.type, trailer.key_id, trailer.reserved) == (HMAC_SHA256_128, key_id, 0)
    assert signed(key, key_id, trailer.sequence, advert.source, advert.pdu) == advert.trailer
    assert trailer.is_signed_with(key, advert.source, advert.pdu)
    assert 1_795_626_000 < trailer.sequence >> 32 < 1_795_627_000


@each_hmac
def test_the_hmac_is_that_of_the_layout(key_id: int, key: bytes, octets: str) -> None:
    packet = bytes.fromhex(octets)
    family, header, source = (4, 20, packet[12:16]) if packet[0] >> 4 == 4 else (6, 40, packet[8:24])
    message = bytearray(packet[header:])
    mac = bytes(message[-16:])
    pseudo_header = bytes([family, message[0] >> 4, message[1], 0]) + source.ljust(16, b"\0")
    message[6:8] = b"\0\0"
    message[-16:] = bytes(16)
    assert rfc_2104("sha256", key, pseudo_header + bytes(message))[:16] == mac


@pytest.mark.parametrize(
    ("key", "source", "at"),
    [
        (b"j" * 32, SOURCE, None),
        (TEXT_KEY, ip_address("10.0.0.9"), None),
        *((TEXT_KEY, SOURCE, at) for at in (0, 1, 2, 3, 5, 8, 11)),
    ],
)
def test_another_key_sender_or_message_has_another_hmac(key: bytes, source: Address, at: int | None) -> None:
    advert: Advert = decode(datagram(HMAC["version 2"][2]))
    pdu = bytearray(advert.pdu)
    if at is not None:
        pdu[at] ^= 0x10
    assert not Trailer.parse(advert.trailer).is_signed_with(key, source, bytes(pdu))


def test_the_checksum_is_not_signed_so_that_the_kernel_may_write_it() -> None:
    advert = decode(datagram(HMAC["version 2"][2]))
    pdu = advert.pdu[:6] + b"\x12\x34" + advert.pdu[8:]
    assert Trailer.parse(advert.trailer).is_signed_with(TEXT_KEY, SOURCE, pdu)
