"""Instances that would hear the adverts of each other as their own."""

from keepalived_py.model.router import (
    VirtualRouter,
)
from keepalived_py.schema.complete.completion import Completion


def duplicate_vrids(completion: Completion, routers: dict[str, VirtualRouter]) -> set[str]:
    """The later ones of instances that would hear each other's adverts as their own."""
    duplicates: set[str] = set()
    rivals: dict[tuple[object, ...], list[VirtualRouter]] = {}
    for router in routers.values():
        where = router.source_address if router.unicast else router.multicast_group
        key = (router.vrid, router.family, router.unicast, router.interface, where)
        others = rivals.setdefault(key, [])
        message = next(filter(None, (_conflict(other, router) for other in others)), "")
        if message:
            head = completion.drafts.instances[router.name].head
            advice = "another virtual_router_id for one of them"
            completion.error(head, "duplicate-vrid", message, help=advice)
            duplicates.add(router.name)
        else:
            others.append(router)
    completion.halted |= bool(duplicates)
    return duplicates


def _conflict(first: VirtualRouter, second: VirtualRouter) -> str:
    """keepalived's words for two instances of one VRID, interface and address that get in each other's
    way; empty if their peers differ."""
    if first.unicast:
        ours = {peer.address for peer in first.unicast_peers}
        theirs = {peer.address for peer in second.unicast_peers}
        if first.source_address is None or not ours & theirs:
            return ""
        return f"({first.name}) duplicate VRID conflict with {second.name} VRID {first.vrid}"
    return (
        f"{first.name} and {second.name} both use VRID {first.vrid} "
        f"with IPv{first.family} on interface {first.interface}"
    )
