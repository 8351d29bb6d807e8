"""Where messages go: syslog, the console with `-l`, a file with `-g`, in keepalived's form.

Scripts wait for these lines, so their words are keepalived's. A syslog that does not take a message
must never stop the daemon: what it does not take at once is lost.
"""

import os
import resource
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Self

from keepalived_py.daemon.settings import FACILITY_CODES, Settings, temporary_directory
from keepalived_py.vrrp.actions import Level, Log

SYSLOG_SOCKET = "/dev/log"
INFORMATIONAL = 6
"""The severity of nearly all that keepalived logs."""


def identity(process: str, namespace: str | None, instance: str | None) -> str:
    """What a process is called in the log: `Keepalived_vrrp`, then `net_namespace` and `instance`."""
    return "_".join(name for name in (process, namespace, instance) if name)


def log_file_path(name: str, process: str | None, namespace: str | None, instance: str | None) -> Path:
    """The file of one process: its name ("vrrp"; None for the parent), the namespace and the instance
    come before the last dot. A relative name is one in the temporary directory."""
    path = Path(temporary_directory(), name)
    stem, dot, extension = path.name.rpartition(".")
    if not dot:
        stem, extension = extension, ""
    return path.with_name("_".join(filter(None, (stem, process, namespace, instance))) + dot + extension)


class LogFile:
    """A file that messages are appended to, each at once, so that none is lost with us."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, also for a symbolic link."""
        flags = os.O_NOFOLLOW | os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o666)

    def write(self, text: str) -> None:
        now_ns = time.time_ns()
        now = time.localtime(now_ns // 10**9)
        stamp = f"{time.strftime('%a %b %d %T', now)}.{now_ns % 10**9:09} {now.tm_year}"
        with suppress(OSError):
            os.write(self._descriptor, f"{stamp}: {text}\n".encode(errors="surrogateescape"))

    def close(self) -> None:
        os.close(self._descriptor)


class Syslog:
    """Datagrams to the local syslog or journal (RFC 3164), under an identity like `Keepalived_vrrp`."""

    def __init__(self, facility: str, identity: str, path: str = SYSLOG_SOCKET) -> None:
        self.identity = identity
        self._priority = FACILITY_CODES[facility] << 3 | INFORMATIONAL
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)

    def write(self, text: str) -> None:
        """Send one message. One that a full or stopped syslog does not take is lost."""
        stamp = time.strftime("%b %e %H:%M:%S")
        message = f"<{self._priority}>{stamp} {self.identity}[{os.getpid()}]: {text}".encode()
        # The address goes with each datagram, not with a connection that a restarted syslog would
        # have cut.
        with suppress(OSError):
            self._socket.sendto(message, self._path)


def write_console(text: str) -> None:
    """One line on standard error; no error if nobody reads it any more."""
    with suppress(OSError, ValueError):
        print(f"{time.strftime('%c')}: {text}", file=sys.stderr, flush=True)


class Logger:
    """The log of one process. `detail` (`-D`) lets messages of Level.DETAIL through."""

    def __init__(
        self, *, detail: bool, console: bool, syslog: Syslog | None, file: LogFile | None = None
    ) -> None:
        self._detail = detail
        self._console = console
        self._syslog = syslog
        self._file = file

    @classmethod
    def open(
        cls,
        settings: Settings,
        title: str,
        process: str | None = None,
        namespace: str | None = None,
        instance: str | None = None,
    ) -> Self:
        """The log that the command line asks for; as in keepalived the console needs `-n` too.

        `title` ("Keepalived_vrrp") is for syslog, `process` ("vrrp") for the name of a file.
        """
        ident = identity(title, namespace, instance)
        log = cls(
            detail=settings.log_detail,
            console=settings.log_console and settings.foreground,
            syslog=Syslog(settings.log_facility, ident) if settings.log_syslog else None,
        )
        if settings.log_file is not None:
            path = log_file_path(settings.log_file, process, namespace, instance)
            try:
                log._file = LogFile(path)
            except OSError as error:
                log.message(f"Unable to open '{path}' - errno {error.errno} ({error.strerror})")
        return log

    def write(self, entry: Log) -> None:
        if entry.level is Level.DETAIL and not self._detail:
            return
        if self._console:
            write_console(entry.text)
        if self._file:
            self._file.write(entry.text)
        if self._syslog:
            self._syslog.write(entry.text)

    def message(self, text: str) -> None:
        self.write(Log(text))

    def exception(self, error: BaseException) -> None:
        """Where an error of ours comes from, for whoever has to mend it."""
        for part in traceback.format_exception(error):
            for line in part.splitlines():
                self.message(line)

    def stopped(self) -> None:
        """The last words of a child: with details, what it has cost."""
        used, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        if not self._detail:
            self.message("Stopped")
        elif others.ru_utime:
            user, system = f"{used.ru_utime:f}/{others.ru_utime:f}", f"{used.ru_stime:f}/{others.ru_stime:f}"
            self.message(f"Stopped - used (self/children) {user} user time, {system} system time")
        else:
            self.message(f"Stopped - used {used.ru_utime:f} user time, {used.ru_stime:f} system time")

    def close(self) -> None:
        """Go on without the file, if there is one."""
        if self._file:
            self._file.close()
        self._file = None
