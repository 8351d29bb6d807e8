"""`reload_time_file`: a file that says when to reload.

The file is watched, and its time can be changed or taken back. A time without a date is the next one
of the day; with `reload_repeat` it holds for every day, and the file stays.
"""

import calendar
import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from keepalived_py.daemon import signals
from keepalived_py.linux.inotify import Inotify
from keepalived_py.model.definitions import ReloadSettings

_FORMATS = {8: "%H:%M:%S", 17: "%y-%m-%d %H:%M:%S", 19: "%Y-%m-%d %H:%M:%S"}
_TIME_ONLY = 8
_LENGTH_MAX = 20


class InvalidTimeError(ValueError):
    """A time that nobody can reload at: what keepalived says of it, line by line."""


def parse(text: str, now_s: float) -> int:
    """When to reload, in seconds since the epoch: the local time that is written there, or UTC with a
    Z after it. Raises InvalidTimeError."""
    digits = text.removesuffix("Z")
    utc = digits != text
    invalid = f"Invalid reload time '{text}' specified - ignoring"
    if len(digits) not in _FORMATS:
        raise InvalidTimeError(f"Reload time {text} format is incorrect - ignoring", invalid)
    try:
        read = time.strptime(digits, _FORMATS[len(digits)])
    except ValueError:
        raise InvalidTimeError(f"Reload date/time {text} invalid - ignoring", invalid) from None
    to_seconds, from_seconds = (calendar.timegm, time.gmtime) if utc else (time.mktime, time.localtime)
    year, month, day = from_seconds(now_s)[:3] if len(digits) == _TIME_ONLY else read[:3]
    at = int(to_seconds((year, month, day, *read[3:6], 0, 0, -1)))
    if from_seconds(at)[:6] != (year, month, day, *read[3:6]):
        raise InvalidTimeError(f"Reload time {text} is not valid - ignoring", invalid)
    if at > now_s:
        return at
    if len(digits) != _TIME_ONLY:
        past = f"Reload time {text} is in the past - ignoring"
        raise InvalidTimeError(past, "Reload date/time is in the past - ignoring")
    return int(to_seconds((year, month, day + 1, *read[3:6], 0, 0, -1)))


class ReloadTimeFile:
    """Watches the file from the start to `stop`; a change of it is told by signals.RELOAD_TIME."""

    def __init__(self, settings: ReloadSettings, say: Callable[[str], None]) -> None:
        assert settings.time_file is not None
        self._path = Path("/", settings.time_file)
        self._repeat = settings.repeat
        self._say = say
        self._has_date = False
        self._inotify: Inotify | None = None
        self.at_s: int | None = None
        """When to reload, in seconds since the epoch; None: no time is set."""
        inotify = Inotify()
        try:
            inotify.watch(str(self._path.parent))
        except OSError:
            say(f"Unable to monitor reload timer file directory {self._path.parent} - ignoring")
            inotify.close()
            return
        fcntl.fcntl(inotify, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(inotify, fcntl.F_SETSIG, signals.RELOAD_TIME)
        fcntl.fcntl(inotify, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
        self._inotify = inotify
        self._read()

    def changed(self) -> None:
        """Something has happened in the directory."""
        if self._inotify and self._path.name in {event.name for event in self._inotify.receive()}:
            self._read()

    def come(self) -> None:
        """The time has come, and is past: what was for once is removed."""
        self.stop()
        if self._has_date or not self._repeat:
            with suppress(OSError):
                self._path.unlink()

    def stop(self) -> None:
        self.at_s = None
        if self._inotify:
            self._inotify.close()
        self._inotify = None

    def _read(self) -> None:
        text, at_s = "", None
        try:
            with self._path.open(errors="surrogateescape") as file:
                text = file.readline(_LENGTH_MAX).removesuffix("\n")
            at_s = parse(text, time.time()) if text else None
        except InvalidTimeError as error:
            for line in error.args:
                self._say(line)
        except OSError:
            pass  # there is no file, and so no time
        self._has_date = len(text.removesuffix("Z")) != _TIME_ONLY
        if at_s == self.at_s:
            return
        if at_s is None:
            self._say(f"Cancelling reload scheduled for {_local(self.at_s)}")
        elif self.at_s is None:
            self._say(f"Scheduling reload for {_local(at_s)}")
        else:
            self._say(f"Reload time updated from {_local(self.at_s)} to {_local(at_s)}")
        self.at_s = at_s


def _local(at_s: float | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at_s))
