"""`vrrp_track_process`: which processes of each kind run, and the very moment one of them ends.

The end of a process is learnt from its pidfd. New ones are told by the kernel where it does so
(`proc_connector`), else found by looking at all processes again and again.
"""

import os
import time
from asyncio import AbstractEventLoop, Handle
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

from keepalived_py.linux.proc_connector import OverrunError, ProcConnector, UnavailableError
from keepalived_py.model.question import COMM_LENGTH
from keepalived_py.model.tracking import ParameterMatch, TrackProcess
from keepalived_py.vrrp.actions import Level, Log
from keepalived_py.vrrp.events import ProcessesCounted

SCAN_INTERVAL_SECONDS = 1.0
SCAN_SLICE = 25
"""Processes looked at before others get their turn: some milliseconds."""
SCAN_SHARE = 20
"""Looking at all processes takes at most one part in so many of our time: on a host where it takes
longer than 50 ms it is done less often than every second."""


def matches(track: TrackProcess, name: str, arguments: Sequence[str]) -> bool:
    """Whether a process is of a kind: by the name the kernel has for it or, with `full_command`, by
    its first argument; and by its other arguments if the kind has `parameters`."""
    if track.full_command:
        if not arguments or arguments[0] != track.path:
            return False
    elif name[:COMM_LENGTH] != os.path.basename(track.path)[:COMM_LENGTH]:
        return False
    if track.parameters is None:
        return True
    wanted, given = list(track.parameters), list(arguments[1:])
    match track.parameter_match:
        case ParameterMatch.EXACT:
            return given == wanted
        case ParameterMatch.PARTIAL:
            return given[: len(wanted)] == wanted
        case ParameterMatch.INITIAL:
            # The last one may be the beginning of an argument.
            return "\0".join(given).startswith("\0".join(wanted))


@dataclass(frozen=True, slots=True)
class _Watched:
    """A process that counts, and as what."""

    pidfd: int
    kinds: frozenset[str]


class Processes:
    """Counts processes; `report` is given every new count."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        report: Callable[[ProcessesCounted], None],
        log: Callable[[Log], None],
    ) -> None:
        self._loop = loop
        self._report = report
        self._log = log
        self._tracks: Mapping[str, TrackProcess] = {}
        self._watched: dict[int, _Watched] = {}
        self._reported: dict[str, int] = {}
        self._connector: ProcConnector | None = None
        self._next_scan: Handle | None = None

    def configure(self, tracks: Mapping[str, TrackProcess]) -> None:
        """Count these kinds and no others, from now on; what there is now is reported at once."""
        self._stop_listening()
        for pid in tuple(self._watched):
            self._forget(pid)
        self._tracks = tracks
        self._reported = {}
        if tracks:
            self._listen()
            self._scan()
            if self._connector is None:
                self._next_scan = self._loop.call_later(SCAN_INTERVAL_SECONDS, self._scan_slowly)

    def stop(self) -> None:
        self.configure({})

    def _listen(self) -> None:
        try:
            self._connector = ProcConnector()
        except UnavailableError as error:
            self._log(Log(f"process events are not available ({error}): looking every second", Level.DETAIL))
        else:
            self._loop.add_reader(self._connector.fileno(), self._read, self._connector)

    def _stop_listening(self) -> None:
        if self._connector:
            self._loop.remove_reader(self._connector.fileno())
            self._connector.close()
            self._connector = None
        if self._next_scan:
            self._next_scan.cancel()
            self._next_scan = None

    def _read(self, connector: ProcConnector) -> None:
        try:
            for pid, parent in connector.receive():
                if parent is None or parent in self._watched:
                    self._examine(pid)
        except OverrunError:
            self._scan()
        self._report_changes()

    def _scan(self) -> None:
        """Look at all processes at once."""
        for pid in psutil.pids():
            self._examine(pid)
        self._report_changes()

    def _scan_slowly(self, pids: Sequence[int] | None = None, spent_seconds: float = 0.0) -> None:
        """Look at some processes, then at the others when the loop has done what else there is."""
        started = time.monotonic()
        pids = psutil.pids() if pids is None else pids
        for pid in pids[:SCAN_SLICE]:
            self._examine(pid)
        self._report_changes()
        spent_seconds += time.monotonic() - started
        if rest := pids[SCAN_SLICE:]:
            self._next_scan = self._loop.call_soon(self._scan_slowly, rest, spent_seconds)
        else:
            pause = max(SCAN_INTERVAL_SECONDS, SCAN_SHARE * spent_seconds)
            self._next_scan = self._loop.call_later(pause, self._scan_slowly)

    def _examine(self, pid: int) -> None:
        """Find out what a process is now."""
        watched = self._watched.get(pid)
        kinds = self._kinds(pid)
        if kinds == (watched.kinds if watched else frozenset()):
            return
        self._forget(pid)
        if kinds:
            self._watch(pid)

    def _watch(self, pid: int) -> None:
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        # Asked again: only now is it sure that the process is the one we hold.
        self._watched[pid] = _Watched(pidfd, self._kinds(pid))
        self._loop.add_reader(pidfd, self._ended, pid)

    def _kinds(self, pid: int) -> frozenset[str]:
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                if process.status() == psutil.STATUS_ZOMBIE:
                    return frozenset()
                name, arguments = process.name(), process.cmdline() if self._reads_arguments else []
        except psutil.Error:
            return frozenset()
        return frozenset(kind for kind, track in self._tracks.items() if matches(track, name, arguments))

    @property
    def _reads_arguments(self) -> bool:
        """Arguments are in the memory of a process, which may have to be swapped in for us."""
        return any(track.full_command or track.parameters is not None for track in self._tracks.values())

    def _ended(self, pid: int) -> None:
        self._forget(pid)
        self._report_changes()

    def _forget(self, pid: int) -> None:
        if watched := self._watched.pop(pid, None):
            self._loop.remove_reader(watched.pidfd)
            os.close(watched.pidfd)

    def _report_changes(self) -> None:
        counts = Counter(kind for watched in self._watched.values() for kind in watched.kinds)
        for kind in self._tracks:
            if self._reported.get(kind) != counts[kind]:
                self._reported[kind] = counts[kind]
                self._report(ProcessesCounted(kind, counts[kind]))
