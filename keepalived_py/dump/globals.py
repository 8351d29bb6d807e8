"""The section "Global definitions", with which the dump of every process begins."""

from collections.abc import Iterator
from dataclasses import replace

from keepalived_py.dump.view import Moment, View, yes
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import (
    Fifo,
    Firewall,
    GlobalDefinitions,
    LimitedScript,
    LvsSettings,
    Mail,
    ProcessSettings,
    ReceivePolicy,
)
from keepalived_py.model.firewall import firewall_in_use
from keepalived_py.model.process import Process
from keepalived_py.model.units import SECOND

UNSET = 2**32 - 1
"""What is written for a number that was not given."""
_DONT_SET = "Don't set"
DEFAULT_UMASK = 0o177
_IPSETS = ("IPv4 address", "IPv6 address", "IPv6 address,iface", "IGMP", "MLD", "ND")


def global_lines(configuration: Configuration, process: Process, view: View) -> Iterator[str]:
    """All of `global_defs`, given or not."""
    it = _with_defaults(configuration) if view.defaulted else configuration.definitions
    yield "------< Global definitions >------"
    if it.config_save_dir:
        yield f" Config save dir = {it.config_save_dir}"
    yield f" Network namespace = {it.net_namespace or '(default)'}"
    ipvs = "(main namespace)" if it.net_namespace_ipvs is None else it.net_namespace_ipvs or "(default)"
    yield f" Network namespace ipvs = {ipvs}"
    if it.instance:
        yield f" Instance name = {it.instance}"
    yield from _name_lines(it)
    yield f" {yes(it.use_symlink_paths, 'Keep', 'Replace')} symlinks in script paths"
    yield f" {yes(it.set_supplementary_groups, 'Set', _DONT_SET)} supplementary groups for all scripts"
    yield f" Router ID = {it.router_id or view.machine.host_name()}"
    yield from _mail_lines(it.mail, view)
    for name, alert in (
        ("", it.smtp_alert),
        ("_vrrp", it.smtp_alert_vrrp),
        ("_checker", it.smtp_alert_checker),
    ):
        yield f" Default smtp_alert{name} = {'unset' if alert is None else yes(alert, 'on', 'off')}"
    yield f" Checkers log all failures = {yes(it.lvs.log_all_failures)}"
    yield from _reload_lines(it)
    if not view.are_set or process is Process.PARENT:
        # A child that runs has forgotten what only its parent is to run.
        yield from _script_lines("Startup", it.startup_script, ",", view)
        yield from _script_lines("Shutdown", it.shutdown_script, "", view)
    yield f" Dynamic interfaces = {yes(it.dynamic_interfaces)}"
    if it.dynamic_interfaces:
        yield f" Allow interface changes = {yes(it.allow_interface_changes)}"
    if it.no_email_faults:
        yield " Send emails for fault transitions = off"
    yield from _lvs_lines(it, process, view)
    checked = view.reading.servers_read is None
    if process > Process.CHECKER and view.defaulted and configuration.virtual_servers:
        yield from _fifo_lines(replace(it.notify_fifo, reader=None), "Global", view)  # the checkers read it
    else:
        yield from _fifo_lines(it.notify_fifo, "Global", view, is_passed=checked)
    was_found = view.defaulted or view.moment is not Moment.BEFORE_START
    vrrp_fifo = it.vrrp_notify_fifo if was_found else view.reading.vrrp_fifo
    yield from _fifo_lines(vrrp_fifo, "VRRP", view, is_passed=view.defaulted)
    yield from _fifo_lines(it.lvs_notify_fifo, "LVS", view, is_passed=checked)
    yield from _vrrp_lines(it)
    yield from _firewall_lines(it.firewall, it.lvs)
    yield f" VRRP check unicast_src = {yes(it.check_unicast_source)}"
    yield f" VRRP skip check advert addresses = {yes(it.skip_check_adv_addr)}"
    yield f" VRRP strict mode = {yes(it.strict)}"
    yield f" Max auto priority = {'Disabled' if it.max_auto_priority == -1 else it.max_auto_priority}"
    yield f" Min auto priority delay = {it.min_auto_priority_delay_us} usecs"
    for kind, settings in (
        ("VRRP", it.vrrp_process),
        ("Checker", it.checker_process),
        ("BFD", it.bfd_process),
    ):
        yield from _process_lines(kind, settings)
    yield from _agent_lines(it)
    yield f" Script security {yes(it.script_security, 'enabled', 'disabled')}"
    if it.script_account or view.shows_script_user:
        yield f" Default script uid:gid {view.owner(None)}"
    yield from _buffer_lines(it)
    yield f" umask = 0{DEFAULT_UMASK if it.umask is None else it.umask:o}"
    if it.startup_delay_us:
        yield f" vrrp_startup_delay = {it.startup_delay_us / SECOND:g}"
    if it.log_unknown_vrids:
        yield " log_unknown_vrids"
    if it.owner_ignore_adverts:
        yield " vrrp_owner_ignore_adverts"
    if it.vmac_prefix:
        yield f" VMAC prefix = {it.vmac_prefix}"
    if it.vmac_addr_prefix:
        yield f" VMAC address prefix = {it.vmac_addr_prefix}"
    yield f" json_version {it.json_version}"
    yield f" iproute usr directory {it.iproute_usr_dir or '/etc/iproute2'}"
    yield f" iproute etc directory {it.iproute_etc_dir or '/etc/iproute2'}"
    for kind, file in (
        ("state", it.state_dump_file),
        ("stats", it.stats_dump_file),
        ("json", it.json_dump_file),
    ):
        if file:
            yield f" {kind} dump file {file}"


