"""What the processes of a router have used so far."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from conformance.lab import children
from conformance.routers import Router

_MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ (\S+) (\S+) (\d+)")
_PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)
_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for child in children(pid):
        yield from family(child)


def cpu_seconds(router: Router) -> float:
    """Of parent and VRRP process, user and system, without their scripts. The kernel counts nanoseconds."""
    threads = [thread for pid in _daemon(router) for thread in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def cpu_seconds_with_scripts(router: Router) -> float:
    """The same, and of all that they have started and waited for, which the kernel shows in ticks of,
    mostly, 10 ms."""
    ticks = 0
    for pid in _daemon(router):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[13]) + int(fields[14])
    return cpu_seconds(router) + ticks / _TICKS


def pss_mb(router: Router) -> float:
    """The proportional set size of all processes: the less, the more others have the same files mapped,
    as this program does, being in Python."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in family(router.pid)]
    return sum(float(found[1]) for text in rollups for found in _PSS.finditer(text)) / 1024


def unshared_mb(router: Router) -> float:
    """What their proportional set size would be if nobody else had their files mapped."""
    own_kb = 0.0
    of_files: dict[tuple[str, ...], float] = {}
    for pid in family(router.pid):
        key: tuple[str, ...] = ()
        for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
            if found := _MAPPING.match(line):
                key = found.groups()
            elif line.startswith("Rss:") and key[2] != "0":
                of_files[key] = max(of_files.get(key, 0), float(line.split()[1]))
            elif line.startswith("Pss:") and key[2] == "0":
                own_kb += float(line.split()[1])
    return (own_kb + sum(of_files.values())) / 1024


def _daemon(router: Router) -> list[int]:
    return [router.pid, router.vrrp_child]
