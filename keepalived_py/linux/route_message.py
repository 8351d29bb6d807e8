"""Routes in octets (`struct rtmsg` and its attributes, linux/rtnetlink.h).

family | dst_len | src_len | tos | table | protocol | scope | type (1 each) | flags (4)
"""

import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from socket import AF_INET, AF_INET6

from keepalived_py.linux.attributes import attributes, flow, optional, packed, split, u8, u32, via
from keepalived_py.linux.encapsulation import encapsulation_attributes
from keepalived_py.model.route import (
    PROTOCOL_KEEPALIVED,
    MetricKind,
    Nexthop,
    Placement,
    Route,
    RouteType,
)
from keepalived_py.model.units import Address

RTM_NEWROUTE, RTM_DELROUTE = 24, 25

_HEADER = struct.Struct("=BBBBBBBBI")
_NEXTHOP = struct.Struct("=HBBi")
_FAMILIES = {4: AF_INET, 6: AF_INET6}
_SCOPE_NOWHERE = 255
_RTNH_F_ONLINK = 4
_PRIORITY_OF_IPV6 = 1024
"""What the kernel gives an IPv6 route that has no metric."""

_DST, _SRC, _OIF, _GATEWAY, _PRIORITY, _PREFSRC, _METRICS, _MULTIPATH = 1, 2, 4, 5, 6, 7, 8, 9
_FLOW, _TABLE, _VIA, _PREF, _EXPIRES, _TTL_PROPAGATE = 11, 15, 18, 20, 23, 26
_RTAX_LOCK, _RTAX_FEATURES, _RTAX_CC_ALGO = 1, 12, 16
_FEATURE_ECN = 1
_RTAX = {
    MetricKind.MTU: 2,
    MetricKind.WINDOW: 3,
    MetricKind.RTT: 4,
    MetricKind.RTTVAR: 5,
    MetricKind.SSTHRESH: 6,
    MetricKind.CWND: 7,
    MetricKind.ADVMSS: 8,
    MetricKind.REORDERING: 9,
    MetricKind.HOPLIMIT: 10,
    MetricKind.INITCWND: 11,
    MetricKind.RTO_MIN: 13,
    MetricKind.INITRWND: 14,
    MetricKind.QUICKACK: 15,
    MetricKind.FASTOPEN_NO_COOKIE: 17,
}


class Create(IntEnum):
    """What becomes of routes that are there already (NLM_F_*)."""

    REPLACE = 0x500
    ADD = 0x600
    PREPEND = 0x400
    APPEND = 0xC00


PLACEMENTS = {
    Placement.ADD: Create.ADD,
    Placement.APPEND: Create.APPEND,
    Placement.PREPEND: Create.PREPEND,
}


def route_body(route: Route, index_of: Callable[[str], int], *, remove: bool = False) -> bytes:
    """The message that adds a route, or removes it. `index_of` gives the number of an interface, and
    raises what its caller wants it to."""
    table = int(route.table)
    scope = _SCOPE_NOWHERE if remove else 0
    header = _HEADER.pack(
        _FAMILIES[route.family],
        route.destination.network.prefixlen,
        route.source.network.prefixlen if route.source else 0,
        int(route.tos or 0),
        table if table < 256 else 0,
        PROTOCOL_KEEPALIVED if route.protocol is None else int(route.protocol),
        scope if route.scope is None else int(route.scope),
        0 if remove and route.type == RouteType.UNICAST else route.type,
        _RTNH_F_ONLINK if route.onlink else 0,
    )
    values = {
        _TABLE: u32(table),
        _DST: packed(route.destination),
        _SRC: packed(route.source),
        _PREFSRC: packed(route.preferred_source),
        _OIF: u32(index_of(route.device)) if route.device else None,
        _PRIORITY: optional(u32, route.metric),
        _FLOW: flow(route.realms),
        _EXPIRES: optional(u32, route.expires_seconds),
        _PREF: optional(u8, route.preference),
        _TTL_PROPAGATE: optional(u8, route.ttl_propagate),
        _METRICS: _metrics(route),
        _MULTIPATH: b"".join(_nexthop(each, route.family, index_of) for each in route.nexthops) or None,
        **_gateway(route.gateway, route.family),
    }
    if route.encapsulation:
        values |= encapsulation_attributes(route.encapsulation)
    return header + attributes(values)


def _gateway(address: Address | None, family: int) -> dict[int, bytes]:
    if address is None:
        return {}
    return {_GATEWAY: address.packed} if address.version == family else {_VIA: via(address)}


def _metrics(route: Route) -> bytes | None:
    values = {_RTAX[metric.kind]: u32(metric.value) for metric in route.metrics}
    locked = sum(1 << _RTAX[metric.kind] for metric in route.metrics if metric.locked)
    if route.ecn:
        values[_RTAX_FEATURES] = u32(_FEATURE_ECN)
    if route.congestion_control is not None:
        values[_RTAX_CC_ALGO] = route.congestion_control.encode()
        locked |= route.congestion_control_locked << _RTAX_CC_ALGO
    if not values:
        return None
    if locked:
        values[_RTAX_LOCK] = u32(locked)
    return attributes(values)


def _nexthop(nexthop: Nexthop, family: int, index_of: Callable[[str], int]) -> bytes:
    """`struct rtnexthop`: length (2) | flags (1) | weight - 1 (1) | interface (4) | attributes"""
    values = {_FLOW: flow(nexthop.realms), **_gateway(nexthop.gateway, family)}
    if nexthop.encapsulation:
        values |= encapsulation_attributes(nexthop.encapsulation)
    rest = attributes(values)
    flags = _RTNH_F_ONLINK if nexthop.onlink else 0
    index = index_of(nexthop.device) if nexthop.device else 0
    weight = (nexthop.weight or 1) - 1
    return _NEXTHOP.pack(_NEXTHOP.size + len(rest), flags, weight, index) + rest


@dataclass(frozen=True, slots=True)
class RouteKey:
    """What the kernel, too, tells routes apart by."""

    header: bytes
    """Family, prefix lengths and TOS."""
    table: int
    destination: bytes
    source: bytes
    metric: int


@dataclass(frozen=True, slots=True)
class RouteReport:
    """What a report says of a route, or our message that adds one."""

    key: RouteKey
    ways: tuple[bytes | None, bytes | None]
    """Interface and gateway, where there is only one way."""

    @property
    def device(self) -> int | None:
        """The number of the interface."""
        index, _ = self.ways
        return None if index is None else _u32(index)

    def may_be(self, ours: "RouteReport") -> bool:
        """Whether this is the report of a route of ours: it has the ways that ours names."""
        return self.key == ours.key and all(
            own is None or own == told for told, own in zip(self.ways, ours.ways, strict=True)
        )


def read_route(body: bytes) -> RouteReport:
    """Raises ValueError if it is too short."""
    if len(body) < _HEADER.size:
        raise ValueError("truncated rtmsg")
    values = split(body[_HEADER.size :])
    family, table = body[0], body[4]
    metric = _u32(values.get(_PRIORITY))
    if family == AF_INET6 and not metric:
        metric = _PRIORITY_OF_IPV6
    key = RouteKey(
        body[:4],
        _u32(values.get(_TABLE)) or table,
        values.get(_DST, b"").rstrip(b"\0"),
        values.get(_SRC, b"").rstrip(b"\0"),
        metric,
    )
    if _MULTIPATH in values:
        return RouteReport(key, (None, None))
    return RouteReport(key, (values.get(_OIF), values.get(_GATEWAY)))


def _u32(value: bytes | None) -> int:
    return int.from_bytes(value, sys.byteorder) if value else 0
