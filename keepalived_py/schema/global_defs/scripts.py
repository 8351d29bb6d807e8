"""Scripts, and FIFOs in their place."""

from dataclasses import replace

from keepalived_py.config.statement import Entry
from keepalived_py.model.command import Account
from keepalived_py.model.definitions import Fifo
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import (
    CommandLine,
    Words,
)
from keepalived_py.schema.global_defs.forms import boolean, flag, other
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


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


SCRIPTS = table(
    Row(
        name="script_user",
        doc="User, and group, that scripts run as.",
        argument=Words("<USER> [<GROUP>]"),
        bind=_bind_script_user,
        default="keepalived_script if it exists, else root",
    ),
    flag("enable_script_security", "Do not run scripts as root that others may write to.", "script_security"),
    boolean("use_symlink_paths", "Keep symbolic links in script paths.", since="2.3.0"),
    boolean("set_supplementary_groups", "Run scripts with all groups of the user.", since="2.4.4"),
    other("startup_script", "Command to run before anything.", "<COMMAND> [<USER> [<GROUP>]]"),
    other("startup_script_timeout", "Seconds for it.", "<INT:1..1000>"),
    other("shutdown_script", "Command to run after everything.", "<COMMAND> [<USER> [<GROUP>]]"),
    other("shutdown_script_timeout", "Seconds for it.", "<INT:1..1000>"),
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
    other("lvs_notify_fifo", "FIFO that LVS events are written to.", "<PATH> [<USER> [<GROUP>]]"),
    other("lvs_notify_fifo_script", "Command that reads it.", "<COMMAND> [<USER> [<GROUP>]]"),
    flag("fifo_write_vrrp_states_on_reload", "Write all states to FIFOs after a reload."),
)
