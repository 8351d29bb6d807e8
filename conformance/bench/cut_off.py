"""A master that is cut off: from the last advert that came through to the address on the backup.

At an interval of 1 s, what is beyond the three intervals and the skew time that a backup has to wait; at
10 ms the whole time, and how often a backup becomes master while its master is well but the machine is busy.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from conformance.bench.addresses import AddressEvents
from conformance.bench.frame import Aim, Effort, Row, Statistic, phases, side_by_side
from conformance.bench.instances import QUIETLY
from conformance.capture import Capture
from conformance.lab import Host, Lan, Namespace, wait_until
from conformance.routers import Program, Router, vrrp_instance

ADDRESS = "10.0.0.101"
PRIORITY_OF_BACKUP = 100
SHORTEST_SECONDS = 0.01


@contextmanager
def master_and_backup(
    program: Program, version: int, interval: float
) -> Iterator[tuple[Lan, Host, AddressEvents]]:
    """A LAN, the host of its master, and what happens to the address on the backup."""
    with ExitStack() as stack:
        lan = stack.enter_context(Lan())
        a, b = lan.host(), lan.host()
        for host, priority in ((a, 150), (b, PRIORITY_OF_BACKUP)):
            router = stack.enter_context(Router(program, host, show_log=False))
            instance = vrrp_instance(
                version=version, interval=interval, priority=priority, addresses=(ADDRESS,)
            )
            router.start(instance, usual=QUIETLY)
        wait_until(lambda: a.has(ADDRESS) and not b.has(ADDRESS), f"{a.name} is master")
        yield lan, a, stack.enter_context(AddressEvents(b, ADDRESS))


def take_overs(program: Program, version: int, interval: float, times: int) -> list[float]:
    """Seconds from each last advert to the address on the backup."""
    found: list[float] = []
    with master_and_backup(program, version, interval) as (lan, a, on_b):
        for phase in phases(times, max(interval, 0.2)):
            time.sleep(interval + phase)  # an advert at least comes through, and then some moment
            on_b.additions()
            with Capture(lan.switch) as capture:
                time.sleep(interval * 1.5)
                a.cut_off()
                added = on_b.await_added()
                found.append(added - capture.adverts(a.address)[-1].time)
            a.reconnect()
            on_b.await_removed()
    return found


def measure(effort: Effort) -> list[Row]:
    wait = 3 + (256 - PRIORITY_OF_BACKUP) / 256
    found = side_by_side(lambda program: take_overs(program, 2, 1, effort.times(12)))
    beyond = {program: [seconds - wait for seconds in values] for program, values in found.items()}
    what = "master cut off → address on the backup, beyond 3 × interval + skew"
    return [Row.of(beyond, what, "s", Aim(0.02, of_ratio=False))]


def measure_shortest(effort: Effort) -> list[Row]:
    found = side_by_side(lambda program: take_overs(program, 3, SHORTEST_SECONDS, effort.times(20)))
    return [Row.of(found, "VRRP 3 at 10 ms, master cut off → address on the backup", "s", Aim(1.2))]


@contextmanager
def busy_cores() -> Iterator[None]:
    """A process for each core that does nothing but compute; they end with their namespace at the latest."""
    with Namespace() as somewhere:
        loop = somewhere.inside("sh", "-c", "while :; do :; done")
        running = [subprocess.Popen(loop) for _ in os.sched_getaffinity(0)]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
                process.wait()


def measure_false(effort: Effort) -> list[Row]:
    seconds = effort.seconds(300)

    def additions(program: Program) -> list[float]:
        with master_and_backup(program, 3, SHORTEST_SECONDS) as (_, _, on_b):
            time.sleep(seconds)
            return [on_b.additions()]

    with busy_cores():
        found = side_by_side(additions)
    what = f"VRRP 3 at 10 ms, all cores busy for {seconds:g} s: false failovers"
    return [Row.of(found, what, "times", Aim(0, of_ratio=False), Statistic.WORST)]
