"""Virtual routers: defaults, and what does not go together."""

from keepalived_py.model.address import IpAddress
from keepalived_py.model.reading import UnfinishedRouter
from keepalived_py.model.router import (
    OWNER_PRIORITY,
    AuthType,
    InitialState,
    VirtualRouter,
)
from keepalived_py.model.units import Microseconds
from keepalived_py.schema.complete.adverts import (
    AUTHENTICATION_BYTES,
    advert_interval_us,
    check_first_address,
    fitting_addresses,
)
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.hmac import auth_hmac
from keepalived_py.schema.complete.inherited import gratuitous_arp, ignores_adverts, strict_value
from keepalived_py.schema.complete.notifications import notify_scripts
from keepalived_py.schema.complete.unfinished import begun
from keepalived_py.schema.complete.vmac import (
    check_mac,
    check_vrf,
    check_xmit_base,
    own_interface,
    with_extra_announcements,
    without_needless_vmacs,
)
from keepalived_py.schema.complete.weights import drop_weights
from keepalived_py.schema.draft import GroupDraft, InstanceDraft

DEFAULT_PRIORITY = 100
DEFAULT_DOWN_TIMER_ADVERTS = 3


def runs(completion: Completion, draft: InstanceDraft) -> bool:
    """Whether an instance has what it cannot do without; keepalived ends at the first without."""
    name = draft.name
    if draft.vrid is None:
        message = f"({name}) the virtual router id must be set"
        completion.error(draft.head, "no-vrid", message, help="add: virtual_router_id NUMBER")
    elif not draft.interface_exists and not draft.unicast:
        message = f"({name}) Unknown interface!"
        completion.error(draft.head, "unknown-interface", message, help="add: interface NAME")
    elif not draft.interface_exists and draft.vmac:
        completion.error(draft.head, "vmac", f"({name}) cannot use VMAC if no interface specified")
    else:
        return True
    completion.halted = True
    return False


