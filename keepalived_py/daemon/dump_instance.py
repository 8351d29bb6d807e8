"""One instance in a dump, in keepalived's words and order."""

import time
from collections.abc import Iterator

from keepalived_py.daemon.dump_values import Accounts, notify_lines, tracked_lines, yes
from keepalived_py.model.address import AddressFlag, IpAddress
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds, format_seconds
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.state import State

_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
_FLAGS = {
    AddressFlag.HOME: "home",
    AddressFlag.DAD: "-nodad",
    AddressFlag.MNGTMPADDR: "mngtmpaddr",
    AddressFlag.NOPREFIXROUTE: "noprefixroute",
    AddressFlag.AUTOJOIN: "autojoin",
}


def instance_lines(
    instance: Instance, accounts: Accounts, wall_offset_us: Microseconds | None
) -> Iterator[str]:
    """`wall_offset_us` turns the engine's times into those of the wall clock; None leaves out what
    is of the moment."""
    config = instance.config
    transient = wall_offset_us is not None
    yield f" VRRP Instance = {instance.name}"
    yield f"   VRRP Version = {config.version}"
    if instance.group:
        yield f"   Sync group = {instance.group}"
    if config.family == 6:
        yield "   Using Native IPv6"
    if transient:
        yield f"   State = {instance.state.name}"
        if instance.state is State.BACKUP:
            yield f"   Master router = {instance.master_address or '0.0.0.0'}"
            yield f"   Master priority = {instance.master_priority}"
            if config.version == 3:
                interval = instance.master_advert_interval_us // MILLISECOND
                yield f"   Master advert interval = {interval} milli-sec"
    if config.unicast:
        yield "   Flags:"
        yield "     Using unicast"
    else:
        yield "   Flags: none"
    yield f"   Wantstate = {instance.wanted.name}"
    if wall_offset_us is not None:
        yield from _fault_lines(instance)
        yield f"   Last transition = {_wall_time(instance.last_transition_us, wall_offset_us)}"
        yield f"   Master down timer = {instance.master_down_interval_us} usecs"
    yield from _configuration_lines(instance, transient)
    if config.virtual_addresses:
        yield f"   Virtual IP ({len(config.virtual_addresses)}):"
        yield from _address_lines(config, config.virtual_addresses, transient and instance.addresses_set)
    if config.excluded_addresses:
        yield "   Virtual IP Excluded :"
        yield from _address_lines(config, config.excluded_addresses, transient and instance.addresses_set)
    if config.unicast:
        yield f"   Unicast TTL = {config.ttl}"
        yield f"   Check unicast src : {yes(config.check_unicast_source, 'yes', 'no')}"
        yield "   Unicast Peer :"
        for peer in config.unicast_peers:
            low, high = peer.min_ttl or 0, 255 if peer.max_ttl is None else peer.max_ttl
            yield f"     {peer.address} min_ttl {low} max_ttl {high}"
    yield from tracked_lines("interfaces", config.track_interfaces, "")
    yield from tracked_lines("scripts", config.track_scripts, "")
    yield from tracked_lines("files", config.track_files, ",")
    yield from tracked_lines("processes", config.track_processes, ",")
    yield f"   Using smtp notification = {yes(bool(config.notify.smtp_alert), 'yes', 'no')}"
    yield f"   Notify deleted = {yes(config.notify.report_deleted, 'Deleted', 'Fault')}"
    yield from notify_lines(config.notify, accounts)
    yield f"   Notify priority changes = {yes(config.notify_priority_changes)}"


def address_line(address: IpAddress, device: str | None, is_set: bool) -> str:
    """An address; `device` is for one that names none itself."""
    interface = address.interface
    host = interface.network.prefixlen == interface.max_prefixlen
    words = [str(interface.ip) if host else str(interface)]
    if address.broadcast_address:
        words += ["brd", str(address.broadcast_address)]
    words += ["dev", address.device or device or "(none)"]
    words += ["scope", _SCOPES.get(address.scope, str(address.scope))]
    if address.label:
        words += ["label", address.label]
    if address.peer:
        words += ["peer", str(address.peer)]
    words += [word for flag, word in _FLAGS.items() if flag in address.flags]
    if not address.tracked:
        words.append("no_track")
    if address.track_group:
        words += ["track_group", address.track_group]
    if interface.version == 6:
        words.append(_preferred_lifetime(address.preferred_lifetime_seconds))
    if is_set:
        words.append("set")
    return "     " + " ".join(words)


