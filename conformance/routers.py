"""Routers under test: keepalived-py and keepalived itself, started, watched and ended alike."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from conformance.lab import PATIENCE_SECONDS, Host, children, wait_until

CONFIGURATION = "/etc/keepalived/keepalived.conf"


@dataclass(frozen=True, slots=True)
class Program:
    """An implementation of keepalived's command line."""

    name: str
    path: Path

    def __str__(self) -> str:
        return self.name

    @property
    def present(self) -> bool:
        return self.path.exists()


OURS = Program("ours", Path(sys.executable).with_name("keepalived-py"))
C = Program("c", Path(os.environ.get("KEEPALIVED", "/usr/sbin/keepalived")))


def is_newer(program: Program) -> bool:
    """Than the keepalived of Debian 12."""
    said = subprocess.run([program.path, "--version"], capture_output=True, text=True).stderr
    return not said.startswith("Keepalived v2.2.")


class Router:
    """A keepalived of either kind installed on a host; runs from `start` until it is ended, or its
    context is left."""

    def __init__(self, program: Program, host: Host, show_log: bool = True) -> None:
        self.program = program
        self.host = host
        self._show_log = show_log
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 — closed with the context
        self._shell: subprocess.Popen[bytes] | None = None
        self.pid = 0
        """Of the parent process, as seen from outside the host."""

    def __str__(self) -> str:
        return f"{self.program} on {self.host.name}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._show_log or error:  # pytest keeps it for when the test has failed
            sys.stderr.write(f"--- log of {self} ---\n{self.log}\n")
        self._log.close()

    def configure(self, configuration: str) -> None:
        """Write the configuration file."""
        self.host.write(CONFIGURATION, configuration)

    def start(
        self, configuration: str | None = None, *options: str, usual: Sequence[str] = ("-n", "-l", "-D", "-G")
    ) -> None:
        """Run in the foreground, logging all to us, on a new configuration or the one that is there."""
        if configuration is not None:
            self.configure(configuration)
        command = self.host.inside(self.program.path, *usual, "-f", CONFIGURATION, *options)
        self._shell = shell = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT
        )
        wait_until(lambda: children(shell.pid) or self.ended, f"{self} runs")
        self.pid = next(iter(children(shell.pid)), 0)

    @property
    def log(self) -> str:
        """All that it has printed, in all its runs."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode(errors="replace")

    def await_log(self, text: str, count: int = 1) -> None:
        """Wait until `text` was printed so many times. Raises TimeoutError."""
        wait_until(lambda: self.log.count(text) >= count, f"{text!r} in the log of {self}")

    @property
    def ended(self) -> bool:
        return self._shell is None or self._shell.poll() is not None

    def wait(self) -> int:
        """The exit status (negative: the signal), once it has ended."""
        assert self._shell is not None
        return self._shell.wait(PATIENCE_SECONDS)

    @property
    def vrrp_child(self) -> int:
        """The process that speaks VRRP."""
        wait_until(lambda: children(self.pid), f"a child of {self}")
        return children(self.pid)[0]

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """`kill -9` of parent and children at once: nobody gets to say goodbye or to respawn."""
        if self.ended:
            return
        family = children(self.pid)
        for pid in family:
            os.kill(pid, signal.SIGSTOP)  # at the parent's death they would be told to end in order
        for pid in (self.pid, *family):
            os.kill(pid, signal.SIGKILL)
        self.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), f"{self} is dead")


VIP = "10.0.0.101"
"""What `vrrp_instance` serves unless it is told otherwise."""


def vrrp_instance(
    *body: str,
    name: str = "VI_1",
    vrid: int = 51,
    priority: int = 100,
    version: int = 3,
    interval: float = 0.2,
    addresses: tuple[str, ...] = (VIP,),
) -> str:
    """A `vrrp_instance` block; `body` is more lines for it."""
    lines = [
        "interface eth0",
        f"virtual_router_id {vrid}",
        f"priority {priority}",
        f"version {version}",
        f"advert_int {interval:g}",
        "virtual_ipaddress {",
        *(f"    {address}" for address in addresses),
        "}",
        *body,
    ]
    return "\n".join([f"vrrp_instance {name} {{", *(f"    {line}" for line in lines), "}", ""])


def elect(pair: tuple[Router, Router], high: str, low: str) -> tuple[Router, Router]:
    """A with the higher priority has become master, and B, which started first, has let go."""
    a, b = pair
    b.start(low)
    b.host.await_address(VIP)
    a.start(high)
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)
    return a, b
