"""What is really so in a world, found without asking an engine: who could serve, with what priority, and
who reaches whom. The invariants hold the engines against this."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.simulate.network import Port
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.state import State

FILE_FAULT = -254
FILE_MAX = 253
"""What the number in a file can add to a priority; the least is a fault."""
PRIORITY_RANGE = (1, 254)
"""What weights can make of the priority of a router that does not own its addresses."""


@dataclass(frozen=True, slots=True)
class RouterKey:
    """What makes instances of several nodes one virtual router."""

    segment: str
    vrid: int
    family: int
    unicast: bool


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An instance on a node whose keepalived runs: one of those that make up a virtual router."""

    node: Node
    engine: Engine
    port: Port
    router: VirtualRouter

    @property
    def state(self) -> State:
        return self.engine.instances[self.router.name].state

    @property
    def is_master(self) -> bool:
        return self.state is State.MASTER

    @property
    def is_healthy(self) -> bool:
        """Whether nothing keeps it out of service, in its whole sync group."""
        configuration = self.engine.configuration
        group = group_of(configuration, self.router)
        routers = [configuration.routers[name] for name in group.members] if group else [self.router]
        return all(_is_sound(self.node, configuration, router) for router in routers)

    @property
    def priority(self) -> int:
        """The effective priority that configuration and trackers give it."""
        if self.router.is_owner:
            return self.router.priority
        configuration = self.engine.configuration
        total = self.router.priority
        for is_up, weight in _trackers(self.node, configuration, self.router):
            total += contribution(weight, is_up=is_up)
        for status in _file_statuses(self.node, configuration, self.router):
            total += status if status > FILE_FAULT else 0
        low, high = PRIORITY_RANGE
        return min(max(total, low), high)

    @property
    def failed_checks(self) -> list[bool]:
        """For each tracker with a weight, whether it takes away what it could give."""
        trackers = _trackers(self.node, self.engine.configuration, self.router)
        return [
            contribution(weight, is_up=is_up) < contribution(weight, is_up=not is_up)
            for is_up, weight in trackers
            if weight.value
        ]

    def __str__(self) -> str:
        return f"{self.node.name}/{self.router.name}"


class Survey:
    """Who takes part in which virtual router, at one moment."""

    def __init__(self, world: World) -> None:
        self.network = world.network
        self.routers: dict[RouterKey, list[Member]] = {}
        for node, engine in running(world):
            for router in engine.configuration.routers.values():
                port = world.network.port(node.name, router.interface or "")
                if port is not None:
                    key = RouterKey(port.segment, router.vrid, router.family, router.unicast)
                    self.routers.setdefault(key, []).append(Member(node, engine, port, router))

    @property
    def members(self) -> list[Member]:
        return [member for members in self.routers.values() for member in members]

    def parts(self) -> Iterator[tuple[RouterKey, list[Member]]]:
        """The virtual routers, cut where no packet passes in either direction."""
        for key, members in self.routers.items():
            parts: list[list[Member]] = []
            for member in members:
                near = [part for part in parts if any(self._are_linked(member, each) for each in part)]
                parts = [part for part in parts if part not in near]
                parts.append([member, *(each for part in near for each in part)])
            yield from ((key, part) for part in parts)

    def group_mates(self, member: Member) -> list[Member]:
        """The other members of its sync group, on its node."""
        group = group_of(member.engine.configuration, member.router)
        if group is None:
            return []
        return [
            other
            for other in self.members
            if other.node is member.node and other is not member and other.router.name in group.members
        ]

    def masters_heard(self, member: Member) -> list[Member]:
        """The masters of its virtual router on other nodes that it hears."""
        peers = next(members for members in self.routers.values() if member in members)
        return [peer for peer in peers if peer.is_master and self._hears(member, peer)]

    def hear_each_other(self, one: Member, other: Member) -> bool:
        return self._hears(one, other) and self._hears(other, one)

    def _are_linked(self, one: Member, other: Member) -> bool:
        return self._hears(one, other) or self._hears(other, one)

    def _hears(self, listener: Member, speaker: Member) -> bool:
        address = listener.router.source_address
        is_addressed = (
            not listener.router.unicast
            or address is None
            or listener.node.kernel.has_address(listener.port.interface, address)
        )
        return is_addressed and self.network.hears(listener.port, speaker.port)


def running(world: World) -> Iterator[tuple[Node, Engine]]:
    """The nodes whose keepalived runs, and does not stand still."""
    for node in world.nodes.values():
        if node.daemon and not node.daemon.suspended:
            yield node, node.daemon.engine


def contribution(weight: Weight, *, is_up: bool) -> int:
    """What a tracked object adds to the priority: a positive weight while it is up, a negative one while
    it is down; `reverse` turns the sign."""
    counts = is_up if weight.value > 0 else not is_up
    if not counts:
        return 0
    return -weight.value if weight.reverse else weight.value


