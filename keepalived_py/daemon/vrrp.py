"""The VRRP child: an event loop around the runtime of the engine, and what signals ask of it."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from keepalived_py.check.machine import ThisMachine
from keepalived_py.daemon import process, signals
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.history import Change, History, history_path
from keepalived_py.daemon.interfaces import interfaces_to_come, missing_interfaces
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.notify import Notifier
from keepalived_py.daemon.punctuality import Punctuality
from keepalived_py.daemon.report_file import (
    JSON_FILE,
    STATISTICS_FILE,
    data_path,
    temporary_path,
    write_report,
)
from keepalived_py.daemon.settings import Settings
from keepalived_py.daemon.shared import SharedConfiguration
from keepalived_py.dump import stats
from keepalived_py.dump.as_json import json_text
from keepalived_py.dump.view import Moment, View
from keepalived_py.dump.vrrp import data_lines
from keepalived_py.linux.asked import HELD_MAX
from keepalived_py.linux.runtime import Runtime
from keepalived_py.linux.scheduling import own
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import Microseconds
from keepalived_py.vrrp.actions import Level, Log, Transition

IDENTITY = "Keepalived_vrrp"

SPARE_FILES = 64
"""Descriptors beside those of instances and scripts."""

FAREWELL_SECONDS = 1.0
"""How long the notifications of a stop may take; then the process ends without them."""


def run(
    settings: Settings, configuration: Configuration, shared: SharedConfiguration, pid_file: Path
) -> ExitStatus:
    """Be the VRRP process until SIGTERM. Returns its exit status."""
    definitions = configuration.definitions
    log = Logger.open(settings, IDENTITY, "vrrp", settings.namespace, definitions.instance)
    if missing := missing_interfaces(configuration):
        for message in missing:
            log.message(message)
        log.message("Non-existent interface specified in configuration")
        return ExitStatus.CONFIG
    for message in interfaces_to_come(configuration):
        log.message(message)
    if definitions.vrrp_process.name:
        process.set_name(definitions.vrrp_process.name)
    try:
        return asyncio.run(_run(settings, configuration, shared, pid_file, log))
    except PermissionError as error:
        log.message(f"VRRP needs to be root, or CAP_NET_ADMIN and CAP_NET_RAW: {error}")
        return ExitStatus.MISSING_PERMISSION


async def _run(
    settings: Settings,
    configuration: Configuration,
    shared: SharedConfiguration,
    pid_file: Path,
    log: Logger,
) -> ExitStatus:
    vrrp = _Vrrp(settings, configuration, shared, pid_file, log)
    vrrp.start()
    try:
        return await vrrp.ended
    finally:
        await vrrp.stop()


class _Vrrp:
    """Runs in an event loop. `ended` has the exit status once it is time to stop."""

    def __init__(
        self,
        settings: Settings,
        configuration: Configuration,
        shared: SharedConfiguration,
        pid_file: Path,
        log: Logger,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[ExitStatus] = loop.create_future()
        self._settings = settings
        self._shared = shared
        self._log = log
        self._history = History(history_path(pid_file), loop, log)
        self._parent_pid = os.getppid()
        self._reloads = 0
        self._punctuality = Punctuality()
        loop.set_exception_handler(self._fail)
        self._handle_signals(loop)  # before any script starts: it would inherit that they are blocked
        self._notifier = Notifier(loop, log.write)
        self._notifier.configure(configuration)
        self._runtime = Runtime(
            configuration,
            loop=loop,
            log=log.write,
            notify=self._notifier.notify,
            late=self._late,
            changed=self._changed,
            log_addresses=settings.log_addresses,
            early_runs=settings.early_runs,
        )
        own.yield_when_over_limit(loop, log.message)

    def start(self) -> None:
        self._schedule()
        self._history.note(Change(at_us=_wall_us(), event="start"))
        self._runtime.start()
        if self._settings.dump_configuration:
            for line in data_lines(self._runtime.engine, self._view(Moment.START)):
                self._log.message(line)
        self._tell_parent()

    async def stop(self) -> None:
        self._runtime.stop(release=self._settings.release_vrrp)
        await self._notifier.finish(FAREWELL_SECONDS)
        self._runtime.kill_scripts()
        self._history.remove()
        self._log.stopped()

    def _handle_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        handlers: dict[int, Callable[[], None]] = {
            signal.SIGTERM: self._end,
            # From the terminal it goes to both of us, and our parent will tell.
            signal.SIGINT: lambda: None,
            signal.SIGHUP: self._reload,
            signal.SIGUSR1: self._dump,
            signal.SIGUSR2: self._print_statistics,
            signals.STATS_CLEAR: partial(self._print_statistics, clear=True),
            signals.JSON: self._print_json,
        }
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals.HANDLED)

    def _end(self, status: ExitStatus = ExitStatus.OK) -> None:
        if not self.ended.done():
            self.ended.set_result(status)

    def _fail(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """An error of ours. A router that half works is worse than none: end, to be started anew."""
        self._log.message(str(context["message"]))
        if isinstance(error := context.get("exception"), BaseException):
            self._log.exception(error)
        self._end(ExitStatus.SOFTWARE)

    def _tell_parent(self) -> None:
        if os.getppid() == self._parent_pid:
            os.kill(self._parent_pid, signals.READY)

    def _schedule(self) -> None:
        configuration = self._runtime.engine.configuration
        own.need_files(
            2 * len(configuration.routers) + (1 + HELD_MAX) * len(configuration.scripts) + SPARE_FILES
        )
        definitions = configuration.definitions
        own.apply(definitions.vrrp_process, definitions.max_auto_priority, self._log.message)

    def _changed(self, it: Transition) -> None:
        before, after = it.before.name, it.after.name
        text = f"({it.instance}) {before} → {after}, priority {it.priority}: {it.reason}"
        self._log.write(Log(text, Level.DETAIL))
        self._history.note(
            Change(
                at_us=_wall_us(),
                instance=it.instance,
                before=before,
                after=after,
                priority=it.priority,
                reason=it.reason,
            )
        )

    def _late(self, late_us: Microseconds) -> None:
        self._punctuality.met(late_us)
        if late_us > self._runtime.engine.configuration.definitions.min_auto_priority_delay_us:
            own.hurry(late_us, self._log.message)

    def _reload(self) -> None:
        self._log.message("Reloading")
        own.relax()
        self._reloads += 1
        self._history.note(Change(at_us=_wall_us(), event="reload"))
        self._save("pre")
        before = self._runtime.engine.configuration.definitions.vrrp_process
        configuration = self._shared.read()
        if (name := configuration.definitions.vrrp_process.name) != before.name:
            process.set_name(name)
        self._notifier.configure(configuration)
        self._runtime.reload(configuration)
        self._schedule()
        self._save("post")
        self._tell_parent()

    def _save(self, when: str) -> None:
        """`config_save_dir`: the data as they were before a reload and as they are after it."""
        if (directory := self._runtime.engine.configuration.definitions.config_save_dir) is not None:
            path = Path(directory, f"keepalived_vrrp.{os.getpid()}.{self._reloads}.{when}")
            write_report(path, data_lines(self._runtime.engine, self._view(Moment.RUNNING)), self._log)

    def _dump(self) -> None:
        self._log.message(f"Printing VRRP data for process({os.getpid()}) on signal")
        path = data_path(self._runtime.engine.configuration.definitions, self._settings.namespace)
        write_report(path, data_lines(self._runtime.engine, self._view(Moment.RUNNING)), self._log)

    def _view(self, moment: Moment) -> View:
        definitions = self._runtime.engine.configuration.definitions
        # Times inside are of the monotonic clock, people want those on the wall.
        wall_offset_us = _wall_us() - time.monotonic_ns() // 1000
        return View(
            ThisMachine(),
            moment,
            definitions.script_account,
            wall_offset_us,
            route_devices=self._runtime.route_devices,
        )

    def _print_statistics(self, clear: bool = False) -> None:
        clearing = "and clearing " if clear else ""
        self._log.message(f"Printing {clearing}VRRP stats for process({os.getpid()}) on signal")
        lines = (*stats.lines(self._runtime.engine), *self._punctuality.lines())
        write_report(temporary_path(STATISTICS_FILE), lines, self._log)
        if clear:
            self._punctuality.clear()
            stats.clear(self._runtime.engine)

    def _print_json(self) -> None:
        """Where no instance runs there is no report either."""
        if self._runtime.engine.instances:
            text = json_text(self._runtime.engine, self._view(Moment.RUNNING))
            write_report(temporary_path(JSON_FILE), [text], self._log)


def _wall_us() -> Microseconds:
    return time.time_ns() // 1000
