"""What was read of each block, before anything that follows from several keywords: None where
nothing was said."""

from dataclasses import field, replace
from typing import TYPE_CHECKING

from keepalived_py.config.statement import Statement
from keepalived_py.model.address import IpAddress
from keepalived_py.model.bfd import BfdInstance, TrackBfd
from keepalived_py.model.command import Account, Command
from keepalived_py.model.definitions import (
    DBus,
    Fifo,
    Firewall,
    LvsSettings,
    ProcessSettings,
    ReceiveBuffer,
    ReceivePolicy,
    ReloadSettings,
    Snmp,
)
from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.interface import InterfaceSettings
from keepalived_py.model.place import Place
from keepalived_py.model.process import Process
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import (
    DEFAULT_GROUP_4,
    DEFAULT_GROUP_6,
    AuthType,
    InitialState,
    UnicastChecksum,
    UnicastPeer,
)
from keepalived_py.model.tracking import ParameterMatch, Tracked, TrackFile, TrackProcess, TrackScript
from keepalived_py.model.units import SECOND, Address, Microseconds
from keepalived_py.model.vmac import Ipvlan, Vmac
from keepalived_py.schema.record import record

if TYPE_CHECKING:
    from keepalived_py.model.lvs import Tls, VirtualServerGroup
    from keepalived_py.schema.lvs.draft import VirtualServerDraft

ANY_DEVICE = "*"


def assign(draft: object, path: str, value: object) -> None:
    """Set a field of a draft, or with a dot one of the value in it."""
    name, _, inner = path.partition(".")
    setattr(draft, name, replace(getattr(draft, name), **{inner: value}) if inner else value)


@record
class GlobalDraft:
    """`global_defs`, and the top-level keywords of a process."""

    said: dict[str, Statement] = field(default_factory=dict)
    """The last statement of each keyword, to point at."""
    router_id: str | None = None
    smtp_server: str | None = None
    smtp_port: int = 25
    smtp_helo_name: str | None = None
    smtp_connect_timeout_us: Microseconds | None = None
    email_from: str | None = None
    emails: list[str] = field(default_factory=list)
    smtp_alert: bool | None = None
    smtp_alert_vrrp: bool | None = None
    smtp_alert_checker: bool | None = None
    default_interface: str = "eth0"
    script_account: Account | None = None
    script_security: bool = False
    dynamic_interfaces: bool = False
    garp_master_delay_us: Microseconds = 5 * SECOND
    garp_master_repeat: int = 5
    garp_master_refresh_us: Microseconds = 0
    garp_master_refresh_repeat: int = 1
    garp_lower_prio_delay_us: Microseconds | None = None
    garp_lower_prio_repeat: int | None = None
    garp_interval_us: Microseconds = 0
    gna_interval_us: Microseconds = 0
    lower_prio_no_advert: bool = False
    higher_prio_send_advert: bool = False
    owner_ignore_adverts: bool = False
    version: int = 2
    strict: bool = False
    check_unicast_source: bool = False
    skip_check_adv_addr: bool = False
    down_timer_adverts: int = 3
    notify_priority_changes: bool = False
    multicast_group_4: Address = DEFAULT_GROUP_4
    multicast_group_6: Address = DEFAULT_GROUP_6
    log_unknown_vrids: bool = False
    notify_fifo: Fifo = field(default_factory=Fifo)
    vrrp_notify_fifo: Fifo = field(default_factory=Fifo)
    lvs_notify_fifo: Fifo = field(default_factory=Fifo)
    net_namespace: str | None = None
    instance: str | None = None
    use_pid_dir: bool = False
    child_wait_time_us: Microseconds = 5 * SECOND
    umask: int | None = None
    startup_delay_us: Microseconds = 0
    no_email_faults: bool = False
    use_symlink_paths: bool = False
    set_supplementary_groups: bool = False
    startup_script: Command | None = None
    startup_script_timeout_us: Microseconds = 10 * SECOND
    shutdown_script: Command | None = None
    shutdown_script_timeout_us: Microseconds = 10 * SECOND
    allow_interface_changes: bool = False
    disable_local_igmp: bool = False
    v3_checksum_as_v2: bool = False
    garp_extra_interval_seconds: int = 0
    garp_extra_all_interfaces: bool = False
    vmac_prefix: str | None = None
    vmac_addr_prefix: str | None = None
    fifo_write_vrrp_states_on_reload: bool = False
    net_namespace_ipvs: str | None = None
    process_name: str | None = None
    max_auto_priority: int = 0
    min_auto_priority_delay_us: Microseconds = SECOND
    vrrp_process: ProcessSettings = field(default_factory=ProcessSettings)
    checker_process: ProcessSettings = field(default_factory=ProcessSettings)
    bfd_process: ProcessSettings = field(default_factory=ProcessSettings)
    vrrp_netlink_cmd: ReceiveBuffer = field(default_factory=ReceiveBuffer)
    vrrp_netlink_monitor: ReceiveBuffer = field(default_factory=ReceiveBuffer)
    process_monitor: ReceiveBuffer = field(default_factory=ReceiveBuffer)
    lvs_netlink_cmd: ReceiveBuffer = field(default_factory=ReceiveBuffer)
    lvs_netlink_monitor: ReceiveBuffer = field(default_factory=ReceiveBuffer)
    receive_buffer: ReceivePolicy | int | None = None
    receive_buffer_packets: int = 3
    firewall: Firewall = field(default_factory=Firewall)
    lvs: LvsSettings = field(default_factory=LvsSettings)
    snmp: Snmp = field(default_factory=Snmp)
    dbus: DBus = field(default_factory=DBus)
    reload: ReloadSettings = field(default_factory=ReloadSettings)
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


