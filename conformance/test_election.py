"""Who is master, in every combination of keepalived-py and keepalived."""

import os
import signal

from conformance.capture import Capture, Frame
from conformance.lab import Lan, wait_until
from conformance.routers import VIP, Router, elect, vrrp_instance

INTERVAL_SECONDS = 0.2
HIGH = vrrp_instance(priority=150)
LOW = vrrp_instance(priority=100)


def start(pair: tuple[Router, Router], high: str = HIGH, low: str = LOW) -> tuple[Router, Router]:
    return elect(pair, high, low)


def silence_seconds(before: list[Frame], after: list[Frame]) -> float:
    """The time between the last of one and the first of the other that follows it."""
    return next(frame.time for frame in after if frame.time > before[-1].time) - before[-1].time


def test_higher_priority_is_elected_and_preempts(pair: tuple[Router, Router], lan: Lan) -> None:
    start(pair)
    client = lan.host()
    assert client.pings(VIP)


def test_both_started_at_once_elect_the_higher_priority(pair: tuple[Router, Router]) -> None:
    a, b = pair
    a.start(HIGH)
    b.start(LOW)
    a.host.await_address(VIP)
    b.await_log("Entering BACKUP STATE")
    assert not b.host.has(VIP)


def test_equal_priority_is_decided_by_the_higher_address(pair: tuple[Router, Router]) -> None:
    a, b = pair
    a.start(LOW)
    a.host.await_address(VIP)
    b.start(LOW)
    # An equal priority does not take over from a living master. Two masters that meet do compare.
    b.await_log("Entering BACKUP STATE")
    b.host.cut_off()
    b.host.await_address(VIP)
    b.host.reconnect()
    a.host.await_no_address(VIP)
    assert b.host.has(VIP)


def test_stopped_master_says_so_and_is_replaced_at_once(
    pair: tuple[Router, Router], capture: Capture
) -> None:
    a, b = start(pair)
    assert a.stop() == 0
    b.host.await_address(VIP)
    goodbye = [frame for frame in capture.adverts(a.host.address) if frame.advert.priority == 0]
    assert goodbye
    assert silence_seconds(goodbye, capture.adverts(b.host.address)) < 3 * INTERVAL_SECONDS
    assert not a.host.has(VIP)


def test_killed_master_is_replaced_after_the_master_down_interval_and_takes_back(
    pair: tuple[Router, Router], capture: Capture
) -> None:
    a, b = start(pair)
    a.kill()
    b.host.await_address(VIP)
    silence = silence_seconds(capture.adverts(a.host.address), capture.adverts(b.host.address))
    assert 3 * INTERVAL_SECONDS <= silence < 3 * INTERVAL_SECONDS + 1
    assert a.host.has(VIP), "nobody was left to remove it"

    a.start()
    a.await_log("Entering BACKUP STATE")
    b.host.await_no_address(VIP)
    a.host.await_address(VIP)


def test_killed_router_cleans_up_when_it_starts_again(pair: tuple[Router, Router]) -> None:
    """Without preemption the address must not come back to the node that lost it."""
    a, b = start(pair)
    a.kill()
    b.host.await_address(VIP)
    a.start(vrrp_instance("nopreempt", priority=150))
    a.host.await_no_address(VIP)
    a.await_log("Entering BACKUP STATE", count=2)
    assert b.host.has(VIP)


def test_killed_vrrp_child_is_respawned_and_keeps_to_the_rules(pair: tuple[Router, Router]) -> None:
    a, b = start(pair)
    first = a.vrrp_child
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: a.vrrp_child != first, "a new VRRP process")
    a.await_log("Entering BACKUP STATE", count=2)
    wait_until(lambda: a.host.has(VIP) and not b.host.has(VIP), "A is the only master again")
    assert a.stop() == 0
    assert not a.host.has(VIP)
