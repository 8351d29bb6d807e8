"""The routing tables of VRFs, which routes name by their interfaces (`vrf`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pyroute2.netlink.rtnl import RTM_GETLINK

from keepalived_py.linux.netlink import CommandSocket
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route
from keepalived_py.vrrp.actions import Log


def with_vrf_tables(
    configuration: Configuration, commands: CommandSocket, log: Callable[[Log], None]
) -> Configuration:
    """The configuration with the tables of the VRFs of this machine. Raises OSError if the kernel does not
    tell."""
    routers = configuration.routers.values()
    routes = [*configuration.static_routes, *(it for each in routers for it in each.virtual_routes)]
    if not any(route.vrf for route in routes):
        return configuration
    links = [report.content for report in commands.dump(RTM_GETLINK)]
    tables = {link.get_attr("IFLA_IFNAME"): _table(link.get_attr("IFLA_LINKINFO")) for link in links}
    return resolve_vrfs(configuration, tables, log)


def _table(information: Any) -> int | None:
    if information is None or information.get_attr("IFLA_INFO_KIND") != "vrf":
        return None
    table: int | None = information.get_attr("IFLA_INFO_DATA").get_attr("IFLA_VRF_TABLE")
    return table


def resolve_vrfs(
    configuration: Configuration, tables: Mapping[str, int | None], log: Callable[[Log], None]
) -> Configuration:
    """The configuration with the tables of VRFs. Routes of those that are not there are logged and left
    out, as by keepalived; an interface that is no VRF has None in `tables`."""

    def resolved(routes: tuple[Route, ...]) -> Iterator[Route]:
        for route in routes:
            if route.vrf is None:
                yield route
            elif (table := tables.get(route.vrf)) is not None:
                yield replace(route, table=table)
            else:
                absent = f"VRF {route.vrf} not found for route"
                what = f"Route specified VRF {route.vrf} is not a VRF" if route.vrf in tables else absent
                log(Log(f"({route.place.file}: Line {route.place.line}) {what}"))

    return replace(
        configuration,
        static_routes=tuple(resolved(configuration.static_routes)),
        routers={
            name: replace(router, virtual_routes=tuple(resolved(router.virtual_routes)))
            for name, router in configuration.routers.items()
        },
    )
