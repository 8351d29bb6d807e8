"""Examples for the rows: what may follow each keyword, and what may not, with the wrong word in « ».

Where the type of the argument says enough, examples come from it; those of the other rows stand in
`ARGUMENTS`, and in `ENTRIES` for the lines of blocks of values, by keyword or by context and keyword.
"""

import re
from dataclasses import dataclass

from keepalived_py.schema.arguments import (
    Argument,
    Boolean,
    Choice,
    CommandLine,
    Decimal,
    Integer,
    Nothing,
    Text,
)
from keepalived_py.schema.row import Row


@dataclass(frozen=True)
class Examples:
    """Arguments that are accepted, and that are rejected at the marked word, without a mark as a whole;
    MISSING for none at all, which is reported at the keyword."""

    accepted: tuple[str, ...]
    rejected: tuple[str, ...] = ()


MISSING = "«»"

_ADDRESS = Examples(
    (
        "10.0.0.1",
        "10.0.0.1/24 dev eth0 scope link brd + label eth0:1 noprefixroute no_track",
        "10.0.0.1/32 peer 10.0.0.2",
        "fe80::1/64 home mngtmpaddr -nodad preferred_lft 100",
        "10.0.0.1 broadcast 10.0.0.255 autojoin preferred_lft forever",
    ),
    (
        "«10.0.0.256»",
        "«10.0.0.1/33»",
        "10.0.0.1 «nonsense»",
        "10.0.0.1 «dev»",
        "10.0.0.1 scope «nonsense»",
        "10.0.0.1 label «name-with-16-chars»",
    ),
)
_VIRTUAL_ADDRESS = Examples((*_ADDRESS.accepted, "10.0.0.1 dev eth0 use_vmac"), _ADDRESS.rejected)
_SOURCE = Examples(("10.0.0.1", "fe80::1"), ("«nonsense»", "«10.0.0.256»", MISSING))
_ROUTE = Examples(
    ("10.0.0.0/24 via 10.0.0.1", "default dev eth0", "10.0.0.0/24 dev eth0 src 10.0.0.2 table 5"),
    ("10.0.0.0/24 via «nonsense»", "10.0.0.0/24 src «10.0.0.256» dev eth0"),
)
_RULE = Examples(
    (
        "from 10.0.0.0/24 table 5 preference 10",
        "to 10.0.0.1 lookup main priority 11",
        "iif eth0 table 1 order 1",
    ),
    ("from «nonsense» table 5 preference 10", "table 5 preference 10 «nonsense»"),
)
_TRACKED_WEIGHT = Examples(
    ("-254", "254", "2 reverse"), ("«255»", "«-255»", "«nonsense»", "1 «nonsense»", MISSING)
)
_PROCESS_PRIORITY = Examples(("-20", "19", "0"), ("«-21»", "«20»", "«nonsense»", MISSING))
_REALTIME_PRIORITY = Examples(("1", "99"), ("«0»", "«100»", "«nonsense»", MISSING))
_FIFO = Examples(("/run/fifo", "/run/fifo root root"), (MISSING,))
_FIFO_SCRIPT = Examples(("/bin/true", '"/bin/true now" root'), (MISSING,))
_PROCESS_DELAY = Examples(("0.000001", "3600"), ("«0»", "«3600.1»", "«nonsense»"))
_FORWARDING = Examples(
    ("NAT", "DR", "TUN", "TUN type gue port 5555 nocsum"), ("«nonsense»", "TUN type «nonsense»", MISSING)
)
_ENDPOINT = Examples(("10.0.0.3", "fe80::1"), ("«nonsense»", MISSING))
_BFD_INTERVAL = Examples(("1", "10", "9999.5"), ("«0»", "«nonsense»", MISSING))
_GARP_INTERVAL = Examples(("0", "0.5"), ("«4295»", "«nonsense»", MISSING))
_EXTRA_INTERFACES = Examples(("1", "all 86400"), ("«0»", "all «86401»", "«nonsense»", MISSING))
_CPUS = Examples(("0", "0 1 2"), ("«-1»", "«nonsense»", MISSING))
_BUFFER = Examples(("0", "4294967295"), ("«-1»", "«4294967296»", "«nonsense»", MISSING))
_TABLE = Examples(("", "keepalived"), (f"«{'a' * 255}»",))
_ONE_PATH = Examples(("/tmp/keepalived",), (MISSING,))
_OFFSET = Examples(("0", "1000"), ("«-1»", "«nonsense»", MISSING))

