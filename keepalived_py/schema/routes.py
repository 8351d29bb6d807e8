"""Route and rule lines, as far as they are modelled: destination, gateway, device, source, scope and
table of a route; source and table of a rule."""

from keepalived_py.config.statement import Statement
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import Address, Interface
from keepalived_py.schema.addresses import parse_interface
from keepalived_py.schema.arguments import parse_address
from keepalived_py.schema.scope import Scope, place_of

ANYWHERE = ("default", "any", "all", "default6")
ROUTE_TYPES = (
    "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit",
    "throw", "nat",
)  # fmt: skip
ROUTE_FLAGS = ("onlink", "add", "append", "prepend", "no_track")
ROUTE_VALUES = (
    "tos", "dsfield", "protocol", "metric", "priority", "preference", "expires", "mtu", "hoplimit",
    "advmss", "rtt", "rttvar", "reordering", "window", "cwnd", "ssthresh", "realms", "rto_min",
    "initcwnd", "initrwnd", "features", "quickack", "congctl", "pref", "ttl-propagate",
    "fastopen_no_cookie", "from", "or", "track_group", "vrf", "as",
)  # fmt: skip
RULE_FLAGS = ("not", "l3mdev", "no_track", "nop", "blackhole", "unreachable", "prohibit", "type")
RULE_VALUES = (
    "to", "preference", "order", "priority", "tos", "dsfield", "fwmark", "realms",
    "suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group", "dev", "iif", "oif",
    "tunnel-id", "uidrange", "protocol", "ipproto", "sport", "dport", "goto", "track_group",
)  # fmt: skip
LOCKABLE = ("mtu", "advmss", "rtt", "rttvar", "reordering", "cwnd", "ssthresh", "rto_min", "congctl")


class _Words:
    """The words of a line, one after the other."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.index = -1

    def next(self) -> str | None:
        self.index += 1
        return self.statement.words[self.index] if self.index < len(self.statement.words) else None


class _SkippedError(Exception):
    """The whole line is to be ignored."""


def _value(scope: Scope, words: _Words) -> str:
    """The word after an option; without it keepalived stops."""
    option = words.statement.words[words.index]
    value = words.next()
    if value is None:
        scope.missing(words.statement, words.index)
        raise _SkippedError(option)
    return value


def _address(scope: Scope, words: _Words, what: str) -> Address:
    value = _value(scope, words)
    address = parse_address(value)
    if address is None:
        scope.error(
            words.statement,
            "bad-address",
            f"VRRP parsed invalid IP {value}. skipping IP...",
            word=words.index,
        )
        scope.error(words.statement, "bad-address", f"invalid route {what} address {value}", word=words.index)
        raise _SkippedError
    return address


def route_line(scope: Scope, statement: Statement) -> Route | None:
    """The route that a line means; None if keepalived ignores the line."""
    words = _Words(statement)
    try:
        return _route(scope, words)
    except _SkippedError:
        return None


def _route(scope: Scope, words: _Words) -> Route:
    statement = words.statement
    destination: Interface | None = None
    found = False
    gateway = source = None
    values: dict[str, str] = {}
    tracked = True
    while (option := words.next()) is not None:
        if option in ("inet", "inet6"):
            words.next()  # keepalived swallows the next word
        elif option == "src":
            source = _address(scope, words, "src")
        elif option in ("via", "gw"):
            if option == "gw":
                message = '"gw" for routes is deprecated. Please use "via"'
                scope.warning(statement, "deprecated", message, word=words.index)
            if words.index + 1 < len(statement.words) and statement.words[words.index + 1] in (
                "inet",
                "inet6",
            ):
                words.next()
            gateway = _address(scope, words, "via")
        elif option in ("dev", "oif"):
            values["dev"] = _value(scope, words)
            if not scope.has_interface(values["dev"], statement):
                message = f"WARNING - interface {values['dev']} for VROUTE nexthop doesn't exist"
                scope.error(statement, "no-interface", message, word=words.index)
                raise _SkippedError
        elif option in ("table", "scope"):
            values[option] = _value(scope, words)
        elif option in ROUTE_FLAGS:
            tracked &= option != "no_track"
        elif option in ROUTE_VALUES:
            value = _value(scope, words)
            if value == "lock" and option in LOCKABLE:
                _value(scope, words)
        elif option in ("nexthop", "encap"):
            break  # the rest of the line is theirs
        else:
            if option == "to":
                option = _value(scope, words)
            if option in ROUTE_TYPES:
                option = _value(scope, words)
            destination = _destination(scope, statement, words.index, option)
            found = True
    if not found:
        scope.error(statement, "no-destination", "Route must have a destination", word=None)
        raise _SkippedError
    return Route(
        destination=destination,
        gateway=gateway,
        device=values.get("dev"),
        source=source,
        scope=values.get("scope"),
        table=values.get("table"),
        tracked=tracked,
        place=place_of(statement),
    )


def _destination(scope: Scope, statement: Statement, index: int, word: str) -> Interface | None:
    if word in ANYWHERE:
        return None
    interface = parse_interface(scope, statement, index)
    if interface is None:
        scope.error(statement, "unknown-option", f"unknown route keyword {word}", word=index)
        raise _SkippedError
    return interface


def rule_line(scope: Scope, statement: Statement) -> Rule | None:
    """The rule that a line means; None if keepalived ignores the line."""
    words = _Words(statement)
    try:
        return _rule(scope, words)
    except _SkippedError:
        return None


def _rule(scope: Scope, words: _Words) -> Rule:
    statement = words.statement
    source: Interface | None = None
    table: str | None = None
    acts = False
    while (option := words.next()) is not None:
        if option in ("inet", "inet6"):
            words.next()  # keepalived swallows the next word
        elif option == "from":
            value = _value(scope, words)
            if value not in ANYWHERE:
                source = parse_interface(scope, statement, words.index)
                if source is None:
                    message = f"Invalid rule from address {value}"
                    scope.error(statement, "bad-address", message, word=words.index)
                    raise _SkippedError
        elif option in ("table", "lookup"):
            table = _value(scope, words)
            acts = True
        elif option in RULE_VALUES:
            _value(scope, words)
            acts |= option == "goto"
        elif option in RULE_FLAGS:
            acts |= option not in ("not", "no_track", "type")
        else:
            scope.error(statement, "unknown-option", f"Unknown rule option {option}", word=words.index)
            raise _SkippedError
    if not acts:
        message = "No action specified for rule - ignoring"
        scope.error(statement, "no-action", message, word=None, help="add: table NAME")
        raise _SkippedError
    if not {"preference", "order", "priority"} & set(statement.words):
        scope.drafts.rule_preference -= 1
        preference = scope.drafts.rule_preference + 1
        message = (
            f"Rule has no preference specified - setting to {preference}. This is probably not what you want."
        )
        scope.error(statement, "no-preference", message, word=None, help="add: preference NUMBER")
    return Rule(source=source, table=table, place=place_of(statement))
