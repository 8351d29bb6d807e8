"""Rules about alerts by mail."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule

_KEYWORDS = ("smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker")


@rule("alert-to-nobody")
def alert_to_nobody(subject: Subject) -> Iterator[Finding]:
    """`smtp_alert` is on, but `notification_email` names nobody who gets the mails: none is sent."""
    if subject.configuration.definitions.mail.recipients:
        return
    for block in subject.text.blocks():
        for row, statement in block:
            if row.name in _KEYWORDS and (
                len(statement.words) == 1 or statement.words[1] in ("true", "on", "yes")
            ):
                yield Finding(
                    statement.span(),
                    "no mail is sent: there is no notification_email",
                    "add to global_defs: notification_email { ADDRESS }",
                )
                return