def router(
    completion: Completion, draft: InstanceDraft, group: GroupDraft | None
) -> VirtualRouter | UnfinishedRouter:
    """What the draft of an instance means; if keepalived would end here, what it has of it by then."""
    definitions = completion.definitions
    strict = definitions.strict if draft.strict is None else draft.strict
    family = draft.family or 4
    version = _version(completion, draft, family, strict)
    owner_by_default = draft.state is InitialState.MASTER
    priority = draft.priority or (OWNER_PRIORITY if owner_by_default else DEFAULT_PRIORITY)
    owner = priority == OWNER_PRIORITY
    state = _state(completion, draft, owner, strict)
    auth_type = _authentication(completion, draft, version, family, state, owner, strict)
    if auth_type is AuthType.AH and state is InitialState.MASTER and not owner:
        message = f"({draft.name}) Initial state master is incompatible with AH authentication - clearing"
        completion.error(draft.said["state"], "auth", message)
        state = InitialState.BACKUP
    hmac = auth_hmac(completion, draft, auth_type, strict)
    if draft.auth_hmac is not None:
        auth_type = AuthType.NONE
    if not _unicast(completion, draft, strict):
        return begun(
            completion,
            draft,
            version=version,
            family=family,
            priority=priority,
            state=state,
            auth_type=auth_type,
            strict=strict,
        )
    check_mac(completion, draft, strict)
    check_first_address(completion, draft, family, strict)
    check_vrf(completion, draft)
    virtual, excess = fitting_addresses(completion, draft, family, version, auth_type, hmac)
    nopreempt, preempt_delay_us = _preemption(completion, draft, owner, state, strict)
    down_timer_adverts = draft.down_timer_adverts or definitions.down_timer_adverts
    if strict and down_timer_adverts != DEFAULT_DOWN_TIMER_ADVERTS:
        completion.reset(
            draft, "down_timer_adverts", "down_timer_adverts is incompatible with strict mode - resetting"
        )
        down_timer_adverts = DEFAULT_DOWN_TIMER_ADVERTS
    if draft.highest_other_priority and not nopreempt:
        said = next(word for word in ("timer_expired_backup", "thread_timer_expired") if word in draft.said)
        completion.reset(draft, said, "expired_timer_backup requires nopreempt - resetting")
    accept = (owner or not strict) if draft.accept is None else draft.accept
    if accept and not owner and strict and version == 2:
        message = "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting"
        completion.reset(draft, "accept", message)
        accept = False
    group_address = draft.multicast_group
    if draft.unicast_peers and group_address is not None:
        completion.reset(draft, "mcast_dst_ip", "multicast destination specified with unicast - ignoring")
        group_address = None
    default_group = definitions.multicast_group_4 if family == 4 else definitions.multicast_group_6
    garp = gratuitous_arp(completion, draft, strict)
    lower_prio_no_advert = strict_value(
        completion,
        draft,
        "lower_prio_no_advert",
        strict,
        True,
        "Strict mode requires no lower priority advert. resetting",
    )
    higher_prio_send_advert = strict_value(
        completion,
        draft,
        "higher_prio_send_advert",
        strict,
        False,
        "strict mode requires higher_prio_send_advert to be clear. resetting",
    )
    owner_ignore_adverts = ignores_adverts(completion, draft, owner, strict)
    interval_us = advert_interval_us(completion, draft, version)
    own = own_interface(completion, draft, family, strict)
    if draft.interface and draft.track.interfaces.pop(draft.interface, None):
        message = f"({draft.name}) Ignoring track_interface {draft.interface} since own interface"
        statement = draft.said["track_interface"]
        completion.error(
            statement, "own-interface", message, word=0, help="it is tracked in any case", warning=True
        )
    check_xmit_base(completion, draft, own)
    read = len(virtual)
    virtual = _with_interface(completion, draft, virtual, "vip")
    draft.removed_addresses = read - len(virtual)
    excluded = _with_interface(completion, draft, [*draft.excluded_addresses, *excess], "evip")
    is_possible = _has_addresses(completion, draft, virtual, version, strict)
    if is_possible:
        drop_weights(completion, draft, group, owner)
    notify_priority_changes = next(
        value
        for value in (
            draft.notify_priority_changes,
            group.notify_priority_changes if group else None,
            definitions.notify_priority_changes,
        )
        if value is not None
    )
    assert draft.vrid is not None
    found = VirtualRouter(
        name=draft.name,
        vrid=draft.vrid,
        interface=draft.interface,
        version=version,
        family=family,
        state=state,
        priority=priority,
        advert_interval_us=interval_us,
        virtual_addresses=tuple(virtual),
        excluded_addresses=tuple(excluded),
        virtual_routes=tuple(draft.virtual_routes),
        virtual_rules=tuple(draft.virtual_rules),
        source_address=draft.source_address,
        track_source_address=draft.track_source_address and draft.source_address is not None,
        unicast_peers=tuple(draft.unicast_peers.values()),
        multicast_group=group_address or default_group,
        unicast_ttl=draft.unicast_ttl,
        check_unicast_source=draft.check_unicast_source or definitions.check_unicast_source,
        says_check_unicast_source=draft.check_unicast_source,
        unicast_configured=draft.unicast,
        unicast_fault_no_peer=draft.unicast_fault_no_peer,
        unicast_checksum=draft.unicast_checksum,
        v3_checksum_as_v2=(
            definitions.v3_checksum_as_v2 if draft.v3_checksum_as_v2 is None else draft.v3_checksum_as_v2
        ),
        kernel_rx_buffer_bytes=draft.kernel_rx_buffer_bytes,
        debug=draft.debug,
        allow_no_addresses=draft.no_virtual_addresses,
        promote_secondaries=draft.promote_secondaries,
        auth_type=auth_type,
        auth_data=draft.auth_data.ljust(AUTHENTICATION_BYTES, b"\0"),
        nopreempt=nopreempt,
        preempt_delay_us=preempt_delay_us,
        highest_other_priority=draft.highest_other_priority if nopreempt else 0,
        down_timer_adverts=down_timer_adverts,
        accept=accept,
        strict=strict,
        skip_check_adv_addr=draft.skip_check_adv_addr or definitions.skip_check_adv_addr,
        lower_prio_no_advert=lower_prio_no_advert,
        higher_prio_send_advert=higher_prio_send_advert,
        owner_ignore_adverts=owner_ignore_adverts,
        garp=garp,
        track_primary=draft.track_primary,
        track_interfaces=tuple(draft.track.interfaces.values()),
        track_scripts=tuple(draft.track.scripts.values()),
        track_processes=tuple(draft.track.processes.values()),
        track_files=tuple(draft.track.files.values()),
        track_bfds=tuple(draft.track.bfds.values()),
        notify=notify_scripts(completion, draft.notify, draft.smtp_alert),
        notify_priority_changes=notify_priority_changes,
        own_interface=own,
        use_vmac_addr=draft.use_vmac_addr,
        vrf=draft.vrf,
        config_faults=draft.config_faults,
        linkbeat_use_polling=draft.linkbeat_use_polling and draft.interface_exists,
        auth_hmac=hmac,
        place=draft.place,
    )
    found = without_needless_vmacs(completion, found, draft)
    found = with_extra_announcements(completion, found, draft)
    if is_possible:
        return found
    return UnfinishedRouter(config=found, wanted=state, is_placed=True)


def _version(completion: Completion, draft: InstanceDraft, family: int, strict: bool) -> int:
    if family == 6 and draft.version == 2 and strict:
        completion.reset(draft, "version", "cannot use IPv6 with VRRP version 2; setting version 3")
        return 3
    return draft.version or (3 if family == 6 else completion.definitions.version)


def _state(completion: Completion, draft: InstanceDraft, owner: bool, strict: bool) -> InitialState:
    natural = InitialState.MASTER if owner else InitialState.BACKUP
    if draft.state is None:
        return natural
    if strict and draft.state is not natural:
        completion.reset(draft, "state", "State MASTER must match being address owner")
        return natural
    return draft.state


