"""Routes and policy rules, of an instance (`virtual_routes`, `virtual_rules`) or static.

Numbers are the kernel's. A name of iproute2's tables stays a name where the host that resolves it is
not known.
"""

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.units import Address, Interface

Number: TypeAlias = int | str
"""A number, or the name for it in a table of iproute2."""

TABLE_MAIN = 254
PROTOCOL_KEEPALIVED = 18


class RouteType(IntEnum):
    """What a route does with packets, as in linux/rtnetlink.h."""

    UNICAST = 1
    LOCAL = 2
    BROADCAST = 3
    ANYCAST = 4
    MULTICAST = 5
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8
    THROW = 9
    NAT = 10
    XRESOLVE = 11


class Placement(Enum):
    """How a route comes among others of the same destination."""

    ADD = "add"
    APPEND = "append"
    PREPEND = "prepend"


@dataclass(frozen=True, slots=True, kw_only=True)
class IpEncapsulation:
    """`encap ip` and `encap ip6`; None where nothing was given."""

    family: int
    id: int | None = None
    destination: IPv4Address | IPv6Address | None = None
    source: IPv4Address | IPv6Address | None = None
    tos: Number | None = None
    ttl: int | None = None
    flags: int | None = None


@dataclass(frozen=True, slots=True)
class MplsEncapsulation:
    """`encap mpls`: the labels, outermost first."""

    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IlaEncapsulation:
    """`encap ila`: the four 16-bit groups of the locator."""

    locator: tuple[int, ...] = ()


Encapsulation: TypeAlias = IpEncapsulation | MplsEncapsulation | IlaEncapsulation


@dataclass(frozen=True, slots=True)
class Realms:
    """Realms of source and destination; a source of 0 was not given."""

    source: Number
    destination: Number


class MetricKind(Enum):
    """What can be set for the connections that use a route, by its keyword.

    Units: rtt 1/8 ms, rttvar 1/4 ms, rto_min ms; advmss, mtu and window octets; the rest are counts.
    """

    RTT = "rtt"
    RTTVAR = "rttvar"
    RTO_MIN = "rto_min"
    MTU = "mtu"
    WINDOW = "window"
    SSTHRESH = "ssthresh"
    CWND = "cwnd"
    ADVMSS = "advmss"
    REORDERING = "reordering"
    HOPLIMIT = "hoplimit"
    INITCWND = "initcwnd"
    INITRWND = "initrwnd"
    QUICKACK = "quickack"
    FASTOPEN_NO_COOKIE = "fastopen_no_cookie"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a route; `locked` (`lock`): the kernel must not adapt it."""

    kind: MetricKind
    value: int
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nexthop:
    """One of several ways of a route; `weight` is 1..256."""

    gateway: Address | None = None
    device: str | None = None
    weight: int | None = None
    onlink: bool = False
    realms: Realms | None = None
    encapsulation: Encapsulation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route line. The destination of a default route is 0.0.0.0/0 or ::/0; `protocol` is None
    only for a route that is not tracked."""

    destination: Interface
    type: int = RouteType.UNICAST
    placement: Placement = Placement.PREPEND
    source: Interface | None = None
    """`from`: only packets from here; IPv6."""
    preferred_source: Address | None = None
    """`src`."""
    gateway: Address | None = None
    """`via`."""
    device: str | None = None
    vrf: str | None = None
    """The table of this VRF is used, once the machine has said which that is."""
    table: Number = TABLE_MAIN
    protocol: Number | None = PROTOCOL_KEEPALIVED
    scope: Number | None = None
    tos: Number | None = None
    metric: int | None = None
    onlink: bool = False
    realms: Realms | None = None
    expires_seconds: int | None = None
    preference: int | None = None
    """`pref`: of a router, as in ICMPv6: low 3, medium 0, high 1."""
    ttl_propagate: bool | None = None
    ecn: bool = False
    """`features ecn`."""
    congestion_control: str | None = None
    """`congctl`."""
    congestion_control_locked: bool = False
    metrics: tuple[Metric, ...] = ()
    encapsulation: Encapsulation | None = None
    nexthops: tuple[Nexthop, ...] = ()
    tracked: bool = True
    """False (`no_track`): nothing happens when someone else deletes it."""
    track_group: str | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def family(self) -> int:
        return self.destination.version

    @property
    def devices(self) -> tuple[str, ...]:
        """The interfaces that are named, its own and those of its nexthops."""
        return tuple(filter(None, (self.device, *(nexthop.device for nexthop in self.nexthops))))


class RuleAction(IntEnum):
    """What a rule does with packets, as in linux/fib_rules.h."""

    LOOKUP = 1
    GOTO = 2
    NOP = 3
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One policy rule line. `table` is for `LOOKUP` and 0 with `l3mdev`, `goto` for `GOTO`; `protocol`
    is None only for a rule that is not tracked."""

    priority: int
    action: RuleAction
    family: int = 4
    inverted: bool = False
    source: Interface | None = None
    destination: Interface | None = None
    table: Number = 0
    goto: int = 0
    tos: Number = 0
    firewall_mark: int | None = None
    firewall_mask: int | None = None
    input_device: str | None = None
    output_device: str | None = None
    suppress_prefix_length: int | None = None
    suppress_group: Number | None = None
    tunnel_id: int = 0
    uids: Range | None = None
    l3mdev: bool = False
    protocol: int | None = PROTOCOL_KEEPALIVED
    ip_protocol: int | None = None
    source_ports: Range | None = None
    destination_ports: Range | None = None
    realms: Realms | None = None
    tracked: bool = True
    track_group: str | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def devices(self) -> tuple[str, ...]:
        """The interfaces that are named."""
        return tuple(filter(None, (self.input_device, self.output_device)))
