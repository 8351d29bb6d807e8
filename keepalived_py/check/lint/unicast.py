"""Rules about where adverts come from and go to."""

from collections.abc import Iterator

from keepalived_py.check.lint.addresses import owned_addresses
from keepalived_py.check.lint.rule import Finding, Subject, rule


@rule("own-address-as-peer")
def own_address_as_peer(subject: Subject) -> Iterator[Finding]:
    """The source address of an instance, or with `--on-this-host` another address of its interface, is
    among its own `unicast_peer`s. The list names the other
    nodes; one that is copied to all of them unchanged makes a node talk to itself."""
    for router in subject.configuration.routers.values():
        own = {one.ip for one in subject.host.own_addresses(router.interface or "")}
        if router.source_address:
            own.add(router.source_address)
        for peer in router.unicast_peers:
            if peer.address in own:
                yield Finding(
                    subject.text.span(peer.place),
                    f"({router.name}) {peer.address} is this node's own address",
                    "list only the other nodes",
                )


@rule("virtual-address-as-peer")
def virtual_address_as_peer(subject: Subject) -> Iterator[Finding]:
    """A `unicast_peer`, or the source address of an instance that does not own it, is a virtual address:
    it moves from node to node, and is not there when it is needed."""
    virtual = {
        address.address: owner
        for owner, _, address in owned_addresses(subject)
        if owner in subject.configuration.routers
    }
    for router in subject.configuration.routers.values():
        for peer in router.unicast_peers:
            if peer.address in virtual:
                yield Finding(
                    subject.text.span(peer.place),
                    f"({router.name}) {peer.address} is a virtual address of {virtual[peer.address]}",
                    "a peer is an address that stays on its node",
                )
        source = router.source_address
        owner = virtual.get(source) if source else None
        if owner and not subject.configuration.routers[owner].is_owner:
            statements = (
                subject.text.keyword(router.place, name) for name in ("unicast_src_ip", "mcast_src_ip")
            )
            statement = next(filter(None, statements), None)
            yield Finding(
                statement.span(1) if statement else subject.text.span(router.place),
                f"({router.name}) {source} is a virtual address of {owner}",
                "the source of adverts is an address that stays on this node",
            )