def _authentication(
    completion: Completion,
    draft: InstanceDraft,
    version: int,
    family: int,
    state: InitialState,
    owner: bool,
    strict: bool,
) -> AuthType:
    if draft.auth_type is AuthType.NONE:
        return AuthType.NONE
    if strict:
        problem = "Strict mode does not support authentication. Ignoring."
    elif version == 3:
        problem = "VRRP version 3 does not support authentication. Ignoring."
    elif not draft.auth_data.rstrip(b"\0"):
        problem = "Authentication specified but no password given. Ignoring"
    elif family == 6 and draft.auth_type is AuthType.AH:
        problem = "Cannot use AH authentication with IPv6. ignoring"
    else:
        return draft.auth_type
    statement = draft.said.get("auth_type", draft.head)
    completion.error(
        statement, "auth", f"({draft.name}) {problem}", word=0 if statement is not draft.head else 1
    )
    return AuthType.NONE


def _unicast(completion: Completion, draft: InstanceDraft, strict: bool) -> bool:
    """Whether the instance can send adverts."""
    if draft.unicast and not draft.unicast_peers and draft.unicast_fault_no_peer:
        message = f"({draft.name}) Cannot use unicast without any peers - going to fault state"
        completion.error(draft.said["unicast_fault_no_peer"], "unicast", message, word=0, silent=True)
        draft.config_faults += 1
    elif draft.unicast and not draft.unicast_peers:
        completion.reset(
            draft,
            next(
                (word for word in ("unicast_src_ip", "unicast_peer") if word in draft.said),
                "unicast_peer",
            ),
            "A unicast keyword has been specified without any unicast peers. Defaulting to multicast. "
            "This usage is deprecated - please update your configuration.",
        )
    if draft.interface_exists and not (strict and draft.unicast_peers):
        return True
    if draft.interface_exists:
        message = f"({draft.name}) Unicast peers are not supported in strict mode"
        statement = draft.said["unicast_peer"]
        completion.error(statement, "incompatible", message, word=0, help="remove vrrp_strict or strict_mode")
    elif draft.source_address is None:
        message = f"({draft.name}): Unicast instances must have unicast_src_ip or interface"
        completion.error(draft.head, "unknown-interface", message)
    elif draft.source_address.version == 6 and draft.source_address.is_link_local:
        message = f"({draft.name}) Non link-local address required if interface omitted"
        completion.error(draft.head, "unknown-interface", message)
    else:
        return True
    completion.halted = True
    return False


def _preemption(
    completion: Completion, draft: InstanceDraft, owner: bool, state: InitialState, strict: bool
) -> tuple[bool, Microseconds]:
    nopreempt, delay_us = draft.nopreempt, draft.preempt_delay_us
    if owner and nopreempt:
        completion.reset(
            draft, "nopreempt", "nopreempt is incompatible with priority 255. resetting nopreempt"
        )
        nopreempt = False
    if state is InitialState.MASTER:
        if nopreempt:
            message = "Warning - nopreempt will not work with initial state MASTER - clearing"
            completion.reset(draft, "nopreempt", message, warning=True)
            nopreempt = False
        if delay_us:
            message = "Warning - preempt delay will not work with initial state MASTER - clearing"
            completion.reset(draft, "preempt_delay", message, warning=True)
            delay_us = 0
    if delay_us and strict:
        completion.reset(draft, "preempt_delay", "preempt_delay is incompatible with strict mode - resetting")
        delay_us = 0
    if delay_us and nopreempt:
        completion.reset(
            draft, "preempt_delay", "preempt_delay is incompatible with nopreempt mode - resetting"
        )
        delay_us = 0
    return nopreempt, delay_us


def _with_interface(
    completion: Completion, draft: InstanceDraft, addresses: list[IpAddress], kind: str
) -> list[IpAddress]:
    """The addresses for which there is an interface: that of the instance, if they name none."""
    if draft.interface:
        return addresses
    for address in addresses:
        if address.device is None:
            message = f"({draft.name}): no interface for {kind} {address.text} - removing"
            completion.error(
                draft.head, "no-interface", message, help=f"add to {address.text}: dev INTERFACE"
            )
    return [address for address in addresses if address.device]


def _has_addresses(
    completion: Completion, draft: InstanceDraft, virtual: list[IpAddress], version: int, strict: bool
) -> bool:
    if virtual:
        return True
    if draft.no_virtual_addresses and strict:
        message = "no_virtual_ipaddress and strict mode incompatible, clearing no_virtual_ipaddress"
        completion.reset(draft, "no_virtual_ipaddress", message)
    elif draft.no_virtual_addresses:
        return True
    if version == 3 or strict:
        message = f"({draft.name}) No VIP specified; at least one is required"
        completion.error(draft.head, "no-address", message, help="add: virtual_ipaddress { ADDRESS }")
        completion.halted = True
        return False
    message = f"({draft.name}) No VIP specified; at least one is sensible"
    completion.error(
        draft.head, "no-address", message, help="add: virtual_ipaddress { ADDRESS }", warning=True
    )
    return True
