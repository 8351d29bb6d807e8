"""When gratuitous ARPs are sent, and in which order; with keepalived and with us."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from conformance.capture import Capture, Frame
from conformance.lab import wait_until
from conformance.routers import Router, vrrp_instance

GROUP = "garp_group {\n    garp_interval 0.2\n    interfaces {\n        eth0\n        eth1\n    }\n}\n"
GLOBAL = "global_defs {{\n    {}\n}}\n"
ADDRESSES = ("10.0.0.101", "10.0.0.102", "10.0.0.103 dev eth1")
ONCE = ("garp_master_delay 0", "garp_master_repeat 2")


LONG = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]


@dataclass(frozen=True)
class Timing:
    """A configuration, and the seconds between one announcement and the next.

    `older`: those of 2.2.7, which counts a refresh from the first burst, and lets an address wait
    only once for its turn.
    """

    name: str
    head: str
    body: tuple[str, ...]
    gaps: list[float]
    older: list[float] | None = None


TIMINGS = (
    # Twice three addresses at once, the same again a second later, then once after two.
    Timing(
        "delay and refresh",
        "",
        ("garp_master_delay 1", "garp_master_repeat 2", "garp_master_refresh 2"),
        [*LONG, 2, 0, 0],
        [*LONG, 1, 0, 0],
    ),
    Timing(
        "instance before global",
        GLOBAL.format("vrrp_garp_master_delay 3\n    vrrp_garp_master_repeat 1"),
        ("garp_master_delay 1",),
        [0, 0, 1, 0, 0],
    ),
    Timing("minimum", GLOBAL.format("vrrp_min_garp"), (), [0, 0]),
    # One after the other on both interfaces together.
    Timing("group", GROUP, ONCE, [0.2, 0.2, 0.2, 0.2, 0.2], [0.2, 0.2, 0.2]),
    # One after the other on each.
    Timing(
        "interval", GLOBAL.format("vrrp_garp_interval 0.2"), ONCE, [0, 0.2, 0, 0.2, 0.2], [0, 0.2, 0, 0.2]
    ),
)


def is_older(router: Router) -> bool:
    return "v2.2" in router.host.attempt(router.program.path, "--version").stderr


def sent(capture: Capture) -> list[Frame]:
    """The announcements of virtual addresses."""
    virtual = {address.split()[0] for address in ADDRESSES}
    return [frame for frame in capture.announcements() if str(frame.announced) in virtual]


@pytest.mark.parametrize("timing", TIMINGS, ids=lambda timing: timing.name)
def test_gaps(router: Router, capture: Capture, timing: Timing) -> None:
    router.host.plug_in("eth1", "10.1.0.1/24")
    gaps = timing.older if timing.older and is_older(router) else timing.gaps
    router.start(timing.head + vrrp_instance(*timing.body, addresses=ADDRESSES))
    wait_until(lambda: len(sent(capture)) > len(gaps), f"{len(gaps) + 1} announcements")
    # What belongs together need not be so on a busy machine, but what is to wait is never early.
    for (before, after), gap in zip(pairwise(sent(capture)), gaps, strict=False):
        assert after.time - before.time > 0.8 * gap - 0.01


def test_order_in_a_group(router: Router, capture: Capture) -> None:
    router.host.plug_in("eth1", "10.1.0.1/24")
    first, second, third = (address.split()[0] for address in ADDRESSES)
    order = [first, first, second, third] if is_older(router) else [first, second, third] * 2
    router.start(GROUP + vrrp_instance(*ONCE, addresses=ADDRESSES))
    wait_until(lambda: len(sent(capture)) >= len(order), "two rounds")
    assert [str(frame.announced) for frame in sent(capture)] == order
