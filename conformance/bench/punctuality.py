"""How punctual the adverts of a master are: while scripts run, and while it reads its file again."""

import signal
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from conformance.bench.frame import Aim, Effort, Row, Statistic, in_turns
from conformance.bench.instances import QUIETLY, await_held, configuration, hosts, interfaces
from conformance.capture import Capture, Frame
from conformance.lab import Lan, wait_until
from conformance.routers import Program, Router

INTERVAL_SECONDS = 1.0
SCRIPTS = 50
MANY = 1000


@contextmanager
def master(program: Program, count: int, text: str) -> Iterator[tuple[Lan, Router]]:
    """A router alone on its LAN, with all its addresses."""
    with ExitStack() as stack:
        lan = stack.enter_context(Lan())
        [host] = hosts(lan, 1, count)
        router = stack.enter_context(Router(program, host, show_log=False))
        router.start(text, usual=QUIETLY)
        await_held(router, count, count)
        yield lan, router


def gaps(frames: Sequence[Frame], end: float) -> dict[int, list[float]]:
    """For each VRID the seconds between its adverts, and from the last one to the end if that is longer
    than an interval."""
    last: dict[int, float] = {}
    found: dict[int, list[float]] = {}
    for frame in frames:
        vrid = frame.advert.vrid
        if vrid in last:
            found.setdefault(vrid, []).append(frame.time - last[vrid])
        last[vrid] = frame.time
    for vrid, since in last.items():
        if end - since > INTERVAL_SECONDS:
            found.setdefault(vrid, []).append(end - since)
    return found


def measure_lateness(effort: Effort) -> list[Row]:
    count = 250
    scripts = "".join(
        f'vrrp_script busy_{n} {{\n    script "/usr/bin/sleep 0.5"\n    interval 1\n}}\n'
        for n in range(SCRIPTS)
    )
    # Each script is run only if an instance tracks it.
    tracked = ("track_script {", *(f"    busy_{number}" for number in range(SCRIPTS)), "}")
    text = scripts + configuration(1, 100, body=tracked) + _without_first(configuration(count, 100))

    def late(program: Program) -> tuple[float, float, float]:
        with master(program, count, text) as (lan, _):
            time.sleep(effort.seconds(6))  # the second round of gratuitous ARPs is over
            with Capture(lan.switch) as capture:
                time.sleep(effort.seconds(15))
                frames, end = capture.adverts(), time.time()
        late_ms = sorted(
            max(0.0, gap - INTERVAL_SECONDS) * 1000 for found in gaps(frames, end).values() for gap in found
        )
        percentiles = statistics.quantiles(late_ms, n=100)
        return percentiles[49], percentiles[98], late_ms[-1]

    found = in_turns(late, effort.times(2))
    what = f"lateness of adverts, {count} instances, {SCRIPTS} scripts running"
    aims = {"p50": None, "p99": Aim(5, of_ratio=False), "max": None}
    return [
        Row.of(
            {program: [one[place] for one in rounds] for program, rounds in found.items()},
            f"{what}: {name}",
            "ms",
            aim,
            Statistic.WORST if name == "max" else Statistic.MEDIAN,
        )
        for place, (name, aim) in enumerate(aims.items())
    ]


def _without_first(text: str) -> str:
    return text[text.index("vrrp_instance", 1) :]


def measure_reload(effort: Effort) -> list[Row]:
    times = effort.times(3)

    def longest(program: Program) -> list[float]:
        found: list[float] = []
        with master(program, MANY, configuration(MANY, 100)) as (lan, router):
            time.sleep(effort.seconds(6))
            for priority in range(101, 101 + times):
                router.configure(configuration(MANY, 100, changed=priority))
                found.append(_longest_gap(lan, router, priority) / INTERVAL_SECONDS)
        return found

    found = {program: rounds[0] for program, rounds in in_turns(longest, 1).items()}
    what = f"reload of {MANY:,} instances, one changed: longest gap between adverts of the others"
    return [Row.of(found, what, "intervals", Aim(1.1, of_ratio=False), Statistic.WORST)]


def _longest_gap(lan: Lan, router: Router, priority: int) -> float:
    """Around a reload, after which the first instance sends another priority; seconds."""
    with ExitStack() as stack:
        captures = [
            stack.enter_context(Capture(lan.switch, interface.replace("eth", "br")))
            for interface in interfaces(MANY)
        ]
        time.sleep(2 * INTERVAL_SECONDS)
        router.signal(signal.SIGHUP)
        seen = 0

        def reloaded() -> bool:
            nonlocal seen
            fresh = captures[0].frames[seen:]
            seen += len(fresh)
            return any(frame.is_advert and frame.advert.priority == priority for frame in fresh)

        wait_until(reloaded, f"priority {priority}")
        time.sleep(2 * INTERVAL_SECONDS)
        longest = 0.0
        for number, capture in enumerate(captures):
            adverts, end = capture.adverts(), time.time()
            for vrid, found in gaps(adverts, end).items():
                if (number, vrid) != (0, 1):
                    longest = max(longest, *found)
        return longest
