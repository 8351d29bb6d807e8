"""Which interfaces instances have for themselves (`use_vmac`, `use_ipvlan`, addresses on VMACs): what
they are called, which of those that exist are used, and which addresses are on them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import chain, count

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import Address
from keepalived_py.model.vmac import Ipvlan, IpvlanType, Vmac, VmacKey

DEFAULT_PREFIX = "vrrp"
NAME_MAX = 15


class Kind(Enum):
    """What an interface is, as far as it matters."""

    OTHER = auto()
    MACVLAN = auto()
    IPVLAN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingLink:
    """An interface of the machine. `base_index` is that of the interface below a macvlan or ipvlan."""

    index: int
    name: str
    kind: Kind = Kind.OTHER
    fit: bool = False
    """A macvlan is in private mode, an ipvlan in L2 mode."""
    base_index: int = 0
    mac: bytes = b""
    ipvlan_type: IpvlanType = IpvlanType.BRIDGE
    addresses: tuple[Address, ...] = ()

    @property
    def bottom(self) -> int:
        """The index of the interface that a macvlan on this one would be on."""
        return self.index if self.kind is Kind.OTHER else self.base_index or self.index


class Origin(Enum):
    """How an interface of ours comes about."""

    MADE = auto()
    FOUND = auto()
    """It is there already, just as it should be."""
    UPDATED = auto()
    """One of its name and base is there, with another MAC address or mode."""
    REPLACED = auto()
    """One of its name is there on another base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLink:
    """An interface of ours; `xmit_base` for one that no advert leaves from."""

    name: str
    base: str
    instance: str
    family: int
    config: Vmac | Ipvlan
    mac: bytes = b""
    """Of a VMAC."""
    origin: Origin = Origin.MADE
    supersedes: str | None = None
    """Another of our interfaces that has this MAC address, under an old name."""
    families: tuple[int, ...] = ()
    """Of what is sent from it: its own, and that of addresses that are not in adverts."""
    needs_link_local: bool = False
    """Adverts are sent from its link-local address: that of the base, or `source`."""
    source: Address | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A configuration whose interfaces have names, and whose addresses have them as devices."""

    configuration: Configuration
    links: tuple[OwnLink, ...] = ()
    remarks: tuple[str, ...] = ()
    """For the log."""


def place_vmacs(
    configuration: Configuration,
    existing: Sequence[ExistingLink] = (),
    ours: Collection[str] = (),
) -> Placement:
    """Find names for the interfaces of instances. Of those that exist, `ours` were made by us."""
    return _Placer(configuration, existing, ours).place()


@dataclass(slots=True)
class _Placer:
    configuration: Configuration
    existing: Sequence[ExistingLink]
    ours: Collection[str]
    names: set[str] = field(default_factory=set)
    """Those that are taken."""
    vmacs: dict[VmacKey, str] = field(default_factory=dict)
    links: dict[str, OwnLink] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def place(self) -> Placement:
        routers = self.configuration.routers
        self.names |= {link.name for link in self.existing}
        self.names |= {
            own.name for router in routers.values() if (own := router.own_interface) and own.name is not None
        }
        placed = {name: self._router(router) for name, router in routers.items()}
        configuration = replace(self.configuration, routers=placed)
        return Placement(configuration, tuple(self.links.values()), tuple(self.remarks))

    def _router(self, router: VirtualRouter) -> VirtualRouter:
        own = router.own_interface
        if own and router.interface:
            link = self._own_link(router, own, router.interface)
            self.links.setdefault(link.name, link)
            router = replace(router, own_interface=replace(own, name=link.name))
            if key := router.vmac_key_of():
                self.vmacs.setdefault(key, link.name)
        return replace(
            router,
            virtual_addresses=tuple(self._address(router, it) for it in router.virtual_addresses),
            excluded_addresses=tuple(self._address(router, it) for it in router.excluded_addresses),
        )

    def _own_link(self, router: VirtualRouter, own: Vmac | Ipvlan, base: str) -> OwnLink:
        mac = router.mac_of(router.family) if isinstance(own, Vmac) else b""
        others = {it.interface.version for it in router.excluded_addresses} - {router.family}
        link = OwnLink(
            name=own.name or "",
            base=base,
            instance=router.name,
            family=router.family,
            config=own,
            mac=mac,
            families=(router.family, *others),
            needs_link_local=router.family == 6 and isinstance(own, Vmac) and not own.xmit_base,
            source=router.source_address,
        )
        match = next((it for it in self.existing if self._matches(it, router, own, mac, base)), None)
        if match:
            self.remarks.append(f"({router.name}) Found matching interface {match.name}")
            return self._matched(link, match)
        return self._unmatched(link)

    def _matched(self, link: OwnLink, match: ExistingLink) -> OwnLink:
        if link.name in ("", match.name):
            return replace(link, name=match.name, origin=Origin.FOUND)
        if match.name in self.ours:
            return replace(link, supersedes=match.name)
        self.remarks.append(
            f"({link.instance}) vmac name mismatch {link.name} <=> {match.name}. changing to {match.name}."
        )
        return replace(link, name=match.name, origin=Origin.FOUND)

    def _unmatched(self, link: OwnLink) -> OwnLink:
        same_name = next((it for it in self.existing if it.name == link.name), None)
        what = "VMAC" if isinstance(link.config, Vmac) else "IPVLAN"
        if same_name and same_name.kind is Kind.OTHER:
            self.remarks.append(
                f"({link.instance}) {what} interface name {link.name} already exists as a non {what} "
                "interface. ignoring configured name"
            )
        elif same_name:
            self.remarks.append(
                f"({link.instance}) {what} {link.name} already exists but is incompatible. "
                "It will be deleted/updated"
            )
            on_base = same_name.base_index == self._index(link.base)
            updated = on_base and isinstance(link.config, Vmac) and same_name.kind is Kind.MACVLAN
            return replace(link, origin=Origin.UPDATED if updated else Origin.REPLACED)
        elif link.name:
            return link
        vrid = self.configuration.routers[link.instance].vrid
        prefix = self.configuration.definitions.vmac_prefix or DEFAULT_PREFIX
        return replace(link, name=self._free_name(prefix, vrid, link.family))

    def _matches(
        self, it: ExistingLink, router: VirtualRouter, own: Vmac | Ipvlan, mac: bytes, base: str
    ) -> bool:
        """Whether an existing interface is just what an instance wants."""
        if not it.fit or it.base_index != self._bottom(base):
            return False
        if isinstance(own, Vmac):
            return it.kind is Kind.MACVLAN and it.mac == mac
        named = own.name is not None
        return (
            it.kind is Kind.IPVLAN
            and it.ipvlan_type is own.type
            and not (router.family == 6 and not named and own.address is None)
            and (not named or own.name == it.name)
            and (own.address is None or own.address.ip in it.addresses[:1])
        )

    def _address(self, router: VirtualRouter, address: IpAddress) -> IpAddress:
        key = router.vmac_key_of(address)
        if key is None:
            return address
        if key not in self.vmacs:
            self.vmacs[key] = self._vmac_for_addresses(router, key)
        return replace(address, device=self.vmacs[key])

    def _vmac_for_addresses(self, router: VirtualRouter, key: VmacKey) -> str:
        found = next(
            (
                it.name
                for it in self.existing
                if it.kind is Kind.MACVLAN
                and it.fit
                and (it.base_index, it.mac) == (self._index(key.base), key.mac)
            ),
            None,
        )
        definitions = self.configuration.definitions
        prefix = definitions.vmac_addr_prefix or definitions.vmac_prefix or DEFAULT_PREFIX
        name = found or self._free_name(prefix, router.vrid, key.family)
        self.links[name] = OwnLink(
            name=name,
            base=key.base,
            instance=router.name,
            family=key.family,
            config=Vmac(),
            mac=key.mac,
            origin=Origin.FOUND if found else Origin.MADE,
            families=(key.family,),
            needs_link_local=key.family == 6,
        )
        return name

    def _link(self, name: str) -> ExistingLink | None:
        return next((link for link in self.existing if link.name == name), None)

    def _index(self, name: str) -> int:
        link = self._link(name)
        return link.index if link else -1

    def _bottom(self, name: str) -> int:
        link = self._link(name)
        return link.bottom if link else -1

    def _free_name(self, prefix: str, vrid: int, family: int) -> str:
        name = next(name for name in _names(prefix, vrid, family) if name not in self.names)
        self.names.add(name)
        return name


def _names(prefix: str, vrid: int, family: int) -> Iterator[str]:
    """`PREFIX.VRID`, or with a number after the prefix, first 6 for IPv6; the prefix gives way."""
    numbers = count(1) if family == 4 else chain((6,), (number for number in count(1) if number != 6))
    for number in chain(("",), map(str, numbers)):
        rest = f"{number}.{vrid}"
        yield prefix[: NAME_MAX - len(rest)] + rest
