"""A kernel without nftables: the log says once what is not dropped, and all else works."""

import sys
from pathlib import Path

import pytest

from conformance import uml
from conformance.lab import PROJECT
from conformance.routers import OURS, vrrp_instance
from conformance.uml.test_vlans import ADDRESS, CABLE


@pytest.mark.skipif(not uml.is_present(), reason="the packages user-mode-linux and kmod are not installed")
def test_nothing_is_dropped_and_all_else_works(tmp_path: Path) -> None:
    instances = vrrp_instance("no_accept") + vrrp_instance(
        "no_accept", name="VI_2", vrid=52, addresses=("10.0.0.102",)
    )
    (tmp_path / "keepalived.conf").write_text(instances)
    guest = f"cd {PROJECT}\n{sys.executable} -m conformance.uml.guest /mnt/keepalived.conf 10.0.0.102"
    uml.run(f"{CABLE}{ADDRESS}{guest} {OURS.path} 2>/mnt/log", tmp_path, "veth")
    log = (tmp_path / "log").read_text()
    assert log.count("The kernel has no nftables") == 1
    assert log.count("setting firewall drop rule") == 2
    assert "nftables: error" not in log
    assert log.count("removing VIPs") == log.count("removing firewall drop rule") == 4
