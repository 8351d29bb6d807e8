"""BFD sessions with neighbours (`bfd_instance`, RFC 5880)."""

from dataclasses import dataclass, field

from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.tracking import Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Address, Microseconds

NAME_LENGTH_MAX = 31
DEFAULT_TTL = {4: 255, 6: 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class BfdInstance:
    """A `bfd_instance` block.

    `max_hops` is how many routers the neighbour may be away, −1 for any; 0..255 otherwise.
    """

    name: str
    neighbor: Address
    source: Address | None = None
    """None: as the kernel chooses."""
    min_rx_us: Microseconds = 10 * MILLISECOND
    """The least time between packets that can be received."""
    min_tx_us: Microseconds = 10 * MILLISECOND
    """The least time between packets that are sent."""
    idle_tx_us: Microseconds = SECOND
    """Time between packets while the session is down."""
    multiplier: int = 5
    """So many packets must be missed before the neighbour is down; 1..255."""
    passive: bool = False
    """Send nothing before something is received."""
    ttl: int = DEFAULT_TTL[4]
    max_hops: int = 0
    multihop: bool = False
    """Use the port for sessions over several hops (RFC 5883)."""
    vrrp: bool = True
    """Tell the VRRP process of changes."""
    checker: bool = True
    """Tell the checker process of changes."""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackBfd:
    """What `track_bfd` can name; `weight` is that of the `bfd_instance`."""

    name: str
    weight: Weight = Weight()
