"""Who removes our routes and rules: what the kernel reports, and what is told of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_interface

import pytest

from conformance.lab import Host, Lan
from conformance.linux.machine import eventually, on
from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket
from keepalived_py.linux.routes import Routes
from keepalived_py.linux.routing_monitor import RoutingMonitor
from keepalived_py.linux.rules import Rules
from keepalived_py.model.definitions import ReceiveBuffer
from keepalived_py.model.route import Route, Rule, RuleAction
from keepalived_py.vrrp.actions import Log

ROUTE = Route(destination=ip_interface("10.1.0.0/16"), gateway=ip_address("10.0.0.254"), device="eth0")
RULE = Rule(priority=100, action=RuleAction.LOOKUP, table=100, firewall_mark=5)
MARKER = Route(destination=ip_interface("10.99.0.0/16"), device="eth0")
"""Its end is reported after all else."""


@dataclass
class Watcher:
    """What was lost, and who can change something with our name."""

    routes: Routes
    rules: Rules
    monitor: RoutingMonitor
    lost: list[Route | Rule] = field(default_factory=list)
    log: list[Log] = field(default_factory=list)


@asynccontextmanager
async def watching(*items: Route | Rule, host: Host) -> AsyncIterator[Watcher]:
    """Watch until the end, when all that was reported has been read."""
    log: list[Log] = []
    lost: list[Route | Rule] = []
    loop = asyncio.get_running_loop()
    commands = CommandSocket()
    interfaces = Interfaces(
        commands, MonitorSocket(), lambda fact: None, lambda *removed: None, log.append, False
    )
    interfaces.start(loop)
    routes, rules = Routes(commands, interfaces, log.append), Rules(commands, log.append)
    monitor = RoutingMonitor(routes, commands.port, lost.append, log.append)
    monitor.watch([*items, MARKER], ReceiveBuffer())
    monitor.start(loop)
    routes.add([*(item for item in items if isinstance(item, Route)), MARKER])
    rules.add(item for item in items if isinstance(item, Rule))
    yield Watcher(routes, rules, monitor, lost, log)
    host.plumb("ip route del 10.99.0.0/16")
    await eventually(lambda: MARKER in lost, "all is reported")
    lost.remove(MARKER)
    monitor.stop(loop)
    interfaces.stop(loop)
    commands.close()


def test_what_someone_else_removes_is_lost(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching(ROUTE, RULE, host=host) as watcher:
            host.plumb("ip route del 10.1.0.0/16")
            host.plumb("ip rule del preference 100")
        assert watcher.lost == [ROUTE, RULE] or watcher.lost == [RULE, ROUTE]

    on(host, scenario())


def test_what_we_remove_is_not_lost(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching(ROUTE, RULE, host=host) as watcher:
            watcher.rules.remove([RULE])
            watcher.routes.remove([ROUTE])
        assert watcher.lost == []

    on(host, scenario())


def test_what_is_back_is_not_lost(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching(ROUTE, RULE, host=host) as watcher:
            host.plumb("ip route del 10.1.0.0/16")
            host.plumb("ip rule del preference 100")
            watcher.rules.add([RULE])
            watcher.routes.add([ROUTE])
        assert watcher.lost == []

    on(host, scenario())


def test_what_is_replaced_is_not_lost(lan: Lan) -> None:
    host = lan.host()
    after = Route(destination=ROUTE.destination, gateway=ROUTE.gateway, device="eth0", ecn=True)

    async def scenario() -> None:
        async with watching(ROUTE, host=host) as watcher:
            watcher.routes.replace(ROUTE, after)
            assert "ecn" in host.plumb("ip -d route show 10.1.0.0/16")
        assert watcher.lost == []

    on(host, scenario())


@pytest.mark.parametrize(
    "foreign",
    [
        "10.1.0.0/16 via 10.0.0.254 dev eth0 metric 9",
        "10.1.0.0/16 via 10.0.0.254 dev eth0 metric 9 protocol keepalived",
        "10.1.0.0/16 via 10.0.0.254 dev eth0 table 100 protocol keepalived",
        "10.1.0.0/17 via 10.0.0.254 dev eth0 protocol keepalived",
    ],
)
def test_routes_of_others_are_not_ours(lan: Lan, foreign: str) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching(ROUTE, host=host) as watcher:
            host.plumb(f"ip route add {foreign}")
            host.plumb(f"ip route del {foreign}")
        assert watcher.lost == []

    on(host, scenario())


def test_routes_of_other_protocols_are_not_even_heard_of(lan: Lan) -> None:
    """A router may have a million of them."""
    host = lan.host()

    async def scenario() -> None:
        async with watching(ROUTE, host=host) as watcher:
            # Far more than the buffer holds, while nobody reads.
            watcher.monitor.watch([ROUTE, MARKER], ReceiveBuffer(size_bytes=4096))
            host.write("/tmp/routes", "".join(f"route add 10.7.{n}.0/24 dev eth0\n" for n in range(200)))
            host.run("ip", "-batch", "/tmp/routes")
        assert watcher.lost == []
        assert watcher.log == []

    on(host, scenario())


def test_a_route_that_names_no_interface_is_known_to_be_on_one(lan: Lan) -> None:
    host = lan.host()
    route = Route(destination=ROUTE.destination, gateway=ROUTE.gateway)

    async def scenario() -> None:
        async with watching(route, host=host) as watcher:
            await eventually(lambda: watcher.monitor.devices == {route: 2}, "the interface is known")
            watcher.routes.remove([route])
            await eventually(lambda: watcher.monitor.devices == {}, "it is gone")

    on(host, scenario())
