"""Who has which address, and when: what the users of a cluster notice of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from keepalived_py.model.units import Address, Microseconds
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.world import World


@dataclass(frozen=True, slots=True)
class Term:
    """A time during which a node has an address on an interface that is up."""

    node: str
    from_us: Microseconds
    to_us: Microseconds


class Serving:
    """Observes a world, from its beginning to `end`."""

    def __init__(self, world: World) -> None:
        self.terms: dict[Address, list[Term]] = {address: [] for address in virtual_addresses(world)}
        """By the time of their end."""
        self._world = world
        self._since: dict[tuple[Address, str], Microseconds] = {}
        self._turns: dict[str, int] = {}
        world.observers.append(lambda _: self.look())

    def look(self) -> None:
        """Take note of who has what now."""
        for node in self._world.nodes.values():
            if self._turns.get(node.name) != node.turns:
                self._turns[node.name] = node.turns
                self._look_at(node, held_by(node))

    def end(self) -> None:
        """What is now served has been so until now."""
        for node in self._world.nodes.values():
            self._look_at(node, frozenset())

    def _look_at(self, node: Node, held: frozenset[Address]) -> None:
        now_us = self._world.clock.now_us
        for address in held:
            self._since.setdefault((address, node.name), now_us)
        for address, holder in [key for key in self._since if key[1] == node.name and key[0] not in held]:
            since_us = self._since.pop((address, holder))
            if since_us < now_us:
                self.terms.setdefault(address, []).append(Term(holder, since_us, now_us))

    def time_with(self, address: Address, holders: range) -> Microseconds:
        """For how long so many nodes had the address, counted from when it was first served."""
        return sum(to_us - from_us for from_us, to_us, count in self._counts(address) if count in holders)

    def _counts(self, address: Address) -> Iterator[tuple[Microseconds, Microseconds, int]]:
        """How many have it, from its first term to the end of the world."""
        terms = self.terms[address]
        if not terms:
            yield 0, self._world.clock.now_us, 0
            return
        starts = {term.from_us for term in terms}
        bounds = sorted(starts | {term.to_us for term in terms} | {self._world.clock.now_us})
        for from_us, to_us in pairwise(bounds):
            yield from_us, to_us, sum(term.from_us <= from_us and to_us <= term.to_us for term in terms)


NOBODY = range(1)
SEVERAL = range(2, 256)


def virtual_addresses(world: World) -> tuple[Address, ...]:
    """All that the nodes' configurations may serve, in order."""
    files = [file for node in world.nodes.values() for file in (node.configuration, *node.files.values())]
    routers = [router for file in files for router in file.routers.values()]
    return tuple(dict.fromkeys(each.address for router in routers for each in router.all_addresses))


def held_by(node: Node) -> frozenset[Address]:
    """The virtual addresses that a node has on interfaces that are up."""
    kernel = node.kernel
    return frozenset(address for device, address in kernel.virtual_addresses if kernel.is_up(device))
