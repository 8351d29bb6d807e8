"""Tell systemd how far we are (`Type=notify`, sd_notify(3))."""

import os
import socket
from contextlib import suppress
from typing import Self


class Systemd:
    """The notification socket of systemd, or nothing if there is none."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    @classmethod
    def from_environment(cls) -> Self:
        """Take NOTIFY_SOCKET out of the environment: no script of ours may speak in our name."""
        return cls(os.environ.pop("NOTIFY_SOCKET", None))

    def ready(self) -> None:
        self._send(f"READY=1\nMAINPID={os.getpid()}")

    def reloading(self) -> None:
        self._send("RELOADING=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def failed(self, error_number: int) -> None:
        """Why the daemon gives up, as an errno."""
        self._send(f"ERRNO={error_number}")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the zero octet of an abstract address.
        address = self._address.replace("@", "\0", 1) if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notification:
            notification.sendto(message.encode(), address)
