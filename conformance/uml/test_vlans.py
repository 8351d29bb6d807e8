"""ipvlans and VRFs: the kernel of a test machine may have neither."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance import uml
from conformance.conftest import needs
from conformance.lab import PROJECT
from conformance.routers import OURS, C, vrrp_instance

VIP = "10.0.0.101"
CABLE = """
set -e
ip link add eth0 type veth peer name peer
ip link set peer up
ip link set eth0 up
"""
ADDRESS = "ip address add 10.0.0.1/24 dev eth0\n"
VRF = "ip link add red type vrf table 10\nip link set red up\nip link set eth0 master red\n"


@pytest.mark.skipif(not uml.is_present(), reason="the packages user-mode-linux and kmod are not installed")
@pytest.mark.parametrize(
    ("modules", "before", "options", "expected"),
    [
        (["veth", "ipvlan"], ADDRESS, ("use_ipvlan named 10.0.0.77/24 vepa",), ("eth0", None)),
        (["veth", "vrf", "macvlan"], VRF + ADDRESS, ("use_vmac named",), ("eth0", "red")),
    ],
    ids=["ipvlan", "vmac-in-vrf"],
)
def test_the_network_is_that_of_keepalived(
    tmp_path: Path, modules: list[str], before: str, options: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    needs(C)
    (tmp_path / "keepalived.conf").write_text(vrrp_instance(*options))
    guest = f"cd {PROJECT}\n{sys.executable} -m conformance.uml.guest /mnt/keepalived.conf {VIP}"
    said = uml.run(f"{CABLE}{before}{guest} {C.path} {OURS.path} 2>/mnt/log", tmp_path, *modules)
    theirs, ours = json.loads(said.splitlines()[-1])
    assert ours == theirs
    [own] = ours["during"].keys() - ours["after"].keys()
    made = ours["during"][own]
    assert (made["link"], made["master"]) == expected
