"""`real_server`: a server behind a virtual one."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.endpoint import Endpoint
from keepalived_py.model.lvs import Forwarding, Method
from keepalived_py.schema.arguments import INT_MAX, UINT_MAX, Boolean, Integer, Words
from keepalived_py.schema.lvs.checkers import CHECKERS
from keepalived_py.schema.lvs.draft import RealServerDraft, VirtualServerDraft
from keepalived_py.schema.lvs.endpoints import FORWARDING_FORM, read_endpoint, read_forwarding
from keepalived_py.schema.lvs.strings import script_row, text_row
from keepalived_py.schema.lvs.timing import connect_timeout, timing
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def begin(scope: Scope, head: Statement) -> RealServerDraft | None:
    server: VirtualServerDraft = scope.block
    endpoint = read_endpoint(scope, head, 1)
    if endpoint is None:
        port = head.words[2] if len(head.words) > 2 else "(null)"
        message = f"Invalid real server ip address/port {head.words[1]}/{port} - skipping"
        scope.error(head, "bad-address", message, word=1, help="real_server ADDRESS PORT {")
        return None
    return RealServerDraft(head, server, endpoint, forwarding=server.forwarding)


def end(scope: Scope, real: RealServerDraft) -> None:
    server = real.server
    if not tunnelled(real.forwarding):
        server.family = server.family or family_of(real.endpoint)
        if server.family != family_of(real.endpoint):
            message = (
                f"Address family of virtual server and real server {real.endpoint.address} "
                "don't match - skipping real server."
            )
            scope.error(real.head, "family", message, word=1, help="only lvs_method TUN may mix families")
            return
    server.reals.append(real)


def tunnelled(forwarding: Forwarding | None) -> bool:
    """Whether packets are wrapped, so that families need not match."""
    return forwarding is not None and forwarding.method is Method.TUN


def family_of(endpoint: Endpoint) -> int:
    assert endpoint.address is not None
    return endpoint.address.version


def bind_snmp_name(scope: Scope, row: Row, entry: Entry) -> None:
    """`snmp_name` of a virtual or real server: exactly one word."""
    statement = head_of(entry)
    name, earlier = statement.words[1], scope.block.snmp_name
    if len(statement.words) > 2:
        scope.error(statement, "extra-words", row.missing, word=2)
        return
    if earlier is not None:
        label = "vs snmp_name" if isinstance(scope.block, VirtualServerDraft) else "rs snmp_name"
        message = f"Duplicate {label} - overwriting {earlier} with {name}"
        scope.error(statement, "duplicate", message, word=1)
    scope.block.snmp_name = name


def _bind_forwarding(scope: Scope, row: Row, entry: Entry) -> None:
    found = read_forwarding(scope, head_of(entry), "real")
    scope.block.forwarding = found or scope.block.forwarding


def _threshold(name: str, doc: str, field: str) -> Row:
    return Row(
        name=name,
        doc=doc,
        argument=Integer(0, UINT_MAX, "connections"),
        field=field,
        default="0, none",
        invalid=f"Invalid real_server {name} '{{value}}' - ignoring",
    )


REAL_SERVER = (
    timing(
        retry="retry value invalid - {value}",
        delay_before_retry="real server delay_before_retry '{value}' invalid - ignoring",
        warmup="real server warmup '{value}' invalid - ignoring",
        delay_loop="real server delay_loop '{value}' invalid - ignoring",
        inherited="that of the virtual server",
    )
    | CHECKERS
    | table(
        connect_timeout(
            "real server connect_timeout {value} invalid - ignoring", "that of the virtual server"
        ),
        Row(
            name="weight",
            doc="Share of the connections, and of the quorum.",
            argument=Integer(0, INT_MAX),
            field="weight",
            default="that of the virtual server",
            invalid=f"Real server weight {{value}} is outside range 0-{INT_MAX}",
        ),
        Row(
            name="lvs_method",
            doc="How packets reach this server.",
            argument=Words(FORWARDING_FORM, 1),
            default="that of the virtual server",
            bind=_bind_forwarding,
        ),
        _threshold("uthreshold", "No new connections from so many on.", "upper_threshold"),
        _threshold("lthreshold", "New connections again below so many.", "lower_threshold"),
        Row(
            name="inhibit_on_failure",
            doc="Give the server weight 0 when it fails, instead of removing it.",
            argument=Boolean(),
            field="inhibit_on_failure",
            default="that of the virtual server",
            invalid="Invalid inhibit_on_failure parameter {value}",
        ),
        Row(
            name="alpha",
            doc="The server is down until its checks have succeeded.",
            argument=Boolean(),
            field="alpha",
            default="that of the virtual server",
            invalid="Invalid alpha parameter {value}",
        ),
        Row(
            name="smtp_alert",
            doc="Send mail when a check of the server changes its result.",
            argument=Boolean(),
            field="smtp_alert",
            default="smtp_alert_checker, else smtp_alert, else on",
            invalid="Invalid real_server smtp_alert parameter {value}",
        ),
        script_row("notify_up", "Run when the server comes up.", "notify"),
        script_row("notify_down", "Run when the server goes down.", "notify"),
        text_row(
            "virtualhost",
            "Host header of HTTP_GET and SSL_GET.",
            "HOST",
            label="rs virtualhost",
            missing="real server virtualhost missing",
            default="that of the virtual server",
        ),
        Row(
            name="snmp_name",
            doc="What SNMP calls the real server.",
            argument=Words("<NAME>", 1),
            field="snmp_name",
            bind=bind_snmp_name,
            missing="real server snmp_name missing or extra parameters",
        ),
    )
)
