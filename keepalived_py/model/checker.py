"""Health checkers: what is tried, how often, and what counts as success. What a checker inherits from
its real server is already in it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from keepalived_py.model.command import Command
from keepalived_py.model.endpoint import UNSPECIFIED, Endpoint
from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.units import SECOND, Microseconds

REGEX_OPTIONS = (
    "allow_empty_class",
    "alt_bsux",
    "auto_callout",
    "caseless",
    "dollar_endonly",
    "dotall",
    "dupnames",
    "extended",
    "firstline",
    "match_unset_backref",
    "multiline",
    "never_ucp",
    "never_utf",
    "no_auto_capture",
    "no_auto_possess",
    "no_dotstar_anchor",
    "no_start_optimize",
    "ucp",
    "ungreedy",
    "utf",
    "never_backslash_c",
    "alt_circumflex",
    "alt_verbnames",
    "use_offset_limit",
)
"""Options of PCRE2, as `regex_options` names them."""
DEFAULT_DELAY_LOOP_US: Microseconds = 60 * SECOND
DEFAULT_CONNECT_TIMEOUT_US: Microseconds = 5 * SECOND
DEFAULT_STATUS_CODES = ((200, 299),)
DEFAULT_HELO_NAME = "smtpchecker.keepalived.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a checker connects. `bind` is its own address and port; `fwmark` 0 is none."""

    destination: Endpoint
    bind: Endpoint = UNSPECIFIED
    bind_interface: str | None = None
    fwmark: int = 0
    timeout_us: Microseconds = DEFAULT_CONNECT_TIMEOUT_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """What all checkers have in common. `alpha`: it counts as failed until it has succeeded.
    `warmup_us`: the first check is at a random moment within it."""

    DEFAULT_RETRY: ClassVar[int] = 1
    DEFAULT_DELAY_BEFORE_RETRY_US: ClassVar[Microseconds] = SECOND
    """0: as `delay_loop`."""

    alpha: bool = False
    retry: int = 1
    delay_before_retry_us: Microseconds = SECOND
    warmup_us: Microseconds = DEFAULT_DELAY_LOOP_US
    delay_loop_us: Microseconds = DEFAULT_DELAY_LOOP_US
    log_all_failures: bool = False
    connection: Connection | None = None
    """None: it does not connect to anything."""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpCheck(Checker):
    """`TCP_CHECK`: a connection can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PingCheck(Checker):
    """`PING_CHECK`: an echo reply comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpCheck(Checker):
    """`SMTP_CHECK`: a mail server answers as RFC 5321 says."""

    helo_name: str = DEFAULT_HELO_NAME


class HttpProtocol(Enum):
    """`http_protocol`: 1.0C is 1.0 with `Connection: close`."""

    HTTP_1_0 = "1.0"
    HTTP_1_0_CLOSE = "1.0C"
    HTTP_1_1 = "1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """What the body must match, or must not; the match begins at octet `min_offset` to `max_offset`.
    `stack` is the start size and the greatest size of the stack of PCRE2's compiler, if given."""

    pattern: str
    options: frozenset[str] = frozenset()
    no_match: bool = False
    min_offset: int = 0
    max_offset: int | None = None
    stack: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """A `url` block. `status_codes` are ranges of codes that are good; `digest` is the MD5 sum of the
    body."""

    path: str
    digest: bytes | None = None
    status_codes: tuple[tuple[int, int], ...] = DEFAULT_STATUS_CODES
    virtualhost: str | None = None
    regex: Regex | None = None
    tls_compliant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCheck(Checker):
    """`HTTP_GET`, and with `tls` `SSL_GET`: each URL in turn has a good status and body."""

    DEFAULT_DELAY_BEFORE_RETRY_US: ClassVar[Microseconds] = 3 * SECOND

    tls: bool = False
    http_protocol: HttpProtocol = HttpProtocol.HTTP_1_0
    virtualhost: str | None = None
    enable_sni: bool = False
    sni_name: str | None = None
    fast_recovery: bool = False
    tls_compliant: bool = False
    urls: tuple[Url, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsCheck(Checker):
    """`DNS_CHECK`: a query is answered without an error."""

    DEFAULT_RETRY: ClassVar[int] = 3
    DEFAULT_DELAY_BEFORE_RETRY_US: ClassVar[Microseconds] = 0

    type: str = "SOA"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UdpCheck(Checker):
    """`UDP_CHECK`: nothing says that the port is closed; with `require_reply` a reply comes that
    begins as `reply`. Bits that are set in `reply_mask` do not matter."""

    payload: bytes | None = None
    require_reply: bool = False
    reply: bytes | None = None
    reply_mask: bytes | None = None
    min_reply_length: int = 0
    max_reply_length: int = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class MiscCheck(Checker):
    """`MISC_CHECK`: a command exits with 0. With `dynamic` an exit status from 2 on makes the weight
    that number less 2. `timeout_us` None is the `delay_loop` of the virtual server."""

    DEFAULT_RETRY: ClassVar[int] = 0

    command: Command
    timeout_us: Microseconds | None = None
    dynamic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BfdCheck(Checker):
    """`BFD_CHECK`: a BFD session is up; it has no times of its own."""

    name: str
