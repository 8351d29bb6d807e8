"""The checkers of a real server, but for HTTP."""

import string
from functools import partial
from typing import Any

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.checker import DEFAULT_HELO_NAME
from keepalived_py.model.command import Command
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import SECOND
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import (
    INT_MAX,
    UINT_MAX,
    Boolean,
    Choice,
    CommandLine,
    Integer,
    Words,
)
from keepalived_py.schema.lvs.connection import (
    CHECKER,
    CONNECTED,
    end_checker,
    new_connection,
    reachable,
)
from keepalived_py.schema.lvs.draft import (
    BfdDraft,
    CheckerDraft,
    ConnectionDraft,
    DnsDraft,
    FileDraft,
    MiscDraft,
    PingDraft,
    RealServerDraft,
    SmtpDraft,
    TcpDraft,
    UdpDraft,
)
from keepalived_py.schema.lvs.http import HTTP_GET, SSL_GET, begin_http, end_http
from keepalived_py.schema.row import Row, Table, table
from keepalived_py.schema.scope import Scope, head_of, place_of

DNS_TYPES = ("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY")
MISC_TIMEOUT_SECONDS_MAX = UINT_MAX // SECOND
_WILDCARD = "xX"


def _begin(draft: type[CheckerDraft], scope: Scope, head: Statement) -> CheckerDraft:
    real: RealServerDraft = scope.block
    return draft(head, real, new_connection(real))


# SMTP_CHECK


def _begin_smtp(scope: Scope, head: Statement) -> SmtpDraft:
    return SmtpDraft(head, scope.block, ConnectionDraft())


def _end_smtp(scope: Scope, smtp: SmtpDraft) -> None:
    """The block is one checker, unless only its `host` blocks say where to connect; each of those is
    one more."""
    if smtp.hosts:
        scope.warning(
            smtp.head,
            "deprecated",
            "The SMTP_CHECK host block is deprecated. Please define additional checkers.",
            help="one SMTP_CHECK for each host",
            consequence=Consequence.SILENT,
            located=False,
        )
    smtp.helo_name = smtp.helo_name or DEFAULT_HELO_NAME
    connection = smtp.connection
    assert connection is not None
    hosts = list(smtp.hosts)
    if connection != ConnectionDraft() or not hosts:
        endpoint = smtp.real.endpoint
        connection.address = connection.address or endpoint.address
        connection.port = connection.port or endpoint.port
        if not reachable(scope, smtp.head, connection):
            return
    else:
        connection = hosts.pop(0)
    if connection.timeout_us is None:
        own = smtp.real.connect_timeout_us
        connection.timeout_us = smtp.real.server.connect_timeout_us if own is None else own
    smtp.real.checkers += [_with_connection(smtp, one) for one in (connection, *hosts)]


def _with_connection(smtp: SmtpDraft, connection: ConnectionDraft) -> SmtpDraft:
    from dataclasses import replace

    return replace(smtp, connection=connection)


def _begin_host(scope: Scope, head: Statement) -> SmtpDraft:
    """What stands in a `host` block goes to the block around it, as it does in keepalived."""
    smtp: SmtpDraft = scope.block
    return smtp


def _end_host(scope: Scope, smtp: SmtpDraft) -> None:
    host = new_connection(smtp.real)
    host.timeout_us = 0
    if reachable(scope, smtp.head, host):
        smtp.hosts.append(host)


