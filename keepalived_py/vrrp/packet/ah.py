"""The IP Authentication Header (RFC 2402) of `auth_type AH`: HMAC-MD5-96 over nearly the whole packet.

     0               1               2               3
    +---------------+---------------+---------------+---------------+
    |  Next Header  | Payload Len   |            Reserved           |
    +---------------+---------------+---------------+---------------+
    |                 SPI: the sender's IPv4 address                |
    +---------------------------------------------------------------+
    |                        Sequence Number                        |
    +---------------------------------------------------------------+
    |         Integrity Check Value (ICV), 12 octets                |
    +---------------------------------------------------------------+

It stands between the IPv4 header and VRRP's. The key is the password of 8 octets.
"""

import hmac
import struct
from dataclasses import dataclass, replace

from keepalived_py.vrrp.packet.ip import IPV4_OCTETS, Datagram, DecodeError, pack_ipv4

IPPROTO_AH = 51
AH_OCTETS = 24
ICV_OCTETS = 12

_AH = struct.Struct("!BBHLL12s")
_PAYLOAD_LENGTH = AH_OCTETS // 4 - 2
_IP_TTL = 8


@dataclass(frozen=True, slots=True)
class AuthenticationHeader:
    """A received header, as facts. Nothing in it has been judged."""

    spi: int
    sequence: int
    icv: bytes
    covered: bytes
    """The packet with zeros where it may change on the way (but for the TTL) and instead of the ICV."""


def wrap(datagram: Datagram, identification: int, key: bytes, sequence: int, unicast: bool) -> Datagram:
    """An IPv4 packet with the header put before what it carries; `identification` must be what it is
    sent with."""
    source = int.from_bytes(datagram.source.packed)
    blank = _AH.pack(datagram.protocol, _PAYLOAD_LENGTH, 0, source, sequence, bytes(ICV_OCTETS))
    outer = replace(datagram, protocol=IPPROTO_AH, payload=blank + datagram.payload)
    header = pack_ipv4(outer, identification)[:IPV4_OCTETS]
    icv = integrity_check_value(_without_mutable(header) + outer.payload, key, unicast)
    return replace(outer, payload=blank[:-ICV_OCTETS] + icv + datagram.payload)


def unwrap(datagram: Datagram) -> tuple[AuthenticationHeader, Datagram]:
    """The header of an IPv4 packet that begins with one, and the packet that it protects.

    Raises DecodeError when it is not whole.
    """
    header, payload = datagram.header, datagram.payload
    if len(payload) < AH_OCTETS:
        raise DecodeError(f"{len(payload)} octets are no authentication header")
    next_header, _, _, spi, sequence, icv = _AH.unpack_from(payload)
    blank = payload[: AH_OCTETS - ICV_OCTETS] + bytes(ICV_OCTETS)
    covered = _without_mutable(header) + blank + payload[AH_OCTETS:]
    inner = replace(
        datagram,
        protocol=next_header,
        payload=payload[AH_OCTETS:],
        header=header + payload[:AH_OCTETS],
    )
    return AuthenticationHeader(spi, sequence, icv, covered), inner


def integrity_check_value(covered: bytes, key: bytes, unicast: bool) -> bytes:
    """The ICV. The TTL of unicast adverts changes on the way; that of others is 255 at the receiver."""
    if unicast:
        covered = covered[:_IP_TTL] + b"\0" + covered[_IP_TTL + 1 :]
    return hmac.digest(key, covered, "md5")[:ICV_OCTETS]


def _without_mutable(header: bytes) -> bytes:
    """An IPv4 header with zeros for TOS, flags and fragment offset, and checksum."""
    return header[:1] + b"\0" + header[2:6] + b"\0\0" + header[8:10] + b"\0\0" + header[12:]
