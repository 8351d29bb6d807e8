"""A whole configuration, as one value: compare two to know what a reload changes."""

from dataclasses import dataclass, field

from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Account, Command
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.tracking import TrackFile, TrackProcess, TrackScript
from keepalived_py.model.units import SECOND, Microseconds


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
    connect_timeout_us: Microseconds = 30 * SECOND
    sender: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalDefinitions:
    """`global_defs` and the top-level keywords of a process; what instances inherit from here is
    already in them. None means: not given."""

    router_id: str | None = None
    mail: Mail = Mail()
    smtp_alert: bool | None = None
    default_interface: str = "eth0"
    script_account: Account | None = None
    """`script_user`."""
    script_security: bool = False
    """`enable_script_security`."""
    dynamic_interfaces: bool = False
    garp_interval_us: Microseconds = 0
    """Least time between two gratuitous ARPs on one interface."""
    gna_interval_us: Microseconds = 0
    log_unknown_vrids: bool = False
    notify_fifo: Fifo = Fifo()
    vrrp_notify_fifo: Fifo = Fifo()
    net_namespace: str | None = None
    instance: str | None = None
    use_pid_dir: bool = False
    child_wait_time_us: Microseconds = 5 * SECOND
    umask: int | None = None
    vrrp_no_swap: bool = False
    vrrp_nice: int = 0
    vrrp_realtime_priority: int = 0
    startup_delay_us: Microseconds = 0
    """`vrrp_startup_delay`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a set of configuration files means. Every name that one part uses of another exists:
    what did not resolve was reported and left out when the configuration was bound."""

    definitions: GlobalDefinitions = GlobalDefinitions()
    scripts: dict[str, TrackScript] = field(default_factory=dict)
    processes: dict[str, TrackProcess] = field(default_factory=dict)
    files: dict[str, TrackFile] = field(default_factory=dict)
    routers: dict[str, VirtualRouter] = field(default_factory=dict)
    groups: dict[str, SyncGroup] = field(default_factory=dict)
    static_addresses: tuple[IpAddress, ...] = ()
