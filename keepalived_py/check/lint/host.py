"""Rules that need the machine that the configuration is for (`--on-this-host`)."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.model.command import Command
from keepalived_py.schema.commands import account
from keepalived_py.schema.host import ScriptState


@rule("address-off-subnet")
def address_off_subnet(subject: Subject) -> Iterator[Finding]:
    """A virtual address is in none of the subnets that its interface has on this host. Its neighbours
    have no route to it, and the host none to them. Only with `--on-this-host`."""
    for router in subject.configuration.routers.values():
        for address in router.all_addresses:
            networks = [
                own.network
                for own in subject.host.own_addresses(router.device_of(address) or "")
                if own.version == address.interface.version and own.network.num_addresses > 1
            ]
            if networks and not any(address.address in network for network in networks):
                yield Finding(
                    subject.text.span(address.place),
                    f"({router.name}) {address.address} is in no subnet of {router.device_of(address)}: "
                    + ", ".join(dict.fromkeys(map(str, networks))),
                    "an address of the subnet, or another interface: dev NAME",
                )


@rule("own-address-as-virtual")
def own_address_as_virtual(subject: Subject) -> Iterator[Finding]:
    """A virtual address is this host's own, and the instance is not its owner (priority 255). The host
    answers on it whoever is master, and loses it when keepalived takes it away. Only with
    `--on-this-host`."""
    for router in subject.configuration.routers.values():
        if router.is_owner:
            continue
        for address in router.all_addresses:
            own = subject.host.own_addresses(router.device_of(address) or "")
            if address.address in {one.ip for one in own}:
                yield Finding(
                    subject.text.span(address.place),
                    f"({router.name}) {address.address} is this host's own address",
                    "an address that nobody has yet; priority 255 if it is meant that this host owns it",
                )


@rule("command-not-found")
def command_not_found(subject: Subject) -> Iterator[Finding]:
    """A command to notify with does not exist on this host, or its user cannot run it: nothing happens
    then. Only with `--on-this-host`."""
    default = subject.configuration.definitions.script_account
    for statement, words, arguments in subject.text.commands():
        if statement.keyword == "script":  # which has a message of keepalived's
            continue
        command = Command(tuple(arguments), account(words, 1))
        state = subject.host.script_state(command, default, secure=False)
        if not state & ScriptState.EXECUTABLE:
            yield Finding(
                statement.span(1),
                f"'{arguments[0]}' cannot be run: "
                + ("it is not executable" if state & ScriptState.SCRIPT else "it is not found"),
                "the path of a program that its user may execute",
            )
