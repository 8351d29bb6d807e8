"""One instance in a dump, in keepalived's words and order."""

import time
from collections.abc import Iterator

from keepalived_py.dump.addresses import address_lines
from keepalived_py.dump.view import Moment, View, notify_lines, tracked_lines, yes
from keepalived_py.model.address import host_text
from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.route_text import rule_line
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds
from keepalived_py.model.vmac import MAC_OCTETS, Ipvlan
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.tracking import CONFIG_ERROR
from keepalived_py.vrrp.turn import Timer


def instance_lines(
    instance: Instance, engine: Engine, view: View, *, is_placed: bool = True
) -> Iterator[str]:
    """All of an instance; at the start without what is of the moment. An instance that is not `is_placed`
    was given up before its interfaces were found, and those of its addresses."""
    config = instance.config
    yield f" VRRP Instance = {instance.name}"
    yield f"   VRRP Version = {config.version}"
    if instance.group:
        yield f"   Sync group = {instance.group}"
    if config.family == 6:
        yield "   Using Native IPv6"
    if view.transient:
        yield from _state_lines(instance, engine)
    yield from _flag_lines(config)
    if instance.remarked:
        yield f"   Rate-limit flags = {instance.remarked.value:#x}"
    yield f"   Wantstate = {instance.wanted.name}"
    yield f"   Number of config faults = {config.config_faults}"
    if view.transient:
        yield from _fault_lines(instance, view)
        yield f"   Last transition = {_wall_time(instance.last_transition_us, view)}"
        down_us = 0 if view.moment is Moment.BEFORE_START else instance.master_down_interval_us
        yield f"   Read timeout = {_read_timeout(instance, engine, view)}"
        yield f"   Master down timer = {down_us} usecs"
    yield from _interface_lines(instance, view, is_placed)
    yield from _announcement_lines(config)
    yield f"   Virtual Router ID = {config.vrid}"
    yield f"   Priority = {config.priority}"
    if view.transient:
        yield f"   Effective priority = {instance.effective_priority}"
        yield f"   Total priority = {_total_priority(instance, engine, view)}"
        if config.nopreempt:
            yield f"   Highest other priority = {config.highest_other_priority}"
    if config.version == 2:
        yield f"   Advert interval = {config.advert_interval_us // SECOND} sec"
    else:
        yield f"   Advert interval = {config.advert_interval_us // MILLISECOND} milli-sec"
    if view.transient:
        yield f"   Last advert sent = {_last_advert(instance, view)}"
    yield f"   Accept = {yes(config.accept, 'enabled', 'disabled')}"
    yield f"   Preempt = {yes(not config.nopreempt, 'enabled', 'disabled')}"
    if config.preempt_delay_us:
        yield f"   Preempt delay = {config.preempt_delay_us / SECOND:g} secs"
    yield f"   Promote_secondaries = {yes(config.promote_secondaries, 'enabled', 'disabled')}"
    yield from _authentication_lines(config)
    yield from _hmac_lines(config.auth_hmac)
    if config.version == 3 and config.family == 4:
        yield f"   VRRPv3 uses VRRPv2 checksum = {yes(config.v3_checksum_as_v2, 'enabled', 'disabled')}"
    if config.kernel_rx_buffer_bytes:
        yield f"   Kernel rx buffer size = {config.kernel_rx_buffer_bytes}"
    if config.debug:
        yield f"   Debug level = {config.debug}"
    are_set = view.transient and instance.addresses_set
    bases = dict(_bases(config, view))
    if config.virtual_addresses:
        read = len(config.virtual_addresses) + view.reading.removed_addresses.get(config.name, 0)
        yield f"   Virtual IP ({read}):"
        yield from address_lines(config, config.virtual_addresses, are_set, is_placed, bases)
    if config.excluded_addresses:
        yield "   Virtual IP Excluded :"
        yield from address_lines(config, config.excluded_addresses, are_set, is_placed, bases)
    yield from _unicast_lines(instance)
    if view.moment is Moment.BEFORE_START:
        yield "   No sockets allocated"
    if config.virtual_routes:
        yield "   Virtual Routes :"
        yield from (f"     {view.route(it)}" for it in config.virtual_routes)
    if config.virtual_rules:
        yield "   Virtual Rules :"
        yield from (f"     {rule_line(it)}" for it in config.virtual_rules)
    yield from tracked_lines("interfaces", config.track_interfaces, "")
    yield from tracked_lines("scripts", config.track_scripts, "")
    yield from tracked_lines("files", config.track_files, ",")
    yield from tracked_lines("processes", config.track_processes, ",")
    yield from tracked_lines("BFDs", config.track_bfds, ":")
    yield f"   Using smtp notification = {yes(config.notify.smtp_alert, 'yes', 'no')}"
    yield f"   Notify deleted = {yes(config.notify.report_deleted, 'Deleted', 'Fault')}"
    yield from notify_lines(config.notify, view)
    yield f"   Notify priority changes = {yes(config.notify_priority_changes)}"