def _bind_helo(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if scope.block.helo_name is not None:
        scope.error(statement, "duplicate", "SMTP_CHECK helo name already specified", help="the last counts")
    scope.block.helo_name = statement.words[1]


# MISC_CHECK


def _begin_misc(scope: Scope, head: Statement) -> MiscDraft:
    return MiscDraft(head, scope.block)


def _bind_path(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = commands.command_words(scope, statement)
    if arguments := commands.arguments_of(scope, statement, words):
        scope.block.arguments = arguments
    if len(words) > 2:
        scope.warning(
            statement,
            "unquoted-arguments",
            f"'{' '.join(words[2:])}' is ignored: the command is one word",
            word=2,
            help=f'quote the command as a whole: misc_path "{" ".join(words[1:])}"',
            consequence=Consequence.SILENT,
        )


def _bind_user(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    misc: MiscDraft = scope.block
    shown = Command(misc.arguments).quoted
    account = commands.account(statement.words, 1)
    if account is None:
        message = f"No user specified for misc checker script {shown}"
        scope.error(statement, "missing-argument", message)
    elif commands.known_account(scope, account):
        misc.account = account
    else:
        message = f"Failed to set uid/gid for misc checker script {shown} - removing"
        scope.error(statement, "unknown-account", message, word=1, help="the checker is left out")
        scope.block = None


def _bind_timeout(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    seconds = MISC_TIMEOUT.read(scope, statement, 1)
    if seconds is None:
        message = f"Invalid misc_timeout value '{statement.words[1]}'"
        scope.error(statement, "bad-value", message, word=1)
    else:
        scope.block.timeout_us = seconds or None


def _end_misc(scope: Scope, misc: MiscDraft) -> None:
    if misc.arguments:
        if misc.account is None:
            scope.needs_script_user()
        misc.real.checkers.append(misc)
    else:
        message = "No script path has been specified for MISC_CHECKER - skipping"
        scope.error(misc.head, "no-script", message, help='add: misc_path "/path/to/command"')


# DNS_CHECK and UDP_CHECK


def _bind_dns_name(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    dns: DnsDraft = scope.block
    name = statement.words[1] if len(statement.words) > 1 else None
    if dns.name is not None:
        scope.error(statement, "duplicate", "DNS_CHECK name already specified - ignoring")
    elif name is None:
        scope.missing(statement, 0)
    elif ".." in name or (name.startswith(".") and name != "."):
        message = f"DNS_CHECK name '{name}' has empty label - ignoring"
        scope.error(statement, "bad-value", message, word=1)
    else:
        dns.name = name


def parse_hex(text: str, *, wildcards: bool = False) -> tuple[bytes, bytes | None] | None:
    """Octets in hexadecimal digits, with or without blanks between them, and with `wildcards` a mask
    with a bit set for each that an X leaves open, if any does; None if there are none or others."""
    digits = string.hexdigits + (_WILDCARD if wildcards else "")
    values, masks = bytearray(), bytearray()
    for word in text.split(" "):
        for octet in (word[start : start + 2] for start in range(0, len(word), 2)):
            if octet.strip(digits):
                return None
            values.append(int("".join("0" if digit in _WILDCARD else digit for digit in octet), 16))
            masks.append(int("".join("f" if digit in _WILDCARD else "0" for digit in octet), 16))
    if not values:
        return None
    return bytes(values), bytes(masks) if any(masks) else None


def _bind_payload(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    found = parse_hex(" ".join(statement.words[1:]))
    if found is None:
        scope.error(statement, "bad-value", "Invalid hex string for UDP_CHECK payload", word=1)
    else:
        scope.block.payload = found[0]


def _bind_reply(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    udp: UdpDraft = scope.block
    udp.require_reply = True
    if len(statement.words) < 2:
        return
    found = parse_hex(" ".join(statement.words[1:]), wildcards=True)
    if found is None:
        scope.error(statement, "bad-value", "Invalid hex string for UDP_CHECK reply", word=1)
    else:
        udp.reply, udp.reply_mask = found


def _end_udp(scope: Scope, udp: UdpDraft) -> None:
    end_checker(scope, udp)
    least, most = udp.min_reply_length, udp.max_reply_length
    if least > most and udp in udp.real.checkers:
        message = f"UDP_CHECK min_reply length {least} > max_reply_length {most} - will always fail"
        scope.error(udp.head, "bad-value", message)


def _reply_length(name: str, doc: str, default: str) -> Row:
    return Row(
        name=name,
        doc=doc,
        argument=Integer(0, 65535, "octets"),
        field=name,
        default=default,
        invalid=f"UDP_CHECK {name[:3]} length {{value}} not valid - must be between 0 & 65535",
    )


# FILE_CHECK and BFD_CHECK


def _begin_file(scope: Scope, head: Statement) -> FileDraft:
    return FileDraft(head, scope.block)


def _bind_track_file(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    name = statement.words[1]
    if name in scope.drafts.files:
        scope.block.track_file = name
    else:
        scope.error(
            statement,
            "unknown-name",
            f"track_file {name} not found",
            word=1,
            help=f"put before it: track_file {name} {{ file /path }}",
        )


def _bind_file_weight(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    value = Integer(-INT_MAX, INT_MAX).read(scope, statement, 1)
    option = statement.words[2] if len(statement.words) > 2 else "noreverse"
    if value is None:
        message = f"weight for track file must be in [{-INT_MAX}..{INT_MAX}] inclusive. Ignoring..."
        scope.error(statement, "bad-value", message, word=1)
    elif option not in ("reverse", "noreverse"):
        message = f"unknown track file weight option {option} - ignoring"
        scope.error(statement, "unknown-option", message, word=2, help="reverse or noreverse")
    else:
        scope.block.weight = Weight(value, option == "reverse")


def _end_file(scope: Scope, file: FileDraft) -> None:
    if file.track_file is None:
        message = "FILE_CHECK has no track_file specified - ignoring"
        scope.error(file.head, "no-file", message, help="add: track_file NAME")
        return
    weight = file.weight or scope.drafts.files[file.track_file].weight
    file.real.track_files.append(Tracked(name=file.track_file, weight=weight, place=place_of(file.head)))


def _begin_bfd(scope: Scope, head: Statement) -> BfdDraft:
    return BfdDraft(head, scope.block)


def _bind_bfd_name(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    words = statement.words
    name = words[1] if len(words) > 1 else ""
    others = (other.name for other in bfd.real.checkers if isinstance(other, BfdDraft))
    if len(words) != 2:
        problem = "No or too many names specified - skipping checker"
    elif name not in scope.drafts.checker_bfds:
        problem = f"BFD {name} not configured"
    elif bfd.name is not None:
        problem = f"BFD {name} already specified as {bfd.name}"
    elif name in others:
        problem = f"RS already monitoring {name}"
    else:
        bfd.name = name
        return
    scope.error(statement, "bad-bfd", f"({bfd.real}) BFD_CHECK - {problem}", word=min(1, len(words) - 1))
    scope.block = None


def _end_bfd(scope: Scope, bfd: BfdDraft) -> None:
    if bfd.name is None:
        message = f"({bfd.real}) No name has been specified for BFD_CHECKER - skipping"
        scope.error(bfd.head, "no-name", message, help="add: name BFD_INSTANCE")
    else:
        bfd.real.checkers.append(bfd)


def _checker(name: str, doc: str, rows: Table, begin: Any, end: Any = end_checker) -> Row:
    return Row(name=name, doc=doc, argument=Words("{ ... }"), rows=rows, begin=begin, end=end)


MISC_TIMEOUT = Integer(0, MISC_TIMEOUT_SECONDS_MAX, "seconds", SECOND)

MISC_CHECK = CHECKER | table(
    Row(
        name="misc_path",
        doc="Command whose exit status 0 means that all is well; with arguments it is quoted as a whole.",
        argument=CommandLine(),
        default="required",
        bind=_bind_path,
    ),
    Row(
        name="misc_timeout",
        doc="Seconds after which the command is killed and has failed.",
        argument=MISC_TIMEOUT,
        default="delay_loop of the virtual server",
        bind=_bind_timeout,
    ),
    Row(
        name="misc_dynamic",
        doc="An exit status from 2 to 255 makes the weight that number less 2.",
        field="dynamic",
        default="off",
    ),
    Row(
        name="user",
        doc="User, and group, that the command runs as.",
        argument=Words("<USER> [<GROUP>]"),
        default="script_user",
        bind=_bind_user,
    ),
)

SMTP_CHECK = CONNECTED | table(
    Row(
        name="helo_name",
        doc="Name to greet the mail server with.",
        argument=Words("<NAME>", 1),
        default=DEFAULT_HELO_NAME,
        missing="SMTP_CHECK helo name missing",
        bind=_bind_helo,
    ),
    Row(
        name="host",
        doc="One more host to check; several SMTP_CHECK blocks say it better.",
        argument=Words("{ ... }"),
        rows=CONNECTED,
        begin=_begin_host,
        end=_end_host,
    ),
)

UDP_CHECK = CONNECTED | table(
    Row(
        name="payload",
        doc="Octets to send.",
        argument=Words("<HEX>...", 1),
        default="32 octets of text",
        missing="UDP_CHECK payload requires a payload",
        bind=_bind_payload,
    ),
    Row(
        name="require_reply",
        doc="A reply must come, and begin so; an X stands for any digit.",
        argument=Words("[<HEX>...]"),
        default="no error is enough",
        bind=_bind_reply,
    ),
    _reply_length("min_reply_length", "Least length of a reply that is compared.", "0"),
    _reply_length("max_reply_length", "Greatest length of a reply that is compared.", "255"),
)

DNS_CHECK = CONNECTED | table(
    Row(
        name="type",
        doc="Type of the records to ask for.",
        argument=Choice(tuple((kind, kind) for kind in DNS_TYPES), ignore_case=True),
        field="type",
        default="SOA",
        invalid="Unknown DNS check type {value} - ignoring",
    ),
    Row(
        name="name",
        doc="Domain to ask for.",
        argument=Words("<DOMAIN>"),
        default="the root",
        bind=_bind_dns_name,
    ),
)

FILE_CHECK = table(
    Row(
        name="track_file",
        doc="Name of a track_file block further up.",
        argument=Words("<NAME>", 1),
        default="required",
        bind=_bind_track_file,
    ),
    Row(
        name="weight",
        doc="The number in the file, times this, is added to the weight of the server; 0: the server is "
        "down unless the number is 0.",
        argument=Words(f"<INT:{-INT_MAX}..{INT_MAX}> [reverse|noreverse]", 1),
        default="that of the track_file",
        missing="track file weight missing",
        bind=_bind_file_weight,
    ),
)

BFD_CHECK = table(
    Row(
        name="name",
        doc="Name of a bfd_instance further up.",
        argument=Words("<NAME>"),
        default="required",
        bind=_bind_bfd_name,
    ),
    Row(
        name="alpha",
        doc="The check counts as failed until the session is up.",
        argument=Boolean(),
        field="alpha",
        default="that of the real server",
        invalid="Invalid alpha parameter {value}",
    ),
)

CHECKERS = table(
    _checker("MISC_CHECK", "Run a command.", MISC_CHECK, _begin_misc, _end_misc),
    _checker("SMTP_CHECK", "Greet a mail server.", SMTP_CHECK, _begin_smtp, _end_smtp),
    _checker("TCP_CHECK", "Make a TCP connection.", CONNECTED, partial(_begin, TcpDraft)),
    _checker("PING_CHECK", "Send an ICMP echo request.", CONNECTED, partial(_begin, PingDraft)),
    _checker("UDP_CHECK", "Send a UDP datagram.", UDP_CHECK, partial(_begin, UdpDraft), _end_udp),
    _checker("HTTP_GET", "Fetch URLs over HTTP.", HTTP_GET, begin_http, end_http),
    _checker("SSL_GET", "Fetch URLs over HTTPS.", SSL_GET, begin_http, end_http),
    _checker("DNS_CHECK", "Ask a name server.", DNS_CHECK, partial(_begin, DnsDraft)),
    _checker("FILE_CHECK", "Follow the number in a file.", FILE_CHECK, _begin_file, _end_file),
    _checker("BFD_CHECK", "Follow a BFD session.", BFD_CHECK, _begin_bfd, _end_bfd),
)
