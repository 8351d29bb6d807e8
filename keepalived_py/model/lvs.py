"""Virtual servers: IPVS services, the real servers behind them, and when they count as up."""

from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from ipaddress import IPv4Address

from keepalived_py.model.checker import DEFAULT_CONNECT_TIMEOUT_US, DEFAULT_DELAY_LOOP_US, Checker
from keepalived_py.model.command import Command
from keepalived_py.model.endpoint import UNSPECIFIED, Endpoint
from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.tracking import Tracked
from keepalived_py.model.units import Address, Microseconds

PERSISTENCE_TIMEOUT_SECONDS = 360
"""`persistence_timeout` without a value, and where persistence is implied."""
DEFAULT_SCHEDULER = "wlc"


class Protocol(Enum):
    """`protocol` of a virtual server; the value is what messages name it by."""

    NONE = "none"
    TCP = "tcp"
    UDP = "udp"
    SCTP = "sctp"


class Method(Enum):
    """`lvs_method`: how a packet reaches the real server."""

    NAT = "NAT"
    DR = "DR"
    TUN = "TUN"


class Tunnel(Enum):
    """The encapsulation of `lvs_method TUN`."""

    IPIP = "ipip"
    GUE = "gue"
    GRE = "gre"


class Checksum(Enum):
    """The checksum of a GUE or GRE tunnel."""

    NONE = "nocsum"
    LOCAL = "csum"
    REMOTE = "remcsum"


@dataclass(frozen=True, slots=True)
class Forwarding:
    """`lvs_method`, and what belongs to a tunnel; `port` is of GUE only, 1..65535, else 0."""

    method: Method = Method.NAT
    tunnel: Tunnel = Tunnel.IPIP
    port: int = 0
    checksum: Checksum = Checksum.NONE


class SchedulerFlag(Flag):
    """`flag-1` to `flag-3`. To the schedulers sh and mh the first is `sh-fallback` or `mh-fallback`,
    the second `sh-port` or `mh-port`."""

    NONE = 0
    FIRST = auto()
    SECOND = auto()
    THIRD = auto()


FALLBACK = SchedulerFlag.FIRST
PORT = SchedulerFlag.SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRange:
    """An entry of a group: the addresses from `first` to `last`, and a port; 0 is every port."""

    first: Address
    last: Address
    port: int = 0

    def __str__(self) -> str:
        addresses = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{addresses},{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallMark:
    """An entry of a group: packets with this mark, 0..4294967295, of a family (4, 6, None: any)."""

    mark: int
    family: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualServerGroup:
    """A `virtual_server_group` block."""

    name: str
    ranges: tuple[AddressRange, ...] = ()
    marks: tuple[FirewallMark, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def families(self) -> frozenset[int]:
        """The families that are in it for certain: a mark may be of either."""
        marked = {mark.family for mark in self.marks if mark.family is not None}
        return frozenset(marked | {entry.first.version for entry in self.ranges})


@dataclass(frozen=True, slots=True, kw_only=True)
class SorryServer:
    """`sorry_server`: takes over while there is no quorum."""

    endpoint: Endpoint
    forwarding: Forwarding = Forwarding()
    inhibit: bool = False
    """`sorry_server_inhibit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealServer:
    """A `real_server` block, with what it inherits from its virtual server. Limits of connections are
    0 for none; `retry`, `delay_before_retry_us` and `warmup_us` are None where each checker has its
    own default."""

    endpoint: Endpoint
    weight: int = 1
    forwarding: Forwarding = Forwarding()
    upper_threshold: int = 0
    lower_threshold: int = 0
    inhibit_on_failure: bool = False
    alpha: bool = False
    retry: int | None = None
    delay_before_retry_us: Microseconds | None = None
    warmup_us: Microseconds | None = None
    delay_loop_us: Microseconds = DEFAULT_DELAY_LOOP_US
    connect_timeout_us: Microseconds = DEFAULT_CONNECT_TIMEOUT_US
    smtp_alert: bool = True
    virtualhost: str | None = None
    snmp_name: str | None = None
    notify_up: Command | None = None
    notify_down: Command | None = None
    checkers: tuple[Checker, ...] = ()
    track_files: tuple[Tracked, ...] = ()
    """`FILE_CHECK`: each adds its number times its weight to the weight of the server."""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualServer:
    """A `virtual_server` block: of an address and port, of a firewall mark (`fwmark`, not 0), or of a
    group, of which it is number `group_index`.

    `persistence_timeout_seconds` 0 is no persistence. `persistence_granularity` is a mask for IPv4, a
    prefix length for IPv6. `quorum` counts weights of real servers that are up.
    """

    endpoint: Endpoint = UNSPECIFIED
    fwmark: int = 0
    group: str | None = None
    group_index: int = 0
    family: int | None = None
    """4 or 6; None for a group of both."""
    protocol: Protocol = Protocol.TCP
    scheduler: str = DEFAULT_SCHEDULER
    scheduler_flags: SchedulerFlag = SchedulerFlag.NONE
    one_packet: bool = False
    """`ops`: each packet is scheduled on its own."""
    forwarding: Forwarding | None = None
    """None: every real server has its own."""
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
    quorum: int = 1
    hysteresis: int = 0
    quorum_up: Command | None = None
    quorum_down: Command | None = None
    smtp_alert: bool = False
    virtualhost: str | None = None
    snmp_name: str | None = None
    sorry_server: SorryServer | None = None
    real_servers: tuple[RealServer, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return server_name(self.endpoint, self.protocol, self.fwmark, self.group, self.group_index)

    @property
    def sorry_server_is_real_server(self) -> bool:
        """Whether the sorry server is one of the real servers, too."""
        sorry = self.sorry_server
        return sorry is not None and any(real.endpoint == sorry.endpoint for real in self.real_servers)


def server_name(endpoint: Endpoint, protocol: Protocol, fwmark: int, group: str | None, index: int) -> str:
    """What a virtual server is called in messages, FIFOs and mails."""
    if group is not None:
        return f"[{group}]:{index}"
    return f"FWM {fwmark}" if fwmark else endpoint.of(protocol.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """The `SSL` block: what SSL_GET identifies itself with; paths of PEM files."""

    password: str | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
