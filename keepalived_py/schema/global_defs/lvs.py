"""IPVS and the checkers."""

from typing import Any

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.definitions import LvsFlush, LvsSyncDaemon
from keepalived_py.schema.arguments import Integer, parse_endpoint
from keepalived_py.schema.draft import assign
from keepalived_py.schema.global_defs.forms import boolean, flag, listed
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

INTERFACE_NAME_MAX = 15
TIMEOUT = Integer(0, 31 * 86400, "seconds")
_TIMEOUTS = {
    "tcp": "lvs.tcp_timeout_seconds",
    "tcpfin": "lvs.tcp_fin_timeout_seconds",
    "udp": "lvs.udp_timeout_seconds",
}
_SYNC_OPTIONS = {
    "id": ("syncid", Integer(0, 255)),
    "maxlen": ("maxlen", Integer(1, 65507)),
    "port": ("port", Integer(1, 65535)),
    "ttl": ("ttl", Integer(1, 255)),
}


def _bind_timeouts(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    if len(words) < 3:
        message = "lvs_timeouts requires at least one option"
        scope.error(statement, "missing-argument", message, help="lvs_timeouts tcp SECONDS")
        return
    index = 1
    while index < len(words):
        name = words[index]
        if name not in _TIMEOUTS:
            message = f"Unknown option {name} specified for lvs_timeouts"
            scope.error(statement, "unknown-option", message, word=index, help=", ".join(_TIMEOUTS))
        elif index + 1 == len(words):
            message = f"No value specified for lvs_timeout {name} - ignoring"
            scope.error(statement, "missing-argument", message, word=index)
        else:
            index += 1
            seconds = TIMEOUT.read(scope, statement, index)
            if seconds is None:
                message = f"Invalid lvs_timeout {name} ({words[index]}) - ignoring"
                scope.error(statement, "bad-number", message, word=index)
            else:
                assign(scope.block, _TIMEOUTS[name], seconds)
        index += 1


def _bind_flush_on_stop(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) > 1 and statement.words[1] != "VS":
        message = f"Unknown lvs_flush_on_stop type {statement.words[1]}"
        scope.error(statement, "unknown-option", message, word=1, help="VS, or nothing")
        return
    assign(scope.block, row.field, LvsFlush.VIRTUAL_SERVERS if len(statement.words) > 1 else LvsFlush.FULL)


def _bind_sync_daemon(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    known: LvsSyncDaemon | None = scope.block.lvs.sync_daemon
    problem = ""
    if known is not None:
        name = f"{known.interface} {known.instance or ''}"
        problem = f"lvs_sync_daemon has already been specified as {name} - ignoring"
    elif len(words) < 2:
        problem = "lvs_sync_daemon requires interface"
    elif len(words[1]) > INTERFACE_NAME_MAX:
        problem = f"lvs_sync_daemon interface name '{words[1]}' too long - ignoring"
    if problem:
        scope.error(statement, "bad-value", problem, help="lvs_sync_daemon INTERFACE [OPTION VALUE]...")
        return
    settings = _sync_options(scope, statement)
    assign(scope.block, row.field, LvsSyncDaemon(interface=words[1], **settings))


def _sync_options(scope: Scope, statement: Statement) -> dict[str, Any]:
    words = statement.words
    settings: dict[str, Any] = {}
    index = 2
    while index < len(words):
        option = words[index]
        last = index + 1 == len(words)
        if option == "inst":
            if "instance" in settings:
                message = (
                    "lvs_sync_daemon vrrp instance has already been specified as "
                    f"{settings['instance']} - ignoring"
                )
                scope.error(statement, "duplicate", message, word=index)
            elif last:
                scope.missing(statement, index)
            else:
                settings["instance"] = words[index + 1]
            index += 1
        elif option in (*_SYNC_OPTIONS, "group") and last:
            instead = ", defaulting to vrid" if option == "id" else " - ignoring"
            message = f"No value specified for lvs_sync_daemon {option}{instead}"
            scope.error(statement, "missing-argument", message, word=index)
        elif option in _SYNC_OPTIONS:
            index += 1
            name, argument = _SYNC_OPTIONS[option]
            number = argument.read(scope, statement, index)
            if number is not None:
                settings[name] = number
            elif option == "id":
                message = f"Invalid syncid ({words[index]}) - defaulting to vrid"
                scope.error(statement, "bad-number", message, word=index)
            else:
                message = f"Invalid lvs_sync_daemon {option} ({words[index]}) - ignoring"
                scope.error(statement, "bad-number", message, word=index)
        elif option == "group":
            index += 1
            _sync_group(scope, statement, index, settings)
        elif index == 2:
            settings["instance"] = option
        elif index == 3:
            syncid = _SYNC_OPTIONS["id"][1].read(scope, statement, index)
            if syncid is None:
                message = f"Invalid syncid ({option}) - defaulting to vrid"
            else:
                message = 'Please use keyword "id" before lvs_sync_daemon SYNCID'
                settings["syncid"] = syncid
            scope.error(statement, "deprecated", message, word=index, help="id NUMBER")
        else:
            message = f"Unknown option {option} specified for lvs_sync_daemon"
            scope.error(statement, "unknown-option", message, word=index)
        index += 1
    return settings


def _sync_group(scope: Scope, statement: Statement, index: int, settings: dict[str, Any]) -> None:
    word = statement.words[index]
    group = parse_endpoint(word)
    if group is None:
        message = f"Invalid lvs_sync_daemon group ({word}) - ignoring"
        scope.error(statement, "bad-address", message, word=index)
    elif not group.is_multicast:
        message = f"lvs_sync_daemon group address {word} is not multicast - ignoring"
        scope.error(statement, "bad-address", message, word=index)
    else:
        settings["group"] = group


LVS = table(
    listed(
        "lvs_timeouts",
        "Seconds after which IPVS forgets connections.",
        "[tcp <INT>] [tcpfin <INT>] [udp <INT>]",
        bind=_bind_timeouts,
        default="the kernel's",
    ),
    flag("lvs_flush", "Empty the kernel's IPVS table at start.", "lvs.flush"),
    listed(
        "lvs_flush_on_stop",
        "Empty the IPVS table at the end; with VS, of own virtual servers only.",
        "[VS]",
        bind=_bind_flush_on_stop,
        field="lvs.flush_on_stop",
        default="off",
    ),
    listed(
        "lvs_flush_onstop",
        "Old name of lvs_flush_on_stop.",
        "[VS]",
        bind=_bind_flush_on_stop,
        field="lvs.flush_on_stop",
        renamed_to="lvs_flush_on_stop",
    ),
    listed(
        "lvs_sync_daemon",
        "Tell other nodes of IPVS connections.",
        "<INTERFACE> [inst <NAME>] [id <INT:0..255>] [maxlen <INT:1..65507>] [port <INT:1..65535>] "
        "[ttl <INT:1..255>] [group <MULTICAST IP>]",
        bind=_bind_sync_daemon,
        field="lvs.sync_daemon",
        default="off",
    ),
    boolean(
        "checker_log_all_failures",
        "Log every failure of a check, also those that are tried again.",
        "lvs.log_all_failures",
        "Invalid value for checker_log_all_failures specified",
    ),
    boolean("rs_init_notifies", "Notify of the first state of a real server, too.", "lvs.rs_init_notifies"),
)