def _with_defaults(configuration: Configuration) -> GlobalDefinitions:
    it = configuration.definitions
    garp = it.garp
    return replace(
        it,
        garp_lower_prio_delay_us=(
            garp.master_delay_us if it.garp_lower_prio_delay_us is None else it.garp_lower_prio_delay_us
        ),
        garp_lower_prio_repeat=(
            garp.master_repeat if it.garp_lower_prio_repeat is None else it.garp_lower_prio_repeat
        ),
        firewall=firewall_in_use(configuration),
    )


def _name_lines(it: GlobalDefinitions) -> Iterator[str]:
    names = {
        "Parent": it.process_name,
        "VRRP": it.vrrp_process.name,
        "LVS": it.checker_process.name,
        "BFD": it.bfd_process.name,
    }
    yield from (f" {kind} process name = {name}" for kind, name in names.items() if name)


def _mail_lines(mail: Mail, view: View) -> Iterator[str]:
    sender, helo_name, timeout_us = mail.sender, mail.helo_name, mail.connect_timeout_us
    if mail.server:
        machine = view.machine
        yield f" Smtp server = {machine.address_of(mail.server)}"
        yield f" Smtp server port = {mail.port}"
        sender = sender or f"{machine.user_name()}@{machine.host_name()}"
        helo_name = helo_name or machine.host_name()
    if helo_name:
        yield f" Smtp HELO name = {helo_name}"
    if mail.server or timeout_us is not None:
        timeout_us = 30 * SECOND if timeout_us is None else timeout_us
        yield f" Smtp server connection timeout = {timeout_us // SECOND}"
    if sender:
        yield f" Email notification from = {sender}"
        yield " Email notification to:"
        yield from (f"   {recipient}" for recipient in mail.recipients)


def _reload_lines(it: GlobalDefinitions) -> Iterator[str]:
    if it.reload.test_log is None:
        yield " No test config before reload"
    else:
        yield f" Test config before reload, log to {it.reload.test_log}"
    if it.reload.time_file:
        yield f" Reload time file = {it.reload.time_file}{yes(it.reload.repeat, ' (repeat)', '')}"
        yield " No reload scheduled"
    if it.reload.file is not None:
        directory = "/run/keepalived" if it.use_pid_dir else "/run"
        instance = f"_{it.instance}" if it.instance else ""
        yield f" Reload_file = {it.reload.file or f'{directory}/keepalived{instance}.reload'}"
    if it.tmp_config_directory:
        yield f" config save directory = {it.tmp_config_directory}"
    if it.data_use_instance:
        yield " Use instance name in data dumps"


