"""The routes and rules of instances: there while master, and gone with it.

They follow the addresses, which a route may need: set after them, routes before the rules that lead to
them, and removed in the opposite order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keepalived_py.model.address import host_text
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.actions import (
    AddRoutes,
    AddRules,
    Level,
    Log,
    RemoveRoutes,
    RemoveRules,
    ReplaceRoute,
)
from keepalived_py.vrrp.turn import Turn


def set_routing(turn: Turn, config: VirtualRouter) -> None:
    """Add the routes and rules of an instance."""
    if config.virtual_routes:
        turn.log_detail(f"({config.name}) setting Virtual Routes")
        turn.do(AddRoutes(config.name, config.virtual_routes))
    if config.virtual_rules:
        turn.log_detail(f"({config.name}) setting Virtual Rules")
        turn.do(AddRules(config.name, config.virtual_rules))


def remove_routing(turn: Turn, config: VirtualRouter) -> None:
    """Remove the rules and routes of an instance."""
    if config.virtual_rules:
        turn.log_detail(f"({config.name}) removing Virtual Rules")
        turn.do(RemoveRules(config.name, config.virtual_rules))
    if config.virtual_routes:
        turn.log_detail(f"({config.name}) removing Virtual Routes")
        turn.do(RemoveRoutes(config.name, config.virtual_routes))


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is to be done where some routes and rules take the place of others: first with the rules, then
    with the routes, before anything is added."""

    removed_rules: tuple[Rule, ...]
    removed_routes: tuple[Route, ...]
    replaced_routes: tuple[tuple[Route, Route], ...]
    """That before, and that after."""
    added_rules: tuple[Rule, ...]
    log: tuple[Log, ...]


def exchange(
    before: tuple[Sequence[Route], Sequence[Rule]], after: tuple[Sequence[Route], Sequence[Rule]]
) -> Exchange:
    """The differences of routes and rules.

    Routes that stay are to be added again all the same: with an address the kernel drops those that need
    it, without a word.
    """
    (old_routes, old_rules), (new_routes, new_rules) = before, after
    kept = {_selection(rule) for rule in old_rules} & {_selection(rule) for rule in new_rules}
    removed_rules = tuple(rule for rule in old_rules if _selection(rule) not in kept)
    successors = {_way(route): route for route in reversed(new_routes)}
    removed_routes = tuple(route for route in old_routes if _way(route) not in successors)
    pairs = tuple((route, successors[_way(route)]) for route in old_routes if _way(route) in successors)
    return Exchange(
        removed_rules,
        removed_routes,
        tuple((old, new) for old, new in pairs if old != new),
        tuple(rule for rule in new_rules if _selection(rule) not in kept),
        (*_of_rules(removed_rules, new_rules), *_of_routes(removed_routes, new_routes)),
    )


def _selection(rule: Rule) -> Rule:
    """What a rule is to the kernel."""
    return replace(rule, track_group=None)


def _way(route: Route) -> tuple[object, ...]:
    """What makes a route the same one before and after; the rest of it can be replaced."""
    return (
        route.destination,
        route.tos,
        route.metric,
        route.table,
        route.scope,
        route.type,
        route.gateway,
        route.device,
        route.nexthops,
    )


def _of_rules(removed: Sequence[Rule], others: Sequence[Rule]) -> Iterator[Log]:
    if removed and not others:
        yield Log("Removing a VirtualRule block")
        return
    for rule in removed:
        source = host_text(rule.source) if rule.source else "all"
        destination = f" to {host_text(rule.destination)}" if rule.destination else ""
        yield Log(f"ip rule from {source}{destination} removed", Level.DETAIL)


def _of_routes(removed: Sequence[Route], others: Sequence[Route]) -> Iterator[Log]:
    if removed and not others:
        yield Log("Removing a VirtualRoute block", Level.DETAIL)
        return
    for route in removed:
        yield Log(f"Removing route {host_text(route.destination)}", Level.DETAIL)


def remove_old_routing(turn: Turn, name: str, change: Exchange) -> None:
    """Remove what a master has no more, and replace routes that have changed."""
    for line in change.log:
        turn.do(line)
    if change.removed_rules:
        turn.do(RemoveRules(name, change.removed_rules))
    if change.removed_routes:
        turn.do(RemoveRoutes(name, change.removed_routes))
    for before, after in change.replaced_routes:
        turn.do(ReplaceRoute(name, before, after))


def add_new_routing(turn: Turn, config: VirtualRouter, change: Exchange) -> None:
    """Add the rules that a master has not had before, and all of its routes."""
    if config.virtual_routes:
        turn.do(AddRoutes(config.name, config.virtual_routes))
    if change.added_rules:
        turn.do(AddRules(config.name, change.added_rules))


def tracks(config: VirtualRouter, lost: Route | Rule) -> bool:
    """Whether a master lets go of all that it has when it loses this route or rule."""
    return lost.tracked and (lost in config.virtual_routes or lost in config.virtual_rules)


def devices(config: VirtualRouter) -> Iterator[str]:
    """The interfaces without which the tracked routes and rules of an instance are nothing; those of
    nexthops do not count."""
    for route in config.virtual_routes:
        if route.tracked and route.device:
            yield route.device
    for rule in config.virtual_rules:
        if rule.tracked:
            yield from rule.devices


def devices_of_static_groups(configuration: Configuration) -> dict[str, frozenset[str]]:
    """By instance, the interfaces of the static entries whose `track_group` it is in; of a rule only the
    one that packets come in by counts."""
    default = configuration.definitions.default_interface
    by_group: dict[str, set[str]] = {name: set() for name in configuration.static_track_groups}
    for address in configuration.static_addresses:
        if address.tracked and address.track_group in by_group:
            by_group[address.track_group].add(address.device or default)
    for route in configuration.static_routes:
        if route.tracked and route.track_group in by_group and route.device:
            by_group[route.track_group].add(route.device)
    for rule in configuration.static_rules:
        if rule.tracked and rule.track_group in by_group and rule.input_device:
            by_group[rule.track_group].add(rule.input_device)
    by_instance: dict[str, frozenset[str]] = {}
    for name, group in configuration.static_track_groups.items():
        for member in group.members:
            by_instance[member] = by_instance.get(member, frozenset()) | by_group[name]
    return by_instance
