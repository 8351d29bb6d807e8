"""What a node's kernel knows of its interfaces. It outlives the daemon."""

from collections.abc import Iterable, Iterator

from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import Address


class Kernel:
    """Interfaces, their links, and their addresses in the order they were added."""

    def __init__(self) -> None:
        self._up: dict[str, bool] = {}
        self._own: dict[tuple[str, int], Address] = {}
        self._virtual: dict[tuple[str, Address], bool] = {}
        self.routing: dict[Route | Rule, None] = {}
        """Routes and policy rules that someone has added. Their interfaces do not matter here."""

    def add_interface(self, name: str, *addresses: Address) -> None:
        """An interface with addresses of its own, at most one of a family; its link is up."""
        self._up[name] = True
        for address in addresses:
            self._own[name, address.version] = address

    @property
    def interfaces(self) -> tuple[str, ...]:
        return tuple(self._up)

    def is_up(self, interface: str) -> bool:
        """Whether the interface exists and its link is up."""
        return self._up.get(interface, False)

    def set_link(self, interface: str, *, up: bool) -> None:
        self._up[interface] = up

    def own_address(self, interface: str, family: int) -> Address | None:
        """The address that adverts of a family are sent from; None if it has none."""
        return self._own.get((interface, family))

    def set_own_address(self, interface: str, family: int, address: Address | None) -> None:
        self._own.pop((interface, family), None)
        if address is not None:
            self._own[interface, family] = address

    def has_address(self, interface: str, address: Address) -> bool:
        return self._own.get((interface, address.version)) == address or (interface, address) in self._virtual

    @property
    def virtual_addresses(self) -> dict[tuple[str, Address], bool]:
        """The addresses, with their interfaces, that someone has added, and whether they were announced."""
        return self._virtual

    def interfaces_with(self, address: Address) -> Iterator[str]:
        """The interfaces that someone has added this address to."""
        return (interface for interface, added in tuple(self._virtual) if added == address)

    def add_address(self, interface: str, address: Address) -> None:
        """Add an address, as netlink does: no harm if it is there, no effect without the interface."""
        if interface in self._up:
            self._virtual.setdefault((interface, address), False)

    def remove_address(self, interface: str, address: Address) -> None:
        self._virtual.pop((interface, address), None)

    def remove_routing(self, items: Iterable[Route | Rule]) -> None:
        for item in items:
            self.routing.pop(item, None)

    def announce(self, interface: str, address: Address) -> None:
        """A gratuitous ARP for `address` leaves the interface, if its link is up."""
        if self.is_up(interface) and (interface, address) in self._virtual:
            self._virtual[interface, address] = True

    def lose_power(self) -> None:
        self._virtual.clear()
        self.routing.clear()
