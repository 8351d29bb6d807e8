"""Files, links and delays: what they do to priorities and states, with keepalived and with us."""

import time
from collections.abc import Iterator

import pytest

from conformance.capture import Capture
from conformance.events import DEFINITIONS, Events
from conformance.lab import Host, wait_until
from conformance.routers import Router, vrrp_instance

LOAD = "track_file load {\n    file /tmp/load\n    init_file 0\n}\n"
TRACK_LOAD = "track_file {\n        load\n    }"
TRACK_ETH1 = "track_interface {{\n        eth1 weight {}\n    }}"


def write(host: Host, number: str) -> None:
    """Put a number into the tracked file in one go, as an administrator would."""
    host.run("sh", "-c", f"echo {number} > /tmp/load")


@pytest.fixture
def events(router: Router) -> Iterator[Events]:
    with Events(router.host) as events:
        yield events


def await_priority(capture: Capture, source: str, priority: int) -> None:
    def last() -> int:
        adverts = capture.adverts(source)
        return adverts[-1].advert.priority if adverts else 0

    wait_until(lambda: last() == priority, f"an advert of {source} with priority {priority}")


def test_a_file_turns_the_election_and_back(pair: tuple[Router, Router], capture: Capture) -> None:
    a, b = pair
    a.start(LOAD + vrrp_instance(TRACK_LOAD, priority=100))
    b.start(vrrp_instance(priority=90))
    a.host.await_address("10.0.0.101")
    await_priority(capture, a.host.address, 100)
    write(a.host, "-20")
    b.host.await_address("10.0.0.101")
    a.host.await_no_address("10.0.0.101")
    await_priority(capture, b.host.address, 90)
    assert 80 in {frame.advert.priority for frame in capture.adverts(a.host.address)}
    write(a.host, "0x10")
    a.host.await_address("10.0.0.101")
    b.host.await_no_address("10.0.0.101")
    await_priority(capture, a.host.address, 116)


def test_a_link_takes_a_sync_group_over_and_back(pair: tuple[Router, Router]) -> None:
    for router, priority in zip(pair, (100, 90), strict=True):
        router.host.plug_in("eth1", f"10.1.0.{router.host.number}/24")
        one = vrrp_instance(name="VI_1", vrid=51, priority=priority)
        two = vrrp_instance(name="VI_2", vrid=52, priority=priority, addresses=("10.1.0.101",))
        group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"
        router.start(group + one + two.replace("interface eth0", "interface eth1"))

    def serves(router: Router) -> bool:
        return router.host.has("10.0.0.101") and "10.1.0.101" in router.host.addresses("eth1")

    a, b = pair
    wait_until(lambda: serves(a), "A serves both")
    a.host.plumb("ip link set eth1 down")
    wait_until(lambda: serves(b), "B serves both")
    a.host.await_no_address("10.0.0.101")
    a.host.plumb("ip link set eth1 up")
    wait_until(lambda: serves(a), "A serves both again")
    b.host.await_no_address("10.0.0.101")


@pytest.mark.parametrize(("weight", "up", "down"), [(20, 120, 100), (-20, 100, 80)])
def test_a_link_with_a_weight(router: Router, capture: Capture, weight: int, up: int, down: int) -> None:
    host = router.host
    host.plug_in("eth1", "10.1.0.1/24")
    router.start(vrrp_instance(TRACK_ETH1.format(weight)))
    await_priority(capture, host.address, up)
    host.plumb("ip link set eth1 down")
    await_priority(capture, host.address, down)
    host.plumb("ip link del eth1")
    host.plug_in("eth1", "10.1.0.1/24")
    await_priority(capture, host.address, up)


def test_a_file_without_weight_and_one_that_is_too_low_are_faults(router: Router, events: Events) -> None:
    switch = "track_file switch {\n    file /tmp/switch\n    weight 0\n}\n"
    track = "track_file {\n        load\n        switch\n    }"
    router.start(DEFINITIONS + LOAD + switch + vrrp_instance(track))
    events.take("INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100")
    router.host.run("sh", "-c", "echo 1 > /tmp/new; mv /tmp/new /tmp/switch")
    events.take("INSTANCE VI_1 FAULT 100")
    router.host.run("rm", "/tmp/switch")
    events.take("INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100")
    write(router.host, "-254")
    events.take("INSTANCE VI_1 FAULT 100")
    write(router.host, "7")
    events.take("INSTANCE VI_1 BACKUP 107", "INSTANCE VI_1 MASTER 107")


def test_a_loss_that_is_shorter_than_its_delay_never_was(router: Router, events: Events) -> None:
    delays = "interface_up_down_delays {\n    eth0 1 1\n}\n"
    router.start(DEFINITIONS + delays + vrrp_instance(interval=0.6))
    events.take("INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100")
    router.host.plumb("ip link set eth0 down")
    router.await_log("eth0: Adding flags change")
    router.host.plumb("ip link set eth0 up")
    router.host.plumb("ip link set eth0 down")
    begin = time.monotonic()
    events.take("INSTANCE VI_1 FAULT 100")
    assert time.monotonic() - begin > 0.5  # seconds of the second delay, whose beginning we may have missed
    router.host.plumb("ip link set eth0 up")
    events.take("INSTANCE VI_1 BACKUP 100")


def test_an_interface_that_comes_goes_and_comes_back(router: Router, events: Events) -> None:
    dynamic = DEFINITIONS.replace("{", "{\n    dynamic_interfaces allow_if_changes")
    router.start(dynamic + vrrp_instance().replace("interface eth0", "interface eth1"))
    events.take("INSTANCE VI_1 FAULT 100")
    for _ in range(2):
        router.host.plug_in("eth1", "10.1.0.1/24")
        events.take("INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100")
        wait_until(lambda: "10.0.0.101" in router.host.addresses("eth1"), "the address is there")
        router.host.plumb("ip link del eth1")
        events.take("INSTANCE VI_1 FAULT 100")


def test_a_polled_link(router: Router, events: Events) -> None:
    router.start(DEFINITIONS + "linkbeat_interfaces {\n    eth0 MII\n}\n" + vrrp_instance())
    events.take("INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100")
    assert "(eth0): Configured linkbeat type MII not supported, using" in router.log
    router.host.plumb("ip link set eth0 down")
    events.take("INSTANCE VI_1 FAULT 100")
    router.await_log("Linkbeat reports eth0 down")


def test_nobody_is_master_before_the_delay_of_the_start_is_over(router: Router, capture: Capture) -> None:
    begin = time.time()
    router.start("global_defs {\n    vrrp_startup_delay 1.5\n}\n" + vrrp_instance())
    [first, *_] = capture.await_adverts(1, router.host.address)
    assert first.time - begin > 2.0  # seconds: three intervals after the delay
    assert "Delaying startup for 1.5 seconds" in router.log
