"""A child process of the daemon, as its parent sees it: started, watched, started again."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable

from keepalived_py.daemon import process
from keepalived_py.daemon.exit_status import PERMANENT_ERRORS, ExitStatus
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.pid_file import PidFile

LONG_ENOUGH_SECONDS = 60
"""A child that has run for so long is started again at once, as is one that dies for the first time."""

RESTART_DELAY_SECONDS_MAX = 60


class Child:
    """One subsystem in a process of its own.

    `body` is what the process does, and returns its exit status. `subsystem` ("VRRP") and
    `identity` ("Keepalived_vrrp") are its names in messages.
    """

    def __init__(
        self, subsystem: str, identity: str, body: Callable[[], int], pid_file: PidFile, log: Logger
    ) -> None:
        self.subsystem = subsystem
        self.identity = identity
        self.pid_file = pid_file
        self.pid: int | None = None
        self.restart_at: float | None = None
        """When to start it again, on the monotonic clock in seconds; None: that is not due."""
        self._body = body
        self._log = log
        self._started_at = 0.0
        self._next_delay_seconds = 0

    def start(self) -> None:
        """Fork. Signals stay blocked in the child until it is ready to handle them."""
        self.restart_at = None
        self._started_at = time.monotonic()
        parent = os.getpid()
        gc.freeze()  # what is there now stays shared with the child
        pid = os.fork()
        if pid == 0:
            os._exit(self._run(parent))
        self.pid = pid
        self.pid_file.write(pid)
        self._log.message(f"Starting {self.subsystem} child process, pid={pid}")

    def _run(self, parent: int) -> int:
        try:
            process.die_with(parent)
            return self._body()
        except BaseException as error:
            self._log.exception(error)
            return ExitStatus.SOFTWARE
        finally:
            sys.stderr.flush()

    def signal(self, number: int) -> None:
        if self.pid is not None:
            os.kill(self.pid, number)

    def ended(self, wait_status: int) -> ExitStatus:
        """Note and log the end of the process. Returns the permanent error that it exited with, or OK."""
        self.pid = None
        code = os.waitstatus_to_exitcode(wait_status)
        if code in PERMANENT_ERRORS:
            error = PERMANENT_ERRORS[code]
            self._log.message(f"{self.identity} exited with permanent error {error}. Terminating")
            return ExitStatus(code)
        if code > 0:
            self._log.message(f"{self.identity} exited with status {code}")
        elif code < 0:
            hint = " - has rlimit_rttime been exceeded?" if -code == signal.SIGKILL else ""
            self._log.message(
                f"{self.identity} exited due to signal {-code} ({signal.strsignal(-code)}){hint}"
            )
        return ExitStatus.OK

    def schedule_restart(self) -> None:
        """Set `restart_at`: at once the first time and after a long run, else after 1, 2, 4 … 60 s."""
        delay = self._next_delay_seconds
        now = time.monotonic()
        if now - self._started_at >= LONG_ENOUGH_SECONDS:
            delay = self._next_delay_seconds = 0
        else:
            self._next_delay_seconds = min(max(2 * delay, 1), RESTART_DELAY_SECONDS_MAX)
            self._log.message(
                f"Restart of {self.subsystem} process delayed {delay} seconds to limit respawn rate"
            )
        self.restart_at = now + delay
