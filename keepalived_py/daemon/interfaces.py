"""Whether the interfaces of a configuration exist: keepalived does not run without them."""

import socket
from collections.abc import Iterable, Iterator

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.place import Place
from keepalived_py.model.route import Route, Rule


def missing_interfaces(configuration: Configuration) -> list[str]:
    """A message for each mention of an interface that this machine does not have, in the words of
    keepalived. With `dynamic_interfaces` none is missed: they may still come."""
    if configuration.definitions.dynamic_interfaces:
        return []
    existing = {name for _, name in socket.if_nameindex()}
    return [
        f"({place.file}: Line {place.line}) {message}"
        for name, place, message in _mentions(configuration)
        if name not in existing
    ]


def interfaces_to_come(configuration: Configuration) -> list[str]:
    """A message for each interface that is missing and, with `dynamic_interfaces`, may still come."""
    if not configuration.definitions.dynamic_interfaces:
        return []
    existing = {name for _, name in socket.if_nameindex()}
    return [
        f"Configuration specifies interface {name} which doesn't currently exist - will use if created"
        for name in dict.fromkeys(name for name, _, _ in _mentions(configuration))
        if name not in existing
    ]


def _mentions(configuration: Configuration) -> Iterator[tuple[str, Place, str]]:
    for address in configuration.static_addresses:
        if (name := address.device) is not None:
            yield name, address.place, _no_device(name, address.address)
    yield from _of_routing((*configuration.static_routes, *configuration.static_rules))
    for router in configuration.routers.values():
        yield from _of_routing((*router.virtual_routes, *router.virtual_rules))
        if (name := router.interface) is not None:
            text = f"WARNING - interface {name} for vrrp_instance {router.name} doesn't exist"
            yield name, router.place, text
        for tracked in router.track_interfaces:
            text = f"({router.name}) tracked interface {tracked.name} doesn't exist"
            yield tracked.name, tracked.place, text
        for address in router.all_addresses:
            if (name := address.device) is not None:
                yield name, address.place, _no_device(name, address.address)
    for group in configuration.groups.values():
        for tracked in group.track_interfaces:
            text = f"({group.name}) tracked interface {tracked.name} doesn't exist"
            yield tracked.name, tracked.place, text


def _of_routing(items: Iterable[Route | Rule]) -> Iterator[tuple[str, Place, str]]:
    for item in items:
        what = "rule" if isinstance(item, Rule) else "VROUTE nexthop"
        for name in item.devices:
            yield name, item.place, f"WARNING - interface {name} for {what} doesn't exist"


def _no_device(name: str, address: object) -> str:
    return f"WARNING - interface {name} for ip address {address} doesn't exist"
