"""Notify FIFOs (`notify_fifo`, `vrrp_notify_fifo`): a line for each state change, for whoever reads."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from keepalived_py.linux.accounts import AccountError, Credentials, resolve_default
from keepalived_py.linux.spawn import Spawner
from keepalived_py.model.command import Account, Command
from keepalived_py.model.definitions import Fifo
from keepalived_py.vrrp.actions import Log

MODE = 0o644


class NotifyFifo:
    """An open FIFO. It is removed at the end if it is ours."""

    def __init__(self, path: str, descriptor: int, created: bool) -> None:
        self._path = path
        self._descriptor = descriptor
        self._created = created

    @classmethod
    def open(cls, path: str, owner: Credentials) -> Self:
        """Open a FIFO, made if it is not there: `owner` and 0644 less the umask.

        Raises OSError, also for a file that is no FIFO of ours or of `owner`.
        """
        created = False
        with suppress(FileExistsError):
            os.mkfifo(path, MODE)
            created = True
            os.chown(path, owner.uid, owner.gid)
        # Open for reading too: without a reader a FIFO cannot be opened for writing only, and one
        # that went away would be a broken pipe.
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        status = os.fstat(descriptor)
        if not stat.S_ISFIFO(status.st_mode) or status.st_uid not in (os.geteuid(), owner.uid):
            os.close(descriptor)
            raise PermissionError(f"{path} is not a fifo we own - not using")
        return cls(path, descriptor, created)

    def write(self, line: str) -> None:
        """Write a line; one for which the FIFO has no room is lost."""
        with suppress(OSError):
            os.write(self._descriptor, line.encode())

    def close(self) -> None:
        # First the name, so that a reader that opens it again and again cannot do so.
        if self._created:
            with suppress(OSError):
                os.unlink(self._path)
        os.close(self._descriptor)


def open_fifo(
    fifo: Fifo, script_user: Account | None, spawner: Spawner, log: Callable[[Log], None]
) -> NotifyFifo | None:
    """Open a configured FIFO and start its script, which gets the path as its last argument.

    Returns None if none is configured or it cannot be used; that is logged.
    """
    if fifo.path is None:
        return None
    try:
        opened = NotifyFifo.open(fifo.path, resolve_default(fifo.owner or script_user))
    except (AccountError, OSError) as error:
        log(Log(f"Unable to open notify fifo {fifo.path} - {error}"))
        return None
    if fifo.reader is not None:
        spawner.start(Command((*fifo.reader.arguments, fifo.path), fifo.reader.account), _ignore_exit)
    return opened


def _ignore_exit(status: int | None, signal: int | None) -> None:
    """A reader that ends is not started again."""
