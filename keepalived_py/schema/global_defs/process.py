"""The processes: names, priorities, memory, buffers; and the keywords of the process at the top of a file."""

from keepalived_py.config.statement import Entry
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import (
    INT_MAX,
    UINT_MAX,
    Integer,
    Words,
)
from keepalived_py.schema.global_defs.forms import boolean, flag, other
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

REALTIME_PRIORITY_MAX = 99


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


def _bind_once(scope: Scope, row: Row, entry: Entry) -> None:
    """`net_namespace` and `instance`: the first counts, and both put pid files into a directory."""
    statement = head_of(entry)
    if getattr(scope.block, row.field) is not None:
        message = f"Duplicate {row.name} definition {statement.words[1]} - ignoring"
        scope.error(statement, "duplicate", message, word=1)
        return
    setattr(scope.block, row.field, statement.words[1])
    scope.block.use_pid_dir = True


PROCESSES = table(
    flag("process_names", "Give child processes names of their own."),
    other("process_name", "Name of the parent process.", "<NAME>", 1),
    other("max_auto_priority", "Limit of automatic real-time priority.", "[<INT:-1..99>]"),
    other("min_auto_priority_delay", "Lateness that raises the priority.", "<INT:1..10000000>"),
    other("process_monitor_rcv_bufs", "Receive buffer for process events.", "<INT bytes>"),
    boolean("process_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
    other("vrrp_process_name", "Name of the VRRP process.", "<NAME>", 1),
    Row(
        name="vrrp_priority",
        doc="Nice value of the VRRP process.",
        argument=Words("<INT:-20..19>"),
        field="vrrp_nice",
        bind=_bind_nice,
    ),
    flag("vrrp_no_swap", "Lock the VRRP process into memory.", "vrrp_no_swap"),
    Row(
        name="vrrp_rt_priority",
        doc="Real-time priority of the VRRP process.",
        argument=Words("<INT:1..99>"),
        field="vrrp_realtime_priority",
        bind=_bind_realtime_priority,
    ),
    other("vrrp_cpu_affinity", "CPUs of the VRRP process.", "<INT>..."),
    other("vrrp_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    other("vrrp_rlimit_rtime", "vrrp_rlimit_rttime.", "<INT>", 1, renamed_to="vrrp_rlimit_rttime"),
    other("checker_process_name", "Name of the checker process.", "<NAME>", 1),
    Row(
        name="checker_priority",
        doc="Nice value of the checker process.",
        argument=Words("<INT:-20..19>"),
        bind=_bind_nice,
        runs=False,
    ),
    flag("checker_no_swap", "Lock the checker process into memory."),
    Row(
        name="checker_rt_priority",
        doc="Real-time priority of the checker process.",
        argument=Words("<INT:1..99>"),
        bind=_bind_realtime_priority,
        runs=False,
    ),
    other("checker_cpu_affinity", "CPUs of the checker process.", "<INT>..."),
    other("checker_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    other("checker_rlimit_rtime", "checker_rlimit_rttime.", "<INT>", 1, renamed_to="checker_rlimit_rttime"),
    other("bfd_process_name", "Name of the BFD process.", "<NAME>", 1),
    Row(
        name="bfd_priority",
        doc="Nice value of the BFD process.",
        argument=Words("<INT:-20..19>"),
        bind=_bind_nice,
        runs=False,
    ),
    flag("bfd_no_swap", "Lock the BFD process into memory."),
    Row(
        name="bfd_rt_priority",
        doc="Real-time priority of the BFD process.",
        argument=Words("<INT:1..99>"),
        bind=_bind_realtime_priority,
        runs=False,
    ),
    other("bfd_cpu_affinity", "CPUs of the BFD process.", "<INT>..."),
    other("bfd_rlimit_rttime", "Its RLIMIT_RTTIME.", "<INT>", 1),
    other("bfd_rlimit_rtime", "bfd_rlimit_rttime.", "<INT>", 1, renamed_to="bfd_rlimit_rttime"),
    other("lvs_process_name", "checker_process_name.", "<NAME>", 1, renamed_to="checker_process_name"),
    other("vrrp_netlink_cmd_rcv_bufs", "Receive buffer for netlink commands.", "<INT bytes>"),
    boolean("vrrp_netlink_cmd_rcv_bufs_force", "Exceed the system's limit for it."),
    other("vrrp_netlink_monitor_rcv_bufs", "Receive buffer for netlink events.", "<INT bytes>"),
    boolean("vrrp_netlink_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
    other("lvs_netlink_cmd_rcv_bufs", "Receive buffer for netlink commands.", "<INT bytes>"),
    boolean("lvs_netlink_cmd_rcv_bufs_force", "Exceed the system's limit for it."),
    other("lvs_netlink_monitor_rcv_bufs", "Receive buffer for netlink events.", "<INT bytes>"),
    boolean("lvs_netlink_monitor_rcv_bufs_force", "Exceed the system's limit for it."),
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
    other("net_namespace_ipvs", "Network namespace of IPVS.", "[<NAME>]"),
    flag("namespace_with_ipsets", "Use ipsets in a namespace."),
    flag("linkbeat_use_polling", "Poll the links of all interfaces."),
)
