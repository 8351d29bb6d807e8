"""Whom to tell of a change."""

from dataclasses import replace

from keepalived_py.model.notification import NotifyScripts
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import NotifyDraft


def notify_scripts(completion: Completion, draft: NotifyDraft, smtp_alert: bool | None) -> NotifyScripts:
    """The commands of an instance or a group, with the mail default that it inherits."""
    inherited = (smtp_alert, completion.definitions.smtp_alert_vrrp, completion.definitions.smtp_alert)
    alert = next((value for value in inherited if value is not None), None)
    return replace(commands_of(draft), smtp_alert=alert)


def commands_of(draft: NotifyDraft) -> NotifyScripts:
    """The commands alone."""
    return NotifyScripts(
        master=draft.master,
        backup=draft.backup,
        fault=draft.fault,
        stop=draft.stop,
        deleted=draft.deleted,
        any=draft.any,
        master_rx_lower_pri=draft.master_rx_lower_pri,
        report_deleted=draft.report_deleted,
    )
