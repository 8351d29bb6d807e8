"""Attributes of netlink messages, in octets (`struct nlattr` of linux/netlink.h).

    length (2) of all but the padding | type (2) | value | padding to a multiple of 4

pyroute2 knows too few of those that routes and rules have.
"""

import struct
from collections.abc import Callable, Mapping
from ipaddress import IPv4Interface, IPv6Interface

from keepalived_py.model.route import Number, Realms
from keepalived_py.model.units import Address, Interface

_HEADER = struct.Struct("=HH")
_TYPE_MASK = 0x3FFF
"""The two highest bits of a type are flags: nested, and in network byte order."""


def attribute(kind: int, value: bytes) -> bytes:
    return _HEADER.pack(_HEADER.size + len(value), kind) + value + bytes(-len(value) % 4)


def attributes(values: Mapping[int, bytes | None]) -> bytes:
    """Attributes by their types; those that are None are left out."""
    return b"".join(attribute(kind, value) for kind, value in values.items() if value is not None)


def split(octets: bytes) -> dict[int, bytes]:
    """The values of attributes by their types; what is cut off is left out."""
    found: dict[int, bytes] = {}
    start = 0
    while start + _HEADER.size <= len(octets):
        length, kind = _HEADER.unpack_from(octets, start)
        if length < _HEADER.size:
            break
        found[kind & _TYPE_MASK] = octets[start + _HEADER.size : start + length]
        start += (length + 3) & ~3
    return found


def u8(value: int) -> bytes:
    return struct.pack("=B", value)


def u16(value: int) -> bytes:
    return struct.pack("=H", value)


def u32(value: int) -> bytes:
    return struct.pack("=I", value)


def be64(value: int) -> bytes:
    return struct.pack("!Q", value)


def name(text: str) -> bytes:
    """The name of an interface."""
    return text.encode() + b"\0"


def packed(value: Address | Interface | None) -> bytes | None:
    """An address, of an interface without its prefix length."""
    if value is None:
        return None
    return value.ip.packed if isinstance(value, IPv4Interface | IPv6Interface) else value.packed


def optional(encode: Callable[[int], bytes], value: Number | None) -> bytes | None:
    """A number. Names for numbers were resolved when the configuration was read on this machine."""
    return None if value is None else encode(int(value))


def via(address: Address) -> bytes:
    """A gateway of another family than the route (`struct rtvia`)."""
    return u16(2 if address.version == 4 else 10) + address.packed


def flow(realms: Realms | None) -> bytes | None:
    """Realms, which are as if they were not there if they are 0."""
    if realms is None or realms == Realms(0, 0):
        return None
    return u32(int(realms.source) << 16 | int(realms.destination))
