"""Routes and policy rules as keepalived prints them."""

from collections.abc import Callable
from typing import assert_never

from keepalived_py.model.route import (
    TABLE_MAIN,
    Encapsulation,
    IlaEncapsulation,
    IpEncapsulation,
    Metric,
    MetricKind,
    MplsEncapsulation,
    Nexthop,
    Realms,
    Route,
    RouteType,
    Rule,
    RuleAction,
)
from keepalived_py.model.units import Address, Interface

_TYPES = {kind: kind.name.lower() for kind in RouteType}
_LABEL_SHIFT, _BOTTOM_OF_STACK = 12, 1 << 8
_PREFERENCES = {0: "medium", 1: "high", 3: "low"}


def route_line(route: Route) -> str:
    """A route in one line, as keepalived would have it."""
    words = [route.placement.value]
    if route.type != RouteType.UNICAST:
        words.append(_type(route.type))
    words.append(_network(route.destination))
    if route.source is not None:
        words.append(f"from {_network(route.source)}")
    if route.preferred_source is not None:
        words.append(f"src {route.preferred_source}")
    if route.tos is not None:
        words.append(f"tos {route.tos}")
    if route.encapsulation is not None:
        words.append(_encapsulation(route.encapsulation))
    if route.gateway is not None:
        words.append(_gateway(route.gateway))
    if route.device is not None:
        words.append(f"dev {route.device}")
    if route.table != TABLE_MAIN:
        words.append(f"table {route.table}")
    if route.protocol is not None:
        words.append(f"proto {route.protocol}")
    if route.scope is not None:
        words.append(f"scope {route.scope}")
    if route.metric is not None:
        words.append(f"metric {route.metric}")
    if route.onlink and route.family == 4:
        words.append("onlink")
    with_source = route.realms is not None and route.realms.source != 0
    words += _realms(route.realms, with_source)
    if route.expires_seconds is not None:
        words.append(f"expires {route.expires_seconds}sec")
    if route.congestion_control is not None:
        locked = "lock " if route.congestion_control_locked else ""
        words.append(f"congctl {route.congestion_control}{locked}")
    metrics = {metric.kind: metric for metric in route.metrics}
    words += [_time(metrics[kind]) for kind in _UNITS_PER_MS if kind in metrics]
    if route.ecn:
        words.append("features ecn")
    words += [_metric(metrics[kind]) for kind in _NUMBERS if kind in metrics]
    if route.preference is not None:
        words.append(f"pref {_PREFERENCES.get(route.preference, 'unknown')}")
    if MetricKind.FASTOPEN_NO_COOKIE in metrics:
        words.append(_metric(metrics[MetricKind.FASTOPEN_NO_COOKIE]))
    if route.ttl_propagate is not None:
        words.append(f"ttl-propagate {'enabled' if route.ttl_propagate else 'disabled'}")
    words += [_nexthop(nexthop, with_source) for nexthop in route.nexthops]
    if not route.tracked:
        words.append("no_track")
    if route.track_group is not None:
        words.append(f"track_group {route.track_group}")
    return " ".join(words)


def rule_line(rule: Rule) -> str:
    """A policy rule in one line, as keepalived would have it."""
    words: list[str] = []
    if rule.family == 6 and rule.source is None and rule.destination is None:
        words.append("inet6")
    if rule.inverted:
        words.append("not")
    words.append(f"from {_network(rule.source) if rule.source else 'all'}")
    if rule.destination is not None:
        words.append(f"to {_network(rule.destination)}")
    words.append(f"priority {rule.priority}")
    words.append(f"tos {_hexadecimal(rule.tos)}")
    if rule.firewall_mark is not None:
        mask = rule.firewall_mask
        masked = f"/0x{mask:x}" if mask is not None and mask != 0xFFFFFFFF else ""
        words.append(f"fwmark 0x{rule.firewall_mark:x}{masked}")
    if rule.input_device is not None:
        words.append(f"iif {rule.input_device}")
    if rule.output_device is not None:
        words.append(f"oif {rule.output_device}")
    if rule.suppress_prefix_length is not None:
        words.append(f"suppress_prefixlen {rule.suppress_prefix_length}")
    if rule.suppress_group is not None:
        words.append(f"suppress_ifgroup {rule.suppress_group}")
    if rule.tunnel_id:
        words.append(f"tunnel-id {rule.tunnel_id}")
    if rule.uids is not None:
        words.append(f"uidrange {rule.uids.first}-{rule.uids.last}")
    if rule.l3mdev:
        words.append("l3mdev")
    if rule.protocol is not None:
        words.append(f"protocol {rule.protocol}")
    if rule.ip_protocol is not None:
        words.append(f"ipproto {rule.ip_protocol}")
    if rule.source_ports is not None:
        words.append(f"sport {rule.source_ports.first}-{rule.source_ports.last}")
    if rule.destination_ports is not None:
        words.append(f"dport {rule.destination_ports.first}-{rule.destination_ports.last}")
    if rule.realms is not None and rule.realms != Realms(0, 0):
        words.append(f"realms {rule.realms.source}/{rule.realms.destination}")
    words.append(_ACTIONS[rule.action](rule))
    if not rule.tracked:
        words.append("no_track")
    if rule.track_group is not None:
        words.append(f"track_group {rule.track_group}")
    return " ".join(words)


