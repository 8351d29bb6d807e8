"""Where messages go: syslog, and the console with `-l`, in keepalived's form.

Scripts wait for these lines, so their words are keepalived's. A syslog that does not take a message
must never stop the daemon: what it does not take at once is lost.
"""

import os
import socket
import sys
import time
import traceback
from contextlib import suppress
from typing import Self

from keepalived_py.daemon.settings import FACILITY_CODES, Settings
from keepalived_py.vrrp.actions import Level, Log

SYSLOG_SOCKET = "/dev/log"
INFORMATIONAL = 6
"""The severity of nearly all that keepalived logs."""


def identity(process: str, namespace: str | None, instance: str | None) -> str:
    """What a process is called in the log: `Keepalived_vrrp`, then `net_namespace` and `instance`."""
    return "_".join(name for name in (process, namespace, instance) if name)


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

    def __init__(self, *, detail: bool, console: bool, syslog: Syslog | None) -> None:
        self._detail = detail
        self._console = console
        self._syslog = syslog

    @classmethod
    def open(cls, settings: Settings, identity: str) -> Self:
        """The log that the command line asks for; as in keepalived the console needs `-n` too."""
        return cls(
            detail=settings.log_detail,
            console=settings.log_console and settings.foreground,
            syslog=Syslog(settings.log_facility, identity) if settings.log_syslog else None,
        )

    def write(self, entry: Log) -> None:
        if entry.level is Level.DETAIL and not self._detail:
            return
        if self._console:
            write_console(entry.text)
        if self._syslog:
            self._syslog.write(entry.text)

    def message(self, text: str) -> None:
        self.write(Log(text))

    def exception(self, error: BaseException) -> None:
        """Where an error of ours comes from, for whoever has to mend it."""
        for part in traceback.format_exception(error):
            for line in part.splitlines():
                self.message(line)

    def rename(self, identity: str) -> None:
        """Go on under another identity."""
        if self._syslog:
            self.message(f"Changing syslog ident to {identity}")
            self._syslog.identity = identity
