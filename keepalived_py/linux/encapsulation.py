"""`encap` of a route or a nexthop in octets (linux/lwtunnel.h, mpls_iptunnel.h, ila.h)."""

from typing import assert_never

from keepalived_py.linux.attributes import attributes, be64, optional, packed, u8, u16
from keepalived_py.model.route import (
    Encapsulation,
    IlaEncapsulation,
    IpEncapsulation,
    MplsEncapsulation,
)

RTA_ENCAP_TYPE = 21
RTA_ENCAP = 22

_MPLS, _IP, _ILA, _IP6 = 1, 2, 3, 4
_MPLS_DST = 1
_ILA_LOCATOR = 1
_LABEL_SHIFT = 12
_BOTTOM_OF_STACK = 1 << 8
_ID, _DST, _SRC, _TTL, _TOS, _FLAGS = 1, 2, 3, 4, 5, 6
"""Of LWTUNNEL_IP and LWTUNNEL_IP6, where they are called HOPLIMIT and TC."""


def encapsulation_attributes(encapsulation: Encapsulation) -> dict[int, bytes]:
    """What a route or nexthop has for its encapsulation."""
    kind, values = _encode(encapsulation)
    return {RTA_ENCAP: attributes(values), RTA_ENCAP_TYPE: u16(kind)}


def _encode(encapsulation: Encapsulation) -> tuple[int, dict[int, bytes | None]]:
    match encapsulation:
        case MplsEncapsulation(labels):
            return _MPLS, {_MPLS_DST: _label_stack(labels)}
        case IlaEncapsulation(locator):
            return _ILA, {_ILA_LOCATOR: b"".join(group.to_bytes(2, "big") for group in locator)}
        case IpEncapsulation():
            return _IP if encapsulation.family == 4 else _IP6, _ip(encapsulation)
        case _:
            assert_never(encapsulation)


def _label_stack(labels: tuple[int, ...]) -> bytes:
    """RFC 3032 §2.1, with TTL and traffic class 0."""
    entries = [label << _LABEL_SHIFT for label in labels]
    if entries:
        entries[-1] |= _BOTTOM_OF_STACK
    return b"".join(entry.to_bytes(4, "big") for entry in entries)


def _ip(it: IpEncapsulation) -> dict[int, bytes | None]:
    return {
        _ID: optional(be64, it.id),
        _DST: packed(it.destination),
        _SRC: packed(it.source),
        _TOS: optional(u8, it.tos),
        _TTL: optional(u8, it.ttl),
        _FLAGS: optional(u16, it.flags),
    }
