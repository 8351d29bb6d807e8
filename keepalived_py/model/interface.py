"""What is set for network interfaces: `garp_group`, `linkbeat_interfaces`, `interface_up_down_delays`."""

from dataclasses import dataclass
from enum import Enum

from keepalived_py.model.units import Microseconds


class Linkbeat(Enum):
    """How the link of an interface is polled; the value is the keyword."""

    ANY = ""
    MII = "MII"
    ETHTOOL = "ETHTOOL"
    IOCTL = "IOCTL"


@dataclass(frozen=True, slots=True)
class GarpGroup:
    """A `garp_group` block, with its number: interfaces that share the time between gratuitous ARPs;
    None: not given."""

    number: int
    garp_interval_us: Microseconds | None = None
    gna_interval_us: Microseconds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceSettings:
    """All that is set for one interface. A change of its state counts after the delay, 0..255 s."""

    linkbeat: Linkbeat | None = None
    """None: netlink tells."""
    down_delay_us: Microseconds = 0
    up_delay_us: Microseconds = 0
    garp_group: GarpGroup | None = None
