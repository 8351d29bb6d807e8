"""How this process is scheduled and limited, and what the scripts that it starts have instead.

Priorities and limits belong to the whole process, so there is one object for them, `own`.
"""

import ctypes
import os
import resource
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from keepalived_py.model.definitions import ProcessSettings
from keepalived_py.model.units import SECOND, Microseconds

REALTIME_LIMIT_US_MIN = SECOND
"""The kernel kills what has realtime priority and computes for so long at a stretch, at least: a
limit of the 10 ms that are keepalived's default would be our end, and the service's."""

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


class Scheduling:
    """The priorities and limits of this process, and what it had before."""

    def __init__(self) -> None:
        self._before: dict[int, tuple[int, int]] = {}
        """The limits that were changed, as they were."""
        self._nice = os.getpriority(os.PRIO_PROCESS, 0)
        self._settings = ProcessSettings()
        self._realtime = 0
        self._realtime_max = 0
        self._locked = False

    def limit(self, what: int, soft: int, hard: int) -> None:
        """Set a limit (`resource.RLIMIT_*`) that scripts do not inherit. Raises OSError, ValueError."""
        before = resource.getrlimit(what)
        resource.setrlimit(what, (soft, hard))
        self._before.setdefault(what, before)

    def need_files(self, count: int) -> None:
        """Have at least so many descriptors, if we may; scripts have no more than before."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if count > soft:
            with suppress(OSError, ValueError):
                self.limit(resource.RLIMIT_NOFILE, count, max(count, hard))

    def apply(self, settings: ProcessSettings, max_auto_priority: int, say: Callable[[str], None]) -> None:
        """Take the priorities of a configuration, instead of those of the one before.

        What this process may not do is said in keepalived's words, and goes undone.
        """
        self.relax()
        self._settings = settings
        self._realtime_max = max(max_auto_priority, 0)
        if settings.realtime_priority:
            self._be_realtime(settings.realtime_priority, say)
        elif settings.nice:
            try:
                os.setpriority(os.PRIO_PROCESS, 0, settings.nice)
            except OSError as error:
                say(f"Unable to set process priority to {settings.nice} - {error.strerror}")
        self._lock_memory(settings.no_swap, say)
        if settings.cpus:
            try:
                os.sched_setaffinity(0, settings.cpus)
            except OSError as error:
                say(f"unable to set cpu affinity to vrrp process ({error.strerror})")

    def relax(self) -> None:
        """Be scheduled as before any configuration: a reload may take its time."""
        if self._realtime:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
            self._realtime = 0
        self._set_nice(self._nice)

    def hurry(self, late_us: Microseconds, say: Callable[[str], None]) -> None:
        """Something was done so late that keepalived takes a higher priority, as far as
        `max_auto_priority` allows."""
        say(f"A thread timer expired {late_us // SECOND}.{late_us % SECOND:06} seconds ago")
        if self._realtime < self._realtime_max:
            self._be_realtime(self._realtime + 1, say)
            say(f"Set realtime priority {self._realtime}")

    def yield_when_over_limit(self, loop: AbstractEventLoop, say: Callable[[str], None]) -> None:
        """Whenever the limit of `vrrp_rlimit_rttime` is reached, say so, and let others run until the
        loop comes round. The kernel would kill keepalived."""

        def yield_(number: int, frame: object) -> None:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
            say("VRRP process has used too much CPU time, vrrp_rlimit_rttime may need to be increased")
            loop.call_soon(resume)

        def resume() -> None:
            if self._realtime:
                self._be_realtime(self._realtime, say)

        signal.signal(signal.SIGXCPU, yield_)

    @contextmanager
    def of_scripts(self) -> Iterator[None]:
        """What is started meanwhile has the priority and limits that we had before any configuration.

        Realtime priority is not inherited in any case.
        """
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        limits = {what: resource.getrlimit(what) for what in self._before}
        for what, before in self._before.items():
            resource.setrlimit(what, before)
        self._set_nice(self._nice)
        try:
            yield
        finally:
            self._set_nice(nice)
            for what, limit in limits.items():
                resource.setrlimit(what, limit)

    @staticmethod
    def _set_nice(nice: int) -> None:
        """Without privileges it can only be raised; what cannot be had back stays as it is."""
        if os.getpriority(os.PRIO_PROCESS, 0) != nice:
            with suppress(PermissionError):
                os.setpriority(os.PRIO_PROCESS, 0, nice)

    def _be_realtime(self, priority: int, say: Callable[[str], None]) -> None:
        limit_us = self._settings.realtime_limit_us
        try:
            os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(priority))
        except OSError:
            say("child process: cannot raise priority")
            return
        self._realtime = priority
        try:
            resource.setrlimit(resource.RLIMIT_RTTIME, (limit_us // 2, max(limit_us, REALTIME_LIMIT_US_MIN)))
        except (OSError, ValueError):
            say("child process cannot set realtime rlimit")

    def _lock_memory(self, lock: bool, say: Callable[[str], None]) -> None:
        if lock and not self._locked:
            if _libc.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT):
                say(f"Unable to lock process in memory - {os.strerror(ctypes.get_errno())}")
                return
        elif self._locked and not lock:
            _libc.munlockall()
        self._locked = lock


own = Scheduling()