def _bases(config: VirtualRouter, view: View) -> Iterator[tuple[str | None, str]]:
    """The VMACs that addresses are on, each with the interface below it."""
    # Of a VMAC that could be there, keepalived takes the VMAC itself for the base until it is.
    told = view.moment is not Moment.BEFORE_START or view.link(config.interface) is None
    if told and config.vmac and config.vmac.name and config.interface:
        yield config.vmac.name, config.interface
    for address in config.all_addresses:
        link = view.link(address.device) if view.moment is Moment.RUNNING else None
        if link and link.base and config.is_on_other_vmac(address):
            yield link.name, link.base


def _state_lines(instance: Instance, engine: Engine) -> Iterator[str]:
    yield f"   State = {instance.state.name}"
    if instance.state is State.BACKUP:
        yield f"   Master router = {instance.master_address or '(none)'}"
        yield f"   Master priority = {instance.master_priority}"
        if instance.config.version == 3:
            interval = instance.master_advert_interval_us // MILLISECOND
            yield f"   Master advert interval = {interval} milli-sec"
    elif instance.state is State.MASTER and instance.config.is_owner:
        timer = engine.deadlines.get((Timer.RIVAL, instance.name))
        yield f"   Rogue master counter = {instance.rival_adverts}"
        yield f"   Roger timer thread = {'(nil)' if timer is None else hex(timer)}"
        if instance.rival_adverts or timer:
            yield f"   Roger adver interval = {instance.rival_interval_us // MILLISECOND} ms"


def _flag_lines(config: VirtualRouter) -> Iterator[str]:
    """keepalived heads the list whenever any flag is set, also one that it does not name."""
    named = []
    if config.unicast:
        named.append("Using unicast")
    elif config.unicast_configured:
        named.append("Unicast config option specified but using multicast")
    if config.unicast_fault_no_peer:
        named.append("If unicast go to fault state if no peers")
    unnamed = (
        config.own_interface,
        config.use_vmac_addr,
        config.vrf,
        config.garp.extra_all_interfaces,
        config.linkbeat_use_polling,
        config.source_address is not None,
        config.nopreempt,
        not config.track_primary,
        config.skip_check_adv_addr,
        config.allow_no_addresses,
        config.promote_secondaries,
        config.v3_checksum_as_v2,
        config.says_check_unicast_source,
        config.track_source_address,
    )
    if not named and not any(unnamed):
        yield "   Flags: none"
        return
    yield "   Flags:"
    yield from (f"     {flag}" for flag in named)


def _fault_lines(instance: Instance, view: View) -> Iterator[str]:
    own_interface = f"interface {instance.config.interface} "
    flags = {
        "i/f down": any(fault.startswith(own_interface) for fault in instance.faults),
        "no source IP address": view.moment is Moment.RUNNING and instance.source_address is None,
        "config error": CONFIG_ERROR in instance.faults,
    }
    mine = [flag for flag, raised in flags.items() if raised]
    yield f"   Number of tracker faults = {max(len(instance.faults) - len(mine), 0)}"
    if mine:
        yield "   Flags of interface faults:"
        yield from (f"     {flag}" for flag in mine)
    else:
        yield "   Flags of interface faults - (none)"
    yield f"   Number of track scripts init = {len(instance.awaited)}"


def _interface_lines(instance: Instance, view: View, is_placed: bool) -> Iterator[str]:
    config = instance.config
    yield from _own_interface_lines(config, view, is_placed)
    if config.vrf:
        yield f"   VRF = {config.vrf}"
    if not config.track_primary:
        yield "   VRRP interface tracking disabled"
    if config.skip_check_adv_addr:
        yield "   Skip checking advert IP addresses"
    if config.allow_no_addresses:
        yield "   Suppress no VIPs warning"
    if config.strict:
        yield "   Enforcing strict VRRP compliance"
    configured = " (from configuration)" if config.source_address else ""
    source = config.source_address or instance.source_address or view.source_address(config)
    yield f"   Using src_ip = {source or '(none)'}{configured}"
    if not config.unicast:
        number = view.multicast_index(config) if is_placed else 0
        index = "" if config.family == 4 else f", ifindex {number}"
        group = "(none)" if config.multicast_group.is_unspecified else config.multicast_group
        yield f"   Multicast address {group}{index}"


def _own_interface_lines(config: VirtualRouter, view: View, is_placed: bool) -> Iterator[str]:
    own, vmac = config.own_interface, config.vmac
    base = view.link(config.interface)
    made = is_placed and vmac is not None and base is not None
    there = view.link(own.name) if own and view.moment is Moment.RUNNING else None
    is_up = yes(there is not None)
    if vmac:
        yield f"   Use VMAC, i/f name {vmac.name or ''}, is_up = {is_up}, xmit_base = {yes(vmac.xmit_base)}"
        if vmac.mac:
            note = " (using VRID)" if len(vmac.mac) < MAC_OCTETS else ""
            yield f"     MAC = {vmac.mac_of(config.vrid, config.family).hex(':')}{note}"
        if vmac.notify_base:
            yield "     Force netlink update for base interface"
    elif isinstance(own, Ipvlan):
        address = f", i/f address = {host_text(own.address)}" if own.address else ""
        yield f"   Use IPVLAN, i/f {own.name or ''}, is_up = {is_up}{address}, type {own.type.value}"
    if config.use_vmac_addr:
        yield "     Use VMAC for VIPs on other interfaces"
    if own and own.group is not None:
        yield f"     Interface group {own.group}"
    elif base and base.group and not made:
        yield f"     Interface group {base.group} (copied from parent)"
    if own and there and there.base:
        what, on_base = ("vmac", vmac.xmit_base) if vmac else ("ipvlan", False)
        yield f"   Interface = {own.name}, {what} on {there.base}{', xmit base i/f' if on_base else ''}"
        if there.base != config.interface:
            yield f"   Configured interface = {config.interface}"
    elif vmac and made:
        yield f"   Interface = {vmac.name}, vmac on (unknown){', xmit base i/f' if vmac.xmit_base else ''}"
        yield f"   Configured interface = {config.interface}"
    else:
        device = config.device if is_placed else config.interface
        yield f"   Interface = {device or 'not configured'}"


