"""The nodes of a cluster, and which of their instances elect a master among themselves."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from keepalived_py.check.lint.text import Text
from keepalived_py.config.diagnostic import Related, Span
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.units import Address


class Node(NamedTuple):
    """A machine of the cluster, by its name, with the configuration it runs."""

    name: str
    configuration: Configuration
    text: Text


class Member(NamedTuple):
    """An instance of a node, as a party of an election."""

    node: Node
    router: VirtualRouter

    def __str__(self) -> str:
        return self.node.name

    @property
    def group(self) -> SyncGroup | None:
        """The sync group that the instance is in."""
        groups = self.node.configuration.groups.values()
        return next((group for group in groups if self.router.name in group.members), None)

    def at(self, *path: str) -> Span:
        """The words after a keyword of the instance, or its name if it lacks the keyword."""
        if path and (statement := self.node.text.keyword(self.router.place, *path)):
            return statement.span(1, len(statement.words) - 1) if statement.words[1:] else statement.span()
        return self.node.text.span(self.router.place)

    def related(self, message: str, *path: str) -> Related:
        return Related(self.at(*path), f"{self}: {message}")


class Election(NamedTuple):
    """The instances that hear each other, at most one of a node."""

    members: tuple[Member, ...]

    @property
    def pairs(self) -> Iterator[tuple[Member, Member]]:
        """The first member with each of the others: a difference shows once for each node."""
        return ((self.members[0], other) for other in self.members[1:])

    @property
    def is_of_strangers(self) -> bool:
        """Whether nobody has an address in common: they only share a VRID."""
        return not any(_share_an_address(one, other) for one, other in combinations(self.members, 2))


class Cluster(NamedTuple):
    """All nodes, and who elects a master with whom."""

    nodes: tuple[Node, ...]
    parties: tuple[Election, ...]
    """Also of a single instance, and of strangers."""

    @property
    def elections(self) -> Iterator[Election]:
        """Of several instances that are to serve the same addresses."""
        return (one for one in self.parties if len(one.members) > 1 and not one.is_of_strangers)


def cluster_of(nodes: Iterable[Node]) -> Cluster:
    """Find out who elects a master with whom.

    Only files are known, not cables: instances of one VRID and family on two nodes belong together if
    they have an address in common, or else if their interfaces have the same name.
    """
    nodes = tuple(nodes)
    parties: list[list[Member]] = []
    for node in nodes:
        mine = [Member(node, router) for router in node.configuration.routers.values()]
        for alike in (_share_an_address, _share_a_segment):
            for member in tuple(mine):
                if party := _party_of(member, parties, alike):
                    party.append(member)
                    mine.remove(member)
        parties += [[member] for member in mine]
    return Cluster(nodes, tuple(Election(tuple(party)) for party in parties))


def _party_of(
    member: Member, parties: Iterable[list[Member]], alike: Callable[[Member, Member], bool]
) -> list[Member] | None:
    vrid, family = member.router.vrid, member.router.family
    for party in parties:
        if any(other.node is member.node for other in party):
            continue
        if any((o.router.vrid, o.router.family) == (vrid, family) and alike(member, o) for o in party):
            return party
    return None


def _share_an_address(one: Member, other: Member) -> bool:
    return bool(addresses_of(one) & addresses_of(other))


def _share_a_segment(one: Member, other: Member) -> bool:
    """Multicast on interfaces of one name. Unicast instances only hear whom they name."""
    routers = (one.router, other.router)
    return routers[0].interface == routers[1].interface and not any(router.unicast for router in routers)


def addresses_of(member: Member) -> frozenset[Address]:
    """All that a member serves while it is master."""
    return frozenset(virtual.address for virtual in member.router.all_addresses)
