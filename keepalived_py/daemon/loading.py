"""Read the configuration for the daemon, log what is to be said about it, and judge it."""

from keepalived_py.check.host import Ids, ThisHost, search
from keepalived_py.config.diagnostic import Consequence, Diagnostic, Severity
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.settings import Settings
from keepalived_py.model.command import Account, Command
from keepalived_py.schema.host import ScriptState, VlanKind
from keepalived_py.schema.load import Loaded, load

NOT_BUILT = "not-built"

_CANNOT_START = {
    Consequence.INCLUDE: ExitStatus.NO_CONFIG,
    Consequence.STOP: ExitStatus.CONFIG,
    Consequence.FATAL: ExitStatus.CONFIG,
}


class HostOfDaemon(ThisHost):
    """This machine, before the daemon is in its network namespace: the VRRP child looks there."""

    def has_interface(self, name: str) -> bool:
        return True

    def find_program(self, name: str, ids: Ids, own: Ids) -> str | None:
        return search(name, ids)

    def has_other(self, name: str, kind: VlanKind) -> bool:
        return False

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        """keepalived 2.4 refuses what is behind a symlink to a directory, such as /bin where it leads
        to /usr/bin. Here only what others could change is refused, by `enable_script_security`."""
        state = super().script_state(command, default, secure=secure)
        refused = secure and state & ScriptState.INSECURE
        return state if refused else state & ~ScriptState.INHIBITED


def load_and_log(settings: Settings, log: Logger, running: Loaded | None = None) -> Loaded:
    """Load the configuration file, and log each error and warning; of each keyword that is not built
    only once, and not again what was said of `running`. Raises ConfigurationError if there is no file
    or it cannot be read."""
    loaded = load(
        settings.configuration_file,
        config_id=settings.config_id,
        include_check=settings.include_check,
        host=HostOfDaemon(),
    )
    for file in loaded.files:
        log.message(f"Configuration file {file}")
    said = _not_built(running) if running else set()
    for diagnostic in loaded.diagnostics:
        if diagnostic.severity is not Severity.NOTE and diagnostic.message not in said:
            log.message(log_line(diagnostic))
        if diagnostic.code == NOT_BUILT:
            said.add(diagnostic.message)
    return loaded


def _not_built(loaded: Loaded) -> set[str]:
    return {found.message for found in loaded.diagnostics if found.code == NOT_BUILT}


def log_line(diagnostic: Diagnostic) -> str:
    """A diagnostic as keepalived logs it, with our more exact place where keepalived names none."""
    if diagnostic.reported_at is None:
        return f"{diagnostic.span}: {diagnostic.message}"
    file, line = diagnostic.reported_at
    return f"({file}: Line {line}) {diagnostic.message}"


def reason_not_to_start(loaded: Loaded) -> tuple[str, ExitStatus] | None:
    """Why a configuration cannot be run at all, and the exit status for it; None: it can.

    Otherwise the daemon runs what it has understood, as keepalived does.
    """
    consequences = {found.consequence for found in loaded.diagnostics}
    for consequence, status in _CANNOT_START.items():
        if consequence in consequences:
            return "The configuration cannot be run", status
    worst = max(consequences, default=Consequence.SILENT)
    if loaded.configuration.definitions.reload.test_log is not None and worst.exit_status:
        return "The configuration has errors, and reload_check_config allows none", ExitStatus.CONFIG
    if errors(loaded) and "vrrp" in loaded.subsystems and not loaded.configuration.routers:
        return "No VRRP instance of the configuration can be run", ExitStatus.CONFIG
    return None


def errors(loaded: Loaded) -> set[str]:
    """The messages of all errors."""
    return {found.message for found in loaded.diagnostics if found.severity is Severity.ERROR}