def _announcement_lines(config: VirtualRouter) -> Iterator[str]:
    garp = config.garp
    yield f"   Gratuitous ARP delay = {garp.master_delay_us // SECOND}"
    yield f"   Gratuitous ARP repeat = {garp.master_repeat}"
    yield f"   Gratuitous ARP refresh = {garp.master_refresh_us // SECOND}"
    yield f"   Gratuitous ARP refresh repeat = {garp.master_refresh_repeat}"
    yield f"   Gratuitous ARP lower priority delay = {garp.lower_prio_delay_us // SECOND}"
    yield f"   Gratuitous ARP lower priority repeat = {garp.lower_prio_repeat}"
    yield f"   Down timer adverts = {config.down_timer_adverts}"
    if garp.extra_interval_us:
        kind = yes(garp.extra_all_interfaces, "i/f", "VMAC")
        yield f"   Gratuitous ARP for each secondary {kind} = {garp.extra_interval_us // SECOND}"
    yield f"   Send advert after receive lower priority advert = {yes(not config.lower_prio_no_advert)}"
    yield f"   Send advert after receive higher priority advert = {yes(config.higher_prio_send_advert)}"
    if config.is_owner:
        yield f"   Address owner ignores received adverts = {yes(config.owner_ignore_adverts)}"


def _authentication_lines(config: VirtualRouter) -> Iterator[str]:
    if config.auth_type is AuthType.NONE:
        if config.version == 2:
            yield "   Authentication type = none"
        return
    has_password = config.auth_type is AuthType.PASS
    yield f"   Authentication type = {yes(has_password, 'SIMPLE_PASSWORD', 'IPSEC_AH')}"
    if has_password:
        yield "   Password = ********"


def _hmac_lines(hmac: AuthHmac | None) -> Iterator[str]:
    if hmac is None:
        return
    yield "   Authentication extension = HMAC-SHA256-128"
    yield f"     Keys = {len(hmac.keys)}, active key id = {hmac.active_key}"
    yield f"     Mode = {hmac.mode.value}"
    if hmac.anti_replay_by_time:
        yield f"     Anti replay = time, window = {hmac.time_window_seconds} sec"
    else:
        yield "     Anti replay = monotonic"


def _unicast_lines(instance: Instance) -> Iterator[str]:
    config = instance.config
    if not config.unicast:
        return
    if config.family == 4 or config.unicast_ttl is not None:
        yield f"   Unicast TTL = {config.ttl}"
    yield f"   Check unicast src : {yes(config.says_check_unicast_source, 'yes', 'no')}"
    yield "   Unicast Peer :"
    for peer in config.unicast_peers:
        low, high = peer.min_ttl or 0, 255 if peer.max_ttl is None else peer.max_ttl
        yield f"     {peer.address} min_ttl {low} max_ttl {high}"
    yield f"   Unicast checksum compatibility = {instance.unicast_checksum.value}"


def _read_timeout(instance: Instance, engine: Engine, view: View) -> str:
    """When the timer of the state is due."""
    if view.moment is Moment.BEFORE_START:
        return "0.000000 (Thu Jan  1 00:00:00.000000 1970)"
    due_us = engine.deadlines.get((Timer.STATE, instance.name))
    return "DISABLED" if due_us is None else _wall_time(due_us, view)


def _total_priority(instance: Instance, engine: Engine, view: View) -> int:
    """The priority as trackers make it, where the effective one has bounds."""
    if view.moment is Moment.BEFORE_START:
        return instance.effective_priority
    return engine.trackers.judge(instance, engine.group_of(instance)).total


def _last_advert(instance: Instance, view: View) -> str:
    if not instance.last_advert_us:
        return "0.000000"
    whole, fraction = divmod(instance.last_advert_us + view.wall_offset_us, SECOND)
    return f"{whole}.{fraction:06}"


def _wall_time(monotonic_us: Microseconds, view: View) -> str:
    whole, fraction = divmod(monotonic_us + view.wall_offset_us, SECOND)
    date, year = time.strftime("%a %b %e %H:%M:%S|%Y", time.localtime(whole)).split("|")
    return f"{whole}.{fraction:06} ({date}.{fraction:06} {year})"
