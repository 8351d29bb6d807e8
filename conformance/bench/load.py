"""What routers cost while nothing happens: CPU and memory."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from conformance.bench.frame import Aim, Effort, Row, in_turns, side_by_side
from conformance.bench.instances import QUIETLY, await_held, configuration, hosts
from conformance.bench.nginx import configured, copied
from conformance.bench.processes import cpu_seconds, cpu_seconds_with_scripts, pss_mb, unshared_mb
from conformance.lab import Lan
from conformance.nginx_pair import KEEPALIVED_CONF, VIP, start_nginx
from conformance.routers import Program, Router

SETTLED_SECONDS = 8.0
"""After this the second round of gratuitous ARPs is over, 5 s after the election."""


def measure_cpu_250(effort: Effort) -> list[Row]:
    return _cpu(effort, 250, "250 instances")


def measure_cpu_1000(effort: Effort) -> list[Row]:
    return _cpu(effort, 1000, "1,000 instances over four interfaces")


def _cpu(effort: Effort, count: int, what: str) -> list[Row]:
    window, windows = effort.seconds(6), effort.times(5)

    def percents(program: Program) -> tuple[list[float], list[float]]:
        with ExitStack() as stack:
            a, b = (
                stack.enter_context(Router(program, host, show_log=False))
                for host in hosts(stack.enter_context(Lan()), 2, count)
            )
            b.start(configuration(count, 100), usual=QUIETLY)
            a.start(configuration(count, 150), usual=QUIETLY)
            await_held(a, count, count)
            await_held(b, 0, count)
            time.sleep(effort.seconds(SETTLED_SECONDS))
            found: tuple[list[float], list[float]] = ([], [])
            for _ in range(windows):
                began, before = time.monotonic(), [cpu_seconds(router) for router in (a, b)]
                time.sleep(window)
                passed = time.monotonic() - began
                for router, used, values in zip((a, b), before, found, strict=True):
                    values.append(100 * (cpu_seconds(router) - used) / passed)
            return found

    found = side_by_side(percents)
    return [
        Row.of({program: both[side] for program, both in found.items()}, text, "% of a core", Aim(1.0))
        for side, text in enumerate((f"CPU of the master, {what}", f"CPU of the backup, {what}"))
    ]


def measure_rest(effort: Effort) -> list[Row]:
    window, routers = effort.seconds(60), effort.times(4)

    def percents(program: Program) -> list[float]:
        """Of several routers, each alone on its LAN: one shows its scripts in steps of 10 ms only."""
        with ExitStack() as stack:
            running: list[Router] = []
            for _ in range(routers):
                host = stack.enter_context(Lan()).host()
                running.append(router := stack.enter_context(Router(program, host, show_log=False)))
                start_nginx(host)
                router.start(configured(router, KEEPALIVED_CONF), usual=QUIETLY)
            for router in running:
                router.host.await_address(VIP)
            time.sleep(effort.seconds(SETTLED_SECONDS))
            began, before = time.monotonic(), [cpu_seconds_with_scripts(router) for router in running]
            time.sleep(window)
            passed = time.monotonic() - began
            return [
                100 * (cpu_seconds_with_scripts(router) - used) / passed
                for router, used in zip(running, before, strict=True)
            ]

    what = copied("CPU at rest, one instance, pidof every 2 s, with the scripts")
    return [Row.of(side_by_side(percents), what, "% of a core", Aim(1.0))]


def measure_memory(effort: Effort) -> Iterator[Row]:
    for count, what in ((1, "1 instance"), (250, "250 instances")):

        def megabytes(program: Program, count: int = count) -> tuple[float, float]:
            with ExitStack() as stack:
                [host] = hosts(stack.enter_context(Lan()), 1, count)
                router = stack.enter_context(Router(program, host, show_log=False))
                router.start(configuration(count, 100), usual=QUIETLY)
                await_held(router, count, count)
                return pss_mb(router), unshared_mb(router)

        found = in_turns(megabytes, effort.times(2))
        kinds = (
            (f"PSS of all processes, {what}", Aim(40, of_ratio=False)),
            (f"the same if nobody else had their files mapped, {what}", None),
        )
        for place, (kind, aim) in enumerate(kinds):
            values = {program: [one[place] for one in rounds] for program, rounds in found.items()}
            yield Row.of(values, kind, "MB", aim)
