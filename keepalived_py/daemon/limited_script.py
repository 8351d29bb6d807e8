"""`startup_script` and `shutdown_script`: what the parent runs before and after everything else.

Each runs under a process of its own, which has an event loop as the parent has none, and ends with it.
"""

import asyncio
import os
import signal

from keepalived_py.daemon import process, signals
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.log import Logger
from keepalived_py.linux.spawn import Child, Spawner
from keepalived_py.model.command import Account
from keepalived_py.model.definitions import LimitedScript
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.actions import Level, Log

_AFTER_TERM_SECONDS = 2.0
_AFTER_KILL_SECONDS = 2.0


def start(kind: str, script: LimitedScript, account: Account | None, log: Logger) -> int:
    """Fork a process that runs a script, "startup" or "shutdown", and ends when it has ended or was
    ended. Returns its pid; SIGTERM to it ends the script before its time.

    `account` is `script_user`. Signals are to be blocked.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            process.die_with(parent)
            asyncio.run(_supervise(f"{kind} script", script, account, log))
            os._exit(ExitStatus.OK)
        except BaseException as error:
            log.exception(error)
            os._exit(ExitStatus.SOFTWARE)
    return pid


async def _supervise(what: str, script: LimitedScript, account: Account | None, log: Logger) -> None:
    loop = asyncio.get_running_loop()
    run = _Run(what, log)
    for number in signals.HANDLED:
        loop.add_signal_handler(number, lambda: None)
    loop.add_signal_handler(signal.SIGTERM, run.is_unwanted.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals.HANDLED)
    log.write(Log(f"Running {what} {script.command.arguments[0]}", Level.DETAIL))
    run.child = Spawner(loop, account, log.write).start(script.command, run.note_end)
    if await run.ends_within(script.timeout_us / SECOND):
        return
    if not run.is_unwanted.is_set():
        log.message(f"{what} timed out")
    run.terminate()
    if await run.ends_within(_AFTER_TERM_SECONDS):
        return
    run.child.signal_group(signal.SIGKILL)
    if not await run.ends_within(_AFTER_KILL_SECONDS):
        log.message(f"{what} (PID {run.child.pid}) failed to terminate after kill")


class _Run:
    """A script that runs."""

    def __init__(self, what: str, log: Logger) -> None:
        self.child: Child
        self.is_unwanted = asyncio.Event()
        self._what = what
        self._log = log
        self._ended = asyncio.Event()
        self._was_terminated = False

    def terminate(self) -> None:
        self._was_terminated = True
        self.child.signal_group(signal.SIGTERM)

    def note_end(self, status: int | None, signal_number: int | None) -> None:
        if self._was_terminated:
            self.child.signal_group(signal.SIGKILL)  # children that outlived the script
        elif status:
            self._log.message(f"{self._what} script failed, status {status}")
        elif status == 0:
            self._log.write(Log(f"{self._what} script succeeded", Level.DETAIL))
        self._ended.set()

    async def ends_within(self, seconds: float) -> bool:
        """Whether it does, without having been asked to; a second request changes nothing."""
        waits = [self._ended.wait()]
        if not self._was_terminated:
            waits.append(self.is_unwanted.wait())
        await asyncio.wait(
            map(asyncio.create_task, waits), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        return self._ended.is_set()
