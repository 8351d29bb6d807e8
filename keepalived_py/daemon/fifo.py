"""Notify FIFOs (`notify_fifo`, `vrrp_notify_fifo`): a line for each change, for whoever reads."""

import asyncio
import os
import signal
import stat
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Self

from keepalived_py.linux.accounts import AccountError, Credentials, resolve_default
from keepalived_py.linux.spawn import Spawner
from keepalived_py.model.command import Command
from keepalived_py.model.definitions import Fifo, GlobalDefinitions
from keepalived_py.vrrp.actions import Log

MODE = 0o644

TERMINATION_SECONDS = 1.0
"""How long a reader that a reload replaces has to end; then it is killed."""


class FifoError(Exception):
    """Why a FIFO is not used, in keepalived's words."""


class NotifyFifo:
    """An open FIFO. It is removed at the end if it is ours."""

    def __init__(self, path: str, descriptor: int, created: bool) -> None:
        self._path = path
        self._descriptor = descriptor
        self._created = created

    @classmethod
    def open(cls, path: str, owner: Credentials, kind: str) -> Self:
        """Open a FIFO, made if it is not there: `owner` and 0644 less the umask.

        `kind` ("vrrp_") stands before its name in messages. Raises FifoError, also for a file that is
        no FIFO of ours or of `owner`.
        """
        created = _make(path, owner, kind)
        try:
            # Open for reading too: without a reader a FIFO cannot be opened for writing only, and
            # one that went away would be a broken pipe.
            descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            if created:
                os.unlink(path)
            raise FifoError(f"Unable to open {kind}notify fifo {path} - errno {error.errno}") from None
        status = os.fstat(descriptor)
        if not stat.S_ISFIFO(status.st_mode) or status.st_uid not in (os.geteuid(), owner.uid):
            os.close(descriptor)
            raise FifoError(f"{kind}notify fifo {path} is not a fifo we own - not using")
        return cls(path, descriptor, created)

    def write(self, line: str) -> None:
        """Write a line; one for which the FIFO has no room is lost."""
        with suppress(OSError):
            os.write(self._descriptor, line.encode("utf-8", "surrogateescape"))

    def close(self) -> None:
        # First the name, so that a reader that opens it again and again cannot do so.
        if self._created:
            with suppress(OSError):
                os.unlink(self._path)
        os.close(self._descriptor)


class Reader:
    """The command that reads a FIFO, with its path as last argument. One that ends is not started again."""

    def __init__(self, command: Command, path: str, spawner: Spawner, log: Callable[[Log], None]) -> None:
        self.ended = asyncio.Event()
        self._log = log
        self._is_wanted = True
        self._child = spawner.start(command, self._note_end, extra=(path,))

    def dismiss(self) -> None:
        """From now on it is no news that it ends."""
        self._is_wanted = False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it has started, if it still runs."""
        if not self.ended.is_set():
            self._child.signal_group(number)

    def _note_end(self, status: int | None, signal_number: int | None) -> None:
        self.ended.set()
        if self._is_wanted:
            self._log(Log("vrrp notify fifo script terminated"))


class Fifos:
    """The FIFOs of a configuration, and their readers."""

    def __init__(self, loop: AbstractEventLoop, log: Callable[[Log], None]) -> None:
        self._loop = loop
        self._log = log
        self._open: list[NotifyFifo] = []
        self._readers: list[Reader] = []

    def configure(self, definitions: GlobalDefinitions, spawner: Spawner) -> None:
        """Open the FIFOs, each with its reader. At a reload, as in keepalived, all of them are closed,
        and the readers ended, before: they may be others now, and so may what the readers read."""
        for reader in self._readers:
            reader.signal(signal.SIGTERM)  # before the end of the file, which could end it otherwise
            self._loop.call_later(TERMINATION_SECONDS, reader.signal, signal.SIGKILL)
        self.close()
        self._readers = []
        for fifo, path, kind in self._wanted(definitions):
            try:
                owner = resolve_default(fifo.owner or definitions.script_account)
                self._open.append(NotifyFifo.open(path, owner, kind))
            except (AccountError, FifoError) as error:
                self._log(Log(str(error)))
                continue
            if fifo.reader:
                self._readers.append(Reader(fifo.reader, path, spawner, self._log))

    def write(self, line: str) -> None:
        for fifo in self._open:
            fifo.write(line)

    def close(self) -> None:
        """Readers read what was written, and then an end."""
        for fifo in self._open:
            fifo.close()
        self._open = []
        for reader in self._readers:
            reader.dismiss()

    async def wait_for_readers(self) -> None:
        for reader in self._readers:
            await reader.ended.wait()

    def end_readers(self) -> None:
        for reader in self._readers:
            reader.signal(signal.SIGTERM)

    def _wanted(self, definitions: GlobalDefinitions) -> Iterator[tuple[Fifo, str, str]]:
        """FIFOs with their paths, and how they are called: the global one, then that of VRRP."""
        common, vrrp = definitions.notify_fifo, definitions.vrrp_notify_fifo
        if common.path is not None:
            yield common, common.path, ""
        if vrrp.path is None:
            return
        if vrrp.path == common.path:
            text = f"notify FIFO {vrrp.path} has been specified for global and vrrp FIFO - ignoring vrrp FIFO"
            self._log(Log(text))
            return
        yield vrrp, vrrp.path, "vrrp_"


def _make(path: str, owner: Credentials, kind: str) -> bool:
    """Make a FIFO, unless there is a file of that name; whether it was made."""
    try:
        os.mkfifo(path, MODE)
    except FileExistsError:
        return False
    except OSError:
        raise FifoError(f"Unable to create {kind}notify fifo {path}") from None
    with suppress(PermissionError):  # it stays ours, which is what open looks for
        os.chown(path, owner.uid, owner.gid)
    return True
