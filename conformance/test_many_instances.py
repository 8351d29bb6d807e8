"""As many virtual routers as there can be: nearly all numbers of four interfaces, three addresses each."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import pytest

from conformance.capture import Capture
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, Router, vrrp_instance

INTERFACES = tuple(f"eth{number}" for number in range(4))
PER_INTERFACE = 250
INTERVAL_SECONDS = 1.0
BOUND_SECONDS = 120.0
"""For a thousand instances to do what each does within four intervals, on a machine that is busy."""
CHANGED, TO = "10.103.3.250", "10.103.4.250"


@dataclass
class Cluster:
    """Two routers on four LANs, and what passes there."""

    a: Router
    b: Router
    captures: tuple[Capture, ...]

    @property
    def frames(self) -> int:
        return sum(len(capture.frames) for capture in self.captures)

    def intervals(self, since: float) -> dict[tuple[int, int], list[float]]:
        """The seconds between the adverts of A since then, by interface and VRID."""
        times: dict[tuple[int, int], list[float]] = {}
        for number, capture in enumerate(self.captures):
            for frame in capture.adverts():
                if frame.time >= since and int(frame.source_mac[-1]) == self.a.host.number:
                    times.setdefault((number, frame.advert.vrid), []).append(frame.time)
        return {key: [after - before for before, after in pairwise(it)] for key, it in times.items()}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with ExitStack() as stack:
        lans = [stack.enter_context(Lan()) for _ in INTERFACES]
        routers = []
        for _ in range(2):
            host = lans[0].host()
            for number in range(1, len(INTERFACES)):
                host.plug_in(INTERFACES[number], f"10.9.{number}.{host.number}/24", lans[number])
            routers.append(stack.enter_context(Router(OURS, host, show_log=False)))
        captures = tuple(stack.enter_context(Capture(lan.switch)) for lan in lans)
        yield Cluster(*routers, captures)


def addresses_of(interface: str, vrid: int) -> tuple[str, ...]:
    number = 100 + INTERFACES.index(interface)
    return tuple(f"10.{number}.{third}.{vrid}" for third in (1, 2, 3))


def many(priority: int) -> str:
    instances = []
    for interface in INTERFACES:
        for vrid in range(1, PER_INTERFACE + 1):
            text = vrrp_instance(
                name=f"{interface}_{vrid}",
                vrid=vrid,
                priority=priority,
                interval=INTERVAL_SECONDS,
                addresses=addresses_of(interface, vrid),
            )
            instances.append(text.replace("interface eth0", f"interface {interface}"))
    return "".join(instances)


ALL = {
    interface: {it for vrid in range(1, PER_INTERFACE + 1) for it in addresses_of(interface, vrid)}
    for interface in INTERFACES
}
NONE: dict[str, set[str]] = {interface: set() for interface in INTERFACES}


def virtual_addresses(router: Router) -> dict[str, set[str]]:
    """What each interface has besides its own address."""
    return {interface: set(router.host.addresses(interface)[1:]) for interface in INTERFACES}


def await_addresses(a: Router, a_has: dict[str, set[str]], b: Router, b_has: dict[str, set[str]]) -> None:
    wait_until(
        lambda: virtual_addresses(a) == a_has and virtual_addresses(b) == b_has,
        "each address is where it belongs",
        BOUND_SECONDS,
    )


def test_a_thousand_instances_live_through_reload_death_and_stop(cluster: Cluster) -> None:
    a, b = cluster.a, cluster.b
    assert sum(map(len, ALL.values())) == 3000
    usual = ("-n", "-l", "-G")  # without -D, which would log 15,000 announcements at each change
    a.start(many(150), usual=usual)
    await_addresses(a, ALL, b, NONE)
    b.start(many(100), usual=usual)
    b.await_log("Entering BACKUP STATE", count=1000)

    changed = ALL | {"eth3": ALL["eth3"] - {CHANGED} | {TO}}
    begin = time.time()
    a.configure(many(150).replace(f"{CHANGED}\n", f"{TO}\n"))
    a.signal(signal.SIGHUP)
    await_addresses(a, changed, b, NONE)
    a.await_log("Reload complete")
    seen = cluster.frames
    wait_until(lambda: cluster.frames > seen + 2000, "two adverts of each")
    intervals = cluster.intervals(begin)
    assert len(intervals) == 1000
    assert max(map(max, intervals.values())) < 2 * INTERVAL_SECONDS  # no turn was missed
    assert "Entering MASTER STATE" not in b.log
    assert a.log.count("Entering MASTER STATE") == 1000

    a.kill()
    await_addresses(a, changed, b, ALL)  # nobody has cleaned up behind A
    a.start(usual=usual)
    await_addresses(a, changed, b, NONE)
    assert a.stop() == 0
    await_addresses(a, NONE, b, ALL)
    assert b.stop() == 0
    assert virtual_addresses(b) == NONE


def on_eth0(priority: int) -> str:
    return "".join(
        vrrp_instance(
            name=f"VI_{vrid}", vrid=vrid, priority=priority, interval=1, addresses=(f"10.1.0.{vrid}",)
        )
        for vrid in range(1, PER_INTERFACE + 1)
    )


def held(router: Router) -> int:
    """How many virtual addresses are on the host."""
    return len(router.host.addresses()) - 1


def test_250_instances_elect_fail_over_and_stop_cleanly(
    pair: tuple[Router, Router], capture: Capture
) -> None:
    a, b = pair
    b.start(on_eth0(100))
    a.start(on_eth0(150))
    wait_until(lambda: held(a) == PER_INTERFACE and held(b) == 0, "all addresses are on A")
    seen = len(capture.adverts(a.host.address))
    adverts = capture.await_adverts(seen + 3 * PER_INTERFACE, a.host.address)[seen:]
    assert {frame.advert.vrid for frame in adverts} == set(range(1, PER_INTERFACE + 1))
    assert held(b) == 0

    assert a.stop() == 0
    assert held(a) == 0
    wait_until(lambda: held(b) == PER_INTERFACE, f"{PER_INTERFACE} addresses on B")
    goodbyes = [frame for frame in capture.adverts(a.host.address) if frame.advert.priority == 0]
    assert {frame.advert.vrid for frame in goodbyes} == set(range(1, PER_INTERFACE + 1))
    assert b.stop() == 0
    assert held(b) == 0
