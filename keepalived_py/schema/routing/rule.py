"""Policy rule lines: `virtual_rules` and `static_rules`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from keepalived_py.config.statement import Statement
from keepalived_py.model.route import PROTOCOL_KEEPALIVED, Number, Range, RouteType, Rule, RuleAction
from keepalived_py.schema.arguments import INT_MAX, UINT_MAX, Integer
from keepalived_py.schema.routing.names import GROUPS, TABLES, TRAFFIC_CLASSES, c_number, route_type
from keepalived_py.schema.routing.route import ANYWHERE_4, FAMILIES
from keepalived_py.schema.routing.words import ANYWHERE_6, SkippedError, Words
from keepalived_py.schema.scope import Scope, place_of

FIRST_AUTOMATIC_PRIORITY = 16384
"""The next one is one less; IPv4 and IPv6 count apart."""
_IP_PROTOCOL_MAX = 127
_MIXED = "rule specification has mixed IPv4 and IPv6"
_RANGE = re.compile(r"\s*(\d+)-\s*(\d+)")
_ACTIONS = {
    RouteType.BLACKHOLE: RuleAction.BLACKHOLE,
    RouteType.UNREACHABLE: RuleAction.UNREACHABLE,
    RouteType.PROHIBIT: RuleAction.PROHIBIT,
}


@dataclass(slots=True)
class _Draft:
    """What is read of a rule; `values` are fields of `Rule`."""

    static: bool
    family: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    of_table: bool = False
    """Whether something was given that only a rule with a table can have."""

    def agree(self, words: Words, family: int | None, message: str) -> None:
        """The first family that anything has is that of the rule."""
        if self.family is None:
            self.family = family
        elif self.family != family:
            words.skip("family", message)

    def act(self, words: Words, action: RuleAction, alternatives: str) -> None:
        """A rule does one thing."""
        if "action" in self.values:
            words.skip("duplicate", f"Cannot specify {alternatives}")
        self.values["action"] = action


def rule_line(scope: Scope, statement: Statement, *, static: bool = False) -> Rule | None:
    """The rule that a line means; None if keepalived ignores the line."""
    words = Words(scope, statement)
    draft = _Draft(static)
    try:
        while (option := words.next()) is not None:
            if option == "track_group" and static:
                if not _track_group(words, draft):
                    break
            else:
                OPTIONS.get(option, _action)(words, draft)
        return _complete(words, draft)
    except SkippedError:
        return None


def _complete(words: Words, draft: _Draft) -> Rule:
    values = draft.values
    action = values.get("action")
    if action is RuleAction.GOTO:
        target = values["goto"]
        if "priority" not in values:
            message = f"Invalid rule - goto target {target} specified without preference"
            words.skip("no-preference", message, "add: preference NUMBER")
        if values["priority"] >= target:
            words.skip("goto", f"Invalid rule - preference {values['priority']} >= goto target {target}")
    if action is None:
        words.skip("no-action", "No action specified for rule - ignoring", "add: table NAME")
    if action is not RuleAction.LOOKUP and draft.of_table:
        words.skip("no-table", "suppressor/realm specified for non table action - skipping")
    if values.get("tracked", True):
        if values.get("protocol", PROTOCOL_KEEPALIVED) != PROTOCOL_KEEPALIVED:
            message = (
                "Rule cannot be tracked if protocol is not "
                f"RTPROT_KEEPALIVED({PROTOCOL_KEEPALIVED}), resetting protocol"
            )
            words.error("protocol", message, "add: no_track")
        values["protocol"] = PROTOCOL_KEEPALIVED
    else:
        values.setdefault("protocol", None)
    if values.get("track_group") and "input_device" not in values:
        words.error("track-group", "Static rule cannot have track_group if dev/iif not specified", "add: iif")
        values["track_group"] = None
    family = draft.family or 4
    anywhere = ANYWHERE_6 if family == 6 else ANYWHERE_4
    for end in ("source", "destination"):
        if end in values:
            values[end] = values[end] or anywhere
    if "priority" not in values:
        values["priority"] = _automatic_priority(words, family)
    return Rule(family=family, place=place_of(words.statement), **values)


def _automatic_priority(words: Words, family: int) -> int:
    taken = words.scope.drafts.automatic_priorities
    priority = FIRST_AUTOMATIC_PRIORITY - taken[family]
    taken[family] += 1
    message = f"Rule has no preference specified - setting to {priority}. This is probably not what you want."
    words.warning("no-preference", message, "add: preference NUMBER")
    return priority


def _family(words: Words, draft: _Draft) -> None:
    name = words.word
    draft.agree(words, FAMILIES[name], f"{name} specified for IPv{4 if name == 'inet6' else 6} rule")
    words.next()  # keepalived skips the next word


def _end(name: str, message: str) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        draft.values[name] = network = words.network(message)
        draft.agree(words, network.version if network else None, _MIXED)

    return read


def _table(words: Words, draft: _Draft) -> None:
    draft.values["table"] = table = words.name(TABLES, "Routing table {} not found for rule")
    if table == 0:
        words.skip("bad-number", "Table 0 is not valid")
    alternatives = "more than one of table/nop/goto/blackhole/prohibit/unreachable for rule"
    draft.act(words, RuleAction.LOOKUP, alternatives)


def _priority(words: Words, draft: _Draft) -> None:
    keyword = words.word
    number = c_number(words.value())
    if number is None or not words.word.startswith("0"):
        number = Integer(0, UINT_MAX).read(words.scope, words.statement, words.index)
    if number is None:
        words.skip("bad-number", f"Invalid rule preference {keyword} specified")
    draft.values["priority"] = number


def _firewall_mark(words: Words, draft: _Draft) -> None:
    word = words.value()
    mark, slash, mask = word.partition("/")
    numbers = [c_number(part) if not part.startswith("-") else None for part in (mark, mask or "0")]
    if None in numbers or (slash and not mask):
        words.skip("bad-number", f"Invalid rule fwmark {word} specified", "MARK or MARK/MASK")
    draft.values["firewall_mark"] = numbers[0]
    draft.values["firewall_mask"] = numbers[1] if slash else None


def _realms(words: Words, draft: _Draft) -> None:
    draft.values["realms"] = words.realms("invalid realms {} for rule")
    draft.of_table = True
    draft.agree(words, 4, "realms is only valid for IPv4")


def _suppress_prefix_length(words: Words, draft: _Draft) -> None:
    message = f"Invalid suppress_prefixlength {words.word} specified"
    draft.values["suppress_prefix_length"] = words.number(INT_MAX, message)
    draft.of_table = True


def _suppress_group(words: Words, draft: _Draft) -> None:
    draft.values["suppress_group"] = words.name(GROUPS, "suppress_group {} is invalid")
    draft.of_table = True


def _device(name: str) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        draft.values[name] = words.device("WARNING - interface {} for rule doesn't exist")

    return read


def _tunnel_id(words: Words, draft: _Draft) -> None:
    draft.values["tunnel_id"] = words.number(2**64 - 1, "Invalid tunnel-id tunnel-id specified")


def _uids(words: Words, draft: _Draft) -> None:
    found = _RANGE.match(words.value())
    if found is None:
        words.skip("bad-range", "Invalid uidrange uidrange specified", "FIRST-LAST")
    draft.values["uids"] = Range(int(found[1]) & UINT_MAX, int(found[2]) & UINT_MAX)


def _l3mdev(words: Words, draft: _Draft) -> None:
    draft.act(words, RuleAction.LOOKUP, "l3mdev with other action")
    draft.values["l3mdev"] = True


def _protocol(words: Words, draft: _Draft) -> None:
    word = words.value()
    number = Integer(0, 255).read(words.scope, words.statement, words.index)
    if number is None:
        words.error("bad-number", f"Invalid protocol {word}", "0 to 255")
    else:
        draft.values["protocol"] = number


def _ip_protocol(words: Words, draft: _Draft) -> None:
    word = words.value().strip()
    number: Number | None
    if word.isascii() and word.isdecimal():
        number = int(word[:4]) if int(word[:4]) <= _IP_PROTOCOL_MAX else None
    else:
        number = words.scope.host.ip_protocol(word)
    if number is None:
        words.error(
            "unknown-name", f"Invalid ipproto {words.word}", "a name from /etc/protocols, or 0 to 127"
        )
    else:
        draft.values["ip_protocol"] = number


def _ports(name: str, keyword: str) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        found = _RANGE.match(words.value())
        if found is None:
            message = f"invalid {keyword} range {words.word}"
            words.error("bad-range", message, "FIRST-LAST, also for a single port")
        else:
            draft.values[name] = Range(int(found[1]) & 0xFFFF, int(found[2]) & 0xFFFF)

    return read


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


def _action(words: Words, draft: _Draft) -> None:
    """`goto`, `nop`, `[type] blackhole` and the like, and every word that is nothing else."""
    if words.word == "type":
        words.value()
    name = words.word
    if name == "goto":
        action = RuleAction.GOTO
        draft.values["goto"] = words.number(UINT_MAX, "Invalid target goto specified")
    elif name == "nop":
        action = RuleAction.NOP
    elif (kind := route_type(name)) is None:
        words.skip("unknown-option", f"Unknown rule option {name}")
    elif kind in _ACTIONS:
        action = _ACTIONS[RouteType(kind)]
    else:
        words.skip("unknown-option", f"Invalid rule action {name}", "blackhole, unreachable, prohibit")
    alternatives = "more than one of table/nop/goto/blackhole/prohibit/unreachable/l3mdev for rule"
    draft.act(words, action, alternatives)


def _sets(name: str, value: object) -> "_Reader":
    def read(words: Words, draft: _Draft) -> None:
        draft.values[name] = value

    return read


def _traffic_class(words: Words, draft: _Draft) -> None:
    draft.values["tos"] = words.name(TRAFFIC_CLASSES, "TOS value {} is invalid")


_Reader = Callable[[Words, _Draft], None]

OPTIONS: dict[str, _Reader] = {
    "inet": _family,
    "inet6": _family,
    "from": _end("source", "Invalid rule from address {}"),
    "to": _end("destination", "Invalid rule to address {}"),
    "table": _table,
    "lookup": _table,
    "not": _sets("inverted", True),
    "preference": _priority,
    "order": _priority,
    "priority": _priority,
    "tos": _traffic_class,
    "dsfield": _traffic_class,
    "fwmark": _firewall_mark,
    "realms": _realms,
    "suppress_prefixlength": _suppress_prefix_length,
    "sup_pl": _suppress_prefix_length,
    "suppress_ifgroup": _suppress_group,
    "sup_group": _suppress_group,
    "dev": _device("input_device"),
    "iif": _device("input_device"),
    "oif": _device("output_device"),
    "tunnel-id": _tunnel_id,
    "uidrange": _uids,
    "l3mdev": _l3mdev,
    "protocol": _protocol,
    "ipproto": _ip_protocol,
    "sport": _ports("source_ports", "sport"),
    "dport": _ports("destination_ports", "dport"),
    "no_track": _sets("tracked", False),
}
