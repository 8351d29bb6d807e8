"""`virtual_server`: an IPVS service."""

from ipaddress import IPv4Address

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.lvs import (
    FALLBACK,
    PERSISTENCE_TIMEOUT_SECONDS,
    PORT,
    Method,
    Protocol,
    SchedulerFlag,
)
from keepalived_py.schema.arguments import INT_MAX, UINT_MAX, Boolean, Choice, Integer, Words
from keepalived_py.schema.lvs import real_server
from keepalived_py.schema.lvs.draft import SorryDraft, VirtualServerDraft
from keepalived_py.schema.lvs.endpoints import FORWARDING_FORM, port_word, read_endpoint, read_forwarding
from keepalived_py.schema.lvs.strings import script_row, text_row
from keepalived_py.schema.lvs.timing import connect_timeout, timing
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos")
PERSISTENCE_SECONDS_MAX = 86400 * 31
ENGINE_NAME_MAX = 16
_FLAGS = {
    "flag-1": SchedulerFlag.FIRST,
    "flag-2": SchedulerFlag.SECOND,
    "flag-3": SchedulerFlag.THIRD,
}
_HASH_FLAGS = {
    "sh": {"sh-port": PORT, "sh-fallback": FALLBACK},
    "mh": {"mh-port": PORT, "mh-fallback": FALLBACK},
}


def begin(scope: Scope, head: Statement) -> VirtualServerDraft | None:
    words = head.words
    draft = VirtualServerDraft(head)
    if words[1] in ("group", "fwmark") and len(words) < 3:
        scope.missing(head, 1)
        return None
    if words[1] == "group":
        draft.group = words[2]
    elif words[1] == "fwmark":
        mark = Integer(0, UINT_MAX).read(scope, head, 2)
        if mark is None:
            message = f"virtual server fwmark '{words[2]}' must be in [0, {UINT_MAX}] - ignoring"
            scope.error(head, "bad-number", message, word=2)
            return None
        draft.fwmark = mark
    else:
        endpoint = read_endpoint(scope, head, 1)
        if endpoint is None:
            port = port_word(head, 2)
            what, where = ("/port", f"{words[1]}/{port}") if port else ("", words[1])
            message = f"Invalid virtual server IP address{what} {where} - skipping"
            scope.error(head, "bad-address", message, word=1, help="virtual_server ADDRESS PORT {")
            return None
        assert endpoint.address is not None
        draft.endpoint, draft.family = endpoint, endpoint.address.version
    return draft


def end(scope: Scope, server: VirtualServerDraft) -> None:
    if not server.reals:
        message = f"Virtual server {server} has no real servers - ignoring"
        scope.error(server.head, "no-real-server", message, help="add: real_server ADDRESS PORT { }")
        return
    sorry = server.sorry
    if sorry and not real_server.tunnelled(sorry.forwarding):
        family = real_server.family_of(sorry.endpoint)
        server.family = server.family or family
        if server.family != family:
            message = (
                f"Address family of virtual server and sorry server {sorry.endpoint.address} "
                "don't match - skipping sorry server."
            )
            scope.error(sorry.head, "family", message, word=1)
            server.sorry = sorry = None
    if server.family is None and server.group is None:
        endpoints = [sorry.endpoint] if sorry else []
        endpoints += [real.endpoint for real in server.reals]
        families = {real_server.family_of(endpoint) for endpoint in endpoints}
        server.family = families.pop() if len(families) == 1 else 4
    scope.drafts.lvs.servers.append(server)


