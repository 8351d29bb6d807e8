"""Instances that would hear the adverts of each other as their own."""

from operator import itemgetter

from keepalived_py.model.router import (
    VirtualRouter,
)
from keepalived_py.schema.complete.completion import Completion


def duplicate_vrids(completion: Completion, routers: dict[str, VirtualRouter]) -> set[str]:
    """The later ones of instances that would hear each other's adverts as their own."""
    duplicates: set[str] = set()
    hearing: dict[tuple[object, ...], tuple[int, VirtualRouter]] = {}
    for number, router in enumerate(routers.values()):
        heard = _heard(router)
        rivals = [hearing[key] for key in heard if key in hearing]
        if rivals:
            _, first = min(rivals, key=itemgetter(0))
            advice = "another virtual_router_id for one of them"
            completion.error(
                completion.heads[router.name], "duplicate-vrid", _conflict(first, router), help=advice
            )
            duplicates.add(router.name)
        else:
            hearing |= dict.fromkeys(heard, (number, router))
    completion.halted |= bool(duplicates)
    return duplicates


def _heard(router: VirtualRouter) -> list[tuple[object, ...]]:
    """What tells the adverts for an instance from those for others: one for each unicast peer, none if
    keepalived does not compare them."""
    start = (router.vrid, router.family, router.unicast, router.interface)
    if not router.unicast:
        return [(*start, router.multicast_group)]
    if router.source_address is None:
        return []
    return [(*start, router.source_address, peer.address) for peer in router.unicast_peers]


def _conflict(first: VirtualRouter, second: VirtualRouter) -> str:
    """keepalived's words for two instances of one VRID, interface and address that get in each other's
    way."""
    if first.unicast:
        return f"({first.name}) duplicate VRID conflict with {second.name} VRID {first.vrid}"
    return (
        f"{first.name} and {second.name} both use VRID {first.vrid} "
        f"with IPv{first.family} on interface {first.interface}"
    )
