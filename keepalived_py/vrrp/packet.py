"""The VRRP advertisement on the wire, IPv4: bytes to facts and back.

    RFC 3768 (version 2)                          RFC 5798 (version 3)
     0               1               2               3
    +-------+-------+---------------+---------------+---------------+
    |Version| Type  |     VRID      |   Priority    |    Count      |
    +-------+-------+---------------+---------------+---------------+
    |   Auth Type   |  Advert s     |           Checksum            |  version 2
    | 0     |  Advert centiseconds  |           Checksum            |  version 3
    +---------------+---------------+---------------+---------------+
    |                    IP addresses, 4 octets each                |
    +---------------------------------------------------------------+
    |                    Authentication data, 8 octets              |  version 2
    +---------------------------------------------------------------+

Decoding says what a packet is, not whether it is acceptable: that depends on the instance, and its
checks in their order are in `receive`.
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND, Address, Microseconds

IPPROTO_VRRP = 112
ADVERTISEMENT = 1
TOS_INTERNETWORK_CONTROL = 0xC0
AUTH_DATA_LENGTH = 8

_IP = struct.Struct("!BBHHHBBH4s4s")
_VRRP = struct.Struct("!BBBBHH")


class DecodeError(ValueError):
    """These bytes are not an IPv4 packet with a whole VRRP header in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advert:
    """A received VRRP packet, as facts. Nothing in it has been judged."""

    source: Address
    destination: Address
    ttl: int
    version: int
    type: int
    vrid: int
    priority: int
    address_count: int
    addresses: tuple[Address, ...]
    """The addresses that were present; fewer than `address_count` if the packet is too short."""
    auth_type: int
    """The number on the wire; 0 in version 3, which has none."""
    auth_data: bytes
    advert_interval_us: Microseconds
    checksum_valid: bool
    """By the rules of the packet's own version."""
    ip_length: int
    """What the IP header claims; octets."""
    received_length: int
    """What arrived, IP header included; octets."""
    expected_length: int
    """What the IP header length, version and address count ask for; octets."""


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of `data`, padded to an even length; 0 if it verifies."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source: IPv4Address, destination: IPv4Address, length: int) -> bytes:
    """What version 3 adds to the checksum (RFC 5798 §5.2.8)."""
    return source.packed + destination.packed + struct.pack("!BBH", 0, IPPROTO_VRRP, length)


def decode(packet: bytes) -> Advert:
    """Read an IPv4 packet as a raw socket delivers it, header first.

    Raises DecodeError when there is no whole IPv4 and VRRP header.
    """
    if len(packet) < _IP.size:
        raise DecodeError(f"{len(packet)} octets are no IPv4 header")
    version_length, _, ip_length, _, _, ttl, protocol, _, source, destination = _IP.unpack_from(packet)
    header_length = (version_length & 0x0F) * 4
    if version_length >> 4 != 4 or header_length < _IP.size:
        raise DecodeError("not an IPv4 packet")
    if protocol != IPPROTO_VRRP:
        raise DecodeError(f"IP protocol {protocol} is not VRRP")
    if len(packet) < header_length + _VRRP.size:
        raise DecodeError(f"{len(packet)} octets end before the VRRP header does")

    version_type, vrid, priority, count, interval, _ = _VRRP.unpack_from(packet, header_length)
    version = version_type >> 4
    addresses_start = header_length + _VRRP.size
    addresses_end = addresses_start + 4 * count
    present = min(count, (len(packet) - addresses_start) // 4)
    end = addresses_end + (AUTH_DATA_LENGTH if version == 2 else 0)
    payload = packet[header_length:end]
    source_address, destination_address = IPv4Address(source), IPv4Address(destination)
    if version == 3:
        payload = pseudo_header(source_address, destination_address, len(payload)) + payload
    return Advert(
        source=source_address,
        destination=destination_address,
        ttl=ttl,
        version=version,
        type=version_type & 0x0F,
        vrid=vrid,
        priority=priority,
        address_count=count,
        addresses=tuple(
            IPv4Address(packet[at : at + 4])
            for at in range(addresses_start, addresses_start + 4 * present, 4)
        ),
        auth_type=interval >> 8 if version == 2 else AuthType.NONE.value,
        auth_data=packet[addresses_end:end] if version == 2 else b"",
        advert_interval_us=(interval & 0xFF) * SECOND if version == 2 else (interval & 0x0FFF) * CENTISECOND,
        checksum_valid=checksum(payload) == 0,
        ip_length=ip_length,
        received_length=len(packet),
        expected_length=end,
    )


def encode(
    router: VirtualRouter, priority: int, source: IPv4Address, destination: IPv4Address, identification: int
) -> bytes:
    """The whole IPv4 packet of an advert, as keepalived sends it.

    Its IP checksum is 0: the kernel fills it in for raw sockets with IP_HDRINCL. `identification`
    is 1..65535; keepalived counts adverts of an instance with it.
    """
    addresses = b"".join(address.address.packed for address in router.virtual_addresses)
    version_type = router.version << 4 | ADVERTISEMENT
    head = struct.pack("!BBBB", version_type, router.vrid, priority, len(addresses) // 4)
    if router.version == 2:
        head += struct.pack("!BB", router.auth_type.value, router.advert_interval_us // SECOND)
        with_password = router.auth_type is AuthType.PASS
        tail = addresses + (router.auth_data if with_password else bytes(AUTH_DATA_LENGTH))
        covered = b""
    else:
        head += struct.pack("!H", router.advert_interval_us // CENTISECOND)
        tail = addresses
        covered = pseudo_header(source, destination, len(head) + 2 + len(tail))
    payload = head + struct.pack("!H", checksum(covered + head + b"\0\0" + tail)) + tail
    header = _IP.pack(
        0x45,
        TOS_INTERNETWORK_CONTROL,
        _IP.size + len(payload),
        identification,
        0,
        router.ttl,
        IPPROTO_VRRP,
        0,
        source.packed,
        destination.packed,
    )
    return header + payload
