"""Route lines: `virtual_routes` and `static_routes`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from typing import Any

from keepalived_py.config.statement import Statement
from keepalived_py.model.route import (
    PROTOCOL_KEEPALIVED,
    Metric,
    MetricKind,
    Nexthop,
    Placement,
    Route,
)
from keepalived_py.model.units import Interface
from keepalived_py.schema.arguments import UINT_MAX, Decimal
from keepalived_py.schema.routing.encapsulation import read_encapsulation
from keepalived_py.schema.routing.names import (
    PROTOCOLS,
    SCOPES,
    TABLES,
    TRAFFIC_CLASSES,
    route_type,
)
from keepalived_py.schema.routing.words import ANYWHERE_6, SkippedError, Words
from keepalived_py.schema.scope import Scope, place_of

FAMILIES = {"inet": 4, "inet6": 6}
ANYWHERE_4 = IPv4Interface("0.0.0.0/0")
PREFERENCES = {"low": 3, "medium": 0, "high": 1}
_MIXED = "Cannot mix IPv4 and IPv6 addresses for route"
_RTT_MIN_MS, _RTT_MAX_MS = 200, 120_000


@dataclass(slots=True)
class _Draft:
    """What is read of a route; `values` are fields of `Route`."""

    static: bool
    family: int | None = None
    destination: Interface | None = None
    has_destination: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    metrics: dict[MetricKind, Metric] = field(default_factory=dict)
    nexthops: list[Nexthop] = field(default_factory=list)

    def agree(self, words: Words, family: int | None, message: str = _MIXED) -> None:
        """The first family that anything has is that of the route."""
        if self.family is None:
            self.family = family
        elif self.family != family:
            words.skip("family", message)


def route_line(scope: Scope, statement: Statement, *, static: bool = False) -> Route | None:
    """The route that a line means; None if keepalived ignores the line."""
    words = Words(scope, statement)
    draft = _Draft(static)
    try:
        _read(words, draft)
        return _complete(words, draft)
    except SkippedError:
        return None


def _read(words: Words, draft: _Draft) -> None:
    while (option := words.next()) is not None:
        if option == "nexthop":
            if draft.nexthops:
                words.error("duplicate", 'Cannot specify nexthops with "or" route')
                _trailing(words)
            else:
                _nexthops(words, draft)
            return
        if option == "track_group" and draft.static:
            if _track_group(words, draft):
                continue
            _trailing(words)
        reader = OPTIONS.get(option)
        if reader:
            reader(words, draft)
        else:
            _destination(words, draft)


def _trailing(words: Words) -> None:
    words.skip("extra-words", f"Route has trailing nonsense - {words.word}")


def _complete(words: Words, draft: _Draft) -> Route:
    values = draft.values
    if not draft.has_destination:
        words.skip("no-destination", "Route must have a destination")
    if values.get("tracked", True):
        if values.get("protocol", PROTOCOL_KEEPALIVED) != PROTOCOL_KEEPALIVED:
            message = (
                "Route cannot be tracked if protocol is not "
                f"RTPROT_KEEPALIVED({PROTOCOL_KEEPALIVED}), resetting protocol"
            )
            words.error("protocol", message, "add: no_track")
        values["protocol"] = PROTOCOL_KEEPALIVED
    else:
        values.setdefault("protocol", None)
    if values.get("track_group") and "device" not in values:
        words.error("track-group", "Static route cannot have track group if no oif specified", "add: dev")
        values["track_group"] = None
    anywhere = ANYWHERE_6 if draft.family == 6 else ANYWHERE_4
    return Route(
        destination=draft.destination or anywhere,
        metrics=tuple(draft.metrics[kind] for kind in MetricKind if kind in draft.metrics),
        nexthops=tuple(draft.nexthops),
        place=place_of(words.statement),
        **values,
    )


def _destination(words: Words, draft: _Draft) -> None:
    """`[to] [TYPE] DESTINATION`, and every word that is nothing else."""
    first = words.word
    if first == "to":
        words.value()
    elif (kind := route_type(first)) is not None:
        draft.values["type"] = kind
        words.value()
    word = words.word
    words.index -= 1
    draft.destination = words.network("unknown route keyword {}")
    draft.has_destination = True
    family = draft.destination.version if draft.destination else None
    draft.agree(words, family, f"{_MIXED} ({word})")


def _family(words: Words, draft: _Draft) -> None:
    name = words.word
    draft.agree(words, FAMILIES[name], f"{name} specified for IPv{4 if name == 'inet6' else 6} route")
    words.next()  # keepalived skips the next word


def _preferred_source(words: Words, draft: _Draft) -> None:
    draft.values["preferred_source"] = address = words.address("invalid route src address {}")
    draft.agree(words, address.version)


def _newdst(words: Words, draft: _Draft) -> None:
    if words.value() == "to":
        words.value()
    words.error("not-supported", '"as to" for MPLS only - ignoring')


def _gateway(words: Words, draft: _Draft) -> None:
    if words.word == "gw":
        words.error("deprecated", '"gw" for routes is deprecated. Please use "via"', "via")
    if words.following and words.following[0] in FAMILIES:
        draft.agree(words, FAMILIES[words.value()])
    draft.values["gateway"] = address = words.address("invalid route via address {}")
    draft.agree(words, address.version)


def _source(words: Words, draft: _Draft) -> None:
    draft.values["source"] = source = words.network("invalid route from address {}")
    if source is None or source.version != 6:
        words.skip("family", f"route from address only supported with IPv6 ({words.word})")
    draft.agree(words, source.version)


def _expires(words: Words, draft: _Draft) -> None:
    if draft.family == 4:
        words.value()
        words.skip("family", "expires is only valid for IPv6")
    draft.family = 6
    draft.values["expires_seconds"] = words.number(UINT_MAX, "Invalid expires time {} specified for route")


def _realms(words: Words, draft: _Draft) -> None:
    draft.values["realms"] = words.realms("Invalid realms {} for route")
    if draft.family == 6:
        words.skip("family", "realms are only valid for IPv4")
    draft.family = 4


def _features(words: Words, draft: _Draft) -> None:
    if words.value() == "ecn":
        draft.values["ecn"] = True
    else:
        words.error("unknown-option", f"feature {words.word} not supported", "ecn")


def _congestion_control(words: Words, draft: _Draft) -> None:
    if words.value() == "lock":
        draft.values["congestion_control_locked"] = True
        words.value()
    draft.values["congestion_control"] = words.word


def _preference(words: Words, draft: _Draft) -> None:
    if draft.family == 4:
        words.value()
        words.skip("family", "pref is only valid for IPv6")
    draft.family = 6
    if words.following and words.following[0] in PREFERENCES:
        draft.values["preference"] = PREFERENCES[words.value()]
    else:
        draft.values["preference"] = words.number(255, "Invalid pref value {} specified for route")


def _ttl_propagate(words: Words, draft: _Draft) -> None:
    value = words.value()
    if value not in ("enabled", "disabled"):
        words.error("unknown-option", f"ttl-propagate value {value} not recognised", "enabled, disabled")
    draft.values["ttl_propagate"] = value == "enabled"


def _or(words: Words, draft: _Draft) -> None:
    words.error(
        "deprecated", '"or" for routes is deprecated. Please use "nexthop"', "nexthop via A nexthop via B"
    )
    if draft.nexthops:
        words.error("duplicate", '"or" route already specified - ignoring subsequent')
        words.next()
        return
    draft.nexthops.append(Nexthop(gateway=draft.values.pop("gateway", None)))
    draft.nexthops.append(Nexthop(gateway=words.address('Invalid "or" address {}')))


def _track_group(words: Words, draft: _Draft) -> bool:
    name = words.value()
    if draft.values.get("track_group"):
        words.error("duplicate", f"track_group {name} is a duplicate")
        return False
    if name in words.scope.drafts.track_groups:
        draft.values["track_group"] = name
    else:
        words.error("unknown-name", f"track_group {name} not found", "define it earlier: track_group NAME")
    return True


def _vrf(words: Words, draft: _Draft) -> None:
    name = words.value()
    if not words.scope.host.has_interface(name):
        words.skip("no-interface", f"VRF {name} not found for route")
    draft.values["vrf"] = name


def _sets(name: str, value: object) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        draft.values[name] = value

    return read


def _value(name: str, take: Callable[[Words], object]) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        draft.values[name] = take(words)

    return read


def _metric(
    kind: MetricKind, message: str, highest: int = UINT_MAX, *, units_per_ms: int = 0, lockable: bool = True
) -> "_Reader":
    """A number, or with `units_per_ms` a time, that `lock` may stand before."""

    def read(words: Words, draft: _Draft) -> None:
        locked = lockable and bool(words.following) and words.following[0] == "lock"
        if locked:
            words.value()
        time = units_per_ms > 0
        value = _time(words, kind, units_per_ms, message) if time else words.number(highest, message)
        draft.metrics[kind] = Metric(kind, value, locked)

    return read


def _time(words: Words, kind: MetricKind, units_per_ms: int, message: str) -> int:
    """A time in seconds (`s`), in milliseconds (`ms`), or without a unit in that of the kernel."""
    text = words.value().lstrip(" \t\f\n\r\v")
    name = "rto" if kind is MetricKind.RTO_MIN else "rtt"
    decimals, factor = 0, 1
    number = text
    at = next((index for index, letter in enumerate(text) if letter in "sS"), None)
    if at is not None:
        milliseconds = text[:at].lower().endswith("m")
        number = text[: at - 1] if milliseconds else text[:at]
        decimals, factor = (0 if milliseconds else 3), units_per_ms
        if text[at:].lower() not in ("s", "sec", "secs") or not number:
            words.skip("bad-number", message.format(words.word), "a time: 0.5s, 500ms")
    if "e" in number.lower():
        words.error("bad-number", f"{name} value exponential form {text} no longer supported")
        words.skip("bad-number", message.format(words.word))
    argument = Decimal(0, _RTT_MAX_MS * units_per_ms, decimals)
    value = argument.parse(words.scope, words.statement, words.index, number)
    if value is None:
        words.skip("bad-number", message.format(words.word), "a time: 0.5s, 500ms")
    value *= factor
    low, high = _RTT_MIN_MS * units_per_ms, _RTT_MAX_MS * units_per_ms
    if value > high:
        words.error("bad-number", f"{name} value {text} exceeds maximum {_RTT_MAX_MS // 1000}s, resetting")
    elif value < low:
        words.error("bad-number", f"{name} value {text} below minimum {_RTT_MIN_MS}ms, resetting")
    return max(low, min(high, value))


def _nexthops(words: Words, draft: _Draft) -> None:
    """`nexthop ...` to the end of the line; one that is wrong ends the reading, but not the route."""
    try:
        while words.index < len(words.statement.words) and words.word == "nexthop":
            draft.nexthops.append(_nexthop(words, draft))
        if words.index < len(words.statement.words):
            words.error("extra-words", f"Route has trailing nonsense after nexthops - {words.word}")
    except SkippedError:
        return


def _nexthop(words: Words, draft: _Draft) -> Nexthop:
    values: dict[str, Any] = {}
    while (option := words.next()) is not None:
        if option == "via":
            if words.following and words.following[0] in FAMILIES:
                draft.agree(words, FAMILIES[words.value()], "IPv4/6 mismatch for nexthop")
            values["gateway"] = address = words.address("invalid nexthop address {}")
            draft.agree(words, address.version, "Address family mismatch for next hop")
        elif option == "dev":
            values["device"] = words.device(_NO_DEVICE)
        elif option == "weight":
            values["weight"] = words.number(256, "Invalid weight {} specified for route")
            if not values["weight"]:
                words.skip("bad-number", "Invalid weight 0 specified for route")
        elif option == "onlink":
            values["onlink"] = True
        elif option == "encap":
            values["encapsulation"] = read_encapsulation(words)
        elif option == "realms":
            values["realms"] = words.realms("Invalid realms {} for route")
            draft.agree(words, 4, "realms are only supported for IPv4")
        elif option == "as":
            words.value()
            words.skip("not-supported", "'as [to]' (nat) not supported")
        else:
            break
    return Nexthop(**values)


_Reader = Callable[[Words, _Draft], None]
_NO_DEVICE = "WARNING - interface {} for VROUTE nexthop doesn't exist"


def _take_metric(words: Words) -> int:
    return words.number(UINT_MAX, "Invalid metric {} specified for route")


def _take_traffic_class(words: Words) -> object:
    return words.name(TRAFFIC_CLASSES, "TOS value {} is invalid")


def _take_device(words: Words) -> str:
    return words.device(_NO_DEVICE)


OPTIONS: dict[str, _Reader] = {
    "inet": _family,
    "inet6": _family,
    "src": _preferred_source,
    "as": _newdst,
    "via": _gateway,
    "gw": _gateway,
    "from": _source,
    "tos": _value("tos", _take_traffic_class),
    "dsfield": _value("tos", _take_traffic_class),
    "table": _value("table", lambda words: words.name(TABLES, "Routing table {} not found for route")),
    "protocol": _value(
        "protocol", lambda words: words.name(PROTOCOLS, "Protocol {} not found or invalid for route")
    ),
    "scope": _value("scope", lambda words: words.name(SCOPES, "Scope {} not found or invalid for route")),
    "metric": _value("metric", _take_metric),
    "priority": _value("metric", _take_metric),
    "preference": _value("metric", _take_metric),
    "dev": _value("device", _take_device),
    "oif": _value("device", _take_device),
    "onlink": _sets("onlink", True),
    "encap": _value("encapsulation", read_encapsulation),
    "expires": _expires,
    "mtu": _metric(MetricKind.MTU, "Invalid MTU {} specified for route"),
    "hoplimit": _metric(MetricKind.HOPLIMIT, "Invalid hoplimit {} specified for route", 255, lockable=False),
    "advmss": _metric(MetricKind.ADVMSS, "Invalid advmss {} specified for route"),
    "rtt": _metric(MetricKind.RTT, "Invalid rtt {} for route", units_per_ms=8),
    "rttvar": _metric(MetricKind.RTTVAR, "Invalid rttvar {} for route", units_per_ms=4),
    "rto_min": _metric(MetricKind.RTO_MIN, "Invalid rto_min value {} specified for route", units_per_ms=1),
    "reordering": _metric(MetricKind.REORDERING, "Invalid reordering value {} specified for route"),
    "window": _metric(MetricKind.WINDOW, "Invalid window value {} specified for route", lockable=False),
    "cwnd": _metric(MetricKind.CWND, "Invalid cwnd value {} specified for route"),
    "ssthresh": _metric(MetricKind.SSTHRESH, "Invalid ssthresh value {} specified for route"),
    "realms": _realms,
    "initcwnd": _metric(MetricKind.INITCWND, "Invalid initcwnd value {} specified for route", lockable=False),
    "initrwnd": _metric(MetricKind.INITRWND, "Invalid initrwnd value {} specified for route", lockable=False),
    "features": _features,
    "quickack": _metric(
        MetricKind.QUICKACK, "Invalid quickack value {} specified for route", 1, lockable=False
    ),
    "congctl": _congestion_control,
    "pref": _preference,
    "ttl-propagate": _ttl_propagate,
    "fastopen_no_cookie": _metric(
        MetricKind.FASTOPEN_NO_COOKIE,
        "Invalid fastopen_no_cookie value {} specified for route",
        1,
        lockable=False,
    ),
    "add": _sets("placement", Placement.ADD),
    "append": _sets("placement", Placement.APPEND),
    "prepend": _sets("placement", Placement.PREPEND),
    "or": _or,
    "no_track": _sets("tracked", False),
    "vrf": _vrf,
}
