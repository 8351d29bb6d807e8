"""Files that are wrong: the same exit status as keepalived's, and a message that says what is wrong."""

import re

import pytest

from conformance.lab import wait_until
from conformance.routers import CONFIGURATION, Router, vrrp_instance
from conformance.test_election import VIP

GOOD = vrrp_instance()
NOT_CONFIGURED, NO_FILE = 2, 6

REFUSED = {
    "no file": (None, NO_FILE, CONFIGURATION),
    "no VRID": (GOOD.replace("virtual_router_id 51", ""), NOT_CONFIGURED, "virtual.router.id"),
    "VRID out of range": (vrrp_instance(vrid=256), NOT_CONFIGURED, "256"),
    "no valid address": (vrrp_instance(addresses=("10.0.0.999",)), NOT_CONFIGURED, "10.0.0.999"),
    "no such interface": (GOOD.replace("eth0", "eth7"), NOT_CONFIGURED, "eth7"),
}
TOLERATED = {
    "unknown block keyword": ("frobnicate 1\n" + GOOD, "frobnicate"),
    "unknown keyword of an instance": (GOOD.replace("priority", "prioritee"), "prioritee"),
    "unclosed brace": (GOOD.rstrip().removesuffix("}"), "brace|}"),
    "extra brace": (GOOD + "}\n", "brace|}"),
    "priority out of range": (vrrp_instance(priority=300), "300"),
}
EMPTY = {"empty": "", "binary": "\x00\x01\x7f\x1b\u00ff" * 100}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_run_ends_with_keepalived_s_status(router: Router, case: str) -> None:
    configuration, status, message = REFUSED[case]
    router.host.path(CONFIGURATION).unlink(missing_ok=True)
    router.start(configuration)
    assert router.wait() == status
    assert re.search(message, router.log)
    assert "Traceback" not in router.log
    assert router.host.processes() == {}


@pytest.mark.parametrize("case", TOLERATED)
def test_what_can_be_understood_runs(router: Router, case: str) -> None:
    configuration, message = TOLERATED[case]
    router.start(configuration)
    router.host.await_address(VIP)
    assert re.search(message, router.log)
    assert "Traceback" not in router.log


@pytest.mark.parametrize("case", EMPTY)
def test_nothing_to_do_is_said_and_waited_for(router: Router, case: str) -> None:
    router.start(EMPTY[case])
    router.await_log("no configuration to run")
    assert not router.ended
    assert router.stop() == 0
    assert "Traceback" not in router.log


def test_second_daemon_on_a_host_gives_way(router: Router) -> None:
    router.start(GOOD)
    router.host.await_address(VIP)
    with Router(router.program, router.host) as second:
        second.start()
        assert second.wait() == 0
        assert "already running" in second.log
    wait_until(lambda: router.host.has(VIP), "the first is not disturbed")
