"""`global_defs`, and the keywords of the process at the top of a file."""

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.model.command import Account
from keepalived_py.model.configuration import Fifo
from keepalived_py.model.units import SECOND
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    UINT_MAX,
    Boolean,
    CommandLine,
    Decimal,
    Entries,
    Integer,
    Text,
    Words,
    parse_address,
)
from keepalived_py.schema.draft import GlobalDraft
from keepalived_py.schema.instance import is_group
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of

REALTIME_PRIORITY_MAX = 99
_UMASK_BITS = {
    f"I{letter}{who}": bit << shift
    for who, shift in (("USR", 6), ("GRP", 3), ("OTH", 0))
    for letter, bit in (("R", 4), ("W", 2), ("X", 1))
} | {"IRWXU": 0o700, "IRWXG": 0o070, "IRWXO": 0o007}


def _bind_smtp_server(scope: Scope, row: Row, entry: Entry) -> None:
    words = head_of(entry).words
    definitions: GlobalDraft = scope.block
    definitions.smtp_server = words[1]
    definitions.smtp_port = 25
    if len(words) > 2 and words[2].isdecimal():
        definitions.smtp_port = int(words[2][:6])


def _bind_email_from(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) > 2:
        message = f"emailfrom - ignoring extra entries '{statement.words[2]}' ..."
        scope.error(statement, "extra-words", message, word=2)
    scope.block.email_from = statement.words[1]


def _bind_emails(scope: Scope, row: Row, entry: Entry) -> None:
    emails = [word for line in body_of(entry) for word in line.words]
    if not emails:
        scope.closing = end_of(entry)
        scope.warning(head_of(entry), "empty-list", "Warning - empty notification_email block")
        scope.closing = None
    scope.block.emails += emails


