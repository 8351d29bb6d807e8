"""Put routes into the kernel's tables and take them out (`virtual_routes`, `static_routes`)."""

import errno
import os
from collections.abc import Callable, Iterable, Sequence

from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.netlink import CommandSocket, EncodedOrder
from keepalived_py.linux.route_message import (
    PLACEMENTS,
    RTM_DELROUTE,
    RTM_NEWROUTE,
    Create,
    RouteReport,
    read_route,
    route_body,
)
from keepalived_py.model.route import Route
from keepalived_py.model.route_text import route_line
from keepalived_py.vrrp.actions import Log

_GONE = (errno.ESRCH, errno.ENODEV, errno.ENETUNREACH, errno.EOPNOTSUPP)
"""What the kernel says of the removal of a route that is not there, or cannot be."""


class NoInterfaceError(Exception):
    """The configuration names an interface that does not exist."""


class Routes:
    """Changes routes, and says in the log what the kernel refused."""

    def __init__(self, commands: CommandSocket, interfaces: Interfaces, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._interfaces = interfaces
        self._log = log

    def add(self, routes: Iterable[Route]) -> None:
        """Add routes in this order. One that is there already is left as it is."""
        orders = []
        for route in routes:
            try:
                order = EncodedOrder(RTM_NEWROUTE, PLACEMENTS[route.placement], self._body(route))
            except NoInterfaceError as error:
                self._log(Log(f"Not adding route {route_line(route)} since interface {error} doesn't exist"))
            else:
                orders.append((route, order))
        for route, result in self._execute(orders):
            if result not in (0, errno.EEXIST):
                self._log(_refusal("adding", route, result))

    def remove(self, routes: Iterable[Route]) -> None:
        """Remove routes in this order; one that is not there is no error."""
        orders = []
        for route in routes:
            try:
                order = EncodedOrder(RTM_DELROUTE, 0, self._body(route, remove=True))
            except NoInterfaceError:
                continue  # gone, with all its routes
            orders.append((route, order))
        for route, result in self._execute(orders):
            if result != 0 and result not in _GONE:
                self._log(_refusal("removing", route, result))

    def replace(self, before: Route, after: Route) -> None:
        """Put a route into the place of another, at once. Where the kernel refuses that, the one before is
        removed: what the one after needs may be there later."""
        try:
            order = EncodedOrder(RTM_NEWROUTE, Create.REPLACE, self._body(after))
        except NoInterfaceError:
            refused = True
        else:
            refused = any(self._commands.execute([order]))
        if refused:
            self.remove([before])

    def expected_report(self, route: Route) -> RouteReport:
        """What the kernel reports when it has added a route. Raises NoInterfaceError."""
        return read_route(self._body(route))

    def _body(self, route: Route, *, remove: bool = False) -> bytes:
        return route_body(route, self._index, remove=remove)

    def _index(self, name: str) -> int:
        if link := self._interfaces.get(name):
            return link.index
        raise NoInterfaceError(name)

    def _execute(self, orders: Sequence[tuple[Route, EncodedOrder]]) -> list[tuple[Route, int]]:
        """Carry out orders; for each its errno, 0 if it was done."""
        results = self._commands.execute([order for _, order in orders])
        return [(route, result) for (route, _), result in zip(orders, results, strict=True)]


def _refusal(doing: str, route: Route, number: int) -> Log:
    return Log(f"Netlink: error: {os.strerror(number)}({number}), {doing} route {route_line(route)}")
