"""`static_ipaddress`, `static_routes`, `static_rules`, and the `track_group` that they can name."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.schema.addresses import bind_static
from keepalived_py.schema.arguments import Entries, Words
from keepalived_py.schema.draft import TrackGroupDraft
from keepalived_py.schema.routing.route import route_line
from keepalived_py.schema.routing.rule import rule_line
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of, place_of


def _bind_static(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        if row.name == "static_ipaddress":
            bind_static(scope, statement)
        elif row.name == "static_routes":
            if route := route_line(scope, statement, static=True):
                scope.drafts.static_routes.append(route)
        elif rule := rule_line(scope, statement, static=True):
            scope.drafts.static_rules.append(rule)


def _begin_group(scope: Scope, head: Statement) -> TrackGroupDraft | None:
    if len(head.words) != 2:
        message = "track_group must have a name - skipping"
        scope.error(head, "name", message, help="track_group NAME {")
        return None
    name = head.words[1]
    if name in scope.drafts.track_groups:
        scope.error(head, "duplicate", f"track_group {name} already defined", word=1)
        return None
    return TrackGroupDraft(name, head, place_of(head, 1))


def _bind_members(scope: Scope, row: Row, entry: Entry) -> None:
    group: TrackGroupDraft = scope.block
    if group.members is not None:
        message = f"Group list already specified for sync group {group.name}"
        scope.error(head_of(entry), "duplicate", message, help="one group { } with all members")
        return
    members = tuple(word for line in body_of(entry) for word in line.words)
    if members:
        group.members = members
        return
    scope.closing = end_of(entry)
    message = f"Warning - track group {group.name} has empty group block"
    scope.warning(head_of(entry), "no-members", message)
    scope.closing = None


def _end_group(scope: Scope, group: TrackGroupDraft) -> None:
    if group.members is None:
        message = f"Static track group {group.name} has no members - removing"
        scope.error(group.head, "no-members", message, word=1, help="list the instances in: group { }")
        return
    scope.drafts.track_groups[group.name] = group


TRACK_GROUP = table(
    Row(
        name="group",
        doc="Names of the instances.",
        argument=Entries("INSTANCE"),
        entries=True,
        bind=_bind_members,
        default="required",
    ),
)

STATIC = table(
    Row(
        name="static_ipaddress",
        doc="Addresses that are set while keepalived runs.",
        argument=Entries("ADDRESS"),
        entries=True,
        bind=_bind_static,
        subsystem="vrrp",
        repeats=True,
    ),
    Row(
        name="static_routes",
        doc="Routes that are set while keepalived runs.",
        argument=Entries("ROUTE"),
        entries=True,
        bind=_bind_static,
        subsystem="vrrp",
        repeats=True,
    ),
    Row(
        name="static_rules",
        doc="Policy rules that are set while keepalived runs.",
        argument=Entries("RULE"),
        entries=True,
        bind=_bind_static,
        subsystem="vrrp",
        repeats=True,
    ),
    Row(
        name="track_group",
        doc="Instances that have a fault when the interface of a static address, route or rule has one.",
        argument=Words("<NAME> { ... }"),
        rows=TRACK_GROUP,
        begin=_begin_group,
        end=_end_group,
    ),
)
