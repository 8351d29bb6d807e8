"""Sync groups: who goes where in which order, with keepalived and with us.

The router has an instance on eth0 and one on eth1 in a group, and the tests wait for what it tells.
"""

import time
from collections.abc import Callable, Iterator

import pytest

from conformance.events import DEFINITIONS, Events
from conformance.lab import wait_until
from conformance.routers import OURS, Router, vrrp_instance

CHECK = "/etc/keepalived/check"
SCRIPT = f"vrrp_script chk {{\n    script {CHECK}\n    interval 1\n}}\n"
TRACK = "track_script {\n        chk\n    }"


def group(*body: str, members: str = "VI_1 VI_2") -> str:
    return "\n".join(["vrrp_sync_group G {", "group {", *members.split(), "}", *body, "}", ""])


def instances(first: str = "", second: str = "", priority: int = 100, interval: float = 0.2) -> str:
    one = vrrp_instance(first, name="VI_1", vrid=51, priority=priority, interval=interval)
    two = vrrp_instance(
        second, name="VI_2", vrid=52, priority=priority, interval=interval, addresses=("10.1.0.101",)
    )
    return one + two.replace("interface eth0", "interface eth1")


def both(state: str, first: str = "VI_1", priority: int = 100) -> tuple[str, str, str]:
    """The members go into a state one after the other, and then the group."""
    second = "VI_2" if first == "VI_1" else "VI_1"
    return (
        f"INSTANCE {first} {state} {priority}",
        f"INSTANCE {second} {state} {priority}",
        f"GROUP G {state} 0",
    )


BEGIN = ("GROUP G BACKUP 0", "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_2 BACKUP 100")


@pytest.fixture
def events(router: Router) -> Iterator[Events]:
    router.host.plug_in("eth1", "10.1.0.1/24")
    with Events(router.host) as events:
        yield events


@pytest.fixture
def start(router: Router) -> Callable[[str], None]:
    def start(configuration: str) -> None:
        router.start(DEFINITIONS + configuration)

    return start


def passes(router: Router, *, passes: bool) -> None:
    """From its next run on, the script succeeds or fails."""
    router.host.write(CHECK, f"#!/bin/sh\nexit {0 if passes else 1}\n", mode=0o755)


def link(router: Router, interface: str, state: str) -> None:
    router.host.plumb(f"ip link set {interface} {state}")


def test_a_link_takes_both_down_and_brings_both_back(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    start(group() + instances())
    events.take(*BEGIN)
    events.take(*both("MASTER", first="VI_2"))
    link(router, "eth1", "down")
    events.take(*both("FAULT", first="VI_2"))
    link(router, "eth0", "down")
    link(router, "eth1", "up")
    router.await_log("Netlink reports eth1 up")
    link(router, "eth0", "up")
    events.take(*both("BACKUP"))
    events.take(*both("MASTER", first="VI_2"))
    assert router.stop() == 0
    events.take(*both("STOP"))


def test_one_that_is_down_at_the_start_keeps_the_other_from_serving(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    link(router, "eth1", "down")
    start(group() + instances("state MASTER", "state MASTER"))
    events.take(*both("FAULT"))
    link(router, "eth1", "up")
    events.take(*both("BACKUP", first="VI_2"))


def test_members_with_state_master_wait_as_others_do(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    start(group() + instances("state MASTER", "state MASTER", interval=1))
    events.take(*BEGIN)
    begin = time.monotonic()
    events.take(*both("MASTER", first="VI_2"))
    assert time.monotonic() - begin > 2  # seconds: not one interval, but three


def test_the_script_of_one_is_awaited_by_both_and_fails_both(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    passes(router, passes=False)
    start(SCRIPT + group() + instances(TRACK))
    # VI_2 was in no state yet, and says nothing of one that it is drawn into.
    events.take("INSTANCE VI_1 FAULT 100", "GROUP G FAULT 0")
    passes(router, passes=True)
    events.take(*both("BACKUP"))
    events.take(*both("MASTER", first="VI_2"))
    passes(router, passes=False)
    events.take(*both("FAULT"))


def test_the_script_of_the_group_counts_for_each(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    passes(router, passes=True)
    start(SCRIPT + group(TRACK) + instances())
    events.take(*both("BACKUP", first="VI_2"))
    events.take(*both("MASTER"))
    passes(router, passes=False)
    events.take(*both("FAULT"))


def test_owners_begin_as_masters_and_return_as_backups(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    start(group() + instances("state MASTER", "state MASTER", priority=255))
    begin = both("MASTER", priority=255)
    events.take(*begin if router.program is OURS else begin[:2])  # keepalived forgets the group
    link(router, "eth1", "down")
    events.take(*both("FAULT", first="VI_2", priority=255))
    link(router, "eth1", "up")
    events.take(*both("BACKUP", first="VI_2", priority=255))
    events.take(*both("MASTER", priority=255))


def test_who_has_lost_an_address_leads_both_back(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    start(group() + instances())
    events.take(*BEGIN)
    events.take(*both("MASTER", first="VI_2"))
    wait_until(lambda: router.host.has("10.0.0.101"), "the address is set")
    router.host.plumb("ip address del 10.0.0.101/32 dev eth0")
    events.take(*both("BACKUP")[:2])
    events.take(*both("MASTER"))


def test_a_group_of_one_tells_as_a_group(
    router: Router, events: Events, start: Callable[[str], None]
) -> None:
    start(group(members="VI_1") + vrrp_instance())
    events.take(
        "GROUP G BACKUP 0", "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100", "GROUP G MASTER 0"
    )
    link(router, "eth0", "down")
    events.take("INSTANCE VI_1 FAULT 100", "GROUP G FAULT 0")
