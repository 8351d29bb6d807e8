"""`vrrp_sync_group`: instances that change state together."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.schema.arguments import Boolean, CommandLine, Entries
from keepalived_py.schema.commands import bind_notify
from keepalived_py.schema.draft import GroupDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of, place_of
from keepalived_py.schema.tracking.lists import TRACK_LISTS


def begin(scope: Scope, head: Statement) -> GroupDraft | None:
    if len(head.words) != 2:
        message = "vrrp_sync_group must have a name - skipping"
        scope.error(head, "name", message, help="vrrp_sync_group NAME {")
        return None
    name = head.words[1]
    if name in scope.drafts.groups:
        scope.error(
            head, "duplicate", f"vrrp sync group {name} already defined", word=1, help="the block is skipped"
        )
        return None
    return GroupDraft(name, head, place_of(head, 1))


def end(scope: Scope, group: GroupDraft) -> None:
    if not group.members:
        message = f"Sync group {group.name} has no members - removing"
        scope.error(group.head, "no-members", message, word=1, help="list the instances in: group { }")
        return
    scope.drafts.groups[group.name] = group


def _bind_members(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    group: GroupDraft = scope.block
    if group.members is not None:
        message = f"Group list already specified for sync group {group.name}"
        scope.error(statement, "duplicate", message, help="one group { } with all members")
        return
    members = [word for line in body_of(entry) for word in line.words]
    if not members:
        scope.closing = end_of(entry)
        scope.warning(statement, "no-members", f"Warning - sync group {group.name} has empty group block")
        scope.closing = None
        return
    group.members = members


def _notify(name: str, field: str, doc: str) -> Row:
    return Row(
        name=name,
        field=field,
        doc=doc,
        argument=CommandLine(),
        bind=bind_notify,
        default="none",
        invalid="vrrp group {name}: {keyword} script already specified - ignoring {value}",
    )


GROUP = table(
    Row(
        name="group",
        doc="Names of the instances.",
        argument=Entries("INSTANCE"),
        entries=True,
        bind=_bind_members,
        default="required",
    ),
    *TRACK_LISTS,
    _notify("notify_master", "master", "Command to run when the group becomes master."),
    _notify("notify_backup", "backup", "Command to run when the group becomes backup."),
    _notify("notify_fault", "fault", "Command to run when the group has a fault."),
    _notify("notify_stop", "stop", "Command to run when keepalived stops."),
    _notify("notify", "any", "Command to run on every change, with GROUP, name and state."),
    Row(
        name="smtp_alert",
        doc="Send mail on changes.",
        argument=Boolean(),
        field="smtp_alert",
        invalid="Invalid vrrp_group smtp_alert parameter {value}",
        default="smtp_alert_vrrp, else smtp_alert, else off",
    ),
    Row(
        name="notify_priority_changes",
        doc="Notify of changes of the effective priority, too.",
        argument=Boolean(),
        field="notify_priority_changes",
        invalid="({name}) Invalid value '{value}' for sync group notify_priority_changes specified",
        default="vrrp_notify_priority_changes",
    ),
    Row(
        name="sync_group_tracking_weight",
        doc="Allow members to have trackers with weights.",
        field="tracking_weight",
    ),
    Row(
        name="global_tracking",
        doc="Old name of sync_group_tracking_weight.",
        field="tracking_weight",
        renamed_to="sync_group_tracking_weight",
        deprecated="({name}) global_tracking is deprecated. "
        "Use track_interface/script/file on the sync group",
    ),
)
