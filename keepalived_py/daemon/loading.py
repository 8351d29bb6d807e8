"""Read the configuration for the daemon, and log what is to be said about it."""

from keepalived_py.config.diagnostic import Diagnostic, Severity
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.settings import Settings
from keepalived_py.schema.load import Loaded, load


def load_and_log(settings: Settings, log: Logger) -> Loaded:
    """Load the configuration file, and log each error and warning. Raises ConfigurationError if
    there is none or it cannot be read."""
    loaded = load(
        settings.configuration_file, config_id=settings.config_id, include_check=settings.include_check
    )
    for file in loaded.files:
        log.message(f"Configuration file {file}")
    for diagnostic in loaded.diagnostics:
        if diagnostic.severity is not Severity.NOTE:
            log.message(log_line(diagnostic))
    return loaded


def has_errors(loaded: Loaded) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in loaded.diagnostics)


def log_line(diagnostic: Diagnostic) -> str:
    """A diagnostic as keepalived logs it, with our more exact place where keepalived names none."""
    if diagnostic.reported_at is None:
        return f"{diagnostic.span}: {diagnostic.message}"
    file, line = diagnostic.reported_at
    return f"({file}: Line {line}) {diagnostic.message}"
