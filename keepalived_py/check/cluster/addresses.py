"""Rules about addresses that nobody serves after a failover, or two nodes at once."""

from collections.abc import Iterator

from keepalived_py.check.cluster.elections import Cluster, Member, addresses_of
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.config.diagnostic import Related, Severity, Span
from keepalived_py.model.address import IpAddress
from keepalived_py.model.units import Address


@rule("cluster-addresses", Severity.ERROR)
def different_addresses(cluster: Cluster) -> Iterator[Finding]:
    """An address is served by one node of a virtual router and not by another: while that one is master,
    it is nowhere. keepalived 2.2 also drops adverts whose addresses are not its own, so that both are
    master."""
    for election in cluster.elections:
        for member in election.members:
            for virtual in member.router.all_addresses:
                lacking = [other for other in election.members if virtual.address not in addresses_of(other)]
                if lacking:
                    names = " and ".join(map(str, lacking))
                    master = names if len(lacking) == 1 else "one of them"
                    yield Finding(
                        member.node.text.span(virtual.place),
                        f"({member.router.name}) {virtual.address} is served by {member} and not by {names}: "
                        f"while {master} is master, nobody has it",
                        "the same addresses on all nodes",
                        tuple(other.related("lacks it", "virtual_ipaddress") for other in lacking),
                    )


@rule("cluster-prefix")
def different_prefix(cluster: Cluster) -> Iterator[Finding]:
    """An address has another prefix length, or is announced in adverts on one node only
    (`virtual_ipaddress` and `virtual_ipaddress_excluded`): a failover changes more than who has it."""
    for election in cluster.elections:
        for one, other in election.pairs:
            forms = {virtual.address: _form(one, virtual) for virtual in one.router.all_addresses}
            for virtual in other.router.all_addresses:
                form = _form(other, virtual)
                if forms.get(virtual.address, form) != form:
                    yield Finding(
                        other.node.text.span(virtual.place),
                        f"({other.router.name}) {virtual.address} is {form} on {other} and "
                        f"{forms[virtual.address]} on {one}",
                        "the same on all nodes",
                        (Related(_place(one, virtual.address), f"{one}: here"),),
                    )


def _form(member: Member, virtual: IpAddress) -> str:
    listed = "virtual_ipaddress" if virtual in member.router.virtual_addresses else "excluded"
    return f"/{virtual.interface.network.prefixlen} ({listed})"


@rule("cluster-strangers", Severity.ERROR)
def strangers(cluster: Cluster) -> Iterator[Finding]:
    """Two nodes have a VRID on one segment, and not an address in common. Only one of them can be master
    of that VRID: the other's addresses are nowhere. A segment is taken to be one if the interfaces have
    the same name."""
    for party in cluster.parties:
        if len(party.members) > 1 and party.is_of_strangers:
            for one, other in party.pairs:
                yield Finding(
                    other.at("virtual_router_id"),
                    f"({other.router.name}) {other} and {one} share virtual_router_id {other.router.vrid} on "
                    f"{other.router.interface}, and no address: only one of them is ever master",
                    "a virtual_router_id of its own for each set of addresses",
                    (one.related("the same VRID", "virtual_router_id"),),
                )


@rule("cluster-address-twice", Severity.ERROR)
def address_of_two_routers(cluster: Cluster) -> Iterator[Finding]:
    """An address belongs to two virtual routers on different nodes, which elect their masters
    independently: both may have it at once."""
    seen: dict[Address, list[tuple[int, Member]]] = {}
    for number, party in enumerate(cluster.parties):
        for member in party.members:
            for virtual in member.router.all_addresses:
                before = seen.setdefault(virtual.address, [])
                strange = [one for at, one in before if at != number and one.node is not member.node]
                if strange:
                    yield Finding(
                        member.node.text.span(virtual.place),
                        f"({member.router.name}) {virtual.address} is served by VRID {member.router.vrid} on "
                        f"{member} and by VRID {strange[0].router.vrid} on {strange[0]}: both may have it",
                        "one virtual_router_id for an address, on all nodes",
                        (Related(_place(strange[0], virtual.address), f"{strange[0]}: here, too"),),
                    )
                before.append((number, member))


@rule("cluster-alone", Severity.NOTE)
def alone(cluster: Cluster) -> Iterator[Finding]:
    """A virtual router has an instance on one of the nodes only: nobody takes over from it, unless there
    are nodes that were not given."""
    for party in cluster.parties:
        if len(party.members) == 1:
            (member,) = party.members
            yield Finding(
                member.at(),
                f"({member.router.name}) VRID {member.router.vrid} is on {member} only: if these are all "
                "nodes, nobody takes over",
            )


def _place(member: Member, address: Address) -> Span:
    (virtual, *_) = (one for one in member.router.all_addresses if one.address == address)
    return member.node.text.span(virtual.place)
