"""What is there while the daemon runs: `static_ipaddress`, `static_routes` and `static_rules`."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from keepalived_py.linux.addresses import Addresses
from keepalived_py.linux.routes import Routes
from keepalived_py.linux.rules import Rules
from keepalived_py.model.address import IpAddress
from keepalived_py.model.address_text import address_line
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.route_text import route_line, rule_line
from keepalived_py.model.units import Interface
from keepalived_py.vrrp.actions import Log
from keepalived_py.vrrp.routing import exchange


class StaticEntries:
    """Keeps them in place: what someone else removes is put back, unless it is `no_track`."""

    def __init__(
        self, addresses: Addresses, routes: Routes, rules: Rules, log: Callable[[Log], None]
    ) -> None:
        self._addresses = addresses
        self._routes = routes
        self._rules = rules
        self._log = log
        self._set_addresses: dict[IpAddress, None] = {}
        self._set_routes: tuple[Route, ...] = ()
        self._set_rules: tuple[Rule, ...] = ()

    def configure(self, configuration: Configuration) -> None:
        """Have those of this configuration; what it shares with the one before stays untouched."""
        default = configuration.definitions.default_interface
        wanted = dict.fromkeys(
            replace(address, device=address.device or default) for address in configuration.static_addresses
        )
        change = exchange(
            (self._set_routes, self._set_rules), (configuration.static_routes, configuration.static_rules)
        )
        for line in change.log:
            self._log(line)
        self._rules.remove(change.removed_rules)
        self._routes.remove(change.removed_routes)
        for old, new in change.replaced_routes:
            self._routes.replace(old, new)
        before = self._set_addresses
        self._addresses.remove(None, [address for address in before if address not in wanted])
        self._addresses.add(None, [address for address in wanted if address not in before])
        self._routes.add(configuration.static_routes)
        self._rules.add(change.added_rules)
        self._set_addresses = wanted
        self._set_routes, self._set_rules = configuration.static_routes, configuration.static_rules

    def put_back_address(self, device: str, removed: Interface) -> None:
        """Someone has removed an address from `device`."""
        self._restore_addresses(device, removed)

    def put_back(self, lost: Route | Rule) -> None:
        """Someone has removed a route or rule, perhaps one of these."""
        if isinstance(lost, Rule):
            if lost in self._set_rules:
                self._rules.add([lost])
                self._log(Log(f"Restoring deleted static rule {rule_line(lost)}"))
        elif lost in self._set_routes:
            self._restore_routes([lost])

    def interface_returned(self, device: str) -> None:
        """An interface is up: it may be a new one of the same name, and routes went with its link."""
        self._restore_addresses(device)
        self._restore_routes(route for route in self._set_routes if route.tracked and route.device == device)

    def _restore_addresses(self, device: str, only: Interface | None = None) -> None:
        for address in self._set_addresses:
            if address.tracked and address.device == device and only in (None, address.interface):
                self._addresses.add(None, [address])
                self._log(Log(f"Restoring deleted static address {address_line(address, device, True)}"))

    def _restore_routes(self, routes: Iterable[Route]) -> None:
        for route in routes:
            self._routes.add([route])
            self._log(Log(f"Restoring deleted static route {route_line(route)}"))

    def stop(self) -> None:
        """Remove all of them."""
        self._rules.remove(self._set_rules)
        self._routes.remove(self._set_routes)
        self._addresses.remove(None, self._set_addresses)
        self._set_addresses, self._set_routes, self._set_rules = {}, (), ()
