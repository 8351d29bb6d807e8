"""What happens before there is a daemon: read the configuration, take the pid files, go to the background."""

import os
import signal
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from keepalived_py.daemon import process
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.loading import load_and_log, reason_not_to_start
from keepalived_py.daemon.log import Logger, identity
from keepalived_py.daemon.parent import Parent
from keepalived_py.daemon.pid_file import AlreadyRunningError, PidFile, PidFileError, default_path
from keepalived_py.daemon.settings import DEFAULT_UMASK, Settings
from keepalived_py.daemon.signals import HANDLED
from keepalived_py.daemon.systemd import Systemd
from keepalived_py.daemon.version import NAME, running_on
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.schema.load import ConfigurationError

IDENTITY = "Keepalived"

PREDECESSOR_SECONDS_MAX = 5.0
"""How long the VRRP process of a daemon that was killed may take to clean up after itself."""


COMMAND_LINE_WIDTH = 88


def run(settings: Settings, command_line: Sequence[str]) -> int:
    """Be the daemon until it is told to stop. Returns the exit status."""
    # From here on signals wait: what arrives before we can handle it is handled then.
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    process.survive_other_signals()
    systemd = Systemd.from_environment()
    process.set_name(None)
    os.umask(DEFAULT_UMASK if settings.umask is None else settings.umask)
    # A reload must find the file again, also from the directory / of the background.
    settings = replace(settings, configuration_file=os.path.abspath(settings.configuration_file))
    log = Logger.open(settings, IDENTITY)
    log.message(f"Starting {NAME}")
    log.message(f"Running on {running_on()}")
    _log_command_line(command_line, log)
    try:
        with ExitStack() as at_the_end:
            if settings.core_dump:
                at_the_end.enter_context(process.core_dumps(settings.core_dump_pattern, log.message))
            status = _run(settings, systemd, log)
    except AlreadyRunningError:
        log.message("daemon is already running")
        return ExitStatus.OK
    except Exception as error:
        # An error of ours, which nobody would see in the background.
        log.exception(error)
        status = ExitStatus.SOFTWARE
    log.message(f"Stopped {NAME}")
    return status


def _run(settings: Settings, systemd: Systemd, log: Logger) -> ExitStatus:
    try:
        loaded = load_and_log(settings, log)
    except ConfigurationError as error:
        log.message(str(error))
        return ExitStatus.NO_CONFIG
    if refusal := reason_not_to_start(loaded):
        reason, status = refusal
        log.message(reason)
        return status
    definitions = loaded.configuration.definitions
    if settings.umask is None and definitions.umask is not None:
        os.umask(definitions.umask)
    if definitions.process_name:
        process.set_name(definitions.process_name)
    settings = _with_namespace(settings, definitions, log)
    if settings.namespace or definitions.instance:
        named = (settings.namespace, definitions.instance)
        log.message(f"Changing syslog ident to {identity(IDENTITY, *named)}")
        log.close()
        log = Logger.open(settings, IDENTITY, None, *named)
    if settings.namespace:
        try:
            process.enter_network_namespace(settings.namespace)
        except OSError as error:
            log.message(f"Unable to set network namespace {settings.namespace} - exiting ({error.strerror})")
            return ExitStatus.OK
    try:
        with _pid_files(settings, definitions) as (pid_file, vrrp_pid_file):
            if not settings.foreground:
                process.daemonise()
            pid_file.write(os.getpid())
            if not definitions.max_auto_priority:
                log.message(
                    "NOTICE: setting config option max_auto_priority"
                    " should result in better keepalived performance"
                )
            return Parent(settings, loaded, pid_file, vrrp_pid_file, systemd, log).run()
    except PidFileError as error:
        log.message(str(error))
        return ExitStatus.FATAL


def _log_command_line(words: Sequence[str], log: Logger) -> None:
    """In lines of a length that syslog does not cut, as keepalived does."""
    title = "Command line: "
    quoted = " ".join(f"'{word}'" for word in words)
    for line in textwrap.wrap(quoted, COMMAND_LINE_WIDTH, break_on_hyphens=False):
        log.message(title + line)
        title = " " * len(title)


def _with_namespace(settings: Settings, definitions: GlobalDefinitions, log: Logger) -> Settings:
    """The namespace of the command line counts, or else that of the configuration."""
    if settings.namespace is None:
        return replace(settings, namespace=definitions.net_namespace)
    if definitions.net_namespace:
        log.message(
            f"Overriding config net_namespace '{definitions.net_namespace}'"
            f" with command line namespace '{settings.namespace}'"
        )
    return settings


@contextmanager
def _pid_files(settings: Settings, definitions: GlobalDefinitions) -> Iterator[tuple[PidFile, PidFile]]:
    """The pid files of parent and VRRP child, locked, for as long as the context lasts.

    Raises AlreadyRunningError or PidFileError.
    """

    def pid_file(option: str | None, process_name: str) -> PidFile:
        shared, instance = definitions.use_pid_dir, definitions.instance
        default = default_path(process_name, shared=shared, namespace=settings.namespace, instance=instance)
        return PidFile(option or default)

    parent = pid_file(settings.pid_file, "keepalived")
    vrrp = pid_file(settings.vrrp_pid_file, "vrrp")
    try:
        parent.acquire()
        _acquire_patiently(vrrp)
        yield parent, vrrp
    finally:
        vrrp.remove()
        parent.remove()


def _acquire_patiently(pid_file: PidFile) -> None:
    give_up_at = time.monotonic() + PREDECESSOR_SECONDS_MAX
    while True:
        try:
            return pid_file.acquire()
        except AlreadyRunningError:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(0.05)