ARGUMENTS: dict[str, Examples] = {
    "smtp_server": Examples(("mail.example.com", "10.0.0.1 2525"), ("«10.0.0.1» «65536»", MISSING)),
    "notification_email_from": Examples(("a@example.com",), ("a@example.com «b»", MISSING)),
    "dynamic_interfaces": Examples(("", "allow_if_changes"), ("«nonsense»",)),
    "vrrp_mcast_group4": Examples(("224.0.0.18",), ("«10.0.0.1»", "«ff02::12»", "«nonsense»", MISSING)),
    "vrrp_mcast_group6": Examples(("ff02::12",), ("«fe80::1»", "«224.0.0.18»", "«nonsense»", MISSING)),
    "script_user": Examples(("root", "root root"), (MISSING,)),
    "notify_fifo": _FIFO,
    "vrrp_notify_fifo": _FIFO,
    "lvs_notify_fifo": _FIFO,
    "notify_fifo_script": _FIFO_SCRIPT,
    "vrrp_notify_fifo_script": _FIFO_SCRIPT,
    "lvs_notify_fifo_script": _FIFO_SCRIPT,
    "vrrp_priority": _PROCESS_PRIORITY,
    "checker_priority": _PROCESS_PRIORITY,
    "bfd_priority": _PROCESS_PRIORITY,
    "vrrp_rt_priority": _REALTIME_PRIORITY,
    "checker_rt_priority": _REALTIME_PRIORITY,
    "bfd_rt_priority": _REALTIME_PRIORITY,
    "vrrp_startup_delay": Examples(("0.001", "59"), ("«0»", "«4295»", "«nonsense»", MISSING)),
    "umask": Examples(("022", "0777", "IRUSR|IWUSR"), ("«01000»", "«INONSENSE»", "022 «022»", MISSING)),
    "include_check": Examples(
        ("", "read", "match +wildcard_match -read"), ("«nonsense»", "+read «-nonsense»", "read «match»")
    ),
    "vrrp_instance/interface": Examples(("eth0",), ("«lo»", "«name-with-16-chars»", MISSING)),
    "mcast_src_ip": _SOURCE,
    "unicast_src_ip": _SOURCE,
    "mcast_dst_ip": Examples(("224.0.0.18", "ff02::12"), ("«10.0.0.1»", "«ff05::1»", "«nonsense»", MISSING)),
    "old_unicast_checksum": Examples(("", "never"), ("«nonsense»",)),
    "timer_expired_backup": Examples(("", "1", "254"), ("«0»", "«255»", "«nonsense»")),
    "thread_timer_expired": Examples(("", "1", "254"), ("«0»", "«255»", "«nonsense»")),
    "vrrp_instance/version": Examples(("2", "3"), ("«1»", "«4»", "«nonsense»", MISSING)),
    "skip_check_adv_addr": Examples(("", "true"), ("«nonsense»",)),
    "vrrp_instance/auth_hmac/key": Examples((f"1 {'k' * 32}", f"255 hex:{'0a' * 32}"), ("«0» x", "«256» x")),
    "vrrp_script/weight": Examples(
        ("-253", "253", "2 reverse"), ("«254»", "«-254»", "«nonsense»", "1 «nonsense»", MISSING)
    ),
    "weight": _TRACKED_WEIGHT,
    "vrrp_script/user": Examples(("root", "root root")),
    "process": Examples(("/usr/sbin/nginx", "nginx -c x"), (MISSING,)),
    "param_match": Examples(("", "initial", "partial"), ("«nonsense»",)),
    "bfd_instance/weight": Examples(
        ("-253", "253", "2 reverse"), ("«254»", "«nonsense»", "1 «nonsense»", MISSING)
    ),
    "active_key": Examples(("1", "255"), ("«0»", "«256»", "«nonsense»", MISSING)),
    "time_window": Examples(("1", "300"), ("«0»", "«301»", "«nonsense»", MISSING)),
    "anti_replay": Examples(("time", "monotonic"), ("«nonsense»", MISSING)),
    "auth_hmac/mode": Examples(("enforce", "permissive", "receive-only"), ("«nonsense»", MISSING)),
    "bfd_instance/multihop": Examples(("", "false"), ("«nonsense»",)),
    "neighbor_ip": _ENDPOINT,
    "neighbour_ip": _ENDPOINT,
    "source_ip": _ENDPOINT,
    "min_rx": _BFD_INTERVAL,
    "min_tx": _BFD_INTERVAL,
    "idle_tx": Examples(("1000", "9999.5"), ("«999»", "«nonsense»", MISSING)),
    "garp_interval": _GARP_INTERVAL,
    "gna_interval": _GARP_INTERVAL,
    "net_namespace_ipvs": Examples(("", "name")),
    "vrrp_garp_extra_if": _EXTRA_INTERFACES,
    "vrrp_vmac_garp_intvl": _EXTRA_INTERFACES,
    "vrrp_rx_bufs_policy": Examples(("MTU", "advert", "65536"), ("«nonsense»", MISSING)),
    "vrrp_cpu_affinity": _CPUS,
    "checker_cpu_affinity": _CPUS,
    "bfd_cpu_affinity": _CPUS,
    "max_auto_priority": Examples(("", "-1", "99"), ("«-2»", "«100»", "«nonsense»")),
    "vrrp_netlink_cmd_rcv_bufs": _BUFFER,
    "vrrp_netlink_monitor_rcv_bufs": _BUFFER,
    "process_monitor_rcv_bufs": _BUFFER,
    "lvs_netlink_cmd_rcv_bufs": _BUFFER,
    "lvs_netlink_monitor_rcv_bufs": _BUFFER,
    "vrrp_iptables": Examples(("", "in", "in out"), ("«a-name-with-more-than-27-characters»", "same «same»")),
    "vrrp_ipsets": Examples(("", "keepalived", "a b c d e f"), ("«a-name-with-more-than-30-characters»",)),
    "nftables": _TABLE,
    "nftables_ipvs": _TABLE,
    "lvs_timeouts": Examples(
        ("tcp 5", "tcp 5 tcpfin 6 udp 2678400"), ("tcp «2678401»", "«nonsense» 5", "tcp 5 «udp»", MISSING)
    ),
    "lvs_sync_daemon": Examples(
        ("eth0", "eth0 inst VI id 5 port 8848", "eth0 maxlen 65507 ttl 255 group 224.0.0.81"),
        ("eth0 id «256»", "eth0 group «10.0.0.1»", "eth0 id 5 «nonsense»", "eth0 «id»", MISSING),
    ),
    "reload_check_config": Examples(("", "/var/log/reload")),
    "reload_file": Examples(("", "/run/reload")),
    "reload_time_file": _ONE_PATH,
    "iproute_usr_dir": _ONE_PATH,
    "iproute_etc_dir": _ONE_PATH,
    "state_dump_file": _ONE_PATH,
    "stats_dump_file": _ONE_PATH,
    "json_dump_file": _ONE_PATH,
    "snmp_socket": Examples(("udp:localhost:705",), (MISSING,)),
    "delay": _PROCESS_DELAY,
    "terminate_delay": _PROCESS_DELAY,
    "fork_delay": _PROCESS_DELAY,
    "file": Examples(("/run/weight",), (MISSING,)),
    "init_file": Examples(("", "5", "5 overwrite", "overwrite"), ("«255»", "«nonsense»", "5 «nonsense»")),
    "virtual_server/weight": Examples(("1", "2147483647"), ("«0»", "«nonsense»", MISSING)),
    "real_server/weight": Examples(("0", "2147483647"), ("«-1»", "«nonsense»", MISSING)),
    "FILE_CHECK/weight": Examples(("-254", "254 reverse"), ("«nonsense»",)),
    "ip_family": Examples(("inet",), ("«inet4»", MISSING)),
    "lvs_method": _FORWARDING,
    "lb_kind": _FORWARDING,
    "sorry_server_lvs_method": _FORWARDING,
    "persistence_timeout": Examples(("", "1", "2678400"), ("«0»", "«2678401»", "«nonsense»")),
    "persistence_granularity": Examples(("255.255.255.0",), ("«nonsense»", MISSING)),
    "virtualhost": Examples(("www.example.com",), (MISSING,)),
    "sorry_server": Examples(("10.0.0.3 80",), ("«nonsense» 80", "10.0.0.3 «65536»", MISSING)),
    "MISC_CHECK/user": Examples(("root", "root root"), (MISSING,)),
    "connect_ip": _ENDPOINT,
    "bindto": Examples(("10.0.0.3",), ("«nonsense»", "«fe80::1»", MISSING)),
    "SMTP_CHECK/bindto": _ENDPOINT,
    "host/bindto": _ENDPOINT,
    "payload": Examples(("0a0b", "0a 0b"), ("«0x»", MISSING)),
    "require_reply": Examples(("", "0a0b"), ("«nonsense»",)),
    "sni_name": Examples(("", "www.example.com")),
    "digest": Examples(("0123456789abcdef0123456789abcdef",), ("«0123»", "«nonsense»", MISSING)),
    "regex_options": Examples(("caseless multiline",), ("«nonsense»", MISSING)),
    "regex_min_offset": _OFFSET,
    "regex_max_offset": _OFFSET,
    "regex_stack": Examples(("1000 2000",), ("«nonsense» 2000", "1000 «nonsense»", MISSING)),
    "DNS_CHECK/name": Examples((".", "example.com"), (MISSING,)),
    "FILE_CHECK/track_file": Examples(("NAME",), ("«OTHER»", MISSING)),
    "BFD_CHECK/name": Examples(("NAME",), ("«OTHER»", MISSING)),
    "use_vmac": Examples(
        (
            "",
            "vrrp.1",
            "name vrrp.1 02:00:00:00:00:01",
            "group 5 netlink_notify_msg",
            "02:00:00:00:00: name vrrp.1",
            "2:0:0:0:0",
        ),
        (
            "«name-with-16-chars»",
            "«a/b»",
            "a «b»",
            "«01:00:00:00:00:01»",
            "«00:00:5e:00:01:05»",
            "«00:00:5e:00:02:»",
            "«00:00:00:00»",
            "«00:00:00:00:00:0x»",
            "02:00:00:00:00:01 «02:00:00:00:00:02»",
            "group «-1»",
            "«group»",
            "«name»",
        ),
    ),
    "use_ipvlan": Examples(
        ("10.0.0.1/24", "name ipvlan0 10.0.0.1 vepa", "fe80::1/64 private group 5", "bridge"),
        (
            "«name-with-16-chars»",
            "a «b»",
            "10.0.0.1 «10.0.0.2»",
            "bridge «vepa»",
            "group «-1»",
            "«group»",
            "«name»",
        ),
    ),
    "vrf": Examples(("vrf1",), ("«name-with-16-chars»", "«lo»", MISSING)),
    "garp_extra_if": Examples(("0", "all 86400"), ("«86401»", "«-1»", "all «nonsense»", MISSING)),
    "vmac_garp_intvl": Examples(("0", "all 86400"), ("«86401»", "«-1»", "all «nonsense»", MISSING)),
    "auth_pass": Examples(("secret", '"a b"'), ("«123456789»", MISSING)),
}

