"""The kernel's reports of addresses (`struct ifaddrmsg` of linux/if_addr.h, after the netlink header).

    family (1) | length of the prefix (1) | flags (1) | scope (1) | index of the interface (4) | attributes

There may be thousands at once, and adverts must not wait for them: decoding one with pyroute2 takes
many times as long.
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface
from socket import AF_INET, AF_INET6

from keepalived_py.linux.attributes import split
from keepalived_py.model.units import Interface

_NETLINK_HEADER_OCTETS = 16
_HEADER = struct.Struct("=BBBBI")
_ADDRESS, _LOCAL, _FLAGS = 1, 2, 8
_ALL_FLAGS = struct.Struct("=I")
"""Those of the header are only the first 8."""
_TENTATIVE = 0x40


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """An address on the interface of an index; `tentative` while it may turn out to be somebody else's."""

    index: int
    interface: Interface
    tentative: bool


def decode_address(message: bytes) -> InterfaceAddress | None:
    """A whole message, RTM_NEWADDR or RTM_DELADDR; None if it is of a family other than IPv4 and IPv6."""
    family, prefix_length, flags, _, index = _HEADER.unpack_from(message, _NETLINK_HEADER_OCTETS)
    values = split(message[_NETLINK_HEADER_OCTETS + _HEADER.size :])
    address = values.get(_LOCAL) or values.get(_ADDRESS)
    if address is None or family not in (AF_INET, AF_INET6):
        return None
    if _FLAGS in values:
        (flags,) = _ALL_FLAGS.unpack(values[_FLAGS])
    interface: Interface
    if family == AF_INET:
        interface = IPv4Interface((address, prefix_length))
    else:
        interface = IPv6Interface((address, prefix_length))
    return InterfaceAddress(index, interface, bool(flags & _TENTATIVE))
