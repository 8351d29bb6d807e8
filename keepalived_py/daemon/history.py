"""What became of the instances lately, and why: a file that `keepalived-py why` reads.

It lies beside the pid file of the VRRP process, whose changes it has, one JSON object a line, and is gone
when that process ends in order. Changes are gathered for a moment and then written at once: where all
instances change together that is done once, and never between a change and the adverts that tell of it.
"""

import json
import os
from asyncio import AbstractEventLoop, TimerHandle
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from keepalived_py.daemon.log import Logger
from keepalived_py.linux.replacing import replace_file
from keepalived_py.model.units import Microseconds

CHANGES_MAX = 1000
"""So many are remembered."""
GATHERING_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An instance has changed from one state to another, with which effective priority; or there was an
    `event` of the daemon, such as a reload. `at_us` counts from 1970 (UTC)."""

    at_us: Microseconds
    event: str = ""
    instance: str = ""
    before: str = ""
    after: str = ""
    priority: int | None = None
    reason: str = ""


class Record(NamedTuple):
    """A file that was read: the process that wrote it, whether that still runs, and what it wrote."""

    pid: int
    alive: bool
    changes: tuple[Change, ...]


class History:
    """Remembers the last changes, and keeps them in a file. That it cannot is logged, once."""

    def __init__(self, path: Path, loop: AbstractEventLoop, log: Logger) -> None:
        self._path = path
        self._loop = loop
        self._log = log
        self._changes: deque[Change] = deque(maxlen=CHANGES_MAX)
        self._timer: TimerHandle | None = None
        self._failed = False

    def note(self, change: Change) -> None:
        self._changes.append(change)
        if self._timer is None:
            self._timer = self._loop.call_later(GATHERING_SECONDS, self._write)

    def remove(self) -> None:
        """Nobody needs it any more."""
        if self._timer:
            self._timer.cancel()
        with suppress(OSError):
            self._path.unlink()

    def _write(self) -> None:
        self._timer = None
        pid = os.getpid()
        lines = [{"pid": pid, "started": _start_of(pid)}, *map(asdict, self._changes)]
        try:
            replace_file(self._path, "".join(f"{json.dumps(line)}\n" for line in lines))
        except OSError as error:
            if not self._failed:
                self._log.message(f"Cannot write history file {self._path} ({error.strerror})")
            self._failed = True


def history_path(pid_file: Path) -> Path:
    """Where the history of the VRRP process with this pid file is."""
    return pid_file.with_suffix(".history")


def find_histories(places: Sequence[Path]) -> list[Path]:
    """The histories in these directories, and in those below that namespaces have for themselves."""
    return sorted({path for place in places for path in place.glob("vrrp*.history")})


def read_history(path: Path) -> Record:
    """Raises OSError, and ValueError if it is no history."""
    head, *lines = map(json.loads, path.read_text().splitlines())
    try:
        pid = int(head["pid"])
        changes = tuple(Change(**line) for line in lines)
        return Record(pid, _start_of(pid) == head["started"], changes)
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def _start_of(pid: int) -> int | None:
    """When a process was started, in clock ticks since the machine was; None if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(text.rpartition(")")[2].split()[19])