_TRACKED = Examples(
    ("NAME", "NAME weight 5", "NAME weight -5 reverse"),
    ("NAME «nonsense»", "NAME «weight»", "NAME weight «255»", "NAME weight 5 «nonsense»"),
)
_DEFINED = Examples(_TRACKED.accepted, (*_TRACKED.rejected, "«OTHER»"))
ENTRIES: dict[str, Examples] = {
    "virtual_ipaddress": _VIRTUAL_ADDRESS,
    "virtual_ipaddress_excluded": _VIRTUAL_ADDRESS,
    "static_ipaddress": _ADDRESS,
    "virtual_routes": _ROUTE,
    "static_routes": _ROUTE,
    "virtual_rules": _RULE,
    "static_rules": _RULE,
    "unicast_peer": Examples(
        ("10.0.0.1", "fe80::1", "10.0.0.1 min_ttl 3 max_ttl 255"),
        ("«nonsense»", "10.0.0.1 «min_ttl»", "10.0.0.1 min_ttl «256»", "10.0.0.1 «nonsense» 5"),
    ),
    "track_interface": _TRACKED,
    "track_script": _DEFINED,
    "track_process": _DEFINED,
    "track_file": _DEFINED,
    "track_bfd": Examples(("NAME", "NAME weight 5"), ("«OTHER»", "NAME weight «255»")),
    "vrrp_sync_group/group": Examples(("A", "A B")),
    "track_group/group": Examples(("A", "A B")),
    "interfaces": Examples(("eth0", "eth0 eth1")),
    "linkbeat_interfaces": Examples(("eth0", "eth0 MII", "eth0 ETHTOOL"), ("eth0 «nonsense»",)),
    "interface_up_down_delays": Examples(("eth0 1", "eth0 1.5 2"), ("eth0 «nonsense»",)),
    "virtual_server_group": Examples(
        ("10.0.0.1 80", "10.0.0.1-9 80", "fwmark 5", "fwmark 5 inet6", "fe80::1-9 80"),
        ("«nonsense» 80", "10.0.0.1 «65536»", "fwmark «nonsense»"),
    ),
    "notification_email": Examples(("a@example.com", "a@example.com b@example.com")),
}

