"""Rules about alerts by mail."""

from collections.abc import Iterator
from itertools import islice

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.config.statement import Statement

_KEYWORDS = ("smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker")


@rule("alert-to-nobody")
def alert_to_nobody(subject: Subject) -> Iterator[Finding]:
    """`smtp_alert` is on, but `notification_email` names nobody who gets the mails: none is sent."""
    if subject.configuration.definitions.mail.recipients:
        return
    for statement in islice(_alerts(subject), 1):
        yield Finding(
            statement.span(),
            "no mail is sent: there is no notification_email",
            "add to global_defs: notification_email { ADDRESS }",
        )


@rule("mail-never-sent", Severity.NOTE)
def mail_never_sent(subject: Subject) -> Iterator[Finding]:
    """`notification_email` names who gets mails, but nothing sends any: instances and groups do with
    `smtp_alert` only. Real servers do by default."""
    configuration = subject.configuration
    statement = subject.text.top_keyword("global_defs", "notification_email")
    if (
        statement
        and configuration.definitions.mail.recipients
        and not configuration.virtual_servers
        and not any(_alerts(subject))
    ):
        yield Finding(
            statement.span(),
            "nothing sends a mail to these",
            "add smtp_alert to instances or groups, or to global_defs for all",
        )


def _alerts(subject: Subject) -> Iterator[Statement]:
    """The lines that turn alerts on."""
    for block in subject.text.blocks():
        for row, statement in block:
            if row.name in _KEYWORDS and (
                len(statement.words) == 1 or statement.words[1] in ("true", "on", "yes")
            ):
                yield statement
