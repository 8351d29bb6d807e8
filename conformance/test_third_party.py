"""FRR's vrrpd, which shares no line with keepalived, understands our adverts and we its."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.lab import Host, Lan, wait_until
from conformance.routers import OURS, Router, vrrp_instance
from conformance.test_election import VIP

pytestmark = pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)

FRR = Path("/usr/lib/frr")


@dataclass(frozen=True)
class Family:
    """How FRR has a virtual router of VRID 51."""

    keyword: str
    interface: str
    mac: str
    """RFC 5798 §7.3."""
    vip: str
    prefix: int


IPV4 = Family("ip", "vrrp4-51", "00:00:5e:00:01:33", VIP, 24)
IPV6 = Family("ipv6", "vrrp6-51", "00:00:5e:00:02:33", "fe80::101", 64)
each_family = pytest.mark.parametrize("family", [IPV4, IPV6], ids=["IPv4", "IPv6"])


def start_frr(host: Host, family: Family, priority: int) -> None:
    """A virtual router of VRID 51 on eth0, version 3, one advert in a second."""
    interface, vip = family.interface, family.vip
    host.plumb(f"ip link add {interface} link eth0 address {family.mac} type macvlan mode bridge")
    host.plumb(f"ip address add {vip}/{family.prefix} dev {interface}")
    host.plumb(f"ip link set {interface} up")
    host.write(
        "/etc/frr/lab.conf",
        f"interface eth0\n vrrp 51 version 3\n vrrp 51 priority {priority}\n"
        f" vrrp 51 advertisement-interval 1000\n vrrp 51 {family.keyword} {vip}\n",
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


def frr_is_master(host: Host, family: Family) -> bool:
    """FRR takes the address away from the network by taking the carrier from its interface."""
    return "LOWER_UP" in host.plumb(f"ip link show dev {family.interface}")


@each_family
def test_frr_yields_to_our_higher_priority_and_takes_over_when_we_stop(
    frr: Host, router: Router, family: Family
) -> None:
    start_frr(frr, family, priority=100)
    wait_until(lambda: frr_is_master(frr, family), "FRR is master")
    router.start(vrrp_instance(priority=150, interval=1, addresses=(f"{family.vip}/{family.prefix}",)))
    router.host.await_address(family.vip)
    wait_until(lambda: not frr_is_master(frr, family), "FRR is backup")
    assert router.stop() == 0
    wait_until(lambda: frr_is_master(frr, family), "FRR is master again")


@each_family
def test_we_yield_to_frr_s_higher_priority_and_take_over_when_it_dies(
    frr: Host, router: Router, family: Family
) -> None:
    router.start(vrrp_instance(priority=100, interval=1, addresses=(f"{family.vip}/{family.prefix}",)))
    router.host.await_address(family.vip)
    start_frr(frr, family, priority=200)
    router.host.await_no_address(family.vip)
    frr.run("pkill", "-KILL", "vrrpd")
    router.host.await_address(family.vip)
