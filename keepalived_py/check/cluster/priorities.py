"""Rules about who wins: priorities, preemption, and weights that change nothing."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from keepalived_py.check.cluster.elections import Cluster, Election, Member
from keepalived_py.check.cluster.trackers import trackers_of
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.router import OWNER_PRIORITY, InitialState
from keepalived_py.model.tracking import Tracked


class Amount(NamedTuple):
    """What a tracker with a weight adds to the priority while all is well, and after its failure."""

    tracked: Tracked
    well: int
    failed: int


def amounts(member: Member) -> list[Amount]:
    """What changes the priority of a member, by its own trackers and those of its sync group."""
    found: list[Amount] = []
    for _, tracked in trackers_of(member):
        value = -tracked.weight.value if tracked.weight.reverse else tracked.weight.value
        if value:
            found.append(Amount(tracked, max(value, 0), min(value, 0)))
    return found


def clamped(priority: int) -> int:
    return max(1, min(priority, OWNER_PRIORITY - 1))


def priority_when_well(member: Member) -> int:
    """The effective priority while nothing has failed."""
    router = member.router
    if router.is_owner:
        return OWNER_PRIORITY
    return clamped(router.priority + sum(amount.well for amount in amounts(member)))


def _ranked(election: Election) -> tuple[Member, Member, int, int]:
    """The member that wins while all is well, the next one, and their priorities."""
    first, second, *_ = sorted(election.members, key=priority_when_well, reverse=True)
    return first, second, priority_when_well(first), priority_when_well(second)


@rule("cluster-weight", Severity.ERROR)
def weight_moves_nothing(cluster: Cluster) -> Iterator[Finding]:
    """A weight can never change who is master: even when all that the master tracks with a weight has
    failed, its priority is not below that of the next node. An equal priority takes nothing over."""
    for election in cluster.elections:
        first, second, highest, next_highest = _ranked(election)
        weighted = amounts(first)
        if first.router.is_owner or not weighted:
            continue
        base = first.router.priority
        if clamped(base + sum(amount.failed for amount in weighted)) < next_highest:
            continue
        for amount in weighted:
            lost = amount.well - amount.failed
            left = clamped(base + sum(one.well for one in weighted) - lost)
            relation = ">" if left > next_highest else "="
            if left < next_highest:
                continue
            yield Finding(
                first.node.text.span(amount.tracked.place),
                f"({first.router.name}) when {amount.tracked.name} fails on {first}, nothing moves: "
                f"{highest} − {highest - left} = {left} {relation} {next_highest} of {second}",
                f"a weight of more than {highest - next_highest}, or 0, so that a failure is a fault",
                (second.related(f"{next_highest} while all is well there", "priority"),),
            )


@rule("cluster-equal-priorities")
def equal_priorities(cluster: Cluster) -> Iterator[Finding]:
    """Two nodes of a virtual router have the same priority. The higher address decides, if both become
    master at once; else whoever is master stays it."""
    for election in cluster.elections:
        for one, other in combinations(election.members, 2):
            priority = one.router.priority
            if priority == other.router.priority != OWNER_PRIORITY:
                yield Finding(
                    other.at("priority"),
                    f"({other.router.name}) {other} and {one} both have priority {priority}: chance and "
                    "addresses decide who is master",
                    "a priority of its own for each node",
                    (one.related(f"priority {priority}", "priority"),),
                )


@rule("cluster-two-owners", Severity.ERROR)
def two_owners(cluster: Cluster) -> Iterator[Finding]:
    """Two nodes have priority 255, which says that the addresses are their own: neither gives way to the
    other. `state MASTER` without a priority means 255."""
    for election in cluster.elections:
        owners = [member for member in election.members if member.router.is_owner]
        for one, other in pairwise(owners):
            yield Finding(
                other.at("priority"),
                f"({other.router.name}) {other} and {one} both have priority {OWNER_PRIORITY}: both own the "
                "addresses",
                f"priorities below {OWNER_PRIORITY} that differ",
                (one.related(f"priority {OWNER_PRIORITY}", "priority"),),
            )


@rule("cluster-state")
def master_on_lower_node(cluster: Cluster) -> Iterator[Finding]:
    """`state MASTER` stands on a node, and another one has a higher priority, on which it does not: the
    first one is master only until it hears the other."""
    for election in cluster.elections:
        highest = max(election.members, key=priority_when_well)
        if highest.router.state is InitialState.MASTER:
            continue
        for member in election.members:
            if member.router.state is InitialState.MASTER and priority_when_well(member) < priority_when_well(
                highest
            ):
                yield Finding(
                    member.at("state"),
                    f"({member.router.name}) {member} begins as MASTER with priority "
                    f"{priority_when_well(member)}, and {highest} has {priority_when_well(highest)}",
                    f"state MASTER on {highest}, or on no node",
                    (highest.related(f"priority {priority_when_well(highest)}", "priority"),),
                )


@rule("cluster-nopreempt")
def nopreempt_on_one_side(cluster: Cluster) -> Iterator[Finding]:
    """`nopreempt` stands on a node of a virtual router, and not on the one with the highest priority. It
    says what a node does when it comes back and finds a master of lower priority, so that it is the
    highest that needs it."""
    for election in cluster.elections:
        highest = max(election.members, key=priority_when_well)
        if highest.router.nopreempt:
            continue
        for member in election.members:
            if member.router.nopreempt and priority_when_well(member) < priority_when_well(highest):
                yield Finding(
                    member.at("nopreempt"),
                    f"({member.router.name}) nopreempt on {member} has no use while {highest}, which has the "
                    "higher priority, preempts",
                    "nopreempt on all nodes, or on none",
                    (highest.related("has no nopreempt"),),
                )
