"""Rules about virtual servers."""

from collections.abc import Iterator

from keepalived_py.check.lint.addresses import owned_addresses
from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Severity


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
