"""Mails."""

from keepalived_py.config.statement import Entry
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import (
    SECONDS_MAX,
    Entries,
    Integer,
    Text,
    Words,
)
from keepalived_py.schema.draft import GlobalDraft
from keepalived_py.schema.global_defs.forms import boolean, flag
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of

SMTP_PORT = 25
_PORT = Integer(1, 65535)


def _bind_smtp_server(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    definitions: GlobalDraft = scope.block
    port = _PORT.read(scope, statement, 2) if len(words) > 2 else SMTP_PORT
    definitions.smtp_server = None
    if port is not None and scope.host.has_address(words[1]):
        definitions.smtp_server, definitions.smtp_port = words[1], port
        return
    named = words[2] if len(words) > 2 else SMTP_PORT
    scope.error(statement, "bad-address", f"Invalid smtp server {words[1]} {named}", word=1)


def _bind_email_from(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) > 2:
        message = f"emailfrom - ignoring extra entries '{statement.words[2]}' ..."
        scope.error(statement, "extra-words", message, word=2)
    scope.block.email_from = _mailbox(statement.words[1])


def _bind_emails(scope: Scope, row: Row, entry: Entry) -> None:
    emails = [word for line in body_of(entry) for word in line.words]
    if not emails:
        scope.closing = end_of(entry)
        scope.warning(head_of(entry), "empty-list", "Warning - empty notification_email block")
        scope.closing = None
    scope.block.emails += map(_mailbox, emails)


def _mailbox(word: str) -> str:
    """`NAME <ADDRESS>` with the name in quotes where RFC 5322 §3.2.3 wants that."""
    name = word.rpartition("<")[0].rstrip(" \t")
    if not word.endswith(">") or not any(character in name for character in "()<>[]:;@\\,."):
        return word
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"{word[len(name) :]}'


_DELAY = Integer(0, SECONDS_MAX, "seconds", scale=SECOND)


MAIL = table(
    Row(
        name="notification_email",
        doc="Addresses that alerts are mailed to.",
        argument=Entries("EMAIL"),
        entries=True,
        bind=_bind_emails,
        default="none",
    ),
    Row(
        name="notification_email_from",
        doc="Sender of mailed alerts.",
        argument=Words("<EMAIL>", 1),
        bind=_bind_email_from,
        missing="emailfrom missing - ignoring",
        default="user@hostname",
    ),
    Row(
        name="smtp_server",
        doc="Mail server for alerts, port 25 by default; without it no mail is sent.",
        argument=Words("<HOST> [<PORT>]", 1),
        bind=_bind_smtp_server,
        default="none",
    ),
    Row(
        name="smtp_helo_name",
        doc="Name to greet the mail server with.",
        argument=Text(),
        field="smtp_helo_name",
        default="the local host name",
    ),
    Row(
        name="smtp_connect_timeout",
        doc="Seconds that connecting to the mail server may take.",
        argument=_DELAY,
        field="smtp_connect_timeout_us",
        default="30",
        invalid=f"smtp_connect_timeout '{{value}}' must be in [0, {SECONDS_MAX}] - ignoring",
        zero="smtp_conect_timeout must be greater than 0, setting to 1",
    ),
    boolean(
        "smtp_alert",
        "Whether mail is sent on changes, where smtp_alert_vrrp or smtp_alert_checker do not say.",
        "smtp_alert",
        default="unset",
        runs=True,
    ),
    boolean(
        "smtp_alert_vrrp",
        "Whether instances and groups that do not say themselves send mail.",
        "smtp_alert_vrrp",
        default="smtp_alert",
        runs=True,
    ),
    boolean(
        "smtp_alert_checker",
        "Whether virtual and real servers that do not say themselves send mail.",
        "smtp_alert_checker",
        default="smtp_alert",
    ),
    flag("no_email_faults", "Send no mail when an instance goes to FAULT.", "no_email_faults", runs=True),
    boolean(
        "no_checker_emails",
        "Mail when a real server changes its state, not when a single checker does.",
        "lvs.no_checker_emails",
    ),
)
