"""`garp_group`, `linkbeat_interfaces` and `interface_up_down_delays`: what is set for interfaces."""

from dataclasses import dataclass, field, replace

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.interface import GarpGroup, InterfaceSettings, Linkbeat
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.schema.arguments import UINT_MAX, Decimal, Entries, Words
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of

DELAY = Decimal(0, 255 * SECOND)
_INTERVAL = Decimal(0, UINT_MAX)


@dataclass(slots=True)
class GarpGroupDraft:
    """A `garp_group` block."""

    head: Statement
    garp_interval_us: Microseconds | None = None
    gna_interval_us: Microseconds | None = None
    interfaces: list[str] = field(default_factory=list)


def _begin_group(scope: Scope, head: Statement) -> GarpGroupDraft:
    return GarpGroupDraft(head)


def _end_group(scope: Scope, group: GarpGroupDraft) -> None:
    drafts = scope.drafts
    if group.garp_interval_us is None and group.gna_interval_us is None:
        message = f"garp group {drafts.garp_aggregation_groups} does not have any delay set - removing"
        scope.error(group.head, "no-delay", message, help="add: garp_interval SECONDS")
        for name in group.interfaces:
            drafts.garp_interfaces.discard(name)
        return
    drafts.garp_groups += 1
    for name in group.interfaces:
        it = GarpGroup(drafts.garp_groups, group.garp_interval_us, group.gna_interval_us)
        _set(scope, name, garp_group=it)


def _set(scope: Scope, name: str, **settings: object) -> None:
    known = scope.drafts.interfaces.get(name, InterfaceSettings())
    scope.drafts.interfaces[name] = replace(known, **settings)  # type: ignore[arg-type]


def _bind_interval(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    word = statement.words[1]
    interval_us = _INTERVAL.read(scope, statement, 1)
    if interval_us is None:
        scope.error(
            statement, "bad-number", f"garp_group {row.name} '{word}' invalid", word=1, help="seconds"
        )
        return
    setattr(scope.block, f"{row.name}_us", interval_us)
    if interval_us >= SECOND:
        message = f"The {row.name} is very large - {word} seconds"
        _say(scope, statement, message, word=1)


def _bind_interface(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    _add(scope, statement, 1, statement.words[1])


def _bind_interfaces(scope: Scope, row: Row, entry: Entry) -> None:
    words = [(line, index) for line in body_of(entry) for index in range(len(line.words))]
    scope.closing = end_of(entry)
    if words:
        scope.drafts.garp_aggregation_groups += 1
        names = [line.words[index] for line, index in words]
        for line, index in words:
            # keepalived names the second one, whichever it was
            _add(scope, line, index, names[1] if len(names) > 1 else names[0])
    else:
        message = "Warning - empty garp_group interfaces block"
        scope.warning(head_of(entry), "empty-list", message)
    scope.closing = None


def _add(scope: Scope, statement: Statement, index: int, named: str) -> None:
    group: GarpGroupDraft = scope.block
    drafts = scope.drafts
    name = statement.words[index]
    if not scope.has_interface(name, statement):
        message = f"WARNING - interface {name} specified for garp_group doesn't exist"
        scope.error(statement, "no-interface", message, word=index)
    elif name in drafts.garp_interfaces:
        message = f"garp_group already specified for {named} - ignoring"
        scope.error(statement, "duplicate", message, word=index)
    else:
        drafts.garp_interfaces.add(name)
        group.interfaces.append(name)


def _bind_linkbeat(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        name = statement.words[0]
        if not _exists(scope, statement, "linkbeat interface"):
            continue
        linkbeat = Linkbeat.ANY
        if len(statement.words) > 1:
            word = statement.words[1]
            linkbeat = Linkbeat[word] if word in Linkbeat.__members__ and word != "ANY" else Linkbeat.ANY
            if linkbeat is Linkbeat.ANY or len(statement.words) > 2:
                message = f"extra characters {word} in linkbeat interface"
                scope.error(statement, "extra-words", message, word=1, help="MII, ETHTOOL or IOCTL")
        _set(scope, name, linkbeat=linkbeat)


def _bind_delays(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        name, *words = statement.words
        if not _exists(scope, statement, "up/down delay"):
            continue
        if not words:
            _say(scope, statement, f"No timeouts specified for {name} up/down delays")
            continue
        if len(words) > 2:
            _say(scope, statement, f"Too many parameters for {name} up/down delays", word=3)
        delays: list[Microseconds] = []
        for index, (word, what) in enumerate(zip(words, ("down", "up"), strict=False), 1):
            delay = DELAY.read(scope, statement, index)
            if delay is None:
                _say(scope, statement, f"Invalid {what} delay {word} for {name}", word=index)
                break
            delays.append(delay)
        else:
            down_us, up_us = (*delays, 0)[:2]
            _set(scope, name, down_delay_us=down_us, up_delay_us=up_us)


def _exists(scope: Scope, statement: Statement, what: str) -> bool:
    name = statement.words[0]
    if scope.drafts.definitions.dynamic_interfaces or scope.host.has_interface(name):
        return True
    message = f"unknown interface {name} specified for {what}"
    scope.error(statement, "unknown-interface", message, consequence=Consequence.FATAL)
    return False


def _say(scope: Scope, statement: Statement, message: str, *, word: int = 0) -> None:
    """What keepalived only logs."""
    scope.warning(statement, "interface", message, word=word, consequence=Consequence.SILENT, located=False)


GARP_GROUP = table(
    Row(
        name="garp_interval",
        doc="Seconds between gratuitous ARPs on the interfaces together.",
        argument=Words("<SECONDS:0..4294.967295>", 1),
        bind=_bind_interval,
        default="vrrp_garp_interval",
    ),
    Row(
        name="gna_interval",
        doc="Seconds between neighbour advertisements on the interfaces together.",
        argument=Words("<SECONDS:0..4294.967295>", 1),
        bind=_bind_interval,
        default="vrrp_gna_interval",
    ),
    Row(
        name="interface",
        doc="An interface of the group.",
        argument=Words("<INTERFACE>", 1),
        bind=_bind_interface,
        repeats=True,
    ),
    Row(
        name="interfaces",
        doc="Interfaces of the group.",
        argument=Entries("INTERFACE"),
        entries=True,
        bind=_bind_interfaces,
        repeats=True,
    ),
)

INTERFACES = table(
    Row(
        name="garp_group",
        doc="Interfaces that share the time between gratuitous ARPs.",
        argument=Words("{ ... }"),
        rows=GARP_GROUP,
        begin=_begin_group,
        end=_end_group,
    ),
    Row(
        name="linkbeat_interfaces",
        doc="Interfaces whose link is polled.",
        argument=Entries("INTERFACE [MII|ETHTOOL|IOCTL]"),
        entries=True,
        bind=_bind_linkbeat,
    ),
    Row(
        name="interface_up_down_delays",
        doc="Seconds, 0 to 255, before a change of the state of an interface counts.",
        argument=Entries("INTERFACE SECONDS [SECONDS]"),
        entries=True,
        bind=_bind_delays,
    ),
)