def _bind_family(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    server: VirtualServerDraft = scope.block
    word = statement.words[1]
    family = {"inet": 4, "inet6": 6}.get(word)
    if family is None:
        message = f"unknown address family {word}"
        scope.error(statement, "bad-value", message, word=1, help="inet or inet6")
    elif server.family not in (None, family):
        message = f"Virtual server specified family {word} conflicts with server family"
        scope.error(statement, "family", message, word=1)
    else:
        server.family = family


def _bind_flag(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    server: VirtualServerDraft = scope.block
    if row.name in _FLAGS:
        server.scheduler_flags |= _FLAGS[row.name]
    elif server.scheduler in _HASH_FLAGS:
        server.scheduler_flags |= _HASH_FLAGS[server.scheduler].get(row.name, SchedulerFlag.NONE)
    else:
        message = f"{row.name} only applies to sh scheduler - ignoring"
        wanted = row.name[:2] if row.name[2:3] == "-" else "sh"
        advice = f"put it after: lvs_sched {wanted}"
        scope.error(statement, "incompatible", message, help=advice)


def _bind_forwarding(scope: Scope, row: Row, entry: Entry) -> None:
    found = read_forwarding(scope, head_of(entry), "virtual")
    scope.block.forwarding = found or scope.block.forwarding


def _bind_persistence(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    seconds: int | None = PERSISTENCE_TIMEOUT_SECONDS
    if len(statement.words) > 1:
        seconds = Integer(1, PERSISTENCE_SECONDS_MAX, "seconds").read(scope, statement, 1)
    if seconds is None:
        scope.error(statement, "bad-value", "persistence_timeout invalid", word=1)
    else:
        scope.block.persistence_timeout_seconds = seconds


def _bind_engine(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    name = statement.words[1]
    if len(name) > ENGINE_NAME_MAX:
        message = f"persistence_name too long, truncating - {name}"
        scope.error(statement, "bad-value", message, word=1, help="IPVS knows: sip")
    scope.block.persistence_engine = name[:ENGINE_NAME_MAX]


def _bind_granularity(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    server: VirtualServerDraft = scope.block
    word = statement.words[1]
    family = server.family or (4 if "." in word else 6)
    if family == 6:
        found: IPv4Address | int | None = Integer(1, 128).read(scope, statement, 1)
    else:
        found = _parse_mask(word)
    if found is None:
        message = f"Invalid IPv{family} persistence_granularity specified - {word}"
        advice = "a netmask" if family == 4 else "a prefix length"
        scope.error(statement, "bad-value", message, word=1, help=advice)
        return
    server.family = family
    server.persistence_granularity = found
    server.persistence_timeout_seconds = server.persistence_timeout_seconds or PERSISTENCE_TIMEOUT_SECONDS


def _parse_mask(word: str) -> IPv4Address | None:
    """A mask in one of the forms that inet_aton reads: parts may be left out."""
    from socket import inet_aton

    try:
        return IPv4Address(inet_aton(word))
    except (OSError, UnicodeEncodeError, ValueError):
        return None


def _bind_sorry_server(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    server: VirtualServerDraft = scope.block
    endpoint = read_endpoint(scope, statement, 1)
    if endpoint is None:
        message = f"Invalid sorry server IP address {statement.words[1]} - skipping"
        scope.error(statement, "bad-address", message, word=1)
    else:
        server.sorry = SorryDraft(statement, endpoint, server.forwarding)


def _bind_sorry_inhibit(scope: Scope, row: Row, entry: Entry) -> None:
    server: VirtualServerDraft = scope.block
    if server.sorry:
        server.sorry.inhibit = True
    else:
        message = "Ignoring sorry_server inhibit used before or without sorry_server"
        scope.error(head_of(entry), "no-sorry-server", message, help="put it after sorry_server")


def _bind_sorry_forwarding(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    server: VirtualServerDraft = scope.block
    if server.sorry and len(statement.words) < 2:
        scope.missing(statement, 0)
    elif server.sorry:
        found = read_forwarding(scope, statement, "sorry")
        server.sorry.forwarding = found or server.sorry.forwarding
    else:
        message = "sorry_server forwarding used without sorry_server"
        scope.error(statement, "no-sorry-server", message, help="put it after sorry_server")


def _scheduler(name: str, doc: str) -> Row:
    return Row(
        name=name,
        doc=doc,
        argument=Choice(tuple((word, word) for word in SCHEDULERS)),
        field="scheduler",
        default="wlc",
        invalid="Invalid lvs_scheduler '{value}' - ignoring",
    )


def _method(name: str, doc: str) -> Row:
    return Row(
        name=name,
        doc=doc,
        argument=Words(FORWARDING_FORM, 1),
        default=Method.NAT.value,
        bind=_bind_forwarding,
    )


def _flag(name: str, doc: str) -> Row:
    return Row(name=name, doc=doc, default="off", bind=_bind_flag)


VIRTUAL_SERVER = timing(
    retry="retry value invalid - {value}",
    delay_before_retry="virtual server delay before retry '{value}' invalid - ignoring",
    warmup="virtual server warmup '{value}' invalid - ignoring",
    delay_loop="virtual server delay loop '{value}' invalid - ignoring",
    inherited="that of the checker",
    delay_loop_default="60",
) | table(
    connect_timeout("virtual server connect_timeout {value} invalid - ignoring", "5"),
    Row(
        name="ip_family",
        doc="Address family of a service of a firewall mark.",
        argument=Words("inet|inet6", 1),
        default="that of the addresses",
        bind=_bind_family,
    ),
    _scheduler("lvs_sched", "How connections are spread over the real servers."),
    _scheduler("lb_algo", "The same as lvs_sched."),
    _method("lvs_method", "How packets reach the real servers, if they do not say themselves."),
    _method("lb_kind", "The same as lvs_method."),
    Row(
        name="ops",
        doc="Schedule each packet on its own; UDP only.",
        field="one_packet",
        default="off",
    ),
    _flag("hashed", "Without effect: the kernel sets it."),
    _flag("flag-1", "First flag of the scheduler."),
    _flag("flag-2", "Second flag of the scheduler."),
    _flag("flag-3", "Third flag of the scheduler."),
    _flag("sh-port", "Hash the port, too; after lvs_sched sh."),
    _flag("sh-fallback", "Take another server if the chosen one is down; after lvs_sched sh."),
    _flag("mh-port", "Hash the port, too; after lvs_sched mh."),
    _flag("mh-fallback", "Take another server if the chosen one is down; after lvs_sched mh."),
    Row(
        name="persistence_engine",
        doc="What else than the address makes a client the same one: sip.",
        argument=Words("<NAME>", 1),
        bind=_bind_engine,
    ),
    Row(
        name="persistence_timeout",
        doc="So many seconds a client stays with its real server; 360 if no number is given.",
        argument=Words(f"[<INT:1..{PERSISTENCE_SECONDS_MAX} seconds>]"),
        default="off",
        bind=_bind_persistence,
    ),
    Row(
        name="persistence_granularity",
        doc="Clients of one network count as one; makes the service persistent.",
        argument=Words("<NETMASK>|<INT:1..128>", 1),
        default="each address on its own",
        bind=_bind_granularity,
    ),
    Row(
        name="protocol",
        doc="Transport protocol.",
        argument=Choice(
            (("TCP", Protocol.TCP), ("UDP", Protocol.UDP), ("SCTP", Protocol.SCTP)), ignore_case=True
        ),
        field="protocol",
        default="UDP",
        invalid="Unknown protocol {value} - ignoring",
    ),
    Row(
        name="ha_suspend",
        doc="Check only while the address of the virtual server is on this machine.",
        field="ha_suspend",
        default="off",
    ),
    Row(
        name="inhibit_on_failure",
        doc="Give a failed real server weight 0 instead of removing it.",
        field="inhibit_on_failure",
        default="off",
    ),
    Row(
        name="smtp_alert",
        doc="Send mail when the quorum is gained or lost.",
        argument=Boolean(),
        field="smtp_alert",
        default="smtp_alert_checker, else smtp_alert, else off",
        invalid="Invalid virtual_server smtp_alert parameter {value}",
    ),
    text_row(
        "virtualhost",
        "Host header of HTTP_GET and SSL_GET.",
        "HOST",
        label="vs virtualhost",
        missing="virtual server virtualhost missing",
    ),
    Row(
        name="snmp_name",
        doc="What SNMP calls the virtual server.",
        argument=Words("<NAME>", 1),
        field="snmp_name",
        bind=real_server.bind_snmp_name,
        missing="virtual server snmp_name missing or extra parameters",
    ),
    Row(
        name="alpha",
        doc="Real servers are down until their checks have succeeded.",
        field="alpha",
        default="off",
    ),
    Row(
        name="omega",
        doc="Run the notifications of a failure when keepalived stops.",
        field="omega",
        default="off",
    ),
    script_row("quorum_up", "Run when the quorum is gained.", "quorum"),
    script_row("quorum_down", "Run when the quorum is lost.", "quorum"),
    Row(
        name="quorum",
        doc="Real servers of so much weight together must be up.",
        argument=Integer(1, UINT_MAX),
        field="quorum",
        default="1",
        invalid=f"Quorum {{value}} must be in [1, {UINT_MAX}]. Setting to 1.",
        fallback=1,
    ),
    Row(
        name="hysteresis",
        doc="Gain the quorum so much weight later, and lose it so much later; less than the quorum.",
        argument=Integer(0, UINT_MAX),
        field="hysteresis",
        default="0",
        invalid=f"Hysteresis {{value}} must be in [0, {UINT_MAX}] - ignoring",
    ),
    Row(
        name="weight",
        doc="Weight of real servers that have none.",
        argument=Integer(1, INT_MAX),
        field="weight",
        default="1",
        invalid=f"Virtual server weight {{value}} is outside range 1-{INT_MAX}",
    ),
    Row(
        name="sorry_server",
        doc="Server that takes over while there is no quorum.",
        argument=Words("<ADDRESS> [<PORT>]", 1),
        bind=_bind_sorry_server,
    ),
    Row(
        name="sorry_server_inhibit",
        doc="Keep the sorry server at weight 0 while it is not needed; after sorry_server.",
        default="off",
        bind=_bind_sorry_inhibit,
    ),
    Row(
        name="sorry_server_lvs_method",
        doc="How packets reach the sorry server; after sorry_server.",
        argument=Words(FORWARDING_FORM),
        default="lvs_method",
        bind=_bind_sorry_forwarding,
    ),
    Row(
        name="real_server",
        doc="A server that does the work.",
        argument=Words("<ADDRESS> [<PORT>] { ... }", 1),
        rows=real_server.REAL_SERVER,
        begin=real_server.begin,
        end=real_server.end,
    ),
)
