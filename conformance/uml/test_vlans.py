"""VLANs, ipvlans, VRFs and lossy links: the kernel of a test machine may have none of them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance import uml
from conformance.conftest import needs
from conformance.lab import PROJECT
from conformance.routers import OURS, C, Program, vrrp_instance

VIP = "10.0.0.101"
CABLE = """
set -e
ip link add eth0 type veth peer name peer
ip link set peer up
ip link set eth0 up
"""
ADDRESS = "ip address add 10.0.0.1/24 dev eth0\n"
VRF = "ip link add red type vrf table 10\nip link set red up\nip link set eth0 master red\n"


PAIR = """
set -e
ip netns add b
ip link add eth0 type veth peer name eth0 netns b
ip link set eth0 up
ip -n b link set eth0 up
ip -n b link set lo up
"""
LOSSY_VLAN = """
ip link add link eth0 name eth0.5 type vlan id 5
ip -n b link add link eth0 name eth0.5 type vlan id 5
tc qdisc add dev eth0 root netem loss 15%
ip netns exec b tc qdisc add dev eth0 root netem loss 15%
"""
VRFS = """
ip link add red type vrf table 10
ip -n b link add red type vrf table 10
ip link set red up
ip -n b link set red up
ip link set eth0 master red
ip -n b link set eth0 master red
"""

pytestmark = pytest.mark.skipif(
    not uml.is_present(), reason="the packages user-mode-linux and kmod are not installed"
)


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


@pytest.mark.parametrize("programs", [(OURS, C), (C, OURS)], ids=lambda pair: "-".join(map(str, pair)))
@pytest.mark.parametrize(
    ("modules", "before", "interface"),
    [(["veth", "8021q", "sch_netem"], LOSSY_VLAN, "eth0.5"), (["veth", "vrf"], VRFS, "eth0")],
    ids=["lossy-vlan", "vrf"],
)
def test_a_pair_fails_over_and_back(
    tmp_path: Path, programs: tuple[Program, Program], modules: list[str], before: str, interface: str
) -> None:
    needs(C)
    networks = zip(("a", "b"), ("", "-n b "), (150, 100), strict=True)
    for number, (name, network, priority) in enumerate(networks, 1):
        text = vrrp_instance(priority=priority).replace("interface eth0", f"interface {interface}")
        (tmp_path / f"{name}.conf").write_text(text)
        before += f"ip {network}link set {interface} up\n"
        before += f"ip {network}address add 10.0.0.{number}/24 dev {interface}\n"
    guest = f"cd {PROJECT}\n{sys.executable} -m conformance.uml.failover {interface} {VIP}"
    a, b = programs
    said = uml.run(f"{PAIR}{before}{guest} {a.path} {b.path} 2>/mnt/log", tmp_path, *modules)
    end = json.loads(said.splitlines()[-1])
    assert (end["a"], end["b"]) == (["10.0.0.1"], ["10.0.0.2"])
    assert bool(end["lost"]) is ("sch_netem" in modules)
