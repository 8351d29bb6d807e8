"""Whom to tell of changes of a virtual router."""

from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import (
    Boolean,
    CommandLine,
)
from keepalived_py.schema.commands import bind_notify, notify_command
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def _notify(name: str, field: str, doc: str) -> Row:
    return Row(
        name=name,
        field=field,
        doc=doc,
        argument=CommandLine(),
        bind=bind_notify,
        default="none",
        invalid="({name}) {keyword} script already specified - ignoring {value}",
    )


def _boolean(name: str, field: str, doc: str, invalid: str, **more: Any) -> Row:
    return Row(name=name, field=field, doc=doc, argument=Boolean(), invalid=invalid, **more)


def _bind_notify_deleted(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    notify = scope.block.notify
    if notify.report_deleted:
        value = statement.words[1] if len(statement.words) > 1 else ""
        message = f"({scope.block.name}) notify_deleted already specified - ignoring {value}"
        scope.error(statement, "duplicate", message)
        return
    notify.report_deleted = True
    if len(statement.words) > 1:
        notify.deleted = notify_command(scope, statement, "notify")


NOTIFY = table(
    _notify("notify_master", "master", "Command to run on becoming master."),
    _notify("notify_backup", "backup", "Command to run on becoming backup."),
    _notify("notify_fault", "fault", "Command to run on a fault."),
    _notify("notify_stop", "stop", "Command to run when keepalived stops."),
    _notify(
        "notify",
        "any",
        "Command to run on every change, with INSTANCE, name, state and priority.",
    ),
    _notify(
        "notify_master_rx_lower_pri",
        "master_rx_lower_pri",
        "Command to run when a master hears of a lower priority.",
    ),
    Row(
        name="notify_deleted",
        doc="Report DELETED instead of FAULT when a reload removes the instance; command to run then.",
        argument=CommandLine(),
        bind=_bind_notify_deleted,
        default="FAULT is reported",
    ),
    _boolean(
        "smtp_alert",
        "smtp_alert",
        "Send mail on changes.",
        "Invalid vrrp_instance smtp_alert parameter {value}",
        default="smtp_alert_vrrp",
    ),
    _boolean(
        "notify_priority_changes",
        "notify_priority_changes",
        "Notify of changes of the effective priority, too.",
        "({name}) Invalid value '{value}' for notify_priority_changes specified",
        default="vrrp_notify_priority_changes",
    ),
)
