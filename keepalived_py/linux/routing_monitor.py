"""Notices when someone else removes routes or policy rules of ours."""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable

from keepalived_py.linux.netlink import ROUTING_GROUPS, OverrunError, RoutingMonitorSocket
from keepalived_py.linux.route_message import RTM_DELROUTE, RTM_NEWROUTE, RouteReport, read_route
from keepalived_py.linux.routes import NoInterfaceError, Routes
from keepalived_py.linux.rule_message import RTM_DELRULE, RTM_NEWRULE, RuleReport, read_rule, rule_body
from keepalived_py.model.definitions import ReceiveBuffer
from keepalived_py.model.route import Route, Rule
from keepalived_py.vrrp.actions import Log


class RoutingMonitor:
    """Tells `lost` which of the watched routes and rules have gone without an order of ours.

    `own_port` is the netlink port that our orders come from. What is back by the time that its end is
    read is not lost.
    """

    def __init__(
        self,
        routes: Routes,
        own_port: int,
        lost: Callable[[Route | Rule], None],
        log: Callable[[Log], None],
    ) -> None:
        self._routes = routes
        self._own_port = own_port
        self._lost = lost
        self._log = log
        self._socket = RoutingMonitorSocket()
        self._watched_routes: list[Route] = []
        self._watched_rules: dict[RuleReport, Rule] = {}
        self.devices: dict[Route, int] = {}
        """The interfaces of watched routes that are there and do not name one."""

    def start(self, loop: AbstractEventLoop) -> None:
        loop.add_reader(self._socket.fileno(), self.read)

    def stop(self, loop: AbstractEventLoop) -> None:
        loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def watch(self, items: Iterable[Route | Rule], buffer: ReceiveBuffer) -> None:
        """From now on watch these, and no others, with this receive buffer. Those that are not tracked are
        passed over."""
        self._socket.configure(buffer)
        items = list(items)
        self.devices = {route: self.devices[route] for route in self.devices.keys() & set(items)}
        groups = set()
        self._watched_routes.clear()
        self._watched_rules.clear()
        for item in items:
            if not item.tracked:
                continue
            if isinstance(item, Rule):
                self._watched_rules[read_rule(rule_body(item))] = item
                groups.add(ROUTING_GROUPS["rule", item.family])
            else:
                self._watched_routes.append(item)
                groups.add(ROUTING_GROUPS["route", item.family])
        self._socket.set_groups(groups)

    def read(self) -> None:
        """Tell what was lost by now."""
        gone: dict[Route | Rule, None] = {}
        try:
            for kind, port, body in self._socket.receive():
                item = self._watched(kind, body)
                if item is None:
                    continue
                self._note_device(item, kind, body)
                if kind in (RTM_NEWROUTE, RTM_NEWRULE):
                    gone.pop(item, None)
                elif port != self._own_port:
                    gone[item] = None
        except OverrunError:
            self._log(Log("Netlink: Receive buffer overrun on monitor socket of routes and rules"))
        for item in gone:
            self._lost(item)

    def _watched(self, kind: int, body: bytes) -> Route | Rule | None:
        """The route or rule of ours that a report is about."""
        if kind in (RTM_NEWRULE, RTM_DELRULE):
            return self._watched_rules.get(read_rule(body))
        if kind in (RTM_NEWROUTE, RTM_DELROUTE):
            report = read_route(body)
            return next((route for route in self._watched_routes if self._may_be(report, route)), None)
        return None

    def _note_device(self, item: Route | Rule, kind: int, body: bytes) -> None:
        if isinstance(item, Rule) or item.device is not None:
            return
        device = read_route(body).device
        if kind == RTM_NEWROUTE and device is not None:
            self.devices[item] = device
        else:
            self.devices.pop(item, None)

    def _may_be(self, report: RouteReport, route: Route) -> bool:
        try:
            return report.may_be(self._routes.expected_report(route))
        except NoInterfaceError:
            return False
