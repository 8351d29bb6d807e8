"""What a router tells through `vrrp_notify_fifo`, in the very order in which it happens."""

import os
from types import TracebackType
from typing import Self

from conformance.lab import Host, wait_until

DEFINITIONS = "global_defs {\n    vrrp_notify_fifo /tmp/events.fifo\n}\n"
"""To be put before a configuration."""


class Events:
    """The reading end of the FIFO on a host, which is there before the router."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._lines: list[str] = []
        self._rest = ""
        path = host.path("/tmp/events.fifo")
        os.mkfifo(path, 0o600)
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    @property
    def lines(self) -> list[str]:
        """All lines so far, without the quotes."""
        try:
            while data := os.read(self._descriptor, 65536):
                *lines, self._rest = (self._rest + data.decode()).split("\n")
                self._lines += [line.replace('"', "") for line in lines]
        except BlockingIOError:
            pass
        return self._lines

    def take(self, *expected: str) -> None:
        """Wait for the next lines, which must be these, and forget them. Raises TimeoutError."""
        wait_until(
            lambda: len(self.lines) >= len(expected),
            f"{len(expected)} events on {self._host.name}, only {self.lines}",
        )
        assert self.lines[: len(expected)] == list(expected)
        del self._lines[: len(expected)]
