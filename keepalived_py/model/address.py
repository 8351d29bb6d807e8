"""Addresses that keepalived puts on interfaces (keyword blocks `virtual_ipaddress`,
`virtual_ipaddress_excluded` and `static_ipaddress`)."""

from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from ipaddress import IPv4Address

from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.units import Address, Interface


class AddressFlag(Flag):
    """Flags of an address, named as in `ip address add`."""

    NONE = 0
    HOME = auto()
    DAD = auto()
    """Perform duplicate address detection (`-nodad`); without it keepalived sets IFA_F_NODAD."""
    MNGTMPADDR = auto()
    NOPREFIXROUTE = auto()
    AUTOJOIN = auto()


class Broadcast(Enum):
    """A broadcast address derived from the prefix."""

    HOST_BITS_SET = "+"
    HOST_BITS_RESET = "-"


def host_text(interface: Interface) -> str:
    """An address, without the prefix length of a host."""
    host = interface.network.prefixlen == interface.max_prefixlen
    return str(interface.ip if host else interface)


@dataclass(frozen=True, slots=True, kw_only=True)
class IpAddress:
    """One address line.

    `device` is None for the interface of the instance (or `default_interface` for a static
    address). `scope` is the kernel's number (global 0, site 200, link 253, host 254, nowhere 255).
    `preferred_lifetime_seconds` is None for the kernel's default (forever), and 0 by default for
    an IPv6 /128, which makes the address deprecated.
    """

    interface: Interface
    device: str | None = None
    scope: int = 0
    broadcast: IPv4Address | Broadcast | None = None
    label: str | None = None
    peer: Address | None = None
    flags: AddressFlag = AddressFlag.NONE
    preferred_lifetime_seconds: int | None = None
    tracked: bool = True
    """False (`no_track`): nothing happens when someone else deletes it."""
    track_group: str | None = None
    use_vmac: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def address(self) -> Address:
        return self.interface.ip

    @property
    def text(self) -> str:
        """As keepalived writes it in messages."""
        return host_text(self.interface)

    @property
    def broadcast_address(self) -> IPv4Address | None:
        """The broadcast address to set, `+` and `-` resolved."""
        match self.broadcast:
            case Broadcast.HOST_BITS_SET:
                return IPv4Address(int(self.interface.network.broadcast_address))
            case Broadcast.HOST_BITS_RESET:
                return IPv4Address(int(self.interface.network.network_address))
            case explicit:
                return explicit
