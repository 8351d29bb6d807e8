"""Rules of the protocol that seldom matter, in every combination of keepalived-py and keepalived."""

import os
import signal

import pytest

from conformance.capture import Capture
from conformance.conftest import needs
from conformance.lab import Lan
from conformance.routers import OURS, C, Program, Router, vrrp_instance

VIP = "10.0.0.101"


def test_one_of_two_owners_yields(pair: tuple[Router, Router]) -> None:
    a, b = pair
    owner = vrrp_instance("state MASTER", priority=255)
    b.start(owner)
    b.host.await_address(VIP)
    a.start(owner)
    a.await_log("Entering MASTER STATE")
    # It is to be the one with the lower address. With keepalived 2.2.7 it is the one that hears the other.
    loser, winner = (a, b) if knows(b.program, "address owner, please resolve") else (b, a)
    loser.await_log("Entering BACKUP STATE")
    loser.host.await_no_address(VIP)
    assert winner.host.has(VIP)
    b.await_log("CONFIGURATION ERROR: local instance and ")


def test_adverts_with_a_ttl_out_of_bounds_are_dropped(pair: tuple[Router, Router]) -> None:
    a, b = pair
    theirs = (f"unicast_src_ip {b.host.address}", "unicast_peer {", f"    {a.host.address} min_ttl 20", "}")
    ours = (f"unicast_src_ip {a.host.address}", "unicast_peer {", f"    {b.host.address}", "}")
    b.start(vrrp_instance(*theirs, priority=100))
    b.host.await_address(VIP)
    a.start(vrrp_instance(*ours, "unicast_ttl 19", priority=150))
    a.host.await_address(VIP)
    b.await_log("TTL/HL 19 ")
    assert b.host.has(VIP), "it does not listen to A"
    assert a.stop() == 0

    a.start(vrrp_instance(*ours, "unicast_ttl 20", priority=150))
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)


def test_adverts_of_strangers_are_dropped_if_the_source_is_checked(pair: tuple[Router, Router]) -> None:
    a, b = pair
    nobody = "10.0.0.77"
    theirs = (f"unicast_src_ip {b.host.address}", "unicast_peer {", f"    {nobody}", "}")
    ours = (f"unicast_src_ip {a.host.address}", "unicast_peer {", f"    {b.host.address}", "}")
    b.start(vrrp_instance(*theirs, "check_unicast_src", priority=100))
    b.host.await_address(VIP)
    a.start(vrrp_instance(*ours, priority=150))
    b.await_log(f"unicast source address {a.host.address} not a unicast peer")
    assert b.host.has(VIP)


@pytest.mark.parametrize("program", [OURS, C], ids=str)
def test_master_that_has_slept_too_long_steps_down_before_it_speaks(
    program: Program, lan: Lan, capture: Capture
) -> None:
    needs(program)
    if not knows(program, "timer_expired_backup"):
        pytest.skip(f"{program.path} is too old for it")
    with Router(program, lan.host()) as a, Router(OURS, lan.host()) as b:
        a.start(vrrp_instance("nopreempt", "timer_expired_backup", priority=150))
        a.host.await_address(VIP)
        b.start(vrrp_instance("nopreempt", priority=100))
        b.await_log("Entering BACKUP STATE")
        child = a.vrrp_child
        os.kill(child, signal.SIGSTOP)
        b.host.await_address(VIP)
        spoken = len(capture.adverts(a.host.address))
        os.kill(child, signal.SIGCONT)
        a.await_log("VRRP thread timer expired")
        a.host.await_no_address(VIP)
        assert b.host.has(VIP)
        assert len(capture.adverts(a.host.address)) == spoken


def knows(program: Program, text: str) -> bool:
    """Whether the program has this keyword or these words to say."""
    return program is OURS or text.encode() in program.path.read_bytes()
