"""What holds for everything: `global_defs`, and the top-level keywords of a process."""

from dataclasses import dataclass
from enum import Enum

from keepalived_py.model.command import Account, Command
from keepalived_py.model.router import DEFAULT_GARP, DEFAULT_GROUP_4, DEFAULT_GROUP_6, GratuitousArp
from keepalived_py.model.units import SECOND, Address, Microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifo:
    """A notify FIFO, its owner, and the command that reads it."""

    path: str | None = None
    owner: Account | None = None
    reader: Command | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where alerts go (`smtp_server`, `notification_email`, …)."""

    server: str | None = None
    port: int = 25
    helo_name: str | None = None
    connect_timeout_us: Microseconds | None = None
    """None: 30 seconds."""
    sender: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """How a child process runs (`vrrp_*`, `checker_*`, `bfd_*`). `realtime_priority` 0: not realtime;
    `cpus` empty: all."""

    name: str | None = None
    nice: int = 0
    no_swap: bool = False
    realtime_priority: int = 0
    realtime_limit_us: Microseconds = 10_000
    cpus: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveBuffer:
    """The receive buffer of a socket, `*_rcv_bufs`; 0 bytes: as the kernel has it."""

    size_bytes: int = 0
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedScript:
    """`startup_script`, `shutdown_script` and their timeouts."""

    command: Command
    timeout_us: Microseconds = 10 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadSettings:
    """`reload_*`. `test_log` None: no test before a reload."""

    test_log: str | None = None
    time_file: str | None = None
    repeat: bool = False
    file: str | None = None
    """Empty: beside the pid file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """Where packets to virtual addresses are filtered: `vrrp_iptables`, `vrrp_ipsets`, `nftables*`.

    A chain or table that is None is not used. `ipsets` are the names for addresses, IPv6 addresses,
    IPv6 addresses with interface, IGMP, MLD and ND, as far as they are given.
    """

    iptables_in: str | None = None
    iptables_out: str | None = None
    use_ipsets: bool | None = None
    ipsets: tuple[str, ...] = ()
    nftables_table: str | None = None
    nftables_priority: int = -1
    nftables_by_index: bool = False
    nftables_counters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snmp:
    """`enable_snmp_*`, `enable_traps`, `snmp_*`."""

    vrrp: bool = False
    checker: bool = False
    rfc_v2: bool = False
    rfc_v3: bool = False
    traps: bool = False
    socket: str | None = None
    virtual_server_interval_us: Microseconds = 5 * SECOND
    real_server_interval_us: Microseconds | None = None
    """None: as for virtual servers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DBus:
    """`enable_dbus`, `dbus_*`."""

    enabled: bool = False
    service_name: str | None = None
    no_interface_name: str | None = None


class LvsFlush(Enum):
    """`lvs_flush_on_stop`; the value is its word in the dump."""

    NO = "disabled"
    FULL = "full"
    VIRTUAL_SERVERS = "VS"


@dataclass(frozen=True, slots=True, kw_only=True)
class LvsSyncDaemon:
    """`lvs_sync_daemon`; 0 and None: not given. Without `syncid` it is the virtual router id."""

    interface: str
    instance: str | None = None
    of_instance: bool = False
    """Said by the instance (`lvs_sync_daemon_interface`): only the VRRP process knows."""
    syncid: int | None = None
    maxlen: int = 0
    group: Address | None = None
    port: int = 0
    ttl: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LvsSettings:
    """What `global_defs` says of IPVS; a timeout of 0 is the kernel's."""

    tcp_timeout_seconds: int = 0
    tcp_fin_timeout_seconds: int = 0
    udp_timeout_seconds: int = 0
    flush: bool = False
    flush_on_stop: LvsFlush = LvsFlush.NO
    sync_daemon: LvsSyncDaemon | None = None
    nftables_table: str | None = None
    nftables_priority: int = -1
    nftables_start_fwmark: int = 1000
    log_all_failures: bool = False
    rs_init_notifies: bool = False
    no_checker_emails: bool = False


