"""A LAN of hosts on this machine: each has its own network, processes and files.

A host is a set of anonymous namespaces held by one process, `cat` as its process 1, which reads from
a pipe of ours. When the pipe closes — because the host is closed, or because the test run died in
whatever way — the kernel ends every process in it, and its interfaces and mounts go with them. There
is no name that could be left behind, and nothing is ever done in the machine's own network.

Inside a host `/run` and `/tmp` are empty, `/etc` is the machine's with changes that stay in the host,
and `eth0` is the end of a cable to the switch: a bridge in a namespace of its own.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 30.0
"""How long to wait for what happens within seconds when all is well; nothing sleeps so long."""

COMMAND_NOT_FOUND = 127
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# /tmp is to be empty, but the project and its Python may lie there: "$@" are carried over.
_INIT = """
set -e
cd /
mount -t tmpfs tmpfs /run
mkdir /run/etc /run/work /run/lock /run/carried
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc
mkdir -p /etc/keepalived
rm -rf /etc/keepalived/*
n=0
for kept in "$@"; do
    n=$((n + 1)); mkdir /run/carried/$n; mount --bind "$kept" /run/carried/$n
done
mount -t tmpfs tmpfs /tmp
n=0
for kept in "$@"; do
    n=$((n + 1)); mkdir -p "$kept"; mount --bind /run/carried/$n "$kept"; umount /run/carried/$n
done
ip link set lo up
echo ready
exec env --ignore-signal=CHLD cat  # so that the kernel reaps the orphans of this process 1
"""


def wait_until(condition: Callable[[], object], what: str, timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as `condition` holds. Raises TimeoutError, saying `what` did not come true."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_seconds:g} s: {what}")
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The processes that process `pid` has started and not yet reaped, oldest first."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


class Namespace:
    """Anonymous network, mount and process namespaces, for as long as this object is open."""

    def __init__(self) -> None:
        kept = [str(path) for path in (PROJECT, Path(sys.prefix)) if path.is_relative_to("/tmp")]
        unshare = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self._holder = subprocess.Popen(
            [*unshare, "sh", "-c", _INIT, "init", *kept],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "ready\n":
            self.close()
            raise OSError("cannot make namespaces: see the message above")
        [self.pid] = children(self._holder.pid)

    def close(self) -> None:
        """End all that runs inside; returns when it has ended."""
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.close()
        self._holder.stdout.close()
        self._holder.wait(PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def inside(self, *command: str | Path) -> list[str]:
        """The command line that runs `command` in here."""
        spaces = ["--net", "--mount", "--root", "--wd", "--pid"]
        return ["nsenter", f"--target={self.pid}", *spaces, "--", *map(str, command)]

    def run(self, *command: str | Path) -> str:
        """What `command` prints. Raises subprocess.CalledProcessError if it fails."""
        return self.attempt(*command, check=True).stdout

    def attempt(self, *command: str | Path, check: bool = False) -> subprocess.CompletedProcess[str]:
        """The end of `command`, good or bad."""
        result = subprocess.run(
            self.inside(*command), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
        )
        if check and result.returncode:
            sys.stderr.write(result.stderr)
            result.check_returncode()
        return result

    def processes(self) -> dict[int, str]:
        """Who runs in here besides the holder: process ids as seen from outside, and command lines."""
        kind = os.readlink(f"/proc/{self.pid}/ns/pid")
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(process / "ns/pid") == kind and int(process.name) != self.pid:
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ").strip()
        return {pid: command for pid, command in found.items() if command}  # the dead have none

    def plumb(self, command: str) -> str:
        """What a command of iproute2 prints in this network, with the machine's process ids."""
        enter = ["nsenter", f"--target={self.pid}", "--net", "--"]
        return subprocess.run(enter + command.split(), check=True, stdout=subprocess.PIPE, text=True).stdout

    def path(self, name: str | Path) -> Path:
        """The file that is called `name` in here, as seen from outside."""
        return Path(f"/proc/{self.pid}/root{name}")

    @contextmanager
    def network(self) -> Iterator[None]:
        """Sockets that this thread opens meanwhile belong to this network, and stay in it."""
        with open("/proc/thread-self/ns/net") as ours, open(f"/proc/{self.pid}/ns/net") as theirs:
            _enter_network(theirs.fileno())
            try:
                yield
            finally:
                _enter_network(ours.fileno())


def _enter_network(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Host(Namespace):
    """A machine on the LAN with one interface, eth0, and the address 10.0.0.`number`/24."""

    def __init__(self, lan: "Lan", number: int) -> None:
        super().__init__()
        self.number = number
        self.name = chr(ord("A") + number - 1)
        self.address = f"10.0.0.{number}"
        self.mac = f"02:00:00:00:00:{number:02x}"
        self.link_local = f"fe80::ff:fe00:{number:x}"
        """What the kernel makes of the hardware address."""
        self.port = f"port{number}"
        """The switch's end of our cable."""
        self._lan = lan
        self._plugged_in = 0
        cable = f"{self.port} type veth peer name eth0 address {self.mac} netns {self.pid}"
        lan.switch.plumb(f"ip link add {cable}")
        lan.switch.plumb(f"ip link set {self.port} master br0 up")
        self._trust("eth0")
        self.plumb(f"ip address add {self.address}/24 brd + dev eth0")
        self.plumb("ip link set eth0 up")
        lan.await_forwarding(self.port)

    def plug_in(self, interface: str, address: str, lan: "Lan | None" = None) -> None:
        """Another interface on this or another LAN, with an address of its own, e.g. 10.1.0.1/24."""
        lan = lan or self._lan
        self._plugged_in += 1
        port, mac = f"{self.port}-{interface}", f"02:00:00:00:{self._plugged_in:02x}:{self.number:02x}"
        cable = f"{port} type veth peer name {interface} address {mac} netns {self.pid}"
        lan.switch.plumb(f"ip link add {cable}")
        lan.switch.plumb(f"ip link set {port} master br0 up")
        self._trust(interface)
        self.plumb(f"ip address add {address} brd + dev {interface}")
        self.plumb(f"ip link set {interface} up")
        lan.await_forwarding(port)

    def _trust(self, interface: str) -> None:
        """Its link-local address is to be there at once, and need not prove to be nobody else's."""
        with self.network():
            Path(f"/proc/sys/net/ipv6/conf/{interface}/accept_dad").write_text("0")

    def addresses(self, interface: str = "eth0", family: int = 4) -> list[str]:
        """The addresses of an interface, in the kernel's order."""
        [link] = json.loads(self.plumb(f"ip -json -{family} address show dev {interface}")) or [{}]
        return [address["local"] for address in link.get("addr_info", [])]

    def has(self, address: str) -> bool:
        return address in self.addresses(family=ip_address(address).version)

    def await_address(self, address: str) -> None:
        wait_until(lambda: self.has(address), f"{address} on {self.name}")

    def await_no_address(self, address: str) -> None:
        wait_until(lambda: not self.has(address), f"no {address} on {self.name}")

    def pings(self, address: str) -> bool:
        """One echo request to `address` is answered within a second. Raises CalledProcessError where there
        is no `ping`."""
        result = self.attempt("ping", "-n", "-c1", "-W1", address)
        if result.returncode == COMMAND_NOT_FOUND:
            result.check_returncode()
        return result.returncode == 0

    def http_get(self, address: str) -> str | None:
        """The body that the web server at `address` sends; None if it does not answer in time."""
        with self.network():
            connection = socket.socket()
        with connection:
            connection.settimeout(0.5)
            try:
                connection.connect((address, 80))
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return connection.makefile("rb").read().decode().partition("\r\n\r\n")[2].strip()
            except OSError:
                return None

    def cut_off(self) -> None:
        """The switch stops forwarding for this host; its own link stays up, so it cannot notice."""
        self._lan.switch.plumb(f"bridge link set dev {self.port} state 0")

    def reconnect(self) -> None:
        self._lan.switch.plumb(f"bridge link set dev {self.port} state 3")

    def write(self, name: str | Path, text: str | bytes, mode: int = 0o644) -> None:
        """Put a file into the host."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)


@dataclass
class Lan:
    """A switch and the hosts on it. Close it, and all is gone."""

    switch: Namespace = field(default_factory=Namespace)
    hosts: list[Host] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.switch.plumb("ip link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0")
        self.switch.plumb("ip link set br0 up")

    def host(self) -> Host:
        """Another host, with the next number."""
        host = Host(self, len(self.hosts) + 1)
        self.hosts.append(host)
        return host

    def await_forwarding(self, port: str) -> None:
        """Wait until frames pass through `port`."""
        show = f"bridge link show dev {port}"
        wait_until(lambda: "state forwarding" in self.switch.plumb(show), f"{port} forwards")

    def close(self) -> None:
        for namespace in [*self.hosts, self.switch]:
            namespace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
