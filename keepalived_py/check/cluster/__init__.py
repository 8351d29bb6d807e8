"""Compare the configurations of the nodes of a cluster, as far as files alone can tell."""

from collections.abc import Iterator

from keepalived_py.check.cluster import addresses, adverts, groups, peers, priorities, trackers
from keepalived_py.check.cluster.elections import Cluster, Node, cluster_of
from keepalived_py.check.lint.rule import Rule
from keepalived_py.config.diagnostic import Diagnostic

__all__ = ["RULES", "Node", "compare"]

RULES: tuple[Rule[Cluster], ...] = (
    adverts.version,
    adverts.interval,
    adverts.interval_learned,
    adverts.authentication,
    adverts.transport,
    adverts.checksum,
    peers.not_a_peer,
    peers.same_peers,
    peers.unknown_peer,
    peers.same_source,
    addresses.different_addresses,
    addresses.different_prefix,
    addresses.strangers,
    addresses.address_of_two_routers,
    addresses.alone,
    priorities.two_owners,
    priorities.weight_moves_nothing,
    priorities.equal_priorities,
    priorities.master_on_lower_node,
    priorities.nopreempt_on_one_side,
    trackers.tracker_on_one_side,
    trackers.nobody_left,
    groups.different_groups,
)


def compare(nodes: list[Node]) -> Iterator[Diagnostic]:
    """What the rules find between these nodes, rule by rule."""
    cluster = cluster_of(nodes)
    for rule in RULES:
        yield from rule.apply(cluster)
