"""What it costs to check a file, against `keepalived -t`: CPU time, user and system.

The files have 1, 100 and 1,000 instances with ten lines each. The programs take turns.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conformance.bench.frame import Aim, Effort, Row
from conformance.routers import OURS, C, Program

ROUNDS = {1: 11, 100: 7, 1_000: 5}
LIMIT_SECONDS = {1_000: 0.4}
"""Of 10,000 lines."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The run before the first leaves compiled modules behind, as an installation does."""


def instances(count: int, interface: str) -> Iterator[str]:
    """The lines of a configuration that keepalived takes without a word, where the interface exists."""
    yield from ("global_defs {", "    script_user root", "    enable_script_security", "}", "")
    yield from (
        "vrrp_script alive {",
        '    script "/usr/bin/true"',
        "    interval 2",
        "    weight -20",
        "}",
        "",
    )
    for number in range(count):
        low = f"{number >> 8}.{number & 255}"
        yield f"vrrp_instance VI_{number} {{"
        yield "    state BACKUP"
        yield f"    interface {interface}"
        yield f"    virtual_router_id {number % 255 + 1}"
        yield f"    priority {number % 200 + 50}"
        yield f"    unicast_peer {{ 10.1.{low} }}"
        yield f"    virtual_ipaddress {{ 10.2.{low}/32 }}"
        yield "    track_script { alive }"
        yield '    notify "/usr/bin/true"'
        yield "}"


def cpu_seconds(program: Program, *arguments: str | Path) -> float:
    """Of one run."""
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    command = [str(program.path), *map(str, arguments)]
    pid = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=silence)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise OSError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime


def measure(effort: Effort) -> list[Row]:
    others = [name for name in sorted(os.listdir("/sys/class/net")) if name != "lo"]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as directory:
        for count, rounds in ROUNDS.items():
            file = Path(directory) / f"{count}.conf"
            file.write_text("".join(f"{line}\n" for line in instances(count, (others or ["eth0"])[0])))
            if not rows:
                cpu_seconds(OURS, "--check", file)
            found: dict[str, list[float]] = {"--check": [], "-t": [], "-t of keepalived": []}
            for _ in range(effort.times(rounds)):
                found["--check"].append(cpu_seconds(OURS, "--check", file))
                found["-t"].append(cpu_seconds(OURS, "-t", "-f", file))
                if C.present:
                    found["-t of keepalived"].append(cpu_seconds(C, "-t", "-f", file))
            limit = LIMIT_SECONDS.get(count)
            for option, aim in (("--check", limit and Aim(limit, of_ratio=False)), ("-t", None)):
                what = f"{option}, {count:,} instance{'s'[: count > 1]}, against keepalived -t"
                rows.append(Row(what, "s of CPU", found[option], found["-t of keepalived"], aim or None))
    return rows
