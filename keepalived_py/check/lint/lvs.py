"""Rules about virtual servers."""

from collections.abc import Iterator

from keepalived_py.check.lint.addresses import owned_addresses
from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.place import Place


@rule("unchecked-real-server", Severity.NOTE)
def unchecked_real_server(subject: Subject) -> Iterator[Finding]:
    """A real server has no checker: it counts as up for ever, and clients are sent to it when it is
    down, too. Told once for each virtual server."""
    for server in subject.configuration.virtual_servers:
        unchecked = [real for real in server.real_servers if not real.checkers and not real.track_files]
        if unchecked:
            others = f" and {len(unchecked) - 1} more" if len(unchecked) > 1 else ""
            yield Finding(
                subject.text.span(unchecked[0].place),
                f"real server {unchecked[0].endpoint}{others} of {server} is not checked",
                "add a checker, such as TCP_CHECK { }",
            )


@rule("virtual-server-elsewhere", Severity.NOTE)
def virtual_server_elsewhere(subject: Subject) -> Iterator[Finding]:
    """The address of a virtual server is not among the addresses of the instances in the same
    configuration. It must come from somewhere else, or it is misspelt in one of the two places."""
    owned = {address.address for _, _, address in owned_addresses(subject)}
    families = {address.version for address in owned}
    if not subject.configuration.routers:
        return
    for server in subject.configuration.virtual_servers:
        address = server.endpoint.address
        if address and address.version in families and address not in owned:
            yield Finding(
                subject.text.span(server.place),
                f"no instance has the address {address} of this virtual server",
                "add it to virtual_ipaddress of an instance, unless it comes from elsewhere",
            )


@rule("check-of-other-server")
def check_of_other_server(subject: Subject) -> Iterator[Finding]:
    """The checker of a real server connects to another real server of the same virtual server
    (`connect_ip`): it was copied, and when the other one fails, both are taken out."""
    for server in subject.configuration.virtual_servers:
        addresses = {real.endpoint.address for real in server.real_servers}
        for real in server.real_servers:
            for checker in real.checkers:
                checked = checker.connection and checker.connection.destination.address
                if checked != real.endpoint.address and checked in addresses and checked:
                    statement = subject.text.keyword(checker.place, "connect_ip")
                    yield Finding(
                        statement.span(1) if statement else subject.text.span(checker.place),
                        f"real server {real.endpoint} is checked at {checked}, which is another one",
                        "remove connect_ip, or name the address of this one",
                    )


@rule("unused-virtual-server-group")
def unused_virtual_server_group(subject: Subject) -> Iterator[Finding]:
    """A `virtual_server_group` that no `virtual_server group` names: nothing is served at its
    addresses."""
    used = {server.group for server in subject.configuration.virtual_servers}
    for group in subject.configuration.virtual_server_groups:
        if group.name not in used:
            yield Finding(
                subject.text.span(group.place),
                f"virtual server group {group.name} is not used",
                f"add: virtual_server group {group.name} {{ ... }}, or remove it",
            )


@rule("virtual-server-twice")
def virtual_server_twice(subject: Subject) -> Iterator[Finding]:
    """Two `virtual_server` blocks are of the same address, port and protocol. To the kernel that is one
    service: the second block cannot add it, and its real servers come to those of the first."""
    first: dict[tuple[object, ...], Place] = {}
    for server in subject.configuration.virtual_servers:
        if server.group is None:
            key = (server.endpoint, server.fwmark, server.protocol, server.fwmark and server.family)
            place = first.setdefault(key, server.place)
            if place is not server.place:
                yield Finding(
                    subject.text.span(server.place),
                    f"the virtual server {server} is there already, in line {place.line}",
                    "put all its real servers into one block",
                )
