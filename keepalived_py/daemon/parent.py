"""The parent: starts the VRRP child, keeps it running, reloads, and passes signals on.

All that can happen to it is a signal, and it waits for the next one. Without an event loop it can
fork whenever it has to.
"""

import errno
import os
import signal
import time

from keepalived_py.check.machine import ThisMachine
from keepalived_py.daemon import limited_script, signals, vrrp
from keepalived_py.daemon.child import Child
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.interfaces import missing_interfaces
from keepalived_py.daemon.loading import errors, load_and_log
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.pid_file import PidFile
from keepalived_py.daemon.process import adopt_orphans, set_name
from keepalived_py.daemon.reload_rules import forbidden_changes, passes_check, reading, reload_file_path
from keepalived_py.daemon.reload_time import ReloadTimeFile
from keepalived_py.daemon.report_file import data_path, write_report
from keepalived_py.daemon.settings import Settings
from keepalived_py.daemon.shared import SharedConfiguration
from keepalived_py.daemon.systemd import Systemd
from keepalived_py.dump.globals import global_lines
from keepalived_py.dump.view import Moment, View
from keepalived_py.model.definitions import LimitedScript
from keepalived_py.model.process import Process
from keepalived_py.model.units import SECOND
from keepalived_py.schema.load import ConfigurationError, Loaded
from keepalived_py.vrrp.actions import Level, Log


