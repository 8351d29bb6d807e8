"""FRR's vrrpd, which shares no line with keepalived, understands our adverts and we its."""

from pathlib import Path

import pytest

from conformance.lab import Host, Lan, wait_until
from conformance.routers import OURS, Router, vrrp_instance
from conformance.test_election import VIP

pytestmark = pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)

FRR = Path("/usr/lib/frr")
VMAC = "00:00:5e:00:01:33"
"""RFC 5798 §7.3, of VRID 51."""


def start_frr(host: Host, priority: int) -> None:
    """A virtual router of VRID 51 on eth0, version 3, one advert in a second."""
    host.plumb(f"ip link add vrrp4-51 link eth0 address {VMAC} type macvlan mode bridge")
    host.plumb(f"ip address add {VIP}/24 dev vrrp4-51")
    host.plumb("ip link set vrrp4-51 up")
    host.write(
        "/etc/frr/lab.conf",
        f"interface eth0\n vrrp 51 version 3\n vrrp 51 priority {priority}\n"
        f" vrrp 51 advertisement-interval 1000\n vrrp 51 ip {VIP}\n",
    )
    host.run("mkdir", "-p", "/run/frr")
    host.run("chown", "frr:frr", "/run/frr", "/etc/frr/lab.conf")
    for daemon in ("zebra", "vrrpd"):
        host.run(FRR / daemon, "-d", "-f", "/etc/frr/lab.conf", "-i", f"/run/frr/{daemon}.pid")


@pytest.fixture
def frr(lan: Lan) -> Host:
    """A host for FRR."""
    if not (FRR / "vrrpd").exists():
        pytest.skip("FRR's vrrpd is not installed (apt: frr)")
    return lan.host()


def frr_is_master(host: Host) -> bool:
    """FRR takes the address away from the network by taking the carrier from its interface."""
    return "LOWER_UP" in host.plumb("ip link show dev vrrp4-51")


def test_frr_yields_to_our_higher_priority_and_takes_over_when_we_stop(frr: Host, router: Router) -> None:
    start_frr(frr, priority=100)
    wait_until(lambda: frr_is_master(frr), "FRR is master")
    router.start(vrrp_instance(priority=150, interval=1))
    router.host.await_address(VIP)
    wait_until(lambda: not frr_is_master(frr), "FRR is backup")
    assert router.stop() == 0
    wait_until(lambda: frr_is_master(frr), "FRR is master again")


def test_we_yield_to_frr_s_higher_priority_and_take_over_when_it_dies(frr: Host, router: Router) -> None:
    router.start(vrrp_instance(priority=100, interval=1))
    router.host.await_address(VIP)
    start_frr(frr, priority=200)
    router.host.await_no_address(VIP)
    frr.run("pkill", "-KILL", "vrrpd")
    router.host.await_address(VIP)
