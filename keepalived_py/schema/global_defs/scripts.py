"""Scripts, and FIFOs in their place."""

from dataclasses import replace

from keepalived_py.config.statement import Entry
from keepalived_py.model.command import DEFAULT_ACCOUNT, Account, Command
from keepalived_py.model.definitions import Fifo
from keepalived_py.model.units import SECOND
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import CommandLine, Integer, Words
from keepalived_py.schema.draft import GlobalDraft
from keepalived_py.schema.global_defs.forms import boolean, flag, value
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
    if scope.block.script_account is None:
        _settle_accounts(scope)
    scope.block.script_account = account


def _settle_accounts(scope: Scope) -> None:
    """`script_user` is for the commands after it: those before keep the default of then."""
    definitions: GlobalDraft = scope.block
    exists = scope.host.has_account(DEFAULT_ACCOUNT.user, None)
    account = DEFAULT_ACCOUNT if exists else Account("root")
    for name in ("startup_script", "shutdown_script"):
        command: Command | None = getattr(definitions, name)
        if command and command.account is None:
            setattr(definitions, name, replace(command, account=account))
    for name in ("notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo"):
        fifo: Fifo = getattr(definitions, name)
        if fifo.reader and fifo.reader.account is None:
            fifo = replace(fifo, reader=replace(fifo.reader, account=account))
        if fifo.path and fifo.owner is None:
            fifo = replace(fifo, owner=account)
        setattr(definitions, name, fifo)


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
        if owner is None:
            scope.needs_script_user()
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


def _bind_limited(scope: Scope, row: Row, entry: Entry) -> None:
    """`startup_script` and `shutdown_script`."""
    statement = head_of(entry)
    kind = row.name.removesuffix("_script")
    if getattr(scope.block, row.field) is not None:
        scope.error(statement, "duplicate", f"{kind} script already specified")
    elif len(statement.words) < 2:
        scope.error(statement, "missing-argument", f"{kind} script missing", help=f"{row.name} COMMAND")
    else:
        command = commands.notify_command(scope, statement, kind)
        setattr(scope.block, row.field, command)
        if command is None:
            scope.error(statement, "bad-command", f"Invalid {kind} script", word=1)


SCRIPTS = table(
    Row(
        name="script_user",
        doc="User, and group, that scripts run as.",
        argument=Words("<USER> [<GROUP>]"),
        bind=_bind_script_user,
        default="keepalived_script if it exists, else root",
    ),
    flag(
        "enable_script_security",
        "Run no script as root that others than root may write to.",
        "script_security",
        runs=True,
    ),
    boolean(
        "use_symlink_paths",
        "Run scripts by the path that is written, symbolic links not resolved.",
        "use_symlink_paths",
        "Invalid value '{value}' for global use_symlink_path specified",
        since="2.3.0",
    ),
    boolean(
        "set_supplementary_groups",
        "Run scripts with all groups of their user.",
        "set_supplementary_groups",
        "Invalid set_supplementary_groups parameter {value}",
        since="2.4.4",
    ),
    *(
        row
        for when, doc in (
            ("startup", "Command to run before anything."),
            ("shutdown", "Command to run after everything."),
        )
        for row in (
            Row(
                name=f"{when}_script",
                doc=doc,
                argument=CommandLine(),
                field=f"{when}_script",
                bind=_bind_limited,
            ),
            value(
                f"{when}_script_timeout",
                f"Seconds that {when}_script may take.",
                Integer(1, 1000, "seconds", scale=SECOND),
                f"{when}_script_timeout_us",
                f"{when}_script_timeout '{{value}}' must be in [1, 1000] - ignoring",
                missing=f"{when}_script_timeout requires value",
                default="10",
                runs=True,
            ),
        )
    ),
    Row(
        name="notify_fifo",
        doc="FIFO that all events are written to.",
        argument=Words("<PATH> [<USER> [<GROUP>]]"),
        field="notify_fifo",
        bind=_bind_fifo,
        default="none",
    ),
    Row(
        name="notify_fifo_script",
        doc="Command that reads notify_fifo; the path of the FIFO is its last argument.",
        argument=CommandLine(),
        field="notify_fifo",
        bind=_bind_fifo_script,
        default="none",
    ),
    Row(
        name="vrrp_notify_fifo",
        doc="FIFO that VRRP events are written to.",
        argument=Words("<PATH> [<USER> [<GROUP>]]"),
        field="vrrp_notify_fifo",
        bind=_bind_fifo,
        default="none",
    ),
    Row(
        name="vrrp_notify_fifo_script",
        doc="Command that reads vrrp_notify_fifo; the path of the FIFO is its last argument.",
        argument=CommandLine(),
        field="vrrp_notify_fifo",
        bind=_bind_fifo_script,
        default="none",
    ),
    Row(
        name="lvs_notify_fifo",
        doc="FIFO that events of virtual servers are written to.",
        argument=Words("<PATH> [<USER> [<GROUP>]]"),
        field="lvs_notify_fifo",
        bind=_bind_fifo,
        runs=False,
        default="none",
    ),
    Row(
        name="lvs_notify_fifo_script",
        doc="Command that reads lvs_notify_fifo.",
        argument=CommandLine(),
        field="lvs_notify_fifo",
        bind=_bind_fifo_script,
        runs=False,
        default="none",
    ),
    flag(
        "fifo_write_vrrp_states_on_reload",
        "Write the states of groups, and of instances that are not master, to the FIFOs after a reload.",
        "fifo_write_vrrp_states_on_reload",
        runs=True,
    ),
)
