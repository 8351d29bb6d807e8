"""FRR's vrrpd, which shares no line with keepalived, understands our adverts and we its."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.lab import Host, Lan
from conformance.routers import Router, vrrp_instance
from conformance.test_election import VIP

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
def frr(lan: Lan) -> Iterator[Host]:
    if not (FRR / "vrrpd").exists():
        pytest.skip("FRR's vrrpd is not installed (apt: frr)")
    return lan.host()