def _bind_dynamic_interfaces(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    scope.block.dynamic_interfaces = True
    if len(statement.words) > 1 and statement.words[1] != "allow_if_changes":
        message = f"Unknown dynamic_interfaces option '{statement.words[1]}'"
        scope.error(statement, "unknown-option", message, word=1, help="allow_if_changes")


def _bind_script_user(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    account = commands.account(statement.words, 1)
    if account is None:
        scope.error(
            statement, "missing-argument", "No script username specified", help="script_user USER [GROUP]"
        )
        return
    if not commands.known_account(scope, account):
        scope.error(statement, "unknown-account", "Error setting global script uid/gid", word=1)
    scope.block.script_account = account


def _bind_fifo(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    fifo: Fifo = getattr(scope.block, row.field)
    kind = row.name.removesuffix("notify_fifo")
    words = statement.words
    if len(words) < 2:
        scope.error(statement, "missing-argument", f"No {kind}notify_fifo name specified")
    elif fifo.path is not None:
        message = f"{kind}notify_fifo already specified - ignoring {words[1]}"
        scope.error(statement, "duplicate", message, word=1)
    else:
        owner: Account | None = commands.account(words, 2)
        if owner is None or commands.known_account(scope, owner):
            setattr(scope.block, row.field, replace(fifo, path=words[1], owner=owner))


def _bind_fifo_script(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    fifo: Fifo = getattr(scope.block, row.field)
    kind = row.name.removesuffix("notify_fifo_script")
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"No {kind}notify_fifo_script specified")
    elif fifo.reader is not None:
        message = f"{kind}notify_fifo_script already specified - ignoring {statement.words[1]}"
        scope.error(statement, "duplicate", message, word=1)
    else:
        reader = commands.notify_command(scope, statement, f"{kind}notify_fifo")
        setattr(scope.block, row.field, replace(fifo, reader=reader))


def _bind_multicast_group(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    family = int(row.name[-1])
    word = statement.words[1]
    address = parse_address(word)
    problem = ""
    if address is None:
        problem = f"Can't parse {row.name} [{word}]. Skipping"
    elif address.version != family:
        problem = f"{row.name} [{word}] is not IPv{family}. Skipping"
    elif not address.is_multicast:
        problem = f"{row.name} [{word}] is not multicast. Skipping"
    if problem or address is None:
        scope.error(statement, "bad-address", problem, word=1)
        return
    if not isinstance(address, IPv4Address) and not is_group(address):
        message = f"{row.name} [{word}] should be link-local multicast."
        scope.warning(statement, "bad-address", message, word=1, help="ff02::/16")
    setattr(scope.block, row.field, address)


def _bind_min_garp(scope: Scope, row: Row, entry: Entry) -> None:
    definitions: GlobalDraft = scope.block
    wanted = Boolean().read(scope, head_of(entry), 1)
    if wanted is None:
        scope.error(head_of(entry), "bad-boolean", "Invalid value for vrrp_min_garp specified", word=1)
    if not wanted:
        return
    fresh = GlobalDraft()
    for field, least in (
        ("garp_master_repeat", 1),
        ("garp_master_refresh_us", 0),
        ("garp_master_refresh_repeat", 0),
        ("garp_master_delay_us", 0),
    ):
        if getattr(definitions, field) == getattr(fresh, field):
            setattr(definitions, field, least)


def _bind_realtime_priority(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process = row.name.removesuffix("_rt_priority")
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"No {process} process real-time priority specified")
        return
    priority = Integer(-INT_MAX - 1, INT_MAX).read(scope, statement, 1)
    if priority is None:
        message = f"{process} process real-time priority '{statement.words[1]}' invalid"
        scope.error(statement, "bad-number", message, word=1)
        return
    bounded = max(1, min(REALTIME_PRIORITY_MAX, priority))
    if priority != bounded:
        bound, than = ("minimum", "less than") if priority < bounded else ("maximum", "greater than")
        message = (
            f"{process} process real-time priority {priority} {than} {bound} {bounded} - setting to {bound}"
        )
        scope.error(statement, "bad-number", message, word=1)
    if row.field:
        setattr(scope.block, row.field, bounded)


def _bind_nice(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process = row.name.removesuffix("_priority")
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"No {process} process priority specified")
        return
    nice = Integer(-20, 19).read(scope, statement, 1)
    if nice is None:
        scope.error(statement, "bad-number", f"Invalid {process} process priority specified", word=1)
    if row.field:
        setattr(scope.block, row.field, nice or 0)


def _bind_umask(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    if words[1][:1].isdigit():
        base = 16 if words[1][:2].lower() == "0x" else 8 if words[1].startswith("0") else 10
        try:
            mask = int(words[1], base)
        except ValueError:
            mask = -1
        if len(words) > 2:
            scope.error(statement, "extra-words", "Extra parameter(s) to umask option", word=2)
        elif not 0 <= mask <= 0o777:
            scope.error(statement, "bad-number", f"invalid umask value {words[1]}", word=1, help="0 to 0777")
        else:
            scope.block.umask = mask
        return
    mask = 0
    for bit in filter(None, "|".join(words[1:]).split("|")):
        if bit not in _UMASK_BITS:
            scope.error(
                statement, "unknown-option", f"Unknown umask bit {bit}", word=1, help=" ".join(_UMASK_BITS)
            )
            return
        mask |= _UMASK_BITS[bit]
    scope.block.umask = mask


def _bind_once(scope: Scope, row: Row, entry: Entry) -> None:
    """`net_namespace` and `instance`: the first counts, and both put pid files into a directory."""
    statement = head_of(entry)
    if getattr(scope.block, row.field) is not None:
        message = f"Duplicate {row.name} definition {statement.words[1]} - ignoring"
        scope.error(statement, "duplicate", message, word=1)
        return
    setattr(scope.block, row.field, statement.words[1])
    scope.block.use_pid_dir = True


def _bind_startup_delay(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    delay = Decimal(SECOND // 1000, UINT_MAX).read(scope, statement, 1)
    if delay is None:
        message = f"{row.name} '{statement.words[1]}' is invalid"
        scope.error(statement, "bad-number", message, word=1)
        return
    scope.block.startup_delay_us = max(delay, scope.block.startup_delay_us)


_DELAY = Integer(0, SECONDS_MAX, "seconds", scale=SECOND)
_REPEAT = Integer(0, UINT_MAX, "times")
_INTERVAL = Decimal(1, UINT_MAX)


def _flag(name: str, doc: str, field: str = "", **more: Any) -> Row:
    return Row(name=name, doc=doc, field=field, runs=bool(field), **more)


def _boolean(name: str, doc: str, field: str = "", invalid: str = "", **more: Any) -> Row:
    words = invalid or f"Invalid value '{{value}}' for global {name} specified"
    return Row(
        name=name,
        doc=doc,
        argument=Boolean(),
        field=field,
        invalid=words,
        runs=more.pop("runs", bool(field)),
        **more,
    )


def _other(name: str, doc: str, words: str = "", least: int = 0, **more: Any) -> Row:
    return Row(name=name, doc=doc, argument=Words(words, least), runs=False, **more)


def _garp(name: str, argument: Integer, doc: str, default: str, invalid: str, **more: Any) -> Row:
    field = name.removeprefix("vrrp_") + ("_us" if argument.scale == SECOND else "")
    return Row(name=name, doc=doc, argument=argument, field=field, default=default, invalid=invalid, **more)


GLOBAL_DEFS = table(
    Row(
        name="router_id",
        doc="Name of this node in mails and SNMP.",
        argument=Text(),
        field="router_id",
        default="host name",
        missing="routerid name missing - ignoring",
    ),
    Row(
        name="notification_email",
        doc="Who gets alerts.",
        argument=Entries("EMAIL"),
        entries=True,
        bind=_bind_emails,
        runs=False,
    ),
    Row(
        name="notification_email_from",
        doc="Sender of alerts.",
        argument=Words("<EMAIL>", 1),
        bind=_bind_email_from,
        missing="emailfrom missing - ignoring",
        runs=False,
    ),
    Row(
        name="smtp_server",
        doc="Mail server for alerts.",
        argument=Words("<HOST> [<PORT>]", 1),
        bind=_bind_smtp_server,
        runs=False,
    ),
    Row(name="smtp_helo_name", doc="Name for the HELO.", argument=Text(), field="smtp_helo_name", runs=False),
    Row(
        name="smtp_connect_timeout",
        doc="Seconds to wait for the mail server.",
        argument=_DELAY,
        field="smtp_connect_timeout_us",
        default="30",
        invalid=f"smtp_connect_timeout '{{value}}' must be in [0, {SECONDS_MAX}] - ignoring",
        zero="smtp_conect_timeout must be greater than 0, setting to 1",
        runs=False,
    ),
    _boolean("smtp_alert", "Default of all smtp_alert.", "smtp_alert", runs=False),
    _boolean(
        "smtp_alert_vrrp", "Default of smtp_alert in instances and groups.", "smtp_alert_vrrp", runs=False
    ),
    _boolean("smtp_alert_checker", "Default of smtp_alert in virtual servers."),
    _flag("no_email_faults", "Send no mail on FAULT."),
    Row(
        name="script_user",
        doc="User, and group, that scripts run as.",
        argument=Words("<USER> [<GROUP>]"),
        bind=_bind_script_user,
        default="keepalived_script if it exists, else root",
    ),
    _flag(
        "enable_script_security", "Do not run scripts as root that others may write to.", "script_security"
    ),
    Row(
        name="dynamic_interfaces",
        doc="Interfaces may be missing at start.",
        argument=Words("[allow_if_changes]"),
        bind=_bind_dynamic_interfaces,
    ),
    Row(
        name="default_interface",
        doc="Interface of static addresses without one.",
        argument=Text("INTERFACE"),
        field="default_interface",
        default="eth0",
        missing="default_interface requires interface name",
    ),
    Row(
        name="vrrp_version",
        doc="VRRP version of instances.",
        argument=Integer(2, 3),
        field="version",
        default="2",
        invalid="VRRP Error: Version must be either 2 or 3",
    ),
    _boolean("vrrp_strict", "Hold to the RFC.", "strict"),
    Row(
        name="vrrp_mcast_group4",
        doc="Multicast group of IPv4 adverts.",
        argument=Words("<MULTICAST IP>", 1),
        bind=_bind_multicast_group,
        field="multicast_group_4",
        default="224.0.0.18",
    ),
    Row(
        name="vrrp_mcast_group6",
        doc="Multicast group of IPv6 adverts.",
        argument=Words("<MULTICAST IP>", 1),
        bind=_bind_multicast_group,
        field="multicast_group_6",
        default="ff02::12",
    ),
    _garp(
        "vrrp_garp_master_delay",
        _DELAY,
        "Seconds to the second burst of gratuitous ARPs; 0 for none.",
        "5",
        "vrrp_garp_master_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "vrrp_garp_master_repeat",
        _REPEAT,
        "Gratuitous ARPs in a burst.",
        "5",
        "vrrp_garp_master_repeat '{value}' invalid - ignoring",
        zero="vrrp_garp_master_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "vrrp_garp_master_refresh",
        Integer(0, UINT_MAX, "seconds", scale=SECOND),
        "Seconds between gratuitous ARPs while master; 0 for none.",
        "0",
        "Invalid vrrp_garp_master_refresh '{value}' - ignoring",
        fallback=0,
    ),
    _garp(
        "vrrp_garp_master_refresh_repeat",
        _REPEAT,
        "Gratuitous ARPs in a refresh.",
        "1",
        "vrrp_garp_master_refresh_repeat '{value}' invalid - ignoring",
        zero="vrrp_garp_master_refresh_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "vrrp_garp_lower_prio_delay",
        _DELAY,
        "Seconds to the second burst after an advert of lower priority.",
        "vrrp_garp_master_delay",
        "vrrp_garp_lower_prio_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "vrrp_garp_lower_prio_repeat",
        Integer(0, INT_MAX, "times"),
        "Gratuitous ARPs after an advert of lower priority.",
        "vrrp_garp_master_repeat",
        "Invalid vrrp_garp_lower_prio_repeat '{value}'",
    ),
    Row(
        name="vrrp_garp_interval",
        doc="Seconds between gratuitous ARPs on one interface.",
        argument=_INTERVAL,
        field="garp_interval_us",
        default="0",
        invalid="vrrp_garp_interval '{value}' is invalid",
    ),
    Row(
        name="vrrp_gna_interval",
        doc="Seconds between neighbour advertisements on one interface.",
        argument=_INTERVAL,
        field="gna_interval_us",
        default="0",
        invalid="vrrp_gna_interval '{value}' is invalid",
    ),
    Row(
        name="vrrp_min_garp",
        doc="One gratuitous ARP, no repeats.",
        argument=Boolean(),
        bind=_bind_min_garp,
    ),
    Row(
        name="vrrp_down_timer_adverts",
        doc="Adverts that must be missed before the master counts as down.",
        argument=Integer(1, 100, "adverts"),
        field="down_timer_adverts",
        default="3",
        invalid="Invalid vrrp_down_timer_adverts [1:100] '{value}'",
    ),
    _boolean(
        "vrrp_lower_prio_no_advert",
        "As master do not answer adverts of lower priority at once.",
        "lower_prio_no_advert",
        "Invalid value for vrrp_lower_prio_no_advert specified",
    ),
    _boolean(
        "vrrp_higher_prio_send_advert",
        "Send an advert before yielding to a higher priority.",
        "higher_prio_send_advert",
        "Invalid value for vrrp_higher_prio_send_advert specified",
    ),
    _boolean("vrrp_owner_ignore_adverts", "Discard adverts while owner.", "owner_ignore_adverts"),
    _flag("vrrp_check_unicast_src", "Accept unicast adverts only from peers.", "check_unicast_source"),
    _boolean(
        "vrrp_skip_check_adv_addr",
        "Do not compare the addresses in adverts of a known master.",
        "skip_check_adv_addr",
        "Invalid value '{value}' for global vrrp_check_adv_addr specified",
    ),
    _boolean(
        "vrrp_notify_priority_changes",
        "Notify of changes of the effective priority.",
        "notify_priority_changes",
    ),
    _flag("log_unknown_vrids", "Log adverts of other virtual routers.", "log_unknown_vrids"),
    Row(
        name="notify_fifo",
        doc="FIFO that all events are written to.",
        argument=Words("<PATH> [<USER> [<GROUP>]]"),
        field="notify_fifo",
        bind=_bind_fifo,
    ),
    Row(
        name="notify_fifo_script",
        doc="Command that reads notify_fifo.",
        argument=CommandLine(),
        field="notify_fifo",
        bind=_bind_fifo_script,
    ),
    Row(
        name="vrrp_notify_fifo",
        doc="FIFO that VRRP events are written to.",
        argument=Words("<PATH> [<USER> [<GROUP>]]"),
        field="vrrp_notify_fifo",
        bind=_bind_fifo,
    ),
    Row(
        name="vrrp_notify_fifo_script",
        doc="Command that reads vrrp_notify_fifo.",
        argument=CommandLine(),
        field="vrrp_notify_fifo",
        bind=_bind_fifo_script,
    ),
    Row(
        name="vrrp_priority",
        doc="Nice value of the VRRP process.",
        argument=Words("<INT:-20..19>"),
        field="vrrp_nice",
        bind=_bind_nice,
    ),
    _flag("vrrp_no_swap", "Lock the VRRP process into memory.", "vrrp_no_swap"),
    Row(
        name="vrrp_rt_priority",
        doc="Real-time priority of the VRRP process.",
        argument=Words("<INT:1..99>"),
        field="vrrp_realtime_priority",
        bind=_bind_realtime_priority,
    ),
    Row(
        name="vrrp_startup_delay",
        doc="Seconds that instances wait at start.",
        argument=Words("<SECONDS:0.001..4294>", 1),
        bind=_bind_startup_delay,
        default="0",
    ),
    Row(
        name="umask",
        doc="Mask of files that are made.",
        argument=Words("<OCTAL> or <IRUSR|IWUSR...>", 1),
        bind=_bind_umask,
        default="0177",
    ),
    Row(
        name="include_check",
        doc="Which failures of an include are errors.",
        argument=Words("[[+-]read] [match] [wildcard_match] [brace_match]"),
    ),
    _flag("process_names", "Give child processes names of their own."),
    _other("process_name", "Name of the parent process.", "<NAME>", 1),
    _other("vrrp_process_name", "Name of the VRRP process.", "<NAME>", 1),
    _other("checker_process_name", "Name of the checker process.", "<NAME>", 1),
    _other("lvs_process_name", "checker_process_name.", "<NAME>", 1, renamed_to="checker_process_name"),
    _other("bfd_process_name", "Name of the BFD process.", "<NAME>", 1),
    _boolean("use_symlink_paths", "Keep symbolic links in script paths."),
    _boolean("set_supplementary_groups", "Run scripts with all groups of the user."),
    _other("startup_script", "Command to run before anything.", "<COMMAND> [<USER> [<GROUP>]]"),
    _other("startup_script_timeout", "Seconds for it.", "<INT:1..1000>"),
    _other("shutdown_script", "Command to run after everything.", "<COMMAND> [<USER> [<GROUP>]]"),
    _other("shutdown_script_timeout", "Seconds for it.", "<INT:1..1000>"),
    _other("max_auto_priority", "Limit of automatic real-time priority.", "[<INT:-1..99>]"),
    _other("min_auto_priority_delay", "Lateness that raises the priority.", "<INT:1..10000000>"),
    _boolean("checker_log_all_failures", "Log every failure of a check."),
    _flag("disable_local_igmp", "No link-local IGMP reports of VMACs."),
    _flag("v3_checksum_as_v2", "Version 3 checksum without pseudo-header."),
    _other("lvs_timeouts", "IPVS timeouts.", "[tcp <INT>] [tcpfin <INT>] [udp <INT>]"),
    _flag("lvs_flush", "Empty the IPVS table at start."),
    _other("lvs_flush_on_stop", "Empty the IPVS table at the end.", "[VS]"),
    _other("lvs_flush_onstop", "lvs_flush_on_stop.", "[VS]", renamed_to="lvs_flush_on_stop"),
    _other("lvs_sync_daemon", "IPVS connection synchronisation.", "<INTERFACE> [...]"),
    _other("vrrp_garp_extra_if", "Gratuitous ARPs on other interfaces.", "[all] <INT:1..86400>"),
    _other(
        "vrrp_vmac_garp_intvl",
        "vrrp_garp_extra_if.",
        "[all] <INT:1..86400>",
        renamed_to="vrrp_garp_extra_if",
        deprecated='Keyword "vrrp_vmac_garp_intvl" is deprecated - please use "vrrp_garp_extra_if"',
    ),
    _other("vrrp_iptables", "Filter with iptables.", "[<CHAIN> [<CHAIN>]]"),
    _other("nftables", "Filter with nftables.", "[<TABLE>]"),
    _other("nftables_priority", "Priority of its chains.", "<INT>", 1),
    _flag("nftables_ifindex", "Match interfaces by index."),
    _flag("nftables_counters", "Count what rules match."),
    _other("nftables_ipvs", "Table for IPVS.", "[<TABLE>]"),
    _other("nftables_ipvs_priority", "Priority of its chains.", "<INT>", 1),
    _other("nftables_ipvs_start_fwmark", "First firewall mark to use.", "<INT>", 1),
    _other("vrrp_cpu_affinity", "CPUs of the VRRP process.", "<INT>..."),
    _other("vrrp_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    _other("vrrp_rlimit_rtime", "vrrp_rlimit_rttime.", "<INT>", 1, renamed_to="vrrp_rlimit_rttime"),
    _flag("fifo_write_vrrp_states_on_reload", "Write all states to FIFOs after a reload."),
    _other("lvs_notify_fifo", "FIFO that LVS events are written to.", "<PATH> [<USER> [<GROUP>]]"),
    _other("lvs_notify_fifo_script", "Command that reads it.", "<COMMAND> [<USER> [<GROUP>]]"),
    Row(
        name="checker_priority",
        doc="Nice value of the checker process.",
        argument=Words("<INT:-20..19>"),
        bind=_bind_nice,
        runs=False,
    ),
    _flag("checker_no_swap", "Lock the checker process into memory."),
    Row(
        name="checker_rt_priority",
        doc="Real-time priority of the checker process.",
        argument=Words("<INT:1..99>"),
        bind=_bind_realtime_priority,
        runs=False,
    ),
    _other("checker_cpu_affinity", "CPUs of the checker process.", "<INT>..."),
    _other("checker_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    _other("checker_rlimit_rtime", "checker_rlimit_rttime.", "<INT>", 1, renamed_to="checker_rlimit_rttime"),
    Row(
        name="bfd_priority",
        doc="Nice value of the BFD process.",
        argument=Words("<INT:-20..19>"),
        bind=_bind_nice,
        runs=False,
    ),
    _flag("bfd_no_swap", "Lock the BFD process into memory."),
    Row(
        name="bfd_rt_priority",
        doc="Real-time priority of the BFD process.",
        argument=Words("<INT:1..99>"),
        bind=_bind_realtime_priority,
        runs=False,
    ),
    _other("bfd_cpu_affinity", "CPUs of the BFD process.", "<INT>..."),
    _other("bfd_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    _other("bfd_rlimit_rtime", "bfd_rlimit_rttime.", "<INT>", 1, renamed_to="bfd_rlimit_rttime"),
    _other("vrrp_netlink_cmd_rcv_bufs", "Receive buffer for netlink commands.", "<INT bytes>"),
    _boolean("vrrp_netlink_cmd_rcv_bufs_force", "Exceed the system's limit for it."),
    _other("vrrp_netlink_monitor_rcv_bufs", "Receive buffer for netlink events.", "<INT bytes>"),
    _boolean("vrrp_netlink_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
    _other("process_monitor_rcv_bufs", "Receive buffer for process events.", "<INT bytes>"),
    _boolean("process_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
    _other("lvs_netlink_cmd_rcv_bufs", "Receive buffer for netlink commands.", "<INT bytes>"),
    _boolean("lvs_netlink_cmd_rcv_bufs_force", "Exceed the system's limit for it."),
    _other("lvs_netlink_monitor_rcv_bufs", "Receive buffer for netlink events.", "<INT bytes>"),
    _boolean("lvs_netlink_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
    _boolean("rs_init_notifies", "Notify of the first state of real servers."),
    _boolean("no_checker_emails", "Mail changes of real servers only."),
    _other("vrrp_rx_bufs_policy", "Size of VRRP receive buffers.", "MTU|ADVERT|<INT bytes>"),
    _other("vrrp_rx_bufs_multiplier", "So many packets fit.", "<INT>"),
    _other("vrrp_delay_after_boot", "Seconds after boot that instances wait.", "<SECONDS>", 1),
    _other("vmac_prefix", "Prefix of names of VMAC interfaces.", "<STRING>", 1),
    _other("vmac_addr_prefix", "Prefix for use_vmac_addr.", "<STRING>", 1),
    _other("random_seed", "Seed of _RANDOM.", "<INT>", 1),
    _other("reload_check_config", "Test the configuration before a reload.", "[<LOGFILE>]"),
    _other("reload_time_file", "File with the time of a reload.", "<PATH>"),
    _flag("reload_repeat", "Use reload_time_file again."),
    _other("reload_file", "File that exists while reloading.", "[<PATH>]"),
    _other("config_save_dir", "Directory for copies of the configuration.", "<DIR>", 1),
    _other("tmp_config_directory", "Directory for the copy of the configuration.", "<DIR>"),
    _boolean("data_use_instance", "Instance name in names of dump files."),
    _other("json_version", "Version of the JSON dump.", "<INT:1..2>"),
    _other("iproute_usr_dir", "Directory of iproute2's tables.", "<DIR>"),
    _other("iproute_etc_dir", "Directory of iproute2's tables.", "<DIR>"),
    _other("state_dump_file", "File for SIGUSR1.", "<PATH>"),
    _other("stats_dump_file", "File for SIGUSR2.", "<PATH>"),
    _other("json_dump_file", "File for the JSON dump.", "<PATH>"),
    _other("vrrp_ipsets", "Names of ipsets.", "[<SET>...]"),
    _other("snmp_socket", "Socket of the SNMP master agent.", "<STRING>"),
    _flag("enable_traps", "Send SNMP traps."),
    *(
        _flag(f"enable_snmp_{part}", f"SNMP: {part}.")
        for part in ("vrrp", "keepalived", "rfc", "rfcv2", "rfcv3", "checker")
    ),
    _other("snmp_vs_stats_update_interval", "Age of SNMP statistics.", "<SECONDS>", 1),
    _other("snmp_rs_stats_update_interval", "Age of SNMP statistics.", "<SECONDS>", 1),
    _flag("enable_dbus", "Start the D-Bus service."),
    _other("dbus_service_name", "Its name.", "<STRING>"),
    _other("dbus_no_interface_name", "Path for instances without interface.", "<STRING>"),
)

PROCESS_KEYWORDS = table(
    Row(
        name="net_namespace",
        doc="Network namespace to run in.",
        argument=Words("<NAME>", 1),
        field="net_namespace",
        bind=_bind_once,
        missing="net_namespace name missing - ignoring",
    ),
    Row(
        name="instance",
        doc="Name of this keepalived among several.",
        argument=Words("<NAME>", 1),
        field="instance",
        bind=_bind_once,
        missing="instance name missing - ignoring",
    ),
    Row(name="use_pid_dir", doc="Put pid files into /run/keepalived.", field="use_pid_dir"),
    Row(
        name="child_wait_time",
        doc="Seconds to wait for child processes at the end.",
        argument=Integer(0, UINT_MAX, "seconds", scale=SECOND),
        field="child_wait_time_us",
        default="5",
        invalid="Invalid child_wait_time {value}",
    ),
    _other("net_namespace_ipvs", "Network namespace of IPVS.", "[<NAME>]"),
    _flag("namespace_with_ipsets", "Use ipsets in a namespace."),
    _flag("linkbeat_use_polling", "Poll the links of all interfaces."),
)
