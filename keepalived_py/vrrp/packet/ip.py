"""IP packets: what the header says, and what they carry.

Raw sockets of IPv4 hand over and take whole packets. Those of IPv6 keep the header to themselves and
tell what it said in ancillary data.
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from keepalived_py.model.units import Address

TOS_INTERNETWORK_CONTROL = 0xC0

_IPV4 = struct.Struct("!BBHHHBBH4s4s")
IDENTIFICATION_OFFSET = 4
"""Where the header of IPv4 has its identification, in two octets."""
IPV4_OCTETS = _IPV4.size
"""Of a header without options."""


class DecodeError(ValueError):
    """These bytes are no IP packet with a whole VRRP header in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datagram:
    """An IP packet, fragments and options apart.

    `ttl`, in IPv6 the hop limit, is None where the kernel chooses it, or has not told. `header` is that
    of a received IPv4 packet, options included, and `claimed_length` what it says its packet has, in
    octets.
    """

    source: Address
    destination: Address
    ttl: int | None
    protocol: int
    payload: bytes
    header: bytes = b""
    claimed_length: int | None = None


def parse_ipv4(octets: bytes) -> Datagram:
    """Read a packet as a raw socket delivers it, header first.

    Raises DecodeError when there is no whole header.
    """
    if len(octets) < _IPV4.size:
        raise DecodeError(f"{len(octets)} octets are no IPv4 header")
    version_length, _, claimed, _, _, ttl, protocol, _, source, destination = _IPV4.unpack_from(octets)
    header_length = (version_length & 0x0F) * 4
    if version_length >> 4 != 4 or not _IPV4.size <= header_length <= len(octets):
        raise DecodeError("not an IPv4 packet")
    return Datagram(
        source=IPv4Address(source),
        destination=IPv4Address(destination),
        ttl=ttl,
        protocol=protocol,
        payload=octets[header_length:],
        header=octets[:header_length],
        claimed_length=claimed,
    )


def pack_ipv4(datagram: Datagram, identification: int) -> bytes:
    """The whole IPv4 packet, as keepalived sends it.

    Its IP checksum is 0: the kernel fills it in for raw sockets with IP_HDRINCL. `identification`
    is 1..65535; keepalived counts adverts of an instance with it.
    """
    header = _IPV4.pack(
        0x45,
        TOS_INTERNETWORK_CONTROL,
        _IPV4.size + len(datagram.payload),
        identification,
        0,
        datagram.ttl,
        datagram.protocol,
        0,
        datagram.source.packed,
        datagram.destination.packed,
    )
    return header + datagram.payload