NEVER_WRONG = {
    "interfaces",
    "net_namespace_ipvs",
    "reload_check_config",
    "reload_file",
    "notification_email",
    "group",
    "sni_name",
    "vrrp_script/user",
}
"""Rows that take whatever words there are, as far as they can be judged without the machine."""

SURROUNDINGS = {
    "unicast_ttl": "unicast_peer {\n10.0.0.1\n}\n",
    "hashed": "lb_algo sh\n",
    "sh-port": "lb_algo sh\n",
    "sh-fallback": "lb_algo sh\n",
    "mh-port": "lb_algo mh\n",
    "mh-fallback": "lb_algo mh\n",
    "sorry_server_inhibit": "sorry_server 10.0.0.3 80\n",
    "sorry_server_lvs_method": "sorry_server 10.0.0.3 80\n",
}
"""What an example needs before it in its block, by keyword."""

_RANGE = re.compile(r"<(INT|SECONDS):(-?[\d.]+)\.\.([\d.]+)")
_WORD = re.compile(r"<(NAME|STRING|PATH|DIR|INTERFACE|VRF|LOGFILE|CHAIN|TABLE|TEXT|PASSWORD)>")
_CHOICE = re.compile(r"\[?([a-zA-Z-]+(?:\|[a-zA-Z-]+)*)\]?")