def group_of(configuration: Configuration, router: VirtualRouter) -> SyncGroup | None:
    return next((group for group in configuration.groups.values() if router.name in group.members), None)


def settling_time_us(world: World) -> Microseconds:
    """How long the nodes may take to come to rest once nothing happens any more.

    All their configurations count: of a router that is gone others may still have its interval.
    Trackers notice; a master-down interval passes, and a lower router may be the first to become master;
    `preempt_delay` counts from its first advert, and is followed by another master-down interval.
    """
    files = [file for node in world.nodes.values() for file in (node.configuration, *node.files.values())]
    routers = [router for file in files for router in file.routers.values()]
    scripts = [script for file in files for script in file.scripts.values()]
    processes = [process for file in files for process in file.processes.values()]
    conditions = world.network.conditions
    script_us = max(
        (
            max(script.rise, script.fall)
            * (script.interval_us + (script.timeout_us or script.interval_us) + 3 * SECOND)
            for script in scripts
        ),
        default=0,
    )
    process_us = max((max(each.terminate_delay_us, each.fork_delay_us) for each in processes), default=0)
    settings = [settings for file in files for settings in file.interfaces.values()]
    link_us = max((max(each.down_delay_us, each.up_delay_us) for each in settings), default=0)
    startup_us = max(file.definitions.startup_delay_us for file in files)
    preempt_us = max((router.preempt_delay_us for router in routers), default=0)
    interval_us = max((router.advert_interval_us for router in routers), default=0)
    adverts = max((router.down_timer_adverts for router in routers), default=0)
    down_us = adverts * interval_us + max(interval_us, SECOND)
    travel_us = 4 * (conditions.delay_us + conditions.jitter_us)
    return startup_us + max(script_us, process_us, link_us) + preempt_us + 2 * down_us + travel_us


def _is_sound(node: Node, configuration: Configuration, router: VirtualRouter) -> bool:
    own = node.kernel.own_address(router.interface or "", router.family)
    if router.source_address is None and own is None:
        return False
    if any(status == FILE_FAULT for status in _file_statuses(node, configuration, router)):
        return False
    return all(
        weight.value or is_up is not weight.reverse
        for is_up, weight in _trackers(node, configuration, router)
    )


def _trackers(
    node: Node, configuration: Configuration, router: VirtualRouter
) -> Iterator[tuple[bool, Weight]]:
    """Everything tracked for a router: whether it is up, and how it counts."""
    vital = list(_vital_interfaces(router))
    yield from ((node.kernel.is_up(interface or ""), Weight()) for interface in vital)
    for name, weight in _weights(configuration, router, lambda subject: subject.track_interfaces):
        if name not in vital:
            yield node.kernel.is_up(name), weight
    for name, weight in _weights(configuration, router, lambda subject: subject.track_scripts):
        script = configuration.scripts[name]
        behaviour = node.behaviour(script)
        timeout_us = script.timeout_us or script.interval_us
        yield behaviour.status == 0 and behaviour.duration_us < timeout_us, weight
    for name, weight in _weights(configuration, router, lambda subject: subject.track_processes):
        process = configuration.processes[name]
        yield process.quorum <= node.count(process) <= (process.quorum_max or 65535), weight


def _file_statuses(node: Node, configuration: Configuration, router: VirtualRouter) -> Iterator[int]:
    """What each tracked file adds to the priority; FILE_FAULT is a fault instead."""
    for name, weight in _weights(configuration, router, lambda subject: subject.track_files):
        number = node.numbers[name]
        if weight.value:
            product = number * weight.value * (-1 if weight.reverse else 1)
            yield min(max(product, FILE_FAULT), FILE_MAX)
        else:
            yield FILE_FAULT if (number != 0) is not weight.reverse else 0


def _weights(
    configuration: Configuration,
    router: VirtualRouter,
    list_of: Callable[[VirtualRouter | SyncGroup], tuple[Tracked, ...]],
) -> Iterator[tuple[str, Weight]]:
    """Everything of a kind that is tracked for a router: where its sync group does so, too, the weight
    of the group counts, unless the router has none."""
    group = group_of(configuration, router)
    own = {tracked.name: tracked.weight for tracked in list_of(router)}
    others = {tracked.name: tracked.weight for tracked in list_of(group)} if group else {}
    unweighted = {name: weight for name, weight in own.items() if not weight.value}
    yield from (own | others | unweighted).items()


def _vital_interfaces(router: VirtualRouter) -> Iterator[str | None]:
    """The interfaces without which a router cannot serve, whatever weight `track_interface` gives them.

    That of a route matters even if it is the own one and `dont_track_primary` is set.
    """
    if router.track_primary:
        yield router.interface
    for virtual in router.all_addresses:
        if virtual.tracked and virtual.device not in (None, router.interface):
            yield virtual.device
    for route in router.virtual_routes:
        if route.tracked and route.device is not None:
            yield route.device
