"""Rules about sync groups: what is master together on one node should be so on all."""

from collections.abc import Iterator

from keepalived_py.check.cluster.elections import Cluster, Member
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.config.diagnostic import Related


@rule("cluster-group")
def different_groups(cluster: Cluster) -> Iterator[Finding]:
    """Instances are in one sync group on a node, and not so on another. When one of them fails, the first
    node gives up all of them and the other takes over only some, or the other way round: what should
    stay together is on two nodes."""
    elections = tuple(cluster.elections)
    of_member = {
        (member.node.name, member.router.name): number
        for number, election in enumerate(elections)
        for member in election.members
    }

    def partners(member: Member) -> frozenset[int]:
        """The elections that a member's sync group takes part in."""
        names = member.group.members if member.group else (member.router.name,)
        found = (of_member.get((member.node.name, name)) for name in names)
        return frozenset(number for number in found if number is not None)

    told: set[tuple[str, str, frozenset[int]]] = set()
    for election in elections:
        for one, other in election.pairs:
            nodes = {one.node.name, other.node.name}
            groups = [
                frozenset(
                    number
                    for number in partners(member)
                    if nodes <= {each.node.name for each in elections[number].members}
                )
                for member in (one, other)
            ]
            key = (one.node.name, other.node.name, groups[0] | groups[1])
            if groups[0] == groups[1] or key in told:
                continue
            told.add(key)
            yield Finding(
                _at(other).span,
                f"({other.router.name}) {_words(other)} on {other}, {_words(one)} on {one}: when "
                "a part fails, the rest may be on another node",
                "the same vrrp_sync_group on all nodes",
                (_at(one),),
            )


def _words(member: Member) -> str:
    if member.group is None:
        return "in no sync group"
    return f"in sync group {member.group.name} of {', '.join(member.group.members)}"


def _at(member: Member) -> Related:
    if member.group is None:
        return member.related("in no sync group")
    return Related(member.node.text.span(member.group.place), f"{member}: {', '.join(member.group.members)}")