_UNITS_PER_MS = {MetricKind.RTT: 8, MetricKind.RTTVAR: 4, MetricKind.RTO_MIN: 1}
_NUMBERS = (
    MetricKind.MTU,
    MetricKind.WINDOW,
    MetricKind.SSTHRESH,
    MetricKind.CWND,
    MetricKind.ADVMSS,
    MetricKind.REORDERING,
    MetricKind.HOPLIMIT,
    MetricKind.INITCWND,
    MetricKind.INITRWND,
    MetricKind.QUICKACK,
)
_ACTIONS: dict[RuleAction, Callable[[Rule], str]] = {
    RuleAction.LOOKUP: lambda rule: f"lookup {rule.table}",
    RuleAction.GOTO: lambda rule: f"goto {rule.goto}",
    RuleAction.NOP: lambda rule: "nop",
    RuleAction.BLACKHOLE: lambda rule: "type blackhole",
    RuleAction.UNREACHABLE: lambda rule: "type unreachable",
    RuleAction.PROHIBIT: lambda rule: "type prohibit",
}


def _type(kind: int) -> str:
    return _TYPES[RouteType(kind)] if kind in _TYPES else str(kind)


def _network(network: Interface) -> str:
    """An address, with its prefix length unless it is that of a host."""
    return str(network.ip) if network.network.prefixlen == network.max_prefixlen else str(network)


def _gateway(address: Address) -> str:
    return f"via {'inet6' if address.version == 6 else 'inet'} {address}"


def _hexadecimal(number: int | str) -> str:
    return number if isinstance(number, str) else f"0x{number:x}"


def _realms(realms: Realms | None, with_source: bool) -> list[str]:
    """keepalived decides by the route, also for nexthops, whether the source is shown."""
    if realms is None or realms == Realms(0, 0):
        return []
    return [f"realms {realms.source}/{realms.destination}" if with_source else f"realm {realms.destination}"]


def _metric(metric: Metric) -> str:
    return f"{metric.kind.value} {'lock ' if metric.locked else ''}{metric.value}"


def _time(metric: Metric) -> str:
    """A time in milliseconds, or from a second on in seconds."""
    milliseconds = metric.value / _UNITS_PER_MS[metric.kind]
    text = f"{milliseconds / 1000:g}s" if milliseconds >= 1000 else f"{milliseconds:g}ms"
    return f"{metric.kind.value}{' lock' if metric.locked else ''} {text}"


def _nexthop(nexthop: Nexthop, with_source: bool) -> str:
    words = ["nexthop"]
    if nexthop.gateway is not None:
        words.append(_gateway(nexthop.gateway))
    if nexthop.device is not None:
        words.append(f"dev {nexthop.device}")
    if nexthop.weight is not None:
        words.append(f"weight {nexthop.weight}")
    if nexthop.onlink:
        words.append("onlink")
    words += _realms(nexthop.realms, with_source)
    if nexthop.encapsulation is not None:
        words.append(_encapsulation(nexthop.encapsulation))
    return " ".join(words)


def _encapsulation(encapsulation: Encapsulation) -> str:
    match encapsulation:
        case MplsEncapsulation(labels):
            last = len(labels) - 1
            entries = (
                (label << _LABEL_SHIFT) | (_BOTTOM_OF_STACK if index == last else 0)
                for index, label in enumerate(labels)
            )
            return "encap mpls " + "/".join(f"{entry:x}" for entry in entries) if labels else "encap mpls"
        case IlaEncapsulation(locator):
            octets = b"".join(group.to_bytes(2, "big") for group in locator)
            return f"encap ila {int.from_bytes(octets, 'little')}"  # in the order of the host
        case IpEncapsulation():
            return _ip_encapsulation(encapsulation)
        case _:
            assert_never(encapsulation)


def _ip_encapsulation(it: IpEncapsulation) -> str:
    name, tos, ttl = ("ip6", "tc", "hoplimit") if it.family == 6 else ("ip", "tos", "ttl")
    values = (
        ("id", it.id),
        ("dst", it.destination),
        ("src", it.source),
        (tos, it.tos),
        (ttl, it.ttl),
        ("flags", None if it.flags is None else f"0x{it.flags:x}"),
    )
    return " ".join(["encap", name, *(f"{word} {value}" for word, value in values if value is not None)])
