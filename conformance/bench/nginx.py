"""The pair of the main job: from the end of nginx on the master to the address on the backup.

There is a pair of each kind for each of three ways to end; all run at the same time, nearly idle.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from conformance.bench.addresses import AddressEvents
from conformance.bench.frame import PROGRAMS, Aim, Effort, Row, Statistic, phases
from conformance.bench.instances import QUIETLY
from conformance.bench.table import version_of_c
from conformance.lab import Host, Lan, wait_until
from conformance.nginx_pair import KEEPALIVED_CONF, KEEPALIVED_CONF_OF_B, VIP, start_nginx
from conformance.routers import C, Program, Router

SCRIPT = '"pidof nginx"'
SCRIPT_PERIOD_SECONDS = 2.0
SKEW_SECONDS = (256 - 90) / 256
"""Of the backup."""
PIDOF = "/etc/keepalived/pidof"


@dataclass(frozen=True, slots=True)
class End:
    """A way for nginx to end: a signal, for the processes whose command line begins with some words."""

    what: str
    number: signal.Signals
    to: str
    ratio: float
    script: str = SCRIPT
    worst_seconds: float | None = None


ENDS = [
    End(
        "nginx killed → address on the backup",
        signal.SIGKILL,
        "nginx:",
        0.45,
        worst_seconds=SKEW_SECONDS + 0.10,
    ),
    End("nginx stopped gracefully → address on the backup", signal.SIGQUIT, "nginx: master", 0.6),
    # pidof finds the worker, which serves on: nothing has to move. Who minds, asks for the master.
    End(
        "master process of nginx crashed, `pgrep -f 'nginx: master'` asked → address on the backup",
        signal.SIGKILL,
        "nginx: master",
        0.6,
        "\"/usr/bin/pgrep -f 'nginx: master'\"",
    ),
]


def needs_copy(program: Program) -> bool:
    """keepalived 2.2 runs the killall5 that pidof is a link to, which fails: it gets a copy called pidof."""
    return program is C and version_of_c().startswith("keepalived 2.2.")


def configured(router: Router, text: str, script: str = SCRIPT) -> str:
    """The configuration of the main job, as the router can run it, with another script perhaps."""
    if script == SCRIPT and needs_copy(router.program):
        router.host.write(PIDOF, Path("/usr/bin/pidof").read_bytes(), mode=0o755)
        script = f'"{PIDOF} nginx"'
    return text.replace(SCRIPT, script)


def copied(what: str) -> str:
    """What the table says where pidof is asked."""
    return f"{what} (keepalived: a copy of pidof)" if any(map(needs_copy, PROGRAMS)) else what


def processes(host: Host, words: str) -> list[int]:
    return [pid for pid, command in host.processes().items() if command.startswith(words)]


def send(number: signal.Signals, pids: Iterable[int]) -> float:
    """Send a signal at once to processes; the time before the first."""
    now = time.time()
    for pid in pids:
        os.kill(pid, number)
    return now


def take_overs(program: Program, end: End, times: int) -> list[float]:
    """Seconds from each end to the address on the backup, at moments all over the period of the script."""
    found: list[float] = []
    with ExitStack() as stack:
        lan = stack.enter_context(Lan())
        hosts = [lan.host(), lan.host()]
        on_a, on_b = (stack.enter_context(AddressEvents(host, VIP)) for host in hosts)
        for host, text in zip(hosts, (KEEPALIVED_CONF, KEEPALIVED_CONF_OF_B), strict=True):
            router = stack.enter_context(Router(program, host, show_log=False))
            start_nginx(host)
            router.start(configured(router, text, end.script), usual=QUIETLY)
        a, b = hosts
        wait_until(lambda: a.has(VIP) and not b.has(VIP), f"{a.name} is master")
        started = time.time()
        for phase in phases(times, SCRIPT_PERIOD_SECONDS):
            time.sleep((started + phase - time.time()) % SCRIPT_PERIOD_SECONDS)
            on_a.additions(), on_b.additions()
            ended = send(end.number, processes(a, end.to))
            found.append(on_b.await_added() - ended)
            send(signal.SIGKILL, processes(a, "nginx:"))
            wait_until(lambda: not processes(a, "nginx:"), "nginx is gone")
            start_nginx(a)
            on_a.await_added()
            on_b.await_removed()
    return found


def measure(effort: Effort) -> Iterator[Row]:
    times = effort.times(20)
    with ThreadPoolExecutor(max_workers=len(ENDS) * len(PROGRAMS)) as pool:
        running = {
            end: {program: pool.submit(take_overs, program, end, times) for program in PROGRAMS}
            for end in ENDS
        }
    failures: list[BaseException] = []
    for end, futures in running.items():
        if failed := [error for future in futures.values() if (error := future.exception())]:
            failures += failed
            continue
        found = {program: future.result() for program, future in futures.items()}
        what = copied(end.what) if end.script == SCRIPT else end.what
        yield Row.of(found, what, "s", Aim(end.ratio))
        if end.worst_seconds is not None:
            yield Row.of(found, what, "s", Aim(end.worst_seconds, of_ratio=False), Statistic.WORST)
    if failures:
        raise failures[0]
