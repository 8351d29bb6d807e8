"""What follows the master: addresses, routes and rules."""

from keepalived_py.config.statement import Entry
from keepalived_py.schema import addresses
from keepalived_py.schema.arguments import (
    Entries,
)
from keepalived_py.schema.routing.route import route_line
from keepalived_py.schema.routing.rule import rule_line
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of


def _bind_addresses(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        addresses.bind_virtual(scope, statement, excluded=row.name == "virtual_ipaddress_excluded")


def _bind_routes(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        if row.name == "virtual_routes":
            route = route_line(scope, statement)
            scope.block.virtual_routes += [route] if route else []
        else:
            rule = rule_line(scope, statement)
            scope.block.virtual_rules += [rule] if rule else []


VIRTUAL = table(
    Row(
        name="virtual_ipaddress",
        doc="Addresses of the virtual router, which adverts carry.",
        argument=Entries("ADDRESS"),
        entries=True,
        bind=_bind_addresses,
        default="required",
    ),
    Row(
        name="virtual_ipaddress_excluded",
        doc="Addresses that adverts do not carry, of any family.",
        argument=Entries("ADDRESS"),
        entries=True,
        bind=_bind_addresses,
        default="none",
    ),
    Row(
        name="no_virtual_ipaddress",
        doc="Permit an instance without addresses.",
        field="no_virtual_addresses",
        since="2.2.8",
    ),
    Row(
        name="virtual_routes",
        doc="Routes that are there while master.",
        argument=Entries("ROUTE"),
        entries=True,
        bind=_bind_routes,
        default="none",
    ),
    Row(
        name="virtual_rules",
        doc="Policy rules that are there while master.",
        argument=Entries("RULE"),
        entries=True,
        bind=_bind_routes,
        default="none",
    ),
    Row(
        name="promote_secondaries",
        doc="Set the sysctl promote_secondaries of the interface.",
        field="promote_secondaries",
    ),
)
