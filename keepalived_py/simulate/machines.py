"""From the configurations of nodes to a world: the machines and cables that they seem to be written for.

Only configurations are known. Interfaces of one name are on one segment, as are those on which virtual
routers of one VRID share an address. Programs that scripts and trackers ask about run, scripts succeed,
links are up. VMACs are left out: addresses are on the interface itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from random import Random

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.question import question
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import Address
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.world import World

_OWN_ADDRESSES: dict[int, Address] = {4: IPv4Address("192.0.2.0"), 6: IPv6Address("fe80::")}
"""What nodes without a known address count theirs from, in the order of the nodes."""


def world_of(
    configurations: Mapping[str, Configuration],
    seed: int = 0,
    files: Mapping[str, Mapping[str, Configuration]] | None = None,
) -> World:
    """A world of nodes by name, none of which runs keepalived yet; `files` are what reloads give them."""
    configurations = {name: _without_vmacs(each) for name, each in configurations.items()}
    world = World(Random(seed))
    segments = _segments(configurations)
    for number, (name, configuration) in enumerate(configurations.items(), 1):
        interfaces = {
            interface: (
                segments[name, interface],
                [_own_address(configurations, name, number, interface, family) for family in (4, 6)],
            )
            for interface in interfaces_of(configuration)
        }
        known = {path: _without_vmacs(each) for path, each in (files or {}).get(name, {}).items()}
        node = world.add_node(name, configuration, interfaces, known)
        _start_programs(node, configuration)
    return world


def interfaces_of(configuration: Configuration) -> tuple[str, ...]:
    """All that a configuration expects to be there, in the order of their first mention."""
    return tuple(dict.fromkeys(name for name in _mentioned(configuration) if name))


def programs_of(configuration: Configuration) -> dict[str, int]:
    """The programs that it asks about, and how many processes of each satisfy it."""
    counts: dict[str, int] = {}
    for script in configuration.scripts.values():
        if asked := question(script.command):
            counts.setdefault(asked.service, 1)
    for process in configuration.processes.values():
        program = process.path.rpartition("/")[2]
        counts[program] = max(counts.get(program, 1), process.quorum)
    return counts


def _start_programs(node: Node, configuration: Configuration) -> None:
    node.processes.update(programs_of(configuration))


def _mentioned(configuration: Configuration) -> Iterator[str | None]:
    for router in configuration.routers.values():
        yield router.interface
        yield from (virtual.device for virtual in router.all_addresses)
        yield from (route.device for route in router.virtual_routes)
        yield from (tracked.name for tracked in router.track_interfaces)
    for group in configuration.groups.values():
        yield from (tracked.name for tracked in group.track_interfaces)


def _without_vmacs(configuration: Configuration) -> Configuration:
    routers = {
        name: replace(router, own_interface=None, use_vmac_addr=False)
        for name, router in configuration.routers.items()
    }
    return replace(configuration, routers=routers)


def _segments(configurations: Mapping[str, Configuration]) -> dict[tuple[str, str], str]:
    """The segment of each interface of each node, named by the first interface that is on it."""
    segments = {
        (name, interface): interface
        for name, configuration in configurations.items()
        for interface in interfaces_of(configuration)
    }
    seen: dict[tuple[int, Address], str] = {}
    for name, configuration in configurations.items():
        for router in configuration.routers.values():
            if router.interface is None:
                continue
            for virtual in router.all_addresses:
                segment = segments[name, router.interface]
                first = seen.setdefault((router.vrid, virtual.address), segment)
                segments = {key: first if each == segment else each for key, each in segments.items()}
    return segments


def _own_address(
    configurations: Mapping[str, Configuration], name: str, number: int, interface: str, family: int
) -> Address:
    """Where a node sends from: what it says, else the one address that the others send to and it does
    not, else one that nobody mentions."""
    for router in configurations[name].routers.values():
        if (router.interface, router.family) == (interface, family):
            others = [
                other
                for node, configuration in configurations.items()
                for other in configuration.routers.values()
                if node != name and (other.vrid, other.family) == (router.vrid, family)
            ]
            said = {router.source_address} if router.source_address else _peers(*others) - _peers(router)
            if len(said) == 1:
                return said.pop()
    base = _OWN_ADDRESSES[family]
    return type(base)(int(base) + number)


def _peers(*routers: VirtualRouter) -> set[Address]:
    return {peer.address for router in routers for peer in router.unicast_peers}
