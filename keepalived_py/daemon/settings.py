"""What the command line asks of the daemon; everything else is asked by the configuration."""

import os
from dataclasses import dataclass
from typing import Final

DEFAULT_CONFIGURATION_FILE: Final = "/etc/keepalived/keepalived.conf"
DEFAULT_LOG_FILE: Final = "keepalived.log"
DEFAULT_UMASK: Final = 0o177
FACILITY_CODES: Final = {"user": 1, "daemon": 3} | {f"local{number}": 16 + number for number in range(8)}
"""Syslog facilities that `-S` knows, by name (RFC 3164 §4.1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of the daemon, named after their long forms where those say what they do."""

    configuration_file: str = DEFAULT_CONFIGURATION_FILE
    config_id: str | None = None
    """None: the name of the host, to the first dot."""
    include_check: bool = False
    run_vrrp: bool = True
    run_checkers: bool = True
    run_bfd: bool = True
    run_all: bool = False
    """Start a child even if the configuration has nothing for it."""
    foreground: bool = False
    respawn: bool = True
    namespace: str | None = None
    log_console: bool = False
    log_detail: bool = False
    log_facility: str = "daemon"
    log_syslog: bool = True
    log_file: str | None = None
    log_addresses: bool = False
    """Log every address that any interface gains or loses."""
    early_runs: bool = True
    """Run scripts that ask for processes as soon as these have ended, or begun."""
    ignore_sigint: bool = False
    dump_configuration: bool = False
    umask: int | None = None
    """None: that of the configuration, else DEFAULT_UMASK."""
    core_dump: bool = False
    core_dump_pattern: str | None = None
    """What core files are called while we run; None: what they are called anyway."""
    release_vrrp: bool = True
    """False: the virtual addresses stay when the daemon stops."""
    pid_file: str | None = None
    vrrp_pid_file: str | None = None
    checkers_pid_file: str | None = None
    bfd_pid_file: str | None = None


def temporary_directory() -> str:
    """Where dumps go: TMPDIR if it is an absolute path of a directory, else /tmp."""
    directory = os.environ.get("TMPDIR", "")
    return directory if directory.startswith("/") and os.path.isdir(directory) else "/tmp"