def _script_lines(kind: str, script: LimitedScript | None, separator: str, view: View) -> Iterator[str]:
    if script:
        owner = view.owner(script.command.account)
        limit = script.timeout_us // SECOND
        yield f" {kind} script = {view.command(script.command)}, uid:gid {owner}{separator} timeout {limit}"


def _lvs_lines(it: GlobalDefinitions, process: Process, view: View) -> Iterator[str]:
    lvs = it.lvs
    timeouts = (
        ("TCP", lvs.tcp_timeout_seconds),
        ("TCP FIN", lvs.tcp_fin_timeout_seconds),
        ("TCP", lvs.udp_timeout_seconds),  # sic
    )
    yield from (f" LVS {kind} timeout = {timeout}" for kind, timeout in timeouts if timeout)
    if process is Process.VRRP:
        yield f" Default interface = {it.default_interface}"
    yield f" Disable local IGMP = {yes(it.disable_local_igmp, 'yes', 'no')}"
    yield f" Use VRRPv2 checksum for VRRPv3 IPv4 = {yes(it.v3_checksum_as_v2, 'yes', 'no')}"
    daemon = lvs.sync_daemon
    if daemon and (process >= Process.VRRP or not daemon.of_instance):
        if daemon.instance:
            found = process is Process.VRRP and view.moment is not Moment.BEFORE_START
            kind = yes(found or daemon.of_instance, "instance", "name")
            yield f" LVS syncd vrrp {kind} = {daemon.instance}"
        yield f" LVS syncd interface = {daemon.interface}"
        yield f" LVS syncd syncid = {UNSET if daemon.syncid is None else daemon.syncid}"
        if daemon.maxlen:
            yield f" LVS syncd maxlen = {daemon.maxlen}"
        if daemon.group:
            yield f" LVS mcast group {daemon.group}"
        if daemon.port:
            yield f" LVS syncd mcast port = {daemon.port}"
        if daemon.ttl:
            yield f" LVS syncd mcast ttl = {daemon.ttl}"
    yield f" LVS flush = {yes(lvs.flush)}"
    yield f" LVS flush on stop = {lvs.flush_on_stop.value}"


def _fifo_lines(fifo: Fifo, kind: str, view: View, is_passed: bool = True) -> Iterator[str]:
    """A FIFO; `is_passed` to its reader, that is once the process that starts the reader has come to it."""
    if fifo.path is None:
        return
    yield f" {kind} notify fifo = {fifo.path}, uid:gid {view.owner(fifo.owner)}"
    if fifo.reader:
        reader = fifo.reader
        if is_passed:
            reader = replace(reader, arguments=(*reader.arguments, fifo.path))
        path = "path" if view.program(reader)[1] else "script"
        command = view.command(reader, "script")
        yield f" {kind} notify fifo {path} = {command}, uid:gid {view.owner(reader.account)}"


def _vrrp_lines(it: GlobalDefinitions) -> Iterator[str]:
    garp = it.garp
    delay_us, repeat = it.garp_lower_prio_delay_us, it.garp_lower_prio_repeat
    yield f" FIFO write vrrp states on reload = {yes(it.fifo_write_vrrp_states_on_reload)}"
    yield f" VRRP notify priority changes = {yes(it.notify_priority_changes)}"
    yield f" VRRP IPv4 mcast group = {it.multicast_group_4}"
    yield f" VRRP IPv6 mcast group = {it.multicast_group_6}"
    yield f" Gratuitous ARP delay = {garp.master_delay_us // SECOND}"
    yield f" Gratuitous ARP repeat = {garp.master_repeat}"
    yield f" Gratuitous ARP refresh timer = {garp.master_refresh_us // SECOND}"
    yield f" Gratuitous ARP refresh repeat = {garp.master_refresh_repeat}"
    yield f" Gratuitous ARP lower priority delay = {UNSET if delay_us is None else delay_us // SECOND}"
    yield f" Gratuitous ARP lower priority repeat = {UNSET if repeat is None else repeat}"
    yield f" Num adverts before down = {it.down_timer_adverts}"
    extra = yes(it.garp_extra_all_interfaces, "i/f", "VMAC")
    yield f" Gratuitous ARP for each secondary {extra} = {it.garp_extra_interval_seconds}s"
    yield f" Send advert after receive lower priority advert = {yes(not it.lower_prio_no_advert)}"
    yield f" Send advert after receive higher priority advert = {yes(it.higher_prio_send_advert)}"
    yield f" Gratuitous ARP interval = {it.garp_interval_us / SECOND:f}"
    yield f" Gratuitous NA interval = {it.gna_interval_us / SECOND:f}"
    yield f" VRRP default protocol version = {it.version}"