class Parent:
    """Runs until it is told to stop, or a child says that it cannot run at all."""

    def __init__(
        self,
        settings: Settings,
        loaded: Loaded,
        pid_file: PidFile,
        vrrp_pid_file: PidFile,
        systemd: Systemd,
        log: Logger,
    ) -> None:
        self._settings = settings
        self._loaded = loaded
        self._shared = SharedConfiguration(loaded.configuration)
        self._pid_file = pid_file
        self._systemd = systemd
        self._log = log
        self._child = Child("VRRP", vrrp.IDENTITY, self._be_vrrp_child, vrrp_pid_file, log)
        self._pending: str | None = None
        """What the child has to complete before it can be told to reload: "Startup" or "Reload"."""
        self._reload_is_due = False
        self._reload_time: ReloadTimeFile | None = None
        self._status: ExitStatus | None = None
        """Not None: it is time to end, with this."""

    def run(self) -> ExitStatus:
        """Returns the exit status of the daemon."""
        adopt_orphans()
        self._warn_of_what_is_not_built(loaded_before=None)
        self._run_script("startup", self._loaded.configuration.definitions.startup_script)
        if self._status is None:
            self._begin()
        while self._status is None:
            self._wait()
        return self._status

    def _begin(self) -> None:
        if self._wants_vrrp():
            self._start_child()
        else:
            self._log.message("Warning - keepalived has no configuration to run")
            self._systemd.ready()
        self._watch_reload_time()

    def _wait(self) -> None:
        """Wait for a signal, or for what is due, and act on it."""
        received = _next_signal(signals.HANDLED, self._next_due())
        if received is None:
            self._do_what_is_due()
        else:
            self._act_on(received)
        if self._reload_is_due and self._pending is None:
            self._reload_is_due = False
            self._reload()

    def _next_due(self) -> float | None:
        """When to start the child again or to reload, on the monotonic clock."""
        due = [] if self._child.restart_at is None else [self._child.restart_at]
        if self._reload_time and self._reload_time.at_s is not None:
            due.append(time.monotonic() + self._reload_time.at_s - time.time())
        return min(due, default=None)

    def _do_what_is_due(self) -> None:
        if self._child.restart_at is not None and self._child.restart_at <= time.monotonic():
            self._start_child()
        if self._reload_time and self._reload_time.at_s is not None and self._reload_time.at_s <= time.time():
            self._reload_time.come()
            self._reload_is_due = True

    def _act_on(self, received: signal.struct_siginfo) -> None:
        match received.si_signo:
            case signal.SIGINT if self._settings.ignore_sigint:
                pass
            case signal.SIGTERM | signal.SIGINT:
                self._stop()
            case signal.SIGHUP:
                self._reload_is_due = True
            case signals.RELOAD_TIME if self._reload_time:
                self._reload_time.changed()
            case signal.SIGUSR1:
                self._dump()
                self._child.signal(received.si_signo)
            case signal.SIGUSR2 | signals.STATS_CLEAR | signals.JSON:
                self._child.signal(received.si_signo)
            case signal.SIGCHLD:
                self._reap()
            case signals.READY if self._pending and received.si_pid == self._child.pid:
                self._log.message(f"{self._pending} complete")
                self._pending = None
                self._systemd.ready()

    # The child

    def _wants_vrrp(self) -> bool:
        settings = self._settings
        return settings.run_vrrp and (settings.run_all or "vrrp" in self._loaded.subsystems)

    def _start_child(self) -> None:
        self._pending = "Startup"
        self._child.start()

    def _be_vrrp_child(self) -> int:
        self._pid_file.close()  # or its lock would outlive the parent
        return vrrp.run(self._settings, self._loaded.configuration, self._shared, self._child.pid_file.path)

    def _reap(self) -> None:
        """Take note of all processes that have ended; most are scripts whose child has died."""
        while True:
            try:
                pid, wait_status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._child.pid:
                self._child_ended(pid, wait_status)

    def _child_ended(self, pid: int, wait_status: int) -> None:
        self._pending = None
        status = self._child.ended(wait_status)
        if self._status is not None:
            return
        if status is not ExitStatus.OK:
            missing = status is ExitStatus.MISSING_PERMISSION
            self._systemd.failed(errno.EPERM if missing else errno.EINVAL)
            self._status = status
        elif self._settings.respawn:
            self._log.message(f"{self._child.subsystem} child process({pid}) died: Respawning")
            self._child.schedule_restart()
        else:
            self._log.message(f"{self._child.subsystem} child process({pid}) died: Exiting")
            self._stop()

    def _stop(self) -> None:
        """End the child, by force if it takes longer than `child_wait_time`."""
        self._status = ExitStatus.OK
        self._log.message("Stopping")
        self._systemd.stopping()
        if self._reload_time:
            self._reload_time.stop()
        self._child.signal(signal.SIGTERM)
        wait_us = self._loaded.configuration.definitions.child_wait_time_us
        give_up_at = time.monotonic() + wait_us / SECOND
        while self._child.pid is not None and _next_signal({signal.SIGCHLD}, give_up_at):
            self._reap()
        if self._child.pid is not None:
            self._log.message(f"{self._child.subsystem} process failed to die - forcing termination")
            self._child.signal(signal.SIGKILL)
        self._run_script("shutdown", self._loaded.configuration.definitions.shutdown_script)

    def _run_script(self, kind: str, script: LimitedScript | None) -> None:
        """Run `startup_script` or `shutdown_script`, and wait for its end; SIGTERM ends both of us."""
        if script is None:
            return
        account = self._loaded.configuration.definitions.script_account
        pid = limited_script.start(kind, script, account, self._log)
        is_stopping = self._status is not None
        while os.waitpid(pid, os.WNOHANG)[0] != pid:
            match signal.sigwaitinfo(signals.HANDLED).si_signo:
                case signal.SIGINT if self._settings.ignore_sigint:
                    pass
                case signal.SIGTERM | signal.SIGINT if not is_stopping:
                    os.kill(pid, signal.SIGTERM)
                    self._status = ExitStatus.OK
                case signal.SIGHUP:
                    self._reload_is_due = True
        if self._status is not None and not is_stopping:
            self._stop()

    # Reload and reports

    def _watch_reload_time(self) -> None:
        reload = self._loaded.configuration.definitions.reload
        self._reload_time = ReloadTimeFile(reload, self._log.message) if reload.time_file else None

    def _reload(self) -> None:
        """Load the whole file first; what cannot be taken as it is changes nothing at all."""
        definitions = self._loaded.configuration.definitions
        test_log = definitions.reload.test_log
        if self._reload_time:
            self._reload_time.stop()
        if test_log is not None:
            self._log.write(Log("validate conf before Reload", Level.DETAIL))
        with reading(reload_file_path(definitions, self._settings.namespace), self._log.message):
            if test_log is not None and not passes_check(self._settings, test_log):
                self._log.message(f"New config failed validation, see {test_log} for details")
            elif loaded := self._load():
                self._take(loaded)
        self._watch_reload_time()

    def _load(self) -> Loaded | None:
        """Returns None, and has said why, if it cannot be taken."""
        self._log.message("Reloading ...")
        try:
            loaded = load_and_log(self._settings, self._log, self._loaded)
        except ConfigurationError as error:
            self._refuse(str(error))
            return None
        except Exception as error:
            # Not even an error of ours may stop what runs well.
            self._log.exception(error)
            self._refuse("cannot load it")
            return None
        if reason := self._reason_to_refuse(loaded):
            self._refuse(reason)
            return None
        return loaded

    def _take(self, loaded: Loaded) -> None:
        before, definitions = self._loaded.configuration.definitions, loaded.configuration.definitions
        if definitions.process_name != before.process_name:
            set_name(definitions.process_name)
        loaded_before, self._loaded = self._loaded, loaded
        self._warn_of_what_is_not_built(loaded_before)
        self._shared.write(loaded.configuration)
        if self._child.pid is not None:
            self._systemd.reloading()
            self._pending = "Reload"
            self._child.signal(signal.SIGHUP)
        elif self._child.restart_at is None and self._wants_vrrp():
            self._start_child()

    def _reason_to_refuse(self, loaded: Loaded) -> str | None:
        # Whoever runs with an error already must still be able to reload.
        if new_errors := errors(loaded) - errors(self._loaded):
            return f"{len(new_errors)} new error(s) in {self._settings.configuration_file}"
        if not loaded.subsystems:
            return f"nothing to run in {self._settings.configuration_file}"
        if missing := missing_interfaces(loaded.configuration):
            return ", ".join(missing)
        before, after = self._loaded.configuration.definitions, loaded.configuration.definitions
        forbidden = forbidden_changes(before, after, self._settings)
        for line in forbidden:
            self._log.message(line)
        return "it cannot take effect" if forbidden else None

    def _refuse(self, reason: str) -> None:
        self._log.message(f"Reload refused: {reason}; keeping the running configuration")

    def _warn_of_what_is_not_built(self, loaded_before: Loaded | None) -> None:
        unbuilt = {"checker": self._settings.run_checkers, "bfd": self._settings.run_bfd}
        wanted = self._loaded.subsystems & {name for name, run in unbuilt.items() if run}
        for subsystem in sorted(wanted - (loaded_before.subsystems if loaded_before else frozenset())):
            self._log.message(f"Warning - {subsystem} is not built yet: its configuration is ignored")

    def _dump(self) -> None:
        self._log.message(f"Printing parent data for process({os.getpid()}) on signal")
        configuration = self._loaded.configuration
        view = View(ThisMachine(), Moment.RUNNING, configuration.definitions.script_account, defaulted=False)
        path = data_path(configuration.definitions, self._settings.namespace, "_parent")
        write_report(path, global_lines(configuration, Process.PARENT, view), self._log)


def _next_signal(
    expected: frozenset[int] | set[signal.Signals], until: float | None
) -> signal.struct_siginfo | None:
    """Wait for one of these signals; None if none has come by `until`, on the monotonic clock."""
    if until is None:
        return signal.sigwaitinfo(expected)
    return signal.sigtimedwait(expected, max(until - time.monotonic(), 0))
