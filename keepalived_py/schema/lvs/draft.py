"""What was read of virtual servers, before what follows from several keywords: None where nothing was
said. A draft has a field for each of the model's that its block sets, by the same name."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address

from keepalived_py.config.statement import Statement
from keepalived_py.model.checker import DEFAULT_CONNECT_TIMEOUT_US, DEFAULT_DELAY_LOOP_US, HttpProtocol, Url
from keepalived_py.model.command import Account, Command
from keepalived_py.model.endpoint import UNSPECIFIED, Endpoint
from keepalived_py.model.lvs import (
    Forwarding,
    Protocol,
    SchedulerFlag,
    server_name,
)
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.schema.record import record


@record
class TlsDraft:
    """An `SSL` block."""

    password: str | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None


@record
class SorryDraft:
    """A `sorry_server` line, and those that add to it."""

    head: Statement
    endpoint: Endpoint
    forwarding: Forwarding | None = None
    inhibit: bool = False


@record
class VirtualServerDraft:
    """A `virtual_server` block."""

    head: Statement
    endpoint: Endpoint = UNSPECIFIED
    fwmark: int = 0
    group: str | None = None
    group_index: int = 0
    family: int | None = None
    protocol: Protocol = Protocol.NONE
    scheduler: str = ""
    scheduler_flags: SchedulerFlag = SchedulerFlag.NONE
    one_packet: bool = False
    forwarding: Forwarding | None = None
    persistence_engine: str | None = None
    persistence_timeout_seconds: int = 0
    persistence_granularity: IPv4Address | int | None = None
    ha_suspend: bool = False
    alpha: bool = False
    omega: bool = False
    inhibit_on_failure: bool = False
    retry: int | None = None
    delay_before_retry_us: Microseconds | None = None
    warmup_us: Microseconds | None = None
    delay_loop_us: Microseconds = DEFAULT_DELAY_LOOP_US
    connect_timeout_us: Microseconds = DEFAULT_CONNECT_TIMEOUT_US
    weight: int = 1
    quorum: int = 1
    hysteresis: int = 0
    quorum_up: Command | None = None
    quorum_down: Command | None = None
    smtp_alert: bool | None = None
    virtualhost: str | None = None
    snmp_name: str | None = None
    sorry: SorryDraft | None = None
    reals: "list[RealServerDraft]" = field(default_factory=list)
    said: dict[str, Statement] = field(default_factory=dict)
    """The last statement of each keyword, to point at."""

    @property
    def server(self) -> "VirtualServerDraft":
        return self

    def __str__(self) -> str:
        return server_name(self.endpoint, self.protocol, self.fwmark, self.group, self.group_index)


@record
class RealServerDraft:
    """A `real_server` block."""

    head: Statement
    server: VirtualServerDraft
    endpoint: Endpoint
    weight: int | None = None
    forwarding: Forwarding | None = None
    upper_threshold: int = 0
    lower_threshold: int = 0
    inhibit_on_failure: bool | None = None
    alpha: bool | None = None
    retry: int | None = None
    delay_before_retry_us: Microseconds | None = None
    warmup_us: Microseconds | None = None
    delay_loop_us: Microseconds | None = None
    connect_timeout_us: Microseconds | None = None
    smtp_alert: bool | None = None
    virtualhost: str | None = None
    snmp_name: str | None = None
    notify_up: Command | None = None
    notify_down: Command | None = None
    checkers: "list[CheckerDraft]" = field(default_factory=list)
    track_files: list[Tracked] = field(default_factory=list)

    def __str__(self) -> str:
        return self.endpoint.of(self.server.protocol.value)


@dataclass(slots=True)
class ConnectionDraft:
    """What a checker connects to. `timeout_us` None: as its real server says."""

    address: Address | None = None
    port: int = 0
    bind_address: Address | None = None
    bind_port: int = 0
    bind_interface: str | None = None
    fwmark: int = 0
    timeout_us: Microseconds | None = None


@record
class CheckerDraft:
    """A block of a checker; `connection` is None for those that do not connect."""

    head: Statement
    real: RealServerDraft
    connection: ConnectionDraft | None = None
    alpha: bool | None = None
    retry: int | None = None
    delay_before_retry_us: Microseconds | None = None
    warmup_us: Microseconds | None = None
    delay_loop_us: Microseconds | None = None
    log_all_failures: bool = False


@record
class TcpDraft(CheckerDraft):
    """A `TCP_CHECK` block."""


@record
class PingDraft(CheckerDraft):
    """A `PING_CHECK` block."""


@record
class SmtpDraft(CheckerDraft):
    """A `SMTP_CHECK` block."""

    helo_name: str | None = None
    hosts: list[ConnectionDraft] = field(default_factory=list)
    """A connection for each `host` block."""


@record
class UrlDraft:
    """A `url` block."""

    head: Statement
    http: "HttpDraft"
    path: str | None = None
    digest: bytes | None = None
    status_codes: set[int] = field(default_factory=set)
    virtualhost: str | None = None
    tls_compliant: bool = False
    regex_options: set[str] = field(default_factory=set)
    regex_no_match: bool = False
    regex_min_offset: int = 0
    regex_max_offset: int | None = None
    regex_stack: tuple[int, int] | None = None


@record
class HttpDraft(CheckerDraft):
    """A `HTTP_GET` or `SSL_GET` block."""

    tls: bool = False
    http_protocol: HttpProtocol = HttpProtocol.HTTP_1_0
    virtualhost: str | None = None
    enable_sni: bool = False
    sni_name: str | None = None
    fast_recovery: bool = False
    tls_compliant: bool = False
    urls: list[Url] = field(default_factory=list)


@record
class DnsDraft(CheckerDraft):
    """A `DNS_CHECK` block."""

    type: str = "SOA"
    name: str | None = None


@record
class UdpDraft(CheckerDraft):
    """An `UDP_CHECK` block."""

    payload: bytes | None = None
    require_reply: bool = False
    reply: bytes | None = None
    reply_mask: bytes | None = None
    min_reply_length: int = 0
    max_reply_length: int = 255


@record
class MiscDraft(CheckerDraft):
    """A `MISC_CHECK` block."""

    arguments: tuple[str, ...] = ()
    account: Account | None = None
    timeout_us: Microseconds | None = None
    dynamic: bool = False


@record
class BfdDraft(CheckerDraft):
    """A `BFD_CHECK` block."""

    name: str | None = None


@record
class FileDraft:
    """A `FILE_CHECK` block; without a weight of its own it has that of the file."""

    head: Statement
    real: RealServerDraft
    track_file: str | None = None
    weight: Weight | None = None
