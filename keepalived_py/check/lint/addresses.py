"""Rules about the addresses of virtual routers."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.model.address import AddressFlag, IpAddress
from keepalived_py.model.place import Place
from keepalived_py.model.units import Address

Network = IPv4Network | IPv6Network


def owned_addresses(subject: Subject) -> Iterator[tuple[str, str | None, IpAddress]]:
    """All addresses that keepalived puts on interfaces: whose they are, on which interface, and what."""
    configuration = subject.configuration
    for router in configuration.routers.values():
        for address in router.all_addresses:
            yield router.name, router.device_of(address), address
    for address in configuration.static_addresses:
        yield "static_ipaddress", address.device or configuration.definitions.default_interface, address


@rule("not-a-host-address")
def not_a_host_address(subject: Subject) -> Iterator[Finding]:
    """A network, broadcast, multicast, reserved or unspecified address, or one of the loopback network
    on another interface: no host can have it, and no client can reach it."""
    for _, device, address in owned_addresses(subject):
        kind = _unusable(address, device)
        if kind:
            yield Finding(
                subject.text.span(address.place),
                f"{address.interface if 'of its prefix' in kind else address.address} is {kind}",
                "give an address that a host can have",
            )


def _unusable(found: IpAddress, device: str | None) -> str:
    address, network = found.address, found.interface.network
    if address.is_multicast:
        return "" if AddressFlag.AUTOJOIN in found.flags else "a multicast address"
    if address.is_unspecified:
        return "the unspecified address"
    if address.is_loopback:
        return "" if device == "lo" else "a loopback address"
    if isinstance(address, IPv4Address) and address.is_reserved:
        return "a reserved address"
    if 0 < network.prefixlen < network.max_prefixlen - 1:
        if address == network.network_address:
            return "the network address of its prefix"
        if isinstance(address, IPv4Address) and address == network.broadcast_address:
            return "the broadcast address of its prefix"
    return ""


@rule("address-twice")
def address_twice(subject: Subject) -> Iterator[Finding]:
    """One address belongs to two instances, or to an instance and `static_ipaddress`. Each puts it on
    its interface and takes it away without regard to the other, so that it vanishes when one of them
    loses an election. A link-local address may be on several interfaces."""
    owners: dict[tuple[Address, str | None], tuple[str, Place]] = {}
    for owner, device, address in owned_addresses(subject):
        link_local = address.interface.version == 6 and address.address.is_link_local
        first, place = owners.setdefault(
            (address.address, device if link_local else None), (owner, address.place)
        )
        if first != owner:
            yield Finding(
                subject.text.span(address.place),
                f"{address.address} belongs to {first} already, in line {place.line}",
                "each address in one place; two instances that move together are a vrrp_sync_group",
            )


@rule("alias-interface")
def alias_interface(subject: Subject) -> Iterator[Finding]:
    """An interface is called like `eth0:1`. Such aliases are labels of addresses, not interfaces: they
    can be neither found nor watched."""
    for router in subject.configuration.routers.values():
        if router.interface and ":" in router.interface:
            statement = subject.text.keyword(router.place, "interface")
            yield Finding(
                statement.span(1) if statement else subject.text.span(router.place),
                *_alias(router.interface),
            )
    for _, _, address in owned_addresses(subject):
        if address.device and ":" in address.device:
            yield Finding(subject.text.span(address.place), *_alias(address.device))


def _alias(name: str) -> tuple[str, str]:
    return (
        f"'{name}' is an alias, not an interface",
        f"name the interface, '{name.partition(':')[0]}'; an address can have the label: label {name}",
    )


@rule("ipv6-version-2")
def ipv6_version_2(subject: Subject) -> Iterator[Finding]:
    """An instance has IPv6 addresses and VRRP version 2, which is defined for IPv4 only. keepalived
    sends something of its own then, which no other router understands."""
    for router in subject.configuration.routers.values():
        if router.family == 6 and router.version == 2:
            statement = subject.text.keyword(router.place, "version")
            yield Finding(
                statement.span(1) if statement else subject.text.span(router.place),
                f"({router.name}) VRRP version 2 has no IPv6",
                "version 3, on all nodes",
            )


@rule("prefixes-overlap")
def prefixes_overlap(subject: Subject) -> Iterator[Finding]:
    """Two addresses of an instance on one interface are in one subnet by the prefix of one of them, and not
    by that of the other. One of the prefixes is wrong, and with it the route to a part of the subnet."""
    for router in subject.configuration.routers.values():
        wider: dict[tuple[str | None, int], dict[int, dict[Network, IpAddress]]] = {}
        for address in sorted(router.all_addresses, key=lambda one: one.interface.network.prefixlen):
            network = address.interface.network
            if network.prefixlen == network.max_prefixlen or address.address.is_link_local:
                continue
            by_length = wider.setdefault((router.device_of(address), network.version), {})
            shorter = ((length, known) for length, known in by_length.items() if length < network.prefixlen)
            found = (known.get(network.supernet(new_prefix=length)) for length, known in shorter)
            other = next(filter(None, found), None)
            by_length.setdefault(network.prefixlen, {}).setdefault(network, address)
            if other:
                yield Finding(
                    subject.text.span(address.place),
                    f"({router.name}) {address.interface} and {other.interface} are in one subnet with "
                    "different prefixes",
                    "the prefix of the subnet for both",
                )


@rule("gateway-is-virtual")
def gateway_is_virtual(subject: Subject) -> Iterator[Finding]:
    """A route of an instance goes by an address of that same instance. The route is there while the address
    is this node's own, and the kernel refuses a gateway that is the node itself."""
    for router in subject.configuration.routers.values():
        own = {address.address for address in router.all_addresses}
        for route in router.virtual_routes:
            gateways = (route.gateway, *(nexthop.gateway for nexthop in route.nexthops))
            for gateway in gateways:
                if gateway in own:
                    statement = subject.text.at(route.place)
                    word = statement.words.index(str(gateway)) if statement else 0
                    yield Finding(
                        statement.span(word) if statement else subject.text.span(route.place),
                        f"({router.name}) the gateway {gateway} is the instance's own address",
                        "the address of the next router; for a source address: src ADDRESS",
                    )
