"""Which interfaces instances have for themselves (`use_vmac`, `use_ipvlan`, addresses on VMACs), what
they are called, and what is on them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter

DEFAULT_PREFIX = "vrrp"
NAME_MAX = 15


def place_vmacs(configuration: Configuration) -> Configuration:
    """The configuration with a name for each such interface, and its device at each address on one."""
    return _Placer(configuration).placed()


@dataclass(slots=True)
class _Placer:
    configuration: Configuration
    names: set[str] = field(default_factory=set)
    """Those that are taken."""
    others: dict[tuple[str | None, int, bytes], str] = field(default_factory=dict)
    """The VMACs for addresses by base interface, family and MAC address."""

    def placed(self) -> Configuration:
        routers = self.configuration.routers
        self.names |= {
            own.name for router in routers.values() if (own := router.own_interface) and own.name is not None
        }
        return replace(
            self.configuration, routers={name: self._router(router) for name, router in routers.items()}
        )

    def _router(self, router: VirtualRouter) -> VirtualRouter:
        definitions = self.configuration.definitions
        prefix = definitions.vmac_prefix or DEFAULT_PREFIX
        if router.own_interface and router.own_interface.name is None:
            name = self._free_name(prefix, router.vrid, router.family)
            router = replace(router, own_interface=replace(router.own_interface, name=name))
        if router.vmac and router.vmac.name:
            base = router.interface, router.family, router.vmac.mac_of(router.vrid, router.family)
            self.others.setdefault(base, router.vmac.name)
        return replace(
            router,
            virtual_addresses=tuple(self._address(router, it) for it in router.virtual_addresses),
            excluded_addresses=tuple(self._address(router, it) for it in router.excluded_addresses),
        )

    def _address(self, router: VirtualRouter, address: IpAddress) -> IpAddress:
        if router.is_on_own_vmac(address):
            assert router.vmac
            return replace(address, device=router.vmac.name)
        if not router.is_on_other_vmac(address):
            return address
        family = address.interface.version
        base = address.device or router.interface, family, router.mac_of(family)
        name = self.others.get(base)
        if name is None:
            definitions = self.configuration.definitions
            prefix = definitions.vmac_addr_prefix or definitions.vmac_prefix or DEFAULT_PREFIX
            name = self.others[base] = self._free_name(prefix, router.vrid, family)
        return replace(address, device=name)

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