@record
class NotifyDraft:
    """The `notify*` commands of an instance or a group."""

    master: Command | None = None
    backup: Command | None = None
    fault: Command | None = None
    stop: Command | None = None
    deleted: Command | None = None
    any: Command | None = None
    master_rx_lower_pri: Command | None = None
    report_deleted: bool = False


@record
class TrackDraft:
    """The `track_*` lists of an instance or a group, by name."""

    interfaces: dict[str, Tracked] = field(default_factory=dict)
    scripts: dict[str, Tracked] = field(default_factory=dict)
    processes: dict[str, Tracked] = field(default_factory=dict)
    files: dict[str, Tracked] = field(default_factory=dict)
    bfds: dict[str, Tracked] = field(default_factory=dict)


@record
class InstanceDraft:
    """A `vrrp_instance` block."""

    name: str
    head: Statement
    place: Place
    notify: NotifyDraft = field(default_factory=NotifyDraft)
    track: TrackDraft = field(default_factory=TrackDraft)
    said: dict[str, Statement] = field(default_factory=dict)
    """The last statement of each keyword, to point at."""
    vrid: int | None = None
    interface: str | None = None
    interface_exists: bool = False
    version: int | None = None
    family: int | None = None
    state: InitialState | None = None
    priority: int | None = None
    advert_interval_us: Microseconds | None = None
    virtual_addresses: list[IpAddress] = field(default_factory=list)
    first_address: Statement | None = None
    excluded_addresses: list[IpAddress] = field(default_factory=list)
    virtual_known: set[tuple[Address, str | None]] = field(default_factory=set)
    """The addresses that are in `virtual_addresses`, once with their device and once with ANY_DEVICE."""
    excluded_known: set[tuple[Address, str | None]] = field(default_factory=set)
    removed_addresses: int = 0
    """How many virtual addresses have no interface."""
    virtual_routes: list[Route] = field(default_factory=list)
    virtual_rules: list[Rule] = field(default_factory=list)
    no_virtual_addresses: bool = False
    source_address: Address | None = None
    track_source_address: bool = False
    unicast: bool = False
    unicast_fault_no_peer: bool = False
    unicast_peers: dict[Address, UnicastPeer] = field(default_factory=dict)
    unicast_ttl: int | None = None
    unicast_checksum: UnicastChecksum = UnicastChecksum.NEW
    v3_checksum_as_v2: bool | None = None
    kernel_rx_buffer_bytes: int = 0
    debug: int = 0
    promote_secondaries: bool = False
    multicast_group: Address | None = None
    check_unicast_source: bool = False
    auth_type: AuthType = AuthType.NONE
    auth_data: bytes = b""
    nopreempt: bool = False
    highest_other_priority: int = 0
    preempt_delay_us: Microseconds = 0
    down_timer_adverts: int | None = None
    accept: bool | None = None
    strict: bool | None = None
    skip_check_adv_addr: bool = False
    lower_prio_no_advert: bool | None = None
    higher_prio_send_advert: bool | None = None
    owner_ignore_adverts: bool | None = None
    garp_master_delay_us: Microseconds | None = None
    garp_master_repeat: int | None = None
    garp_master_refresh_us: Microseconds | None = None
    garp_master_refresh_repeat: int | None = None
    garp_lower_prio_delay_us: Microseconds | None = None
    garp_lower_prio_repeat: int | None = None
    garp_extra_interval_us: Microseconds | None = None
    garp_extra_all_interfaces: bool = False
    track_primary: bool = True
    smtp_alert: bool | None = None
    notify_priority_changes: bool | None = None
    vmac: Vmac | None = None
    vmac_xmit_base: bool = False
    use_vmac_addr: bool = False
    ipvlan: Ipvlan | None = None
    vrf: str | None = None
    config_faults: int = 0
    linkbeat_use_polling: bool = False
    auth_hmac: AuthHmac | None = None


