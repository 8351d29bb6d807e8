"""The processes that scripts ask for (`script "pidof nginx"`): when the last of them has ended, or a first
has begun, the script is worth running before its time.

While some run, some of them are held by their pidfds, and nothing else is done until all of these have
ended; only then are all processes looked at, for others. While none run, new ones are told by the kernel
where it does so (`proc_connector`), else looked for ten times a second.
"""

import os
import time
from asyncio import AbstractEventLoop, Handle
from collections.abc import Callable, Iterable, Mapping

import psutil

from keepalived_py.linux.proc_connector import OverrunError, ProcConnector, UnavailableError
from keepalived_py.model.question import By, Question
from keepalived_py.vrrp.events import ProgramChanged

HELD_MAX = 16
"""Processes of one kind that are held; there may be thousands."""
LOOK_SECONDS = 0.1
LOOK_SLICE = 100
"""Processes looked at before others get their turn: some milliseconds."""
LOOK_SHARE = 20
"""Looking takes at most one part in so many of our time."""


class AskedProcesses:
    """Tells `report` of every question whose answer may have changed."""

    def __init__(self, loop: AbstractEventLoop, report: Callable[[ProgramChanged], None]) -> None:
        self._loop = loop
        self._report = report
        self._scripts: Mapping[Question, tuple[str, ...]] = {}
        self._held: dict[Question, dict[int, int]] = {}
        """The pidfds of processes by their numbers."""
        self._runs: dict[Question, bool] = {}
        """What was told last; nothing yet where it is not there."""
        self._seen: frozenset[int] = frozenset()
        self._new: frozenset[int] = frozenset()
        self._connector: ProcConnector | None = None
        self._hears = True
        """Whether the kernel may tell of processes: whether it does not is asked only once."""
        self._next_look: Handle | None = None
        self._looking = False
        self._look_again = False
        self._looked_at = 0.0
        self._spent_seconds = 0.0

    def configure(self, questions: Mapping[str, Question]) -> None:
        """Watch what these scripts, by their names, ask for, and nothing else."""
        self.stop()
        scripts: dict[Question, tuple[str, ...]] = {}
        for script, question in questions.items():
            scripts[question] = (*scripts.get(question, ()), script)
        self._scripts = scripts
        self._held = {question: {} for question in scripts}
        if scripts:
            self._look_soon()

    def stop(self) -> None:
        for held in self._held.values():
            for pidfd in held.values():
                self._let_go(pidfd)
        self._scripts, self._held, self._runs = {}, {}, {}
        self._stop_listening()
        self._cancel_look()

    # Looking at all processes

    def _look_soon(self) -> None:
        """Look at all processes as soon as that is no burden."""
        if self._looking:
            self._look_again = True
            return
        self._cancel_look()
        self._seen = self._new = frozenset()
        pause = self._looked_at + LOOK_SHARE * self._spent_seconds - time.monotonic()
        self._next_look = self._loop.call_later(max(pause, 0.0), self._look)

    def _cancel_look(self) -> None:
        if self._next_look:
            self._next_look.cancel()
        self._next_look = None
        self._looking = self._look_again = False

    def _look(self) -> None:
        self._looking = True
        self._spent_seconds = 0.0
        pids = frozenset(psutil.pids())
        # What was new the last time may have become another program since.
        rest = sorted((pids - self._seen) | (self._new & pids))
        self._seen, self._new = pids, pids - self._seen
        self._look_at(rest)

    def _look_at(self, pids: list[int]) -> None:
        """Look at some processes, then at the others when the loop has done what else there is."""
        started = time.monotonic()
        self._examine(pids[:LOOK_SLICE])
        self._looked_at = time.monotonic()
        self._spent_seconds += self._looked_at - started
        if rest := pids[LOOK_SLICE:]:
            self._next_look = self._loop.call_soon(self._look_at, rest)
            return
        again = self._look_again
        self._cancel_look()
        if again:
            self._look_soon()
        else:
            self._tell()

    # Looking at single ones

    def _examine(self, pids: Iterable[int]) -> None:
        questions = [question for question, held in self._held.items() if len(held) < HELD_MAX]
        for pid in pids:
            for question in _asking(questions, pid):
                self._hold(question, pid)

    def _hold(self, question: Question, pid: int) -> None:
        if pid in self._held[question] or len(self._held[question]) >= HELD_MAX:
            return
        try:
            pidfd = os.pidfd_open(pid)
        except OSError:  # It has ended, or is a thread.
            return
        self._held[question][pid] = pidfd
        self._loop.add_reader(pidfd, self._ended, question, pid)

    def _ended(self, question: Question, pid: int) -> None:
        held = self._held[question]
        self._let_go(held.pop(pid))
        if not held:
            self._look_soon()

    def _let_go(self, pidfd: int) -> None:
        self._loop.remove_reader(pidfd)
        os.close(pidfd)

    def _tell(self) -> None:
        """All that there is has been looked at: say what is news, and go on looking where nothing runs."""
        for question, held in self._held.items():
            before, self._runs[question] = self._runs.get(question), bool(held)
            if before is not None and before is not bool(held):
                for script in self._scripts[question]:
                    self._report(ProgramChanged(script, bool(held)))
        if all(self._runs.values()):
            self._stop_listening()
        elif self._connector is None and not (self._hears and self._listen()):
            pause = max(LOOK_SECONDS, LOOK_SHARE * self._spent_seconds)
            self._next_look = self._loop.call_later(pause, self._look)

    # Hearing of new ones

    def _listen(self) -> bool:
        try:
            self._connector = ProcConnector()
        except UnavailableError:
            self._hears = False
            return False
        self._loop.add_reader(self._connector.fileno(), self._read, self._connector)
        self._look_soon()  # for what has begun meanwhile
        return True

    def _stop_listening(self) -> None:
        if self._connector:
            self._loop.remove_reader(self._connector.fileno())
            self._connector.close()
            self._connector = None

    def _read(self, connector: ProcConnector) -> None:
        try:
            changed = [pid for pid, parent in connector.receive() if parent is None]
        except OverrunError:
            self._look_soon()
            return
        self._examine(changed)
        if self._next_look is None:
            self._tell()


def _asking(questions: Iterable[Question], pid: int) -> list[Question]:
    """Those of the questions that ask for a process."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE or pid == os.getpid():
                return []
            return [question for question in questions if _asks(question, process)]
    except (psutil.Error, OSError):
        return []


def _asks(question: Question, process: psutil.Process) -> bool:
    match question.by:
        case By.NAME | By.PATTERN:
            return question.names(process.name())
        case By.COMMAND_LINE:
            return question.finds(process.cmdline())
        case By.UNIT:
            with open(f"/proc/{process.pid}/cgroup") as file:
                return question.covers(file.read())
