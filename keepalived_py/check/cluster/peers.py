"""Rules about unicast: who sends to whom."""

from collections.abc import Iterator
from itertools import combinations

from keepalived_py.check.cluster.elections import Cluster, Election, Member
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.units import Address


def _unicast(cluster: Cluster) -> Iterator[Election]:
    for election in cluster.elections:
        if all(member.router.unicast for member in election.members):
            yield election


def _peers(member: Member) -> set[Address]:
    return {peer.address for peer in member.router.unicast_peers}


@rule("cluster-peer", Severity.ERROR)
def not_a_peer(cluster: Cluster) -> Iterator[Finding]:
    """A node does not send its adverts to another node of the virtual router: that one hears nothing, and
    becomes master beside it. Where `unicast_src_ip` is not given, the address of a node is not known."""
    for election in _unicast(cluster):
        for sender in election.members:
            for receiver in election.members:
                address = receiver.router.source_address
                if receiver is sender or address is None or address in _peers(sender):
                    continue
                yield Finding(
                    sender.at("unicast_peer"),
                    f"({sender.router.name}) {sender} does not send to {receiver}, which is {address}: "
                    f"{receiver} does not hear {sender}, and is master beside it",
                    f"{address} in unicast_peer",
                    (receiver.related(f"sends from {address}", "unicast_src_ip"),),
                )


@rule("cluster-same-peers", Severity.ERROR)
def same_peers(cluster: Cluster) -> Iterator[Finding]:
    """Two nodes have the same `unicast_peer` with a single address, which can only be that of one of them:
    a node sends its adverts to itself, and the other hears nothing."""
    for election in _unicast(cluster):
        for one, other in combinations(election.members, 2):
            known = one.router.source_address or other.router.source_address
            if not known and _peers(one) == _peers(other) and len(_peers(one)) == 1:
                yield Finding(
                    other.at("unicast_peer"),
                    f"({other.router.name}) {other} and {one} both send to {min(map(str, _peers(one)))}: "
                    "one of them to itself",
                    "on each node the addresses of the others",
                    (one.related("the same peer", "unicast_peer"),),
                )


@rule("cluster-unknown-peer")
def unknown_peer(cluster: Cluster) -> Iterator[Finding]:
    """A peer is none of the nodes of the virtual router, all of which say where they send from: a typing
    error, or a node that was not given."""
    for election in _unicast(cluster):
        sources = {member.router.source_address for member in election.members}
        if None in sources:
            continue
        for member in election.members:
            for peer in member.router.unicast_peers:
                if peer.address not in sources:
                    yield Finding(
                        member.node.text.span(peer.place),
                        f"({member.router.name}) {peer.address}, a peer of {member}, is none of the nodes",
                        f"one of {', '.join(sorted(str(one) for one in sources))}, or give its file, too",
                    )


@rule("cluster-same-source", Severity.ERROR)
def same_source(cluster: Cluster) -> Iterator[Finding]:
    """Two nodes send their adverts from the same address (`unicast_src_ip`, `mcast_src_ip`). A node takes
    such an advert for its own."""
    for election in cluster.elections:
        for one, other in combinations(election.members, 2):
            address = one.router.source_address
            if address is not None and address == other.router.source_address:
                keyword = "unicast_src_ip" if other.router.unicast else "mcast_src_ip"
                yield Finding(
                    other.at(keyword),
                    f"({other.router.name}) {other} and {one} both send from {address}",
                    "on each node its own address",
                    (one.related("the same source", keyword),),
                )