@record
class GroupDraft:
    """A `vrrp_sync_group` block."""

    name: str
    head: Statement
    place: Place
    notify: NotifyDraft = field(default_factory=NotifyDraft)
    track: TrackDraft = field(default_factory=TrackDraft)
    members: list[str] | None = None
    tracking_weight: bool = False
    smtp_alert: bool | None = None
    notify_priority_changes: bool | None = None


@record
class ScriptDraft:
    """A `vrrp_script` block."""

    name: str
    head: Statement
    place: Place
    arguments: tuple[str, ...] = ()
    account: Account | None = None
    removed: bool = False
    interval_us: Microseconds = SECOND
    timeout_us: Microseconds | None = None
    weight: int = 0
    reverse: bool = False
    rise: int = 1
    fall: int = 1
    init_fail: bool = False


@record
class ProcessDraft:
    """A `vrrp_track_process` block."""

    name: str
    head: Statement
    place: Place
    path: str | None = None
    parameters: tuple[str, ...] | None = None
    parameter_match: ParameterMatch | None = None
    full_command: bool = False
    weight: int = 0
    reverse: bool = False
    quorum: int = 1
    quorum_max: int | None = None
    terminate_delay_us: Microseconds = 0
    fork_delay_us: Microseconds = 0


@record
class FileDraft:
    """A `track_file` block."""

    name: str
    head: Statement
    place: Place
    path: str | None = None
    weight: int = 1
    reverse: bool = False
    initial_value: int | None = None
    overwrite: bool = False


@record
class TrackGroupDraft:
    """A `track_group` block."""

    name: str
    head: Statement
    place: Place
    members: tuple[str, ...] | None = None


@record
class LvsDrafts:
    """All that is about virtual servers."""

    servers: "list[VirtualServerDraft]" = field(default_factory=list)
    groups: "list[VirtualServerGroup]" = field(default_factory=list)
    tls: "Tls | None" = None
    pending_regex: str | None = None
    """The last `regex` that no URL has taken: the next one that is good does."""


@record
class Drafts:
    """Everything that was read, in the order of the files; what is complete in itself is a value of
    the model already."""

    definitions: GlobalDraft = field(default_factory=GlobalDraft)
    scripts: dict[str, TrackScript] = field(default_factory=dict)
    script_heads: dict[str, Statement] = field(default_factory=dict)
    processes: dict[str, TrackProcess] = field(default_factory=dict)
    files: dict[str, TrackFile] = field(default_factory=dict)
    instances: dict[str, InstanceDraft] = field(default_factory=dict)
    own_interfaces: dict[str, str] = field(default_factory=dict)
    """Which instance has given a name to its VMAC or IPVLAN."""
    groups: dict[str, GroupDraft] = field(default_factory=dict)
    static_addresses: list[IpAddress] = field(default_factory=list)
    static_routes: list[Route] = field(default_factory=list)
    static_rules: list[Rule] = field(default_factory=list)
    track_groups: dict[str, TrackGroupDraft] = field(default_factory=dict)
    bfds: dict[str, BfdInstance] = field(default_factory=dict)
    tracked_bfds: dict[str, TrackBfd] = field(default_factory=dict)
    checker_bfds: dict[str, Statement] = field(default_factory=dict)
    """Where the sessions that tell the checkers are defined."""
    bfd_spelling: str = "neighbor"
    """The spelling that keepalived's messages have; `neighbour_ip` changes it."""
    interfaces: dict[str, InterfaceSettings] = field(default_factory=dict)
    garp_interfaces: set[str] = field(default_factory=set)
    """Those that are in a `garp_group`."""
    garp_groups: int = 0
    garp_aggregation_groups: int = 0
    lvs: LvsDrafts = field(default_factory=LvsDrafts)
    subsystems: set[str] = field(default_factory=set)
    """Which of vrrp, checker and bfd have anything to do."""
    script_user_from: Process | None = None
    """The first process that reads a command without an account of its own."""
    stopped: Process | None = None
    """The first process that a missing word ends."""
    read_before_stop: int = 0
    """How many instances there were then, or for the checkers virtual servers."""
    missing_interface: Statement | None = None
    """The first statement that names an interface that does not exist."""
    automatic_priorities: dict[int, int] = field(default_factory=lambda: {4: 0, 6: 0})
    """How many rules of each family have no preference of their own."""

    def tracking_blocks(self) -> list[InstanceDraft | GroupDraft]:
        """All that has notifications and tracks things."""
        return [*self.instances.values(), *self.groups.values()]


Named = InstanceDraft | GroupDraft | ScriptDraft | ProcessDraft | FileDraft
"""The draft of a block that has a name."""
