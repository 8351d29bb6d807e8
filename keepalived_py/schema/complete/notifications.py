"""Whom to tell of a change."""

from keepalived_py.model.notification import NotifyScripts
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import NotifyDraft


def notify_scripts(completion: Completion, draft: NotifyDraft, smtp_alert: bool | None) -> NotifyScripts:
    """The commands of an instance or a group, with the mail default that it inherits."""
    inherited = (smtp_alert, completion.definitions.smtp_alert_vrrp, completion.definitions.smtp_alert)
    return NotifyScripts(
        master=draft.master,
        backup=draft.backup,
        fault=draft.fault,
        stop=draft.stop,
        deleted=draft.deleted,
        any=draft.any,
        master_rx_lower_pri=draft.master_rx_lower_pri,
        smtp_alert=next((value for value in inherited if value is not None), None),
        report_deleted=draft.report_deleted,
    )
