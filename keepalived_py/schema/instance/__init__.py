"""`vrrp_instance`: one virtual router."""

from keepalived_py.config.statement import Statement
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.instance.authentication import AUTHENTICATION_BLOCKS
from keepalived_py.schema.instance.election import ELECTION
from keepalived_py.schema.instance.garp import GARP
from keepalived_py.schema.instance.notify import NOTIFY
from keepalived_py.schema.instance.transport import TRANSPORT
from keepalived_py.schema.instance.virtual import VIRTUAL
from keepalived_py.schema.instance.vmac import VMAC
from keepalived_py.schema.row import table
from keepalived_py.schema.scope import Scope, place_of
from keepalived_py.schema.tracking.lists import TRACK_LISTS


def begin(scope: Scope, head: Statement) -> InstanceDraft | None:
    if len(head.words) != 2:
        scope.error(head, "name", "vrrp_instance must have a name", help="vrrp_instance NAME {")
        return None
    name = head.words[1]
    if name in scope.drafts.instances:
        scope.error(
            head, "duplicate", f"vrrp instance {name} already defined", word=1, help="the block is skipped"
        )
        return None
    return InstanceDraft(name, head, place_of(head, 1))


def end(scope: Scope, instance: InstanceDraft) -> None:
    if instance.unicast and (instance.vmac or instance.ipvlan):
        if not instance.interface_exists:
            message = (
                f"({instance.name}): Cannot use VMAC/ipvlan with unicast and no interface - clearing use_vmac"
            )
            scope.error(instance.head, "vmac", message, word=1)
            instance.vmac = instance.ipvlan = None
        elif not instance.vmac_xmit_base:
            message = f"({instance.name}) unicast with use_vmac requires vmac_xmit_base - setting"
            scope.error(instance.head, "vmac", message, word=1, help="add vmac_xmit_base")
            instance.vmac_xmit_base = True
    if not instance.unicast_peers and instance.unicast_ttl is not None:
        message = f"({instance.name}): Cannot use unicast_ttl without unicast peers - resetting"
        scope.error(instance.said["unicast_ttl"], "unicast", message)
        instance.unicast_ttl = None
    scope.drafts.instances[instance.name] = instance
    for own in (instance.vmac, instance.ipvlan):
        if own and own.name:
            scope.drafts.own_interfaces.setdefault(own.name, instance.name)


INSTANCE = TRANSPORT | ELECTION | VIRTUAL | AUTHENTICATION_BLOCKS | GARP | NOTIFY | VMAC | table(*TRACK_LISTS)
