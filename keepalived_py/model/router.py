"""A virtual router, `vrrp_instance`, and `vrrp_sync_group`: what they are to do, complete."""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv6Address

from keepalived_py.model.address import IpAddress
from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.tracking import Tracked
from keepalived_py.model.units import SECOND, Address, Microseconds
from keepalived_py.model.vmac import Ipvlan, Vmac, VmacKey

TTL_MAX = 255
OWNER_PRIORITY = 255
"""The priority of the router that owns the addresses (RFC 5798 §5.2.4)."""

DEFAULT_GROUP_4 = IPv4Address("224.0.0.18")
DEFAULT_GROUP_6 = IPv6Address("ff02::12")


class AuthType(Enum):
    """VRRPv2 authentication; the value is the type number on the wire (RFC 2338 §5.3.6)."""

    NONE = 0
    PASS = 1
    AH = 2


class InitialState(Enum):
    """The keyword `state`."""

    MASTER = "MASTER"
    BACKUP = "BACKUP"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnicastPeer:
    """A line of `unicast_peer`; adverts from it must have a TTL within the bounds, if given."""

    address: Address
    min_ttl: int | None = None
    max_ttl: int | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GratuitousArp:
    """When gratuitous ARPs (IPv6: unsolicited neighbour adverts) are sent; 0 turns a thing off."""

    master_delay_us: Microseconds = 5 * SECOND
    master_repeat: int = 5
    master_refresh_us: Microseconds = 0
    master_refresh_repeat: int = 1
    lower_prio_delay_us: Microseconds = 5 * SECOND
    lower_prio_repeat: int = 5
    extra_interval_us: Microseconds = 0
    """`garp_extra_if`: for addresses on VMACs that adverts do not leave from."""
    extra_all_interfaces: bool = False
    """Also for those on other interfaces that are no VMACs."""


DEFAULT_GARP = GratuitousArp()


