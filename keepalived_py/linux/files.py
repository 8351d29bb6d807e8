"""`track_file`: the numbers in files, and every change of them."""

import os
import re
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from keepalived_py.linux.inotify import (
    IN_DELETE,
    IN_ISDIR,
    IN_MOVED_FROM,
    IN_Q_OVERFLOW,
    Inotify,
)
from keepalived_py.linux.replacing import replace_file
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.tracking import TrackFile
from keepalived_py.vrrp.actions import Log
from keepalived_py.vrrp.events import FileRead

_READ_BYTES = 127
_SMALLEST, _LARGEST = -(2**31), 2**31
_NUMBER = re.compile(rb"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))")


def number_in(text: bytes) -> int:
    """The number that a text begins with, as strtol(3) with base 0 reads it; 0 if there is none."""
    match = _NUMBER.match(text)
    if match is None:
        return 0
    sign, hexadecimal, octal, decimal = match.groups()
    digits, base = next((it, base) for it, base in ((hexadecimal, 16), (octal, 8), (decimal, 10)) if it)
    return -int(digits, base) if sign == b"-" else int(digits, base)


def initialise_files(files: Iterable[TrackFile], log: Callable[[Log], None]) -> None:
    """`init_file`: write those that are missing, and those that are to be overwritten."""
    for file in files:
        if file.initial_value is None:
            continue
        path = Path(file.path)
        if path.exists():
            if not file.overwrite:
                continue
            if not path.is_file():
                log(Log(f"Cannot initialise track file {file.name} - it is not a regular file"))
                continue
        try:
            replace_file(path, f"{file.initial_value}\n")
        except OSError:
            log(Log(f"Unable to initialise track file {file.name}"))


class Files:
    """Reads tracked files; `report` is given every new number."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        report: Callable[[FileRead], None],
        log: Callable[[Log], None],
    ) -> None:
        self._loop = loop
        self._report = report
        self._log = log
        self._inotify: Inotify | None = None
        self._names: dict[tuple[int, str], list[str]] = {}
        """The files of each name in each watched directory."""
        self._paths: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def configure(self, configuration: Configuration) -> None:
        """Follow the files that someone tracks, and no others; what is in them is reported at once."""
        self.stop()
        tracked = _tracked(configuration)
        self._numbers = {name: self._numbers[name] for name in tracked if name in self._numbers}
        if not tracked:
            return
        try:
            self._inotify = Inotify()
        except OSError:
            self._log(Log("Unable to monitor track files"))
            return
        self._loop.add_reader(self._inotify.fileno(), self._changed, self._inotify)
        for name, file in tracked.items():
            self._follow(self._inotify, name, file)

    def stop(self) -> None:
        if self._inotify:
            self._loop.remove_reader(self._inotify.fileno())
            self._inotify.close()
            self._inotify = None
        self._names.clear()
        self._paths.clear()

    def _follow(self, inotify: Inotify, name: str, file: TrackFile) -> None:
        """Watch the directory that the file really is in, or will be."""
        directory, base = os.path.split(os.path.realpath(file.path))
        if not os.path.exists(file.path):
            directory, base = os.path.realpath(os.path.dirname(file.path) or "."), os.path.basename(file.path)
        try:
            watch = inotify.watch(directory)
        except OSError:
            self._log(Log(f"track file {name} is not accessible - ignoring"))
            return
        self._names.setdefault((watch, base), []).append(name)
        self._paths[name] = os.path.join(directory, base)
        self._read(name)

    def _changed(self, inotify: Inotify) -> None:
        for event in inotify.receive():
            if event.mask & IN_Q_OVERFLOW:
                for name in self._paths:
                    self._read(name)
            if event.mask & IN_ISDIR:
                continue
            for name in self._names.get((event.watch, event.name), ()):
                if event.mask & (IN_DELETE | IN_MOVED_FROM):
                    self._has(name, 0)
                else:
                    self._read(name)

    def _read(self, name: str) -> None:
        """What cannot be read is 0; what is no 32-bit number changes nothing."""
        try:
            descriptor = os.open(self._paths[name], os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            self._has(name, 0)
            return
        try:
            number = number_in(os.read(descriptor, _READ_BYTES))
        except OSError:
            number = 0
        finally:
            os.close(descriptor)
        if _SMALLEST <= number <= _LARGEST:
            self._has(name, number)
        else:
            self._log(Log(f"Invalid number {number} read from {self._paths[name]} - ignoring"))

    def _has(self, name: str, number: int) -> None:
        if self._numbers.get(name) != number:
            self._numbers[name] = number
            self._report(FileRead(name, number))


def _tracked(configuration: Configuration) -> Mapping[str, TrackFile]:
    """The files that an instance or group tracks."""
    used = {tracked.name for block in configuration.tracking_blocks for tracked in block.track_files}
    return {name: file for name, file in configuration.files.items() if name in used}
