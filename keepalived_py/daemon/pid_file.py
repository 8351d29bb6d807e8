"""Pid files: the decimal pid and a newline, locked as long as the process lives.

The lock tells a second daemon, ours or keepalived itself, that one is running; a file that a crash
left behind is not locked and does not matter. keepalived 2.2.7 does not lock, and is known by
its name.
"""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path

from keepalived_py.daemon.process import PROCESS_NAME

MODE = 0o644
DIRECTORY_MODE = 0o755
DIRECTORY = Path("/run")
SHARED_DIRECTORY = Path("/run/keepalived")
"""For `use_pid_dir`, `instance` and `net_namespace`."""


class AlreadyRunningError(Exception):
    """Another process has locked the pid file."""


class PidFileError(Exception):
    """A pid file cannot be made."""


class PidFile:
    """A pid file. Open file descriptions hold the lock, so that a child inherits it by fork.

    Directories of keepalived's own are made for it if need be, and removed with the last file in them.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).absolute()
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Create the file if need be, and lock it.

        Raises AlreadyRunningError if it is locked, PidFileError if it cannot be made.
        """
        try:
            if self.path.is_relative_to(SHARED_DIRECTORY):
                _make_directory(self.path.parent)
            while self._descriptor is None:
                self._descriptor = self._open_and_lock()
        except OSError as error:
            raise PidFileError(f"Unable to create pid file {self.path} - {error.strerror}") from error

    def write(self, pid: int) -> None:
        """Write a pid, into a new file if someone has removed ours. Raises as acquire."""
        if self._descriptor is None or not self._is(self._descriptor):
            self.close()
            self.acquire()
        assert self._descriptor is not None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{pid}\n".encode(), 0)

    def close(self) -> None:
        """Forget the file; the lock is gone when every process that shares it has done so."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def remove(self) -> None:
        """Delete the file, if it still is ours, and close it."""
        if self._descriptor is not None and self._is(self._descriptor):
            with suppress(OSError):
                self.path.unlink()
                for directory in self.path.parents:
                    if directory.is_relative_to(SHARED_DIRECTORY):
                        directory.rmdir()
        self.close()

    def _open_and_lock(self) -> int | None:
        """Returns None if its last owner has removed the file between our open and our lock."""
        descriptor = _open(self.path)
        try:
            _lock(descriptor)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AlreadyRunningError(self.path) from error
        if _names_keepalived(self.path):
            os.close(descriptor)
            raise AlreadyRunningError(self.path)
        if self._is(descriptor):
            return descriptor
        os.close(descriptor)
        return None

    def _is(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.lstat(self.path))
        except FileNotFoundError:
            return False


def default_path(process: str, *, shared: bool, namespace: str | None, instance: str | None) -> Path:
    """Where the pid file of "keepalived", "vrrp", … is unless an option names it.

    keepalived mounts /run/keepalived/NAMESPACE on /run/keepalived for itself; from outside its
    file is here.
    """
    if not (shared or namespace or instance):
        return DIRECTORY / f"{process}.pid"
    directory = SHARED_DIRECTORY / namespace if namespace else SHARED_DIRECTORY
    return directory / (f"{process}_{instance}.pid" if instance else f"{process}.pid")


# The umask is keepalived's, which leaves nothing to others: modes are set afterwards.


def _make_directory(path: Path) -> None:
    if not path.exists():
        _make_directory(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(DIRECTORY_MODE)


def _open(path: Path) -> int:
    flags = os.O_NOFOLLOW | os.O_CREAT | os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, MODE)
    os.fchmod(descriptor, MODE)
    return descriptor


def _lock(descriptor: int) -> None:
    whole_file = struct.pack("@hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, whole_file)


def _names_keepalived(path: Path) -> bool:
    """Whether the process that a pid file names is there, and calls itself keepalived."""
    try:
        pid = int(path.read_text())
        return pid != os.getpid() and Path(f"/proc/{pid}/comm").read_text() == f"{PROCESS_NAME}\n"
    except (OSError, ValueError):
        return False
