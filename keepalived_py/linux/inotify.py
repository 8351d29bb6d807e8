"""What happens to the files of a directory: inotify(7)."""

import ctypes
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

IN_CLOSE_WRITE = 0x00000008
IN_MOVED_FROM = 0x00000040
IN_MOVED_TO = 0x00000080
IN_DELETE = 0x00000200
IN_Q_OVERFLOW = 0x00004000
IN_ISDIR = 0x40000000
WATCHED = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE

_EVENT = struct.Struct("=iIII")
_READ_BYTES = 65536
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class FileEvent:
    """What happened (IN_*) to a name in a watched directory."""

    watch: int
    mask: int
    name: str


class Inotify:
    """Tells of files that are written, moved and deleted. Raises OSError if the kernel refuses."""

    def __init__(self) -> None:
        self._descriptor = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def fileno(self) -> int:
        return self._descriptor

    def watch(self, directory: str) -> int:
        """Watch a directory, too: the number that its events have. Raises OSError."""
        return _checked(_libc.inotify_add_watch(self._descriptor, os.fsencode(directory), WATCHED))

    def receive(self) -> Iterator[FileEvent]:
        """All that has happened by now."""
        while True:
            try:
                data = os.read(self._descriptor, _READ_BYTES)
            except BlockingIOError:
                return
            start = 0
            while start < len(data):
                watch, mask, _, length = _EVENT.unpack_from(data, start)
                start += _EVENT.size
                name = data[start : start + length].rstrip(b"\0")
                start += length
                yield FileEvent(watch, mask, os.fsdecode(name))

    def close(self) -> None:
        os.close(self._descriptor)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
