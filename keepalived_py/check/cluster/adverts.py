"""Rules about adverts that one node sends and another drops, so that both are master."""

from collections.abc import Iterator

from keepalived_py.check.cluster.elections import Cluster, Member
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import format_seconds

BOTH_MASTER = "each drops the adverts of the other, and both are master"


@rule("cluster-version", Severity.ERROR)
def version(cluster: Cluster) -> Iterator[Finding]:
    """The nodes of a virtual router speak different versions of VRRP. Each drops the adverts of the
    other, and both are master."""
    for one, other in _differing(cluster, "version"):
        yield Finding(
            other.at("version"),
            f"({other.router.name}) {other} speaks VRRP version {other.router.version} and {one} "
            f"version {one.router.version}: {BOTH_MASTER}",
            "one version on all nodes",
            (one.related(f"version {one.router.version}", "version"),),
        )


@rule("cluster-interval", Severity.ERROR)
def interval(cluster: Cluster) -> Iterator[Finding]:
    """The nodes of a virtual router of version 2 have different advert intervals. Each drops the adverts
    of the other, and both are master."""
    for one, other in _differing(cluster, "advert_interval_us"):
        if one.router.version == other.router.version == 2:
            yield _interval_finding(one, other, BOTH_MASTER)


@rule("cluster-interval-learned")
def interval_learned(cluster: Cluster) -> Iterator[Finding]:
    """The nodes of a virtual router of version 3 have different advert intervals. A backup learns that of
    the master, so that the time to take over depends on who was master before."""
    for one, other in _differing(cluster, "advert_interval_us"):
        if one.router.version == other.router.version == 3:
            yield _interval_finding(one, other, "how long a failover takes depends on who was master")


def _differing(cluster: Cluster, field: str) -> Iterator[tuple[Member, Member]]:
    """The pairs of members with different values of a field of the model."""
    for election in cluster.elections:
        for one, other in election.pairs:
            if getattr(one.router, field) != getattr(other.router, field):
                yield one, other


def _interval_finding(one: Member, other: Member, consequence: str) -> Finding:
    theirs, ours = (format_seconds(member.router.advert_interval_us) for member in (one, other))
    return Finding(
        other.at("advert_int"),
        f"({other.router.name}) {other} sends adverts every {ours} s and {one} "
        f"every {theirs} s: {consequence}",
        "one advert_int on all nodes",
        (one.related(f"every {theirs} s", "advert_int"),),
    )


@rule("cluster-authentication", Severity.ERROR)
def authentication(cluster: Cluster) -> Iterator[Finding]:
    """The nodes of a virtual router authenticate differently: by another type, with another password, or
    with keys that the other does not have. Each drops the adverts of the other, and both are master."""
    for election in cluster.elections:
        for one, other in election.pairs:
            if difference := _authentication_difference(one.router, other.router):
                what, *path = difference
                yield Finding(
                    other.at(*path),
                    f"({other.router.name}) {what} of {other} and {one} differ: {BOTH_MASTER}",
                    "the same authentication on all nodes",
                    (one.related(what, *path),),
                )


def _authentication_difference(one: VirtualRouter, other: VirtualRouter) -> tuple[str, ...] | None:
    """What differs, in words, and the keywords that lead to it."""
    if (one.auth_hmac is None) != (other.auth_hmac is None):
        present = one.auth_hmac or other.auth_hmac
        assert present
        demanded = present.mode is HmacMode.ENFORCE
        return ("auth_hmac", "auth_hmac") if demanded else None
    if one.auth_hmac and other.auth_hmac:
        both = _understands(one.auth_hmac, other.auth_hmac) and _understands(other.auth_hmac, one.auth_hmac)
        return None if both else ("keys or modes of auth_hmac", "auth_hmac")
    if one.auth_type is not other.auth_type:
        return "auth_type", "authentication", "auth_type"
    if one.auth_type is not AuthType.NONE and one.auth_data != other.auth_data:
        return "auth_pass", "authentication", "auth_pass"
    return None


def _understands(receiver: AuthHmac, sender: AuthHmac) -> bool:
    """Whether adverts that `sender` signs are valid for `receiver`; files that are not here may be."""
    if not sender.signs:
        return receiver.mode is not HmacMode.ENFORCE
    if sender.active_key not in receiver.keys:
        return False
    keys = (sender.keys.get(sender.active_key), receiver.keys[sender.active_key])
    return None in keys or keys[0] == keys[1]


@rule("cluster-transport", Severity.ERROR)
def transport(cluster: Cluster) -> Iterator[Finding]:
    """One node of a virtual router sends its adverts to a multicast group and another to its peers, or to
    another group. They do not hear each other, and both are master."""
    for election in cluster.elections:
        for one, other in election.pairs:
            if one.router.unicast != other.router.unicast:
                unicast, multicast = (one, other) if one.router.unicast else (other, one)
                yield Finding(
                    multicast.at(),
                    f"({multicast.router.name}) {multicast} sends to a multicast group, {unicast} to peers: "
                    "they do not hear each other, and both are master",
                    f"unicast_peer on {multicast}, too, or on neither",
                    (unicast.related("peers", "unicast_peer"),),
                )
            elif not one.router.unicast and one.router.multicast_group != other.router.multicast_group:
                yield Finding(
                    other.at("mcast_dst_ip"),
                    f"({other.router.name}) {other} sends to {other.router.multicast_group}, {one} to "
                    f"{one.router.multicast_group}: they do not hear each other, and both are master",
                    "one multicast group on all nodes",
                    (one.related(str(one.router.multicast_group), "mcast_dst_ip"),),
                )


_CHECKSUM_OPTIONS = {"v3_checksum_as_v2": "v3_checksum_as_v2", "old_unicast_checksum": "unicast_checksum"}
"""Keywords, and their fields in the model."""


@rule("cluster-checksum", Severity.ERROR)
def checksum(cluster: Cluster) -> Iterator[Finding]:
    """The nodes of a virtual router compute the checksum of their adverts differently
    (`v3_checksum_as_v2`, `old_unicast_checksum`), and drop those of the other."""
    for keyword, field in _CHECKSUM_OPTIONS.items():
        for one, other in _differing(cluster, field):
            if one.router.version == other.router.version == 3:
                yield Finding(
                    other.at(keyword),
                    f"({other.router.name}) {keyword} differs on {other} and {one}: adverts may be "
                    "dropped for their checksum",
                    f"the same {keyword} on all nodes",
                    (one.related(keyword, keyword),),
                )