def _preferred_lifetime(seconds: int | None) -> str:
    if seconds is None:
        return "preferred_lft forever"
    return f"preferred_lft {seconds}" if seconds else "deprecated"


def _address_lines(config: VirtualRouter, addresses: tuple[IpAddress, ...], are_set: bool) -> Iterator[str]:
    return (address_line(it, config.interface, are_set) for it in addresses)


def _fault_lines(instance: Instance) -> Iterator[str]:
    own_interface = f"interface {instance.config.interface} "
    flags = {
        "i/f down": any(fault.startswith(own_interface) for fault in instance.faults),
        "no source IP address": instance.source_address is None,
    }
    mine = [flag for flag, raised in flags.items() if raised]
    yield f"   Number of tracker faults = {max(len(instance.faults) - len(mine), 0)}"
    if mine:
        yield "   Flags of interface faults:"
        yield from (f"     {flag}" for flag in mine)
    else:
        yield "   Flags of interface faults - (none)"
    yield f"   Number of track scripts init = {len(instance.awaited)}"


def _configuration_lines(instance: Instance, transient: bool) -> Iterator[str]:
    config, garp = instance.config, instance.config.garp
    yield f"   Interface = {config.interface or 'not configured'}"
    if not config.track_primary:
        yield "   VRRP interface tracking disabled"
    if config.skip_check_adv_addr:
        yield "   Skip checking advert IP addresses"
    if config.strict:
        yield "   Enforcing strict VRRP compliance"
    configured = " (from configuration)" if config.source_address else ""
    yield f"   Using src_ip = {instance.source_address or '(none)'}{configured}"
    if not config.unicast:
        yield f"   Multicast address {config.multicast_group}"
    yield f"   Gratuitous ARP delay = {garp.master_delay_us // SECOND}"
    yield f"   Gratuitous ARP repeat = {garp.master_repeat}"
    yield f"   Gratuitous ARP refresh = {garp.master_refresh_us // SECOND}"
    yield f"   Gratuitous ARP refresh repeat = {garp.master_refresh_repeat}"
    yield f"   Gratuitous ARP lower priority delay = {garp.lower_prio_delay_us // SECOND}"
    yield f"   Gratuitous ARP lower priority repeat = {garp.lower_prio_repeat}"
    yield f"   Down timer adverts = {config.down_timer_adverts}"
    yield f"   Send advert after receive lower priority advert = {yes(not config.lower_prio_no_advert)}"
    yield f"   Send advert after receive higher priority advert = {yes(config.higher_prio_send_advert)}"
    if config.is_owner:
        yield f"   Address owner ignores received adverts = {yes(config.owner_ignore_adverts)}"
    yield f"   Virtual Router ID = {config.vrid}"
    yield f"   Priority = {config.priority}"
    if transient:
        yield f"   Effective priority = {instance.effective_priority}"
    if config.version == 2:
        yield f"   Advert interval = {config.advert_interval_us // SECOND} sec"
    else:
        yield f"   Advert interval = {config.advert_interval_us // MILLISECOND} milli-sec"
    yield f"   Accept = {yes(config.accept, 'enabled', 'disabled')}"
    yield f"   Preempt = {yes(not config.nopreempt, 'enabled', 'disabled')}"
    if config.preempt_delay_us:
        yield f"   Preempt delay = {format_seconds(config.preempt_delay_us)} secs"
    if config.auth_type is AuthType.NONE:
        if config.version == 2:
            yield "   Authentication type = none"
    else:
        has_password = config.auth_type is AuthType.PASS
        yield f"   Authentication type = {yes(has_password, 'SIMPLE_PASSWORD', 'IPSEC_AH')}"
        if has_password:
            yield "   Password = ********"


def _wall_time(monotonic_us: Microseconds, wall_offset_us: Microseconds) -> str:
    whole, fraction = divmod(monotonic_us + wall_offset_us, SECOND)
    date, year = time.strftime("%a %b %e %H:%M:%S|%Y", time.localtime(whole)).split("|")
    return f"{whole}.{fraction:06} ({date}.{fraction:06} {year})"
