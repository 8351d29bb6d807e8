"""`make bench`: what it costs to check a file, as ratios to `keepalived -t` in the same run.

The files are the one of the nginx pair, and generated ones of 1,000 and 10,000 instances with ten lines
each. Costs are CPU times, user and system, and the greatest resident memory. The programs take turns, so
that a busy machine is busy for all; the table gives medians, and the spread from the least to the most.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

KEEPALIVED = os.environ.get("KEEPALIVED") or shutil.which(
    "keepalived", path=f"{os.environ['PATH']}:/usr/sbin"
)
OURS = str(Path(sys.executable).with_name("keepalived-py"))
SMALL = Path(__file__).parents[2] / "tests" / "schema" / "nginx_pair.conf"
RESULTS = Path("bench.json")
ROUNDS_SMALL = 11
ROUNDS_OF_INSTANCES = {1_000: 5, 10_000: 1}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The run before the first leaves compiled modules behind, as an installation does."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way to check a file needed, over all rounds."""

    file: str
    lines: int
    command: str
    exit_status: int
    cpu_seconds_median: float
    cpu_seconds_min: float
    cpu_seconds_max: float
    memory_mb_max: float
    ratio: float | None
    """Median CPU time to that of keepalived; None without keepalived."""


def instances(count: int, interface: str) -> Iterator[str]:
    """The lines of a configuration that keepalived takes without a word, where the interface exists."""
    yield from ("global_defs {", "    script_user root", "    enable_script_security", "}", "")
    yield from ("vrrp_script alive {", '    script "/bin/true"', "    interval 2", "    weight -20", "}", "")
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
        yield '    notify "/bin/true"'
        yield "}"


def run(command: list[str]) -> tuple[int, float, float]:
    """Exit status, CPU seconds and megabytes of one run."""
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    pid = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=silence)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(file: Path, name: str, rounds: int) -> list[Cost]:
    """The costs of all ways to check one file."""
    ways = {
        "keepalived -t": [KEEPALIVED, "-t", "-f", str(file)] if KEEPALIVED else [],
        "keepalived-py -t": [OURS, "-t", "-f", str(file)],
        "keepalived-py --check": [OURS, "--check", str(file)],
    }
    ways = {way: command for way, command in ways.items() if command}
    found = [{way: run(command) for way, command in ways.items()} for _ in range(rounds)]
    costs: list[Cost] = []
    for way in ways:
        seconds = [one[way][1] for one in found]
        median = statistics.median(seconds)
        costs.append(
            Cost(
                file=name,
                lines=file.read_bytes().count(b"\n"),
                command=way,
                exit_status=found[0][way][0],
                cpu_seconds_median=median,
                cpu_seconds_min=min(seconds),
                cpu_seconds_max=max(seconds),
                memory_mb_max=max(one[way][2] for one in found),
                ratio=median / statistics.median(one["keepalived -t"][1] for one in found)
                if KEEPALIVED
                else None,
            )
        )
    return costs


def show(cost: Cost) -> str:
    spread = f"{cost.cpu_seconds_min:.3f}-{cost.cpu_seconds_max:.3f}"
    ratio = "" if cost.ratio is None else f"{cost.ratio:.1f}"
    return (
        f"{cost.file:<18} {cost.lines:>7} {cost.command:<22} {cost.cpu_seconds_median:>7.3f} "
        f"{spread:>14} {ratio:>7} {cost.memory_mb_max:>7.0f}"
    )


def main() -> None:
    if not KEEPALIVED:
        print("no keepalived installed, and KEEPALIVED names none: no ratios")
    others = [name for name in sorted(os.listdir("/sys/class/net")) if name != "lo"]
    print(f"{'file':<18} {'lines':>7} {'command':<22} {'CPU s':>7} {'min-max':>14} {'ratio':>7} {'MB':>7}")
    costs: list[Cost] = []
    run([OURS, "--check", str(SMALL)])
    with tempfile.TemporaryDirectory() as directory:
        files = [(SMALL, "nginx pair", ROUNDS_SMALL)]
        for count, rounds in ROUNDS_OF_INSTANCES.items():
            file = Path(directory) / f"{count}.conf"
            file.write_text("".join(f"{line}\n" for line in instances(count, (others or ["eth0"])[0])))
            files.append((file, f"{count:,} instances", rounds))
        for file, name, rounds in files:
            for cost in compare(file, name, rounds):
                print(show(cost), flush=True)
                costs.append(cost)
    RESULTS.write_text(json.dumps({"check": [asdict(cost) for cost in costs]}, indent=2) + "\n")
    print(f"results: {RESULTS}")


if __name__ == "__main__":
    main()
