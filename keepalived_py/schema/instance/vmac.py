"""Virtual MAC addresses, on interfaces of their own."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.schema import addresses
from keepalived_py.schema.arguments import (
    Words,
)
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def _bind_vmac(scope: Scope, row: Row, entry: Entry) -> None:
    """The name is modelled; MAC address, group and flags are not yet."""
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    instance.use_vmac = True
    words = iter(statement.words[1:])
    for word in words:
        if word == "group":
            next(words, None)
        elif word != "netlink_notify_msg" and ":" not in word:
            _vmac_name(scope, statement, instance, next(words, "") if word == "name" else word)


def _vmac_name(scope: Scope, statement: Statement, instance: InstanceDraft, name: str) -> None:
    user = next((other for other in scope.drafts.instances.values() if other.vmac_name == name), None)
    if instance.vmac_name is not None:
        scope.error(statement, "duplicate", "VMAC interface name already specified")
    elif not 0 < len(name) <= addresses.INTERFACE_NAME_MAX or "/" in name or name in (".", ".."):
        message = f"VMAC interface name '{name}' too long or invalid characters - ignoring"
        scope.error(statement, "bad-interface", message)
    elif user:
        message = f"({instance.name}) VRRP instance {user.name} is already using {name} - ignoring name"
        scope.error(statement, "duplicate", message)
    else:
        instance.vmac_name = name


VMAC = table(
    Row(
        name="use_vmac",
        doc="Use a virtual MAC address, on an interface of its own.",
        argument=Words("[[name] <INTERFACE>] [<MAC>] [group <GROUP>] [netlink_notify_msg]"),
        bind=_bind_vmac,
        runs=False,
    ),
    Row(
        name="vmac_xmit_base",
        doc="Send and receive adverts on the base interface, not on the VMAC.",
        field="vmac_xmit_base",
        runs=False,
    ),
    Row(
        name="use_vmac_addr",
        doc="Put addresses on other interfaces on VMACs, too.",
        field="use_vmac_addr",
        runs=False,
    ),
    Row(name="use_ipvlan", doc="Use an ipvlan interface.", argument=Words("[...]"), runs=False),
    Row(
        name="vrf", doc="VRF of a unicast instance without interface.", argument=Words("<VRF>", 1), runs=False
    ),
)
