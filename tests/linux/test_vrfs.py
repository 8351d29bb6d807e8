"""Routes that name a VRF."""

from ipaddress import ip_interface

from keepalived_py.linux.vrfs import resolve_vrfs
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.place import Place
from keepalived_py.model.route import Route
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.actions import Log

TABLES = {"blue": 10, "eth0": None}


def route(destination: str, vrf: str | None = None, line: int = 1) -> Route:
    return Route(destination=ip_interface(destination), vrf=vrf, place=Place("file", line, 1))


def test_routes_get_the_tables_of_their_vrfs() -> None:
    router = VirtualRouter(
        name="VI", vrid=1, interface="eth0", virtual_routes=(route("10.2.0.0/16", "blue"),)
    )
    configuration = Configuration(
        routers={"VI": router}, static_routes=(route("10.1.0.0/16"), route("10.2.0.0/16", "blue"))
    )
    log: list[Log] = []
    found = resolve_vrfs(configuration, TABLES, log.append)
    assert [route.table for route in found.static_routes] == [254, 10]
    assert [route.table for route in found.routers["VI"].virtual_routes] == [10]
    assert log == []


def test_routes_of_what_is_no_vrf_are_left_out() -> None:
    statics = (route("10.1.0.0/16", "eth0", 4), route("10.2.0.0/16", "red", 5))
    log: list[Log] = []
    found = resolve_vrfs(Configuration(static_routes=statics), TABLES, log.append)
    assert found.static_routes == ()
    assert [line.text for line in log] == [
        "(file: Line 4) Route specified VRF eth0 is not a VRF",
        "(file: Line 5) VRF red not found for route",
    ]
