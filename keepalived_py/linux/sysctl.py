"""Settings of interfaces and of the network, net.ipv4.conf and net.ipv6.conf.

Here are those for which there is no way but /proc/sys, which is often read-only in containers.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum

from keepalived_py.vrrp.actions import Log


class Setting(IntEnum):
    """Of net.ipv4.conf, with the kernel's number in linux/ip.h."""

    RP_FILTER = 8
    ARP_FILTER = 13
    ARP_IGNORE = 19
    PROMOTE_SECONDARIES = 20
    ACCEPT_LOCAL = 23


Settings = Mapping[Setting, int]


def read(path: str) -> int | None:
    """A number below /proc/sys/net; None if it cannot be read."""
    try:
        with open(f"/proc/sys/net/{path}", encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def write(path: str, value: int, log: Callable[[Log], None]) -> None:
    """Set a number below /proc/sys/net; a refusal is logged."""
    try:
        with open(f"/proc/sys/net/{path}", "w", encoding="ascii") as file:
            file.write(str(value))
    except OSError as error:
        log(Log(f"Failed to write {value} to /proc/sys/net/{path}, errno {error.errno} ({error.strerror})"))