def examples_of(context: str, row: Row) -> Examples | None:
    """The examples of a row that is no block; None if there are none."""
    for key in (f"{context}/{row.name}", f"{context.rpartition('/')[2]}/{row.name}", row.name):
        if (found := (ENTRIES if row.entries else ARGUMENTS).get(key)) is not None:
            return found
    return None if row.entries else _from_type(row)


def _from_type(row: Row) -> Examples | None:
    argument = row.argument
    missing = (MISSING,) if argument.least else ()
    match argument:
        case Nothing():
            return Examples(("",))
        case Integer(low=low, high=high):
            return Examples(
                (str(low or int(bool(row.zero))), str(high)),
                (f"«{low - 1}»", f"«{high + 1}»", "«nonsense»", *missing),
            )
        case Decimal(low=low, high=high):
            return Examples(
                (_seconds(argument, low or bool(row.zero)), _seconds(argument, high)),
                (f"«{_seconds(argument, high + 1)}»", "«-1»", "«nonsense»", *missing),
            )
        case Boolean():
            return Examples(("", "true", "on", "yes", "false", "off", "no"), ("«nonsense»",))
        case Choice(values=values):
            return Examples(tuple(word for word, _ in values), ("«nonsense»", *missing))
        case Text():
            return Examples(("word", '"two words"'), missing)
        case CommandLine():
            return Examples(("/bin/true", '"/bin/true now"'), ("'/bin/true",))
        case _:
            return _from_form(argument, missing)


def _seconds(argument: Decimal, value: int) -> str:
    return f"{value // 10**argument.decimals}.{value % 10**argument.decimals:0{argument.decimals}}"


def _from_form(argument: Argument, missing: tuple[str, ...]) -> Examples | None:
    """From how the reference writes it."""
    form = argument.describe()
    if found := _RANGE.match(form):
        kind, low, high = found.groups()
        less = str(int(low) - 1) if kind == "INT" else "-1"
        more = str(int(high) + 1) if kind == "INT" else f"{high}.1"
        return Examples((low, high), (f"«{less}»", f"«{more}»", "«nonsense»", *missing))
    if _WORD.fullmatch(form):
        return Examples(("word",), missing)
    if found := _CHOICE.fullmatch(form):
        return Examples(tuple(found[1].split("|")), ("«nonsense»", *missing))
    return None