class ReceivePolicy(Enum):
    """`vrrp_rx_bufs_policy` by its words."""

    MTU = "MTU"
    ADVERT = "ADVERT"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalDefinitions:
    """`global_defs` and the top-level keywords of a process. None means: not given.

    Of `garp_*`, `version`, `strict` and other defaults for instances, what an instance inherits is in
    it already.
    """

    router_id: str | None = None
    mail: Mail = Mail()
    smtp_alert: bool | None = None
    smtp_alert_vrrp: bool | None = None
    smtp_alert_checker: bool | None = None
    no_email_faults: bool = False
    default_interface: str = "eth0"
    script_account: Account | None = None
    """`script_user`."""
    script_security: bool = False
    """`enable_script_security`."""
    use_symlink_paths: bool = False
    set_supplementary_groups: bool = False
    startup_script: LimitedScript | None = None
    shutdown_script: LimitedScript | None = None
    dynamic_interfaces: bool = False
    allow_interface_changes: bool = False
    """`dynamic_interfaces allow_if_changes`."""
    disable_local_igmp: bool = False
    multicast_group_4: Address = DEFAULT_GROUP_4
    multicast_group_6: Address = DEFAULT_GROUP_6
    version: int = 2
    strict: bool = False
    v3_checksum_as_v2: bool = False
    garp: GratuitousArp = DEFAULT_GARP
    garp_lower_prio_delay_us: Microseconds | None = None
    garp_lower_prio_repeat: int | None = None
    garp_interval_us: Microseconds = 0
    """Least time between two gratuitous ARPs on one interface."""
    gna_interval_us: Microseconds = 0
    garp_extra_interval_seconds: int = 0
    """`vrrp_garp_extra_if`."""
    garp_extra_all_interfaces: bool = False
    down_timer_adverts: int = 3
    lower_prio_no_advert: bool = False
    higher_prio_send_advert: bool = False
    owner_ignore_adverts: bool = False
    check_unicast_source: bool = False
    skip_check_adv_addr: bool = False
    log_unknown_vrids: bool = False
    vmac_prefix: str | None = None
    vmac_addr_prefix: str | None = None
    notify_fifo: Fifo = Fifo()
    vrrp_notify_fifo: Fifo = Fifo()
    lvs_notify_fifo: Fifo = Fifo()
    notify_priority_changes: bool = False
    fifo_write_vrrp_states_on_reload: bool = False
    net_namespace: str | None = None
    net_namespace_ipvs: str | None = None
    """"" is the default namespace, None the one of the process."""
    instance: str | None = None
    use_pid_dir: bool = False
    child_wait_time_us: Microseconds = 5 * SECOND
    umask: int | None = None
    process_name: str | None = None
    max_auto_priority: int = 0
    """-1: no automatic priority."""
    min_auto_priority_delay_us: Microseconds = SECOND
    vrrp_process: ProcessSettings = ProcessSettings()
    checker_process: ProcessSettings = ProcessSettings()
    bfd_process: ProcessSettings = ProcessSettings()
    vrrp_netlink_cmd: ReceiveBuffer = ReceiveBuffer()
    vrrp_netlink_monitor: ReceiveBuffer = ReceiveBuffer()
    process_monitor: ReceiveBuffer = ReceiveBuffer()
    lvs_netlink_cmd: ReceiveBuffer = ReceiveBuffer()
    lvs_netlink_monitor: ReceiveBuffer = ReceiveBuffer()
    receive_buffer: ReceivePolicy | int | None = None
    """`vrrp_rx_bufs_policy`; a number is of bytes."""
    receive_buffer_packets: int = 3
    """`vrrp_rx_bufs_multiplier`."""
    firewall: Firewall = Firewall()
    lvs: LvsSettings = LvsSettings()
    snmp: Snmp = Snmp()
    dbus: DBus = DBus()
    reload: ReloadSettings = ReloadSettings()
    startup_delay_us: Microseconds = 0
    """`vrrp_startup_delay`."""
    config_save_dir: str | None = None
    tmp_config_directory: str | None = None
    data_use_instance: bool = False
    json_version: int = 1
    iproute_usr_dir: str | None = None
    iproute_etc_dir: str | None = None
    state_dump_file: str | None = None
    stats_dump_file: str | None = None
    json_dump_file: str | None = None
    linkbeat_use_polling: bool = False
    namespace_with_ipsets: bool = False
