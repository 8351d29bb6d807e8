"""Instances that keepalived gives up, with its marks for what nobody said: only its dump shows them."""

from dataclasses import replace
from ipaddress import IPv4Address
from typing import TypeVar

from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.reading import UnfinishedRouter
from keepalived_py.model.router import AuthType, GratuitousArp, InitialState, SyncGroup, VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.model.units import SECOND
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.groups import sync_group
from keepalived_py.schema.complete.notifications import commands_of
from keepalived_py.schema.draft import GroupDraft, InstanceDraft

UNSET = 2**32 - 1
_NEVER = (2**63 - 1) * SECOND
_NO_GROUP = IPv4Address(0)

T = TypeVar("T")


def _or(value: T | None, default: T) -> T:
    return default if value is None else value


def as_read(completion: Completion, draft: InstanceDraft) -> UnfinishedRouter:
    """An instance that was only read."""
    definitions = completion.definitions
    config = VirtualRouter(
        name=draft.name,
        vrid=draft.vrid or 0,
        interface=draft.interface if draft.interface_exists else None,
        version=draft.version or 0,
        family=draft.family or 0,
        priority=draft.priority or 0,
        advert_interval_us=draft.advert_interval_us or 0,
        virtual_addresses=tuple(draft.virtual_addresses),
        excluded_addresses=tuple(draft.excluded_addresses),
        virtual_routes=tuple(draft.virtual_routes),
        virtual_rules=tuple(draft.virtual_rules),
        source_address=draft.source_address,
        track_source_address=draft.track_source_address,
        multicast_group=draft.multicast_group or _NO_GROUP,
        unicast_ttl=draft.unicast_ttl,
        check_unicast_source=draft.check_unicast_source,
        says_check_unicast_source=draft.check_unicast_source,
        unicast_configured=draft.unicast,
        unicast_fault_no_peer=draft.unicast_fault_no_peer,
        unicast_checksum=draft.unicast_checksum,
        v3_checksum_as_v2=_or(draft.v3_checksum_as_v2, definitions.v3_checksum_as_v2),
        kernel_rx_buffer_bytes=draft.kernel_rx_buffer_bytes,
        debug=draft.debug,
        allow_no_addresses=draft.no_virtual_addresses,
        promote_secondaries=draft.promote_secondaries,
        auth_type=draft.auth_type,
        nopreempt=draft.nopreempt,
        preempt_delay_us=draft.preempt_delay_us,
        down_timer_adverts=_or(draft.down_timer_adverts, definitions.down_timer_adverts),
        accept=_or(draft.accept, True),
        strict=_or(draft.strict, True),
        skip_check_adv_addr=draft.skip_check_adv_addr or definitions.skip_check_adv_addr,
        lower_prio_no_advert=_or(draft.lower_prio_no_advert, True),
        higher_prio_send_advert=_or(draft.higher_prio_send_advert, True),
        owner_ignore_adverts=_or(draft.owner_ignore_adverts, True),
        garp=_announcements(completion, draft),
        track_primary=draft.track_primary,
        track_interfaces=tuple(draft.track.interfaces.values()),
        track_scripts=tuple(draft.track.scripts.values()),
        track_processes=tuple(draft.track.processes.values()),
        track_files=tuple(draft.track.files.values()),
        track_bfds=tuple(draft.track.bfds.values()),
        notify=_notify(draft),
        notify_priority_changes=_or(draft.notify_priority_changes, True),
        own_interface=draft.ipvlan or (draft.vmac and replace(draft.vmac, xmit_base=draft.vmac_xmit_base)),
        use_vmac_addr=draft.use_vmac_addr,
        vrf=draft.vrf,
        config_faults=draft.config_faults,
        linkbeat_use_polling=draft.linkbeat_use_polling and draft.interface_exists,
        auth_hmac=draft.auth_hmac,
        place=draft.place,
    )
    return UnfinishedRouter(config=config, wanted=draft.state)


def begun(
    completion: Completion,
    draft: InstanceDraft,
    *,
    version: int,
    family: int,
    priority: int,
    state: InitialState,
    auth_type: AuthType,
    strict: bool,
) -> UnfinishedRouter:
    """An instance that cannot send adverts: what is decided before stands."""
    read = as_read(completion, draft)
    config = replace(
        read.config,
        version=version,
        family=family,
        priority=priority,
        auth_type=auth_type,
        strict=strict,
        unicast_peers=tuple(draft.unicast_peers.values()),
    )
    return UnfinishedRouter(config=config, wanted=state)


def _announcements(completion: Completion, draft: InstanceDraft) -> GratuitousArp:
    definitions = completion.definitions
    return GratuitousArp(
        master_delay_us=_or(draft.garp_master_delay_us, definitions.garp_master_delay_us),
        master_repeat=_or(draft.garp_master_repeat, definitions.garp_master_repeat),
        master_refresh_us=_or(draft.garp_master_refresh_us, definitions.garp_master_refresh_us),
        master_refresh_repeat=_or(draft.garp_master_refresh_repeat, definitions.garp_master_refresh_repeat),
        lower_prio_delay_us=_or(draft.garp_lower_prio_delay_us, UNSET),
        lower_prio_repeat=_or(draft.garp_lower_prio_repeat, UNSET),
        extra_interval_us=_or(draft.garp_extra_interval_us, _NEVER),
        extra_all_interfaces=draft.garp_extra_all_interfaces,
    )


def groups_as_read(completion: Completion, members: dict[str, list[str]]) -> tuple[SyncGroup, ...]:
    """The groups before anything follows from what they track; without members if `members` is empty."""
    return tuple(
        sync_group(draft, tuple(members.get(draft.name, ())), _notify(draft))
        for draft in completion.drafts.groups.values()
        if not members or members[draft.name]
    )


def track_groups_as_read(completion: Completion) -> tuple[StaticTrackGroup, ...]:
    """The groups of static items before their members were looked for."""
    drafts = completion.drafts.track_groups.values()
    return tuple(StaticTrackGroup(name=it.name, members=(), place=it.place) for it in drafts)


def _notify(draft: InstanceDraft | GroupDraft) -> NotifyScripts:
    """Mail counts as on where nobody said."""
    return replace(commands_of(draft.notify), smtp_alert=_or(draft.smtp_alert, True))
