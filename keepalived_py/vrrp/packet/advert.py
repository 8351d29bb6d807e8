"""The VRRP advertisement: bytes to facts and back.

    RFC 3768 (version 2)                          RFC 5798 (version 3)
     0               1               2               3
    +-------+-------+---------------+---------------+---------------+
    |Version| Type  |     VRID      |   Priority    |    Count      |
    +-------+-------+---------------+---------------+---------------+
    |   Auth Type   |  Advert s     |           Checksum            |  version 2
    | 0     |  Advert centiseconds  |           Checksum            |  version 3
    +---------------+---------------+---------------+---------------+
    |            IP addresses, 4 or 16 octets each                  |
    +---------------------------------------------------------------+
    |            Authentication data, 8 octets                      |  version 2, IPv4
    +---------------------------------------------------------------+

Decoding says what a packet is, not whether it is acceptable: that depends on the instance, and its
checks in their order are in `receive`.
"""

import struct
from dataclasses import dataclass
from ipaddress import ip_address

from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND, Address, Microseconds
from keepalived_py.vrrp.packet.ah import IPPROTO_AH, AuthenticationHeader, unwrap
from keepalived_py.vrrp.packet.checksum import checksum, pseudo_header
from keepalived_py.vrrp.packet.ip import Datagram, DecodeError

IPPROTO_VRRP = 112
ADVERTISEMENT = 1
AUTH_DATA_LENGTH = 8
ADDRESS_LENGTH = {4: 4, 6: 16}
VRID_OFFSET = 1
CHECKSUM_OFFSET = 6

_HEADER = struct.Struct("!BBBBHH")
HEADER_OCTETS = _HEADER.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Advert:
    """A received VRRP packet, as facts. Nothing in it has been judged.

    Lengths are in octets. In IPv4 they count the IP header too, as keepalived's messages do.
    """

    source: Address
    destination: Address
    ttl: int | None
    """None: the kernel has not told."""
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
    pdu: bytes
    """The message itself, as far as it is there."""
    trailer: bytes
    """What follows the message: padding of Ethernet, or what else the sender has appended."""
    ah: AuthenticationHeader | None
    """What protected the message."""
    ip_length: int | None
    """What the IPv4 header claims."""
    received_length: int
    """What arrived."""
    expected_length: int
    """What the length of the headers before it, version and address count ask for."""

    def sums_up(self, destination: Address | None) -> bool:
        """Whether the checksum is right, with a pseudo-header to `destination` or without one (None)."""
        covered = self.pdu
        if destination is not None:
            covered = pseudo_header(self.source, destination, IPPROTO_VRRP, len(self.pdu)) + covered
        return checksum(covered) == 0

    @property
    def checksum_valid(self) -> bool:
        """By the rules of the packet's own version and family."""
        has_pseudo_header = self.version == 3 or self.source.version == 6
        return self.sums_up(self.destination if has_pseudo_header else None)


def decode(datagram: Datagram) -> Advert:
    """Read the VRRP message of a packet.

    Raises DecodeError when there is no whole VRRP header.
    """
    ah = None
    if datagram.protocol == IPPROTO_AH and datagram.header:
        ah, datagram = unwrap(datagram)
    if datagram.protocol != IPPROTO_VRRP:
        raise DecodeError(f"IP protocol {datagram.protocol} is not VRRP")
    payload, family = datagram.payload, datagram.source.version
    if len(payload) < _HEADER.size:
        raise DecodeError(f"{len(payload)} octets end before the VRRP header does")
    version_type, vrid, priority, count, interval, _ = _HEADER.unpack_from(payload)
    version, each = version_type >> 4, ADDRESS_LENGTH[family]
    addresses_end = _HEADER.size + each * count
    present = min(count, (len(payload) - _HEADER.size) // each)
    end = addresses_end + (AUTH_DATA_LENGTH if _has_auth_data(version, family) else 0)
    return Advert(
        source=datagram.source,
        destination=datagram.destination,
        ttl=datagram.ttl,
        version=version,
        type=version_type & 0x0F,
        vrid=vrid,
        priority=priority,
        address_count=count,
        addresses=tuple(
            ip_address(payload[at : at + each])
            for at in range(_HEADER.size, _HEADER.size + each * present, each)
        ),
        auth_type=interval >> 8 if version == 2 else AuthType.NONE.value,
        auth_data=payload[addresses_end:end],
        advert_interval_us=(interval & 0xFF) * SECOND if version == 2 else (interval & 0x0FFF) * CENTISECOND,
        pdu=payload[:end],
        trailer=payload[end:],
        ah=ah,
        ip_length=datagram.claimed_length,
        received_length=len(datagram.header) + len(payload),
        expected_length=len(datagram.header) + end,
    )


def encode(
    router: VirtualRouter,
    priority: int,
    source: Address,
    destination: Address,
    *,
    old_checksum: bool = False,
) -> Datagram:
    """The advert of a virtual router, as keepalived sends it; with `old_checksum` as before 1.3.7."""
    pdu = encode_pdu(router, priority, source, router.multicast_group if old_checksum else destination)
    return Datagram(
        source=source, destination=destination, ttl=router.ttl, protocol=IPPROTO_VRRP, payload=pdu
    )


def encode_pdu(router: VirtualRouter, priority: int, source: Address, destination: Address) -> bytes:
    """The VRRP message; `source` and `destination` are for its checksum."""
    addresses = b"".join(address.address.packed for address in router.virtual_addresses)
    count = len(router.virtual_addresses)
    head = struct.pack("!BBBB", router.version << 4 | ADVERTISEMENT, router.vrid, priority, count)
    if router.version == 2:
        head += struct.pack("!BB", router.auth_type.value, router.advert_interval_us // SECOND)
    else:
        head += struct.pack("!H", router.advert_interval_us // CENTISECOND)
    tail = addresses
    if _has_auth_data(router.version, router.family):
        with_password = router.auth_type is AuthType.PASS
        tail += router.auth_data if with_password else bytes(AUTH_DATA_LENGTH)
    covered = b""
    if router.family == 6 or (router.version == 3 and not router.v3_checksum_as_v2):
        covered = pseudo_header(source, destination, IPPROTO_VRRP, len(head) + 2 + len(tail))
    return head + struct.pack("!H", checksum(covered + head + b"\0\0" + tail)) + tail


def _has_auth_data(version: int, family: int) -> bool:
    return version == 2 and family == 4
