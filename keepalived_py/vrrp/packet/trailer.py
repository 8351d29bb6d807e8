"""The trailer of `auth_hmac`, which follows the VRRP message: HMAC-SHA-256, of which 128 bits are sent.

     0               1               2               3
    +---------------+---------------+---------------+---------------+
    |    Type 1     |    Key id     |           Reserved            |
    +---------------+---------------+---------------+---------------+
    |                 Seconds since 1970, modulo 2³²                |
    +-------------------------------+-------------------------------+
    |     Seconds / 65536           |            Counter            |
    +-------------------------------+-------------------------------+
    |                 HMAC, 16 octets                               |
    +---------------------------------------------------------------+

Seconds, their fraction and the counter are one sequence number of 64 bits. The HMAC is that of

    family 4|6, version, VRID, 0, source address padded to 16 octets
    the VRRP message, its checksum read as 0
    the trailer, its HMAC read as 0

so that it ties an advert to its sender and its virtual router, and is the same in the copies for all
unicast peers. The trailer is not part of what IPv4's VRRP checksum covers.
"""

import hmac
import struct
from dataclasses import dataclass
from typing import Self

from keepalived_py.model.units import Address
from keepalived_py.vrrp.packet.advert import CHECKSUM_OFFSET

HMAC_SHA256_128 = 1
TRAILER_OCTETS = 28

_HEAD = struct.Struct("!BBHQ")
_PSEUDO_HEADER = struct.Struct("!BBBx16s")
_HMAC_OCTETS = TRAILER_OCTETS - _HEAD.size
_CHECKSUM_END = CHECKSUM_OFFSET + 2


@dataclass(frozen=True, slots=True)
class Trailer:
    """A received trailer, as facts. Nothing in it has been judged."""

    type: int
    key_id: int
    reserved: int
    sequence: int
    hmac: bytes

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read the 28 octets of a trailer."""
        kind, key_id, reserved, sequence = _HEAD.unpack_from(octets)
        return cls(kind, key_id, reserved, sequence, octets[_HEAD.size :])

    def is_signed_with(self, key: bytes, source: Address, pdu: bytes) -> bool:
        """Whether `source` has signed this VRRP message."""
        head = _HEAD.pack(self.type, self.key_id, self.reserved, self.sequence)
        return hmac.compare_digest(self.hmac, _digest(key, source, pdu, head))


def signed(key: bytes, key_id: int, sequence: int, source: Address, pdu: bytes) -> bytes:
    """The trailer for a VRRP message."""
    head = _HEAD.pack(HMAC_SHA256_128, key_id, 0, sequence)
    return head + _digest(key, source, pdu, head)


def _digest(key: bytes, source: Address, pdu: bytes, head: bytes) -> bytes:
    version, vrid = pdu[0] >> 4, pdu[1]
    covered = (
        _PSEUDO_HEADER.pack(source.version, version, vrid, source.packed),
        pdu[:CHECKSUM_OFFSET],
        b"\0\0",
        pdu[_CHECKSUM_END:],
        head,
        bytes(_HMAC_OCTETS),
    )
    return hmac.digest(key, b"".join(covered), "sha256")[:_HMAC_OCTETS]