class UnicastChecksum(Enum):
    """`old_unicast_checksum`: whether peers are known that sum as before version 1.3; the value is
    keepalived's word for it."""

    NEW = "no"
    NEVER_OLD = "never"
    OLD = "config"
    OLD_AS_HEARD = "auto"
    """What NEW becomes when an advert is heard that is summed in the old way."""

    @property
    def is_old(self) -> bool:
        """Whether the pseudo-header has the default multicast group as its destination."""
        return self in (UnicastChecksum.OLD, UnicastChecksum.OLD_AS_HEARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualRouter:
    """A `vrrp_instance` block with all defaults applied: globals, `state`, family and version.

    `priority` is 1..255 and `vrid` 1..255. `advert_interval_us` is whole seconds in version 2 and
    whole centiseconds in version 3. `virtual_addresses` is what adverts carry, in order.
    """

    name: str
    vrid: int
    interface: str | None
    version: int = 2
    family: int = 4
    state: InitialState = InitialState.BACKUP
    priority: int = 100
    advert_interval_us: Microseconds = SECOND
    virtual_addresses: tuple[IpAddress, ...] = ()
    excluded_addresses: tuple[IpAddress, ...] = ()
    virtual_routes: tuple[Route, ...] = ()
    virtual_rules: tuple[Rule, ...] = ()
    source_address: Address | None = None
    """`mcast_src_ip` or `unicast_src_ip`; None: the primary address of the interface."""
    track_source_address: bool = False
    unicast_peers: tuple[UnicastPeer, ...] = ()
    multicast_group: Address = DEFAULT_GROUP_4
    unicast_ttl: int | None = None
    check_unicast_source: bool = False
    """`check_unicast_src`, or for all instances `vrrp_check_unicast_src`."""
    says_check_unicast_source: bool = False
    """The instance says so itself."""
    unicast_configured: bool = False
    """A keyword for unicast was given, perhaps without a peer."""
    unicast_fault_no_peer: bool = False
    unicast_checksum: UnicastChecksum = UnicastChecksum.NEW
    v3_checksum_as_v2: bool = False
    kernel_rx_buffer_bytes: int = 0
    """0: as the kernel has it."""
    debug: int = 0
    allow_no_addresses: bool = False
    """`no_virtual_ipaddress`."""
    promote_secondaries: bool = False
    auth_type: AuthType = AuthType.NONE
    auth_data: bytes = bytes(8)
    """The password, padded with zeros to 8 octets."""
    nopreempt: bool = False
    preempt_delay_us: Microseconds = 0
    highest_other_priority: int = 0
    """`timer_expired_backup`: what a backup may have that takes over when we are late; 0: nothing is done
    about that."""
    down_timer_adverts: int = 3
    accept: bool = True
    strict: bool = False
    skip_check_adv_addr: bool = False
    lower_prio_no_advert: bool = False
    higher_prio_send_advert: bool = False
    owner_ignore_adverts: bool = False
    garp: GratuitousArp = GratuitousArp()
    track_primary: bool = True
    """False (`dont_track_primary`): a fault of the own interface does not matter."""
    track_interfaces: tuple[Tracked, ...] = ()
    track_scripts: tuple[Tracked, ...] = ()
    track_processes: tuple[Tracked, ...] = ()
    track_files: tuple[Tracked, ...] = ()
    track_bfds: tuple[Tracked, ...] = ()
    notify: NotifyScripts = NotifyScripts()
    notify_priority_changes: bool = False
    own_interface: Vmac | Ipvlan | None = None
    use_vmac_addr: bool = False
    """Addresses on other interfaces than `interface` are on VMACs of these."""
    vrf: str | None = None
    """Of the sockets of a unicast instance without interface."""
    config_faults: int = 0
    """So many mistakes keep the instance in FAULT."""
    linkbeat_use_polling: bool = False
    auth_hmac: AuthHmac | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def vmac(self) -> Vmac | None:
        return self.own_interface if isinstance(self.own_interface, Vmac) else None

    @property
    def device(self) -> str | None:
        """The interface that it runs on: its own, if it has one with a name."""
        return (self.own_interface and self.own_interface.name) or self.interface

    @property
    def xmit_base(self) -> bool:
        """Whether adverts leave from `interface`, and not from an interface of our own."""
        return self.own_interface is None or (self.vmac is not None and self.vmac.xmit_base)

    @property
    def advert_interface(self) -> str | None:
        """The interface that adverts are sent and received on."""
        return self.interface if self.xmit_base else self.device

    @property
    def source_interface(self) -> str | None:
        """The interface whose address adverts come from: a VMAC has one of its own for IPv6 alone."""
        return self.interface if self.family == 4 else self.advert_interface

    @property
    def unicast(self) -> bool:
        return bool(self.unicast_peers)

    @property
    def destinations(self) -> tuple[Address, ...]:
        """Where adverts go."""
        return tuple(peer.address for peer in self.unicast_peers) or (self.multicast_group,)

    @property
    def ttl(self) -> int | None:
        """The TTL or hop limit of adverts; None: the kernel's default."""
        if self.unicast_ttl is not None:
            return self.unicast_ttl
        return None if self.unicast and self.family == 6 else TTL_MAX

    @property
    def is_owner(self) -> bool:
        return self.priority == OWNER_PRIORITY

    @property
    def answers(self) -> bool:
        """Whether its addresses answer: those that it owns always do."""
        return self.accept or self.is_owner

    @property
    def all_addresses(self) -> tuple[IpAddress, ...]:
        """Everything that is on an interface while this router is master, in keepalived's order."""
        return self.virtual_addresses + self.excluded_addresses

    def mac_of(self, family: int) -> bytes:
        """The MAC address of its VMACs of a family."""
        return (self.vmac or Vmac()).mac_of(self.vrid, family)

    def is_on_own_vmac(self, address: IpAddress) -> bool:
        """Whether an address is on the VMAC that adverts belong to."""
        return self.vmac is not None and self._is_at_home(address)

    def _is_at_home(self, address: IpAddress) -> bool:
        local = address.device in (None, self.interface, self.device)
        return local and address.interface.version == self.family

    def is_on_other_vmac(self, address: IpAddress) -> bool:
        """Whether an address is on a VMAC of its interface and family that is no instance's own."""
        return address.use_vmac or (self.use_vmac_addr and not self._is_at_home(address))

    def vmac_key_of(self, address: IpAddress | None = None) -> VmacKey | None:
        """Which VMAC an address is on, or without an address the one of the instance; None for none."""
        if address is None:
            found = self.interface, self.family
        elif self.is_on_own_vmac(address) or self.is_on_other_vmac(address):
            found = address.device or self.interface, address.interface.version
        else:
            return None
        base, family = found
        return VmacKey(base, family, self.mac_of(family)) if base and (address or self.vmac) else None

    def is_elsewhere(self, address: IpAddress) -> bool:
        """Whether an address is neither on the interface of the instance nor on its VMAC."""
        if self.own_interface:
            return not self.is_on_own_vmac(address)
        return address.device not in (None, self.interface)

    def needs_extra_announcement(self, address: IpAddress) -> bool:
        """Whether no advert tells the switches where the MAC address is that an address is on."""
        if self.is_on_own_vmac(address):
            return self.xmit_base
        return self.is_on_other_vmac(address) or (
            self.garp.extra_all_interfaces and self.is_elsewhere(address)
        )

    def link_delay_max_us(self, interval_us: Microseconds) -> Microseconds:
        """How long the loss of its interface may go unnoticed while a master sends every `interval_us`."""
        if self.down_timer_adverts == 1:
            return 0
        return (self.down_timer_adverts - 1) * interval_us - interval_us // 256

    def device_of(self, address: IpAddress) -> str | None:
        """The interface that `address` belongs on."""
        return address.device or self.interface


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncGroup:
    """A `vrrp_sync_group` block. `members` are names of instances that exist, each in one group."""

    name: str
    members: tuple[str, ...]
    notify: NotifyScripts = NotifyScripts()
    notify_priority_changes: bool | None = None
    track_interfaces: tuple[Tracked, ...] = ()
    track_scripts: tuple[Tracked, ...] = ()
    track_processes: tuple[Tracked, ...] = ()
    track_files: tuple[Tracked, ...] = ()
    track_bfds: tuple[Tracked, ...] = ()
    tracking_weight: bool = False
    """`sync_group_tracking_weight`: members may have weighted trackers."""
    place: Place = field(default=NOWHERE, compare=False, repr=False)