def _firewall_lines(it: Firewall, lvs: LvsSettings) -> Iterator[str]:
    if it.iptables_in:
        yield f" Iptables input chain = {it.iptables_in}"
        if it.iptables_out:
            yield f" Iptables output chain = {it.iptables_out}"
        yield f" Using ipsets = {yes(it.use_ipsets is not False)}"
        if it.use_ipsets is not False:
            names = zip(_IPSETS, it.ipsets, strict=False)
            yield from (f" ipset {kind} set = {name}" for kind, name in names)
    if it.nftables_table:
        yield f" nftables table name = {it.nftables_table}"
        yield f" nftables base chain priority = {it.nftables_priority}"
        use = yes(it.nftables_by_index, "", "don't ")
        yield f" nftables {use}force use ifindex for link local IPv6"
    if lvs.nftables_table:
        yield f" ipvs nftables table name = {lvs.nftables_table}"
        yield f" ipvs nftables base chain priority = {lvs.nftables_priority}"
        yield f" ipvs nftables start fwmark = {lvs.nftables_start_fwmark}"
    yield f" nftables with{yes(it.nftables_counters, '', 'out')} counters"


def _process_lines(kind: str, it: ProcessSettings) -> Iterator[str]:
    yield f" {kind} process priority = {it.nice}"
    yield f" {kind} don't swap = {yes(it.no_swap)}"
    yield f" {kind} realtime priority = {it.realtime_priority}"
    if it.cpus:
        yield f" {kind} CPU Affinity = {''.join(f'{cpu} ' for cpu in sorted(it.cpus))}"
    yield f" {kind} realtime limit = {it.realtime_limit_us}"


def _agent_lines(it: GlobalDefinitions) -> Iterator[str]:
    snmp, dbus = it.snmp, it.dbus
    parts = {
        "vrrp": snmp.vrrp,
        "checker": snmp.checker,
        "RFCv2": snmp.rfc_v2,
        "RFCv3": snmp.rfc_v3,
        "traps": snmp.traps,
    }
    yield from (f" SNMP {part} {yes(enabled, 'enabled', 'disabled')}" for part, enabled in parts.items())
    yield f" SNMP socket = {snmp.socket or 'default (unix:/var/agentx/master)'}"
    virtual_us, real_us = snmp.virtual_server_interval_us, snmp.real_server_interval_us
    yield f" SNMP VS stats update interval = {virtual_us / SECOND:f}"
    yield f" SNMP RS stats update interval = {(virtual_us if real_us is None else real_us) / SECOND:f}"
    yield f" DBus {yes(dbus.enabled, 'enabled', 'disabled')}"
    yield f" DBus service name = {dbus.service_name or ''}"
    yield f" DBus no interface name = {dbus.no_interface_name or 'none'}"


def _buffer_lines(it: GlobalDefinitions) -> Iterator[str]:
    buffers = {
        "vrrp_netlink_cmd": it.vrrp_netlink_cmd,
        "vrrp_netlink_monitor": it.vrrp_netlink_monitor,
        "process_monitor": it.process_monitor,
        "lvs_netlink_cmd": it.lvs_netlink_cmd,
        "lvs_netlink_monitor": it.lvs_netlink_monitor,
    }
    for name, buffer in buffers.items():
        yield f" {name}_rcv_bufs = {buffer.size_bytes}"
        yield f" {name}_rcv_bufs_force = {buffer.force:d}"
    yield f" rs_init_notifies = {it.lvs.rs_init_notifies:d}"
    yield f" no_checker_emails = {it.lvs.no_checker_emails:d}"
    match it.receive_buffer:
        case ReceivePolicy():
            yield f" rx_bufs_policy = {it.receive_buffer.value}"
        case int():
            yield f" rx_bufs_size = {it.receive_buffer}"
    yield f" rx_bufs_multiples = {it.receive_buffer_packets}"
