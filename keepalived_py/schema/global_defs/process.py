"""The processes: names, priorities, memory, buffers; and the keywords of the process at the top of a
file."""

from collections.abc import Iterator
from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import INT_MAX, UINT_MAX, Integer, Text, Words
from keepalived_py.schema.draft import assign
from keepalived_py.schema.global_defs.forms import boolean, flag, listed, value
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

REALTIME_PRIORITY_MAX = 99
PROCESS_NAME_MAX = 15
_PROCESSES = {"vrrp": "VRRP", "checker": "checker", "bfd": "BFD"}
_DEFAULT_NAMES = {"vrrp": "keepalived_vrrp", "checker": "keepalived_lvs", "bfd": "keepalived_bfd"}


def _bind_names(scope: Scope, row: Row, entry: Entry) -> None:
    for process, name in _DEFAULT_NAMES.items():
        assign(scope.block, f"{process}_process.name", name)


def _bind_name(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    name = statement.words[1]
    if len(name) > PROCESS_NAME_MAX:
        message = f"Process name {name} more than {PROCESS_NAME_MAX} characters, truncating"
        scope.error(statement, "name-too-long", message, word=1)
    assign(scope.block, row.field, name[:PROCESS_NAME_MAX])


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
    assign(scope.block, row.field, bounded)


def _bind_nice(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process = row.name.removesuffix("_priority")
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"No {process} process priority specified")
        return
    nice = Integer(-20, 19).read(scope, statement, 1)
    if nice is None:
        scope.error(statement, "bad-number", f"Invalid {process} process priority specified", word=1)
    assign(scope.block, row.field, nice or 0)


def _bind_cpus(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process = row.name.removesuffix("_cpu_affinity")
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"No {process} cpu_id set specified")
        return
    highest = (scope.host.online_cpus() or INT_MAX) - 1
    cpus: set[int] = set()
    for index, word in enumerate(statement.words[1:], 1):
        cpu = Integer(0, highest).read(scope, statement, index)
        if cpu is None:
            number = word if word.isdecimal() else "0"
            message = f"Invalid cpu_id:{number} specified for {process} process"
            scope.error(statement, "bad-number", message, word=index, help=f"0 to {highest}")
            return
        cpus.add(cpu)
    assign(scope.block, row.field, frozenset(cpus))


def _bind_realtime_limit(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    limit_us = Integer(1, UINT_MAX).read(scope, statement, 1)
    if limit_us is None:
        process = row.name.partition("_")[0]
        message = f"Invalid {process} real-time limit - {statement.words[1]}"
        scope.error(statement, "bad-number", message, word=1)
    else:
        assign(scope.block, row.field, max(2, limit_us))  # the soft limit is one less, and 0 is none


def _bind_automatic(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    priority: int | None = REALTIME_PRIORITY_MAX
    if len(statement.words) > 1:
        priority = Integer(-1, REALTIME_PRIORITY_MAX).read(scope, statement, 1)
    if priority is None:
        message = (
            f"max_auto_priority '{statement.words[1]}' must be in [0, {REALTIME_PRIORITY_MAX}] "
            "(or -1 to disable) - ignoring"
        )
        scope.error(statement, "bad-number", message, word=1)
    else:
        scope.block.max_auto_priority = priority


def _bind_buffer(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"{row.name} size missing", help="a number of bytes")
        return
    size_bytes = Integer(0, UINT_MAX).read(scope, statement, 1)
    if size_bytes is None:
        message = f"{row.name} size ({statement.words[1]}) invalid"
        scope.error(statement, "bad-number", message, word=1)
    elif size_bytes:
        assign(scope.block, row.field, size_bytes)


def _bind_once(scope: Scope, row: Row, entry: Entry) -> None:
    """`net_namespace` and `instance`: the first counts, and both put pid files into a directory."""
    statement = head_of(entry)
    if getattr(scope.block, row.field) is not None:
        message = f"Duplicate {row.name} definition {statement.words[1]} - ignoring"
        scope.error(statement, "duplicate", message, word=1)
        return
    setattr(scope.block, row.field, statement.words[1])
    scope.block.use_pid_dir = True


def _bind_namespace_ipvs(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    name = statement.words[1] if len(statement.words) > 1 else ""
    if scope.block.net_namespace_ipvs is None:
        scope.block.net_namespace_ipvs = name
    else:
        message = f"Duplicate net_namespace_ipvs definition {name} - ignoring"
        scope.error(statement, "duplicate", message)


def _name(name: str, doc: str, field: str, **more: Any) -> Row:
    return value(name, doc, Text("NAME"), field, bind=_bind_name, **more)


def _process(process: str, title: str) -> Iterator[Row]:
    """The keywords that each process has."""
    settings = f"{process}_process"
    runs = process == "vrrp"
    yield _name(
        f"{process}_process_name",
        f"Name of the {title} process.",
        f"{settings}.name",
        default="keepalived",
        runs=runs,
    )
    yield Row(
        name=f"{process}_priority",
        doc=f"Nice value of the {title} process.",
        argument=Words("<INT:-20..19>"),
        field=f"{settings}.nice",
        bind=_bind_nice,
        default="0",
        runs=runs,
    )
    yield flag(
        f"{process}_no_swap", f"Lock the {title} process into memory.", f"{settings}.no_swap", runs=runs
    )
    yield Row(
        name=f"{process}_rt_priority",
        doc=f"Real-time priority of the {title} process.",
        argument=Words("<INT:1..99>"),
        field=f"{settings}.realtime_priority",
        bind=_bind_realtime_priority,
        default="none",
        runs=runs,
    )
    yield listed(
        f"{process}_cpu_affinity",
        f"Processors that the {title} process may run on.",
        "<INT>...",
        field=f"{settings}.cpus",
        bind=_bind_cpus,
        default="all",
        runs=runs,
    )
    for name, more in (
        ("rttime", {"default": "10000"}),
        (
            "rtime",
            {
                "renamed_to": f"{process}_rlimit_rttime",
            },
        ),
    ):
        yield value(
            f"{process}_rlimit_{name}",
            f"Microseconds that the {title} process may take in one go when it has real-time priority.",
            Words("<INT:1..4294967295>", 1),
            f"{settings}.realtime_limit_us",
            bind=_bind_realtime_limit,
            runs=runs,
            **more,
        )


def _buffer(name: str, what: str) -> Iterator[Row]:
    yield listed(
        f"{name}_rcv_bufs",
        f"Receive buffer for {what}.",
        "<INT bytes>",
        field=f"{name}.size_bytes",
        bind=_bind_buffer,
        default="the system's",
    )
    yield boolean(
        f"{name}_rcv_bufs_force", f"Exceed the system's limit with {name}_rcv_bufs.", f"{name}.force"
    )


PROCESSES = table(
    Row(
        name="process_names",
        doc="Call the processes keepalived_vrrp, keepalived_lvs and keepalived_bfd.",
        bind=_bind_names,
    ),
    _name("process_name", "Name of the parent process.", "process_name", default="keepalived", runs=True),
    *(row for process, title in _PROCESSES.items() for row in _process(process, title)),
    _name(
        "lvs_process_name",
        "Old name of checker_process_name.",
        "checker_process.name",
        renamed_to="checker_process_name",
    ),
    listed(
        "max_auto_priority",
        "Highest real-time priority that keepalived takes by itself when it runs late; -1 for none.",
        "[<INT:-1..99>]",
        field="max_auto_priority",
        bind=_bind_automatic,
        default="0; without number 99",
        runs=True,
    ),
    value(
        "min_auto_priority_delay",
        "Microseconds that a timer must be late before keepalived takes a higher priority.",
        Integer(1, 10_000_000, "microseconds"),
        "min_auto_priority_delay_us",
        "min_auto_priority_delay '{value}' must be in [1, 10000000] - ignoring",
        missing="min_auto_priority_delay requires delay time",
        default="1000000",
        runs=True,
    ),
    *(
        row
        for name, what in (
            ("vrrp_netlink_cmd", "netlink commands of the VRRP process"),
            ("vrrp_netlink_monitor", "netlink events of the VRRP process"),
            ("process_monitor", "process events"),
            ("lvs_netlink_cmd", "netlink commands of the checker process"),
            ("lvs_netlink_monitor", "netlink events of the checker process"),
        )
        for row in _buffer(name, what)
    ),
)


PROCESS_KEYWORDS = table(
    Row(
        name="net_namespace",
        doc="Network namespace to run in; pid files are then in /run/keepalived.",
        argument=Words("<NAME>", 1),
        field="net_namespace",
        bind=_bind_once,
        missing="net_namespace name missing - ignoring",
        default="that of the caller",
    ),
    Row(
        name="instance",
        doc="Name of this keepalived among several on one machine.",
        argument=Words("<NAME>", 1),
        field="instance",
        bind=_bind_once,
        missing="instance name missing - ignoring",
        default="none",
    ),
    Row(name="use_pid_dir", doc="Put pid files into /run/keepalived instead of /run.", field="use_pid_dir"),
    Row(
        name="child_wait_time",
        doc="Seconds to wait for child processes at the end.",
        argument=Integer(0, UINT_MAX, "seconds", scale=SECOND),
        field="child_wait_time_us",
        default="5",
        invalid="Invalid child_wait_time {value}",
    ),
    listed(
        "net_namespace_ipvs",
        "Network namespace of IPVS; without name the one that keepalived is started in.",
        "[<NAME>]",
        field="net_namespace_ipvs",
        bind=_bind_namespace_ipvs,
        default="net_namespace",
    ),
    flag("namespace_with_ipsets", "Use ipsets although in a network namespace.", "namespace_with_ipsets"),
    flag(
        "linkbeat_use_polling",
        "Ask the driver of every interface for the state of its link again and again.",
        "linkbeat_use_polling",
        runs=True,
    ),
)
