"""Interfaces of an instance's own: what does not go together, and which addresses are on them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import SECOND
from keepalived_py.model.vmac import Ipvlan, Vmac
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import InstanceDraft


def check_mac(completion: Completion, draft: InstanceDraft, strict: bool) -> None:
    """Strict mode knows only the MAC address that is made of the VRID."""
    if draft.vmac and draft.vmac.mac and strict:
        message = f"({draft.name}): cannot specify MAC address with strict mode - clearing"
        completion.error(draft.said["use_vmac"], "incompatible", message, word=0)
        draft.vmac = replace(draft.vmac, mac=None)


def check_vrf(completion: Completion, draft: InstanceDraft) -> None:
    """A VRF is for unicast instances without interface."""
    if draft.vrf is None or (draft.unicast_peers and not draft.interface_exists):
        return
    need = "out interface" if draft.interface_exists else " unicast"
    completion.reset(draft, "vrf", f"vrf can only be specified with{need} - clearing")
    draft.vrf = None


def own_interface(
    completion: Completion, draft: InstanceDraft, family: int, strict: bool
) -> Vmac | Ipvlan | None:
    """The interface that the instance has for itself."""
    own: Vmac | Ipvlan | None = draft.ipvlan or draft.vmac
    if isinstance(own, Vmac):
        if strict and draft.vmac_xmit_base:
            completion.reset(
                draft, "vmac_xmit_base", "xmit_base is incompatible with strict mode - resetting"
            )
            draft.vmac_xmit_base = False
        own = replace(own, xmit_base=draft.vmac_xmit_base)
    if draft.promote_secondaries and own:
        message = "promote_secondaries is automatically set for vmacs - ignoring"
        completion.reset(draft, "promote_secondaries", message)
        draft.promote_secondaries = False
    if isinstance(own, Ipvlan) and family == 4 and own.address is None:
        message = "IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state"
        completion.reset(draft, "use_ipvlan", message)
        draft.config_faults += 1
    return own


def check_xmit_base(completion: Completion, draft: InstanceDraft, own: Vmac | Ipvlan | None) -> None:
    if draft.vmac_xmit_base and not isinstance(own, Vmac):
        completion.reset(draft, "vmac_xmit_base", "vmac_xmit_base is only valid with a vmac")


def without_needless_vmacs(
    completion: Completion, router: VirtualRouter, draft: InstanceDraft
) -> VirtualRouter:
    """`use_vmac` only for addresses that would be on no VMAC without."""
    if not any(address.use_vmac for address in router.all_addresses):
        return router

    def checked(addresses: Iterable[IpAddress]) -> tuple[IpAddress, ...]:
        return tuple(_checked(completion, draft, router, it) if it.use_vmac else it for it in addresses)

    return replace(
        router,
        virtual_addresses=checked(router.virtual_addresses),
        excluded_addresses=checked(router.excluded_addresses),
    )


def _checked(
    completion: Completion, draft: InstanceDraft, router: VirtualRouter, address: IpAddress
) -> IpAddress:
    plain = replace(address, use_vmac=False)
    if router.is_on_own_vmac(plain):
        message = f"use_vmac specified for VIP/eVIP {address.text} and vrrp instance"
    elif router.is_on_other_vmac(plain):
        message = f"use_vmac_addr specified and use_vmac specified for VIP/eVIP {address.text}"
    else:
        return address
    completion.error(draft.head, "incompatible", f"({router.name}) {message}")
    return plain


def with_extra_announcements(
    completion: Completion, router: VirtualRouter, draft: InstanceDraft
) -> VirtualRouter:
    """`garp_extra_if`, where there are addresses that it is for."""
    interval_us = draft.garp_extra_interval_us
    everywhere = draft.garp_extra_all_interfaces
    if interval_us is None:
        interval_us = completion.definitions.garp_extra_interval_seconds * SECOND
        everywhere |= completion.definitions.garp_extra_all_interfaces
    on_vmacs = any(map(router.is_on_other_vmac, router.all_addresses))
    elsewhere = on_vmacs or any(map(router.is_elsewhere, router.all_addresses))
    if not (elsewhere if everywhere else on_vmacs):
        interval_us = 0
    garp = replace(router.garp, extra_interval_us=interval_us, extra_all_interfaces=everywhere)
    return router if garp == router.garp else replace(router, garp=garp)


def count_conflicts(
    completion: Completion, routers: dict[str, VirtualRouter], members: Mapping[str, Iterable[str]]
) -> None:
    """Keep instances in FAULT that would be on the VMAC of another outside of their sync group."""
    group_of = {name: group for group, names in members.items() for name in names}
    by_vrid: dict[int, list[VirtualRouter]] = {}
    for router in routers.values():
        earlier = by_vrid.setdefault(router.vrid, [])
        faults = sum(
            _conflicts(completion, router, other)
            for other in earlier
            if router.name not in group_of or group_of[router.name] != group_of.get(other.name)
        )
        if any(map(router.vmac_key_of, router.all_addresses)):
            earlier.append(router)
        if faults:
            routers[router.name] = replace(router, config_faults=router.config_faults + faults)


def _conflicts(completion: Completion, router: VirtualRouter, other: VirtualRouter) -> int:
    """How many addresses of another are on a VMAC of this instance."""
    head = completion.heads[router.name]
    own = router.vmac_key_of()
    theirs = [(address, key) for address in other.all_addresses if (key := other.vmac_key_of(address))]
    found = [
        f"({other.name}) VIP/eVIP {address.text} uses same VMAC as VRRP instance {router.name}"
        for address, key in theirs
        if key == own
    ]
    found += [
        f"({other.name}) VIP/eVIP {mine.text} uses same VMAC as VRRP instance {router.name} "
        f"VIP/eVIP {address.text}"
        for mine in router.all_addresses
        for address, key in theirs
        if key == router.vmac_key_of(mine)
    ]
    for message in found:
        completion.say(head, "vmac", f"{message}, disabling {router.name}")
    return len(found)
