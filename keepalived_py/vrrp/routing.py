"""The routes and rules of instances: there while master, and gone with it.

They follow the addresses, which a route may need: set after them, routes before the rules that lead to
them, and removed in the opposite order.
"""

from collections.abc import Iterable, Iterator

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.actions import AddRoutes, AddRules, RemoveRoutes, RemoveRules, ReplaceRoute
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


def remove_old_routing(turn: Turn, name: str, before: VirtualRouter, after: VirtualRouter) -> None:
    """Remove, of the rules and routes that a master had, what it has no more, and put routes that have
    changed in the place of what they were."""
    if rules := tuple(rule for rule in before.virtual_rules if rule not in after.virtual_rules):
        if not after.virtual_rules:
            turn.log("Removing a VirtualRule block")
        turn.do(RemoveRules(name, rules))
    successors = {way(route): route for route in reversed(after.virtual_routes)}
    if gone := tuple(route for route in before.virtual_routes if way(route) not in successors):
        for route in gone if after.virtual_routes else ():
            turn.log_detail(f"Removing route {route.destination}")
        if not after.virtual_routes:
            turn.log_detail("Removing a VirtualRoute block")
        turn.do(RemoveRoutes(name, gone))
    for route in before.virtual_routes:
        successor = successors.get(way(route))
        if successor is not None and successor != route:
            turn.do(ReplaceRoute(name, route, successor))


def add_new_routing(turn: Turn, name: str, before: VirtualRouter, after: VirtualRouter) -> None:
    """Add the routes and rules that a master has not had before its reload.

    All routes are added: with an address the kernel drops those that need it, without a word.
    """
    if after.virtual_routes:
        turn.do(AddRoutes(name, after.virtual_routes))
    if rules := tuple(rule for rule in after.virtual_rules if rule not in before.virtual_rules):
        turn.do(AddRules(name, rules))


def way(route: Route) -> tuple[object, ...]:
    """What makes a route the same one before and after a reload; the rest of it can be replaced."""
    return (
        route.destination,
        route.tos,
        route.metric,
        route.table,
        route.vrf,
        route.scope,
        route.type,
        route.gateway,
        route.device,
        route.nexthops,
    )


def tracks(config: VirtualRouter, lost: Route | Rule) -> bool:
    """Whether the loss of a route or rule ends the rule of a master."""
    return lost.tracked and (lost in config.virtual_routes or lost in config.virtual_rules)


def devices(config: VirtualRouter) -> Iterator[str]:
    """The interfaces without which the tracked routes and rules of an instance are nothing."""
    return _devices((*config.virtual_routes, *config.virtual_rules))


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


def _devices(items: Iterable[Route | Rule]) -> Iterator[str]:
    for item in items:
        ends = (item.device,) if isinstance(item, Route) else (item.input_device, item.output_device)
        if item.tracked:
            yield from filter(None, ends)
