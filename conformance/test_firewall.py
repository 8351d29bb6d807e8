"""What is dropped with nftables: the tables are those of keepalived, and they do what they are for."""

import json
import re
import signal
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.capture import Capture, Frame
from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.nft import filtered, ruleset
from conformance.routers import OURS, C, Program, Router, is_newer, vrrp_instance

VIP = "10.0.0.101"
VIP_6 = "2001:db8::5"


def vrrp_instance_6(*body: str) -> str:
    return vrrp_instance(*body, name="VI_6", vrid=52, addresses=("fe80::5", VIP_6))


def global_defs(*lines: str) -> str:
    return "\n".join(["global_defs {", *lines, "}", ""])


def as_older(rules: list[Any]) -> list[Any]:
    """What keepalived 2.2.7 has of it: it cares for reports of MLD 2 only, and not for what neighbours are
    told of link-local addresses."""
    text = json.dumps([it for it in rules if "parent_link_local" not in str(it)])
    known = json.loads(text.replace('"@mld-report"', '"mld2-listener-report"'))
    return [it for it in known if "mld-report" not in str(it)]


@dataclass(frozen=True)
class Case:
    """A configuration; `newer` if keepalived 2.2.7 does otherwise."""

    configuration: str
    newer: bool = False


CASES = {
    "no_accept": Case(vrrp_instance("no_accept")),
    "strict": Case(global_defs("vrrp_strict") + vrrp_instance()),
    "accept": Case(vrrp_instance("accept")),
    "an owner": Case(vrrp_instance("no_accept", priority=255)),
    "options": Case(
        global_defs("nftables mine", "nftables_priority 5", "nftables_counters", "nftables_ifindex")
        + vrrp_instance("no_accept")
        + vrrp_instance_6("no_accept", "dont_track_primary")
    ),
    "IPv6": Case(vrrp_instance_6("no_accept")),
    "IPv6, by name": Case(vrrp_instance_6("no_accept", "dont_track_primary")),
    "VMAC": Case(vrrp_instance("use_vmac")),
    "VMAC, no reports anyway": Case(global_defs("disable_local_igmp") + vrrp_instance("use_vmac")),
    "VMAC with IPv6": Case(vrrp_instance_6("use_vmac", "no_accept")),
    "VMAC with both": Case(
        global_defs("nftables_ifindex", "nftables_counters")
        + vrrp_instance("use_vmac", "no_accept", "virtual_ipaddress_excluded {", VIP_6, "}")
    ),
    "VMACs of addresses": Case(
        global_defs("nftables") + vrrp_instance("virtual_ipaddress_excluded {", f"{VIP_6} use_vmac", "}"),
        newer=True,
    ),
    "iptables": Case(global_defs("vrrp_iptables") + vrrp_instance("no_accept")),
}


def outcome(program: Program, case: Case) -> list[list[Any]]:
    """The rules of a master, of one whose interface is down, and those after its end."""
    with Lan() as lan, Router(program, host := lan.host()) as router:
        router.start(case.configuration)
        addresses = {each for each in (VIP, VIP_6) if each in case.configuration}
        wait_until(lambda: all(it in host.plumb("ip address show") for it in addresses), f"{addresses}")
        rules = [ruleset(host)]
        host.plumb("ip link set eth0 down")
        router.await_log("Entering FAULT STATE", count=case.configuration.count("vrrp_instance"))
        wait_until(lambda: not filtered(host) and not filtered(host, "ip6"), "nothing is dropped")
        rules.append(ruleset(host))
        assert router.stop() == 0
        return [*rules, ruleset(host)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_rules_are_those_of_keepalived(case: Case) -> None:
    needs(C)
    if case.newer and not is_newer(C):
        pytest.skip("keepalived 2.2.7 does not know this, or does it otherwise")
    ours, expected = outcome(OURS, case), outcome(C, case)
    assert (ours if is_newer(C) else [as_older(rules) for rules in ours]) == expected
    assert ours[-1] == []


@pytest.mark.parametrize(
    "words", [(), ("nftables",), ("vrrp_iptables",), ("vrrp_iptables", "nftables"), ("vrrp_ipsets a",)]
)
def test_the_log_tells_which_firewall_is_used(lan: Lan, words: tuple[str, ...]) -> None:
    needs(C)
    if words != ("nftables",) and not is_newer(C):
        pytest.skip("keepalived 2.2.7 of Debian is built without iptables")
    said = []
    for program in (OURS, C):
        with Router(program, host := lan.host()) as router:
            router.start(global_defs(*words) + vrrp_instance("no_accept"))
            host.await_address(VIP)
            router.stop()
            lines = [line[26:] for line in router.log.splitlines()]
            about = re.compile("iptables|nftables|firewall (drop|configured)")
            said.append(list(dict.fromkeys(it for it in lines if about.search(it))))
    ours, theirs = said
    assert ours == theirs


@pytest.mark.parametrize("mode", ["accept", "no_accept"])
def test_addresses_answer_if_they_may(lan: Lan, router: Router, mode: str) -> None:
    client = lan.host()
    client.plumb("ip address add 2001:db8::99/64 dev eth0 nodad")
    router.host.plumb("ip address add 2001:db8::1/64 dev eth0 nodad")
    router.start(vrrp_instance(mode) + vrrp_instance_6(mode))
    for address in VIP, VIP_6:
        router.host.await_address(address)
    assert [client.pings(address) for address in (VIP, VIP_6)] == [mode == "accept"] * 2
    # Neighbours find it all the same, so that it can route for them.
    neighbours = {it["dst"]: it.get("lladdr") for it in json.loads(client.plumb("ip -json neighbour show"))}
    assert (neighbours[VIP], neighbours[VIP_6]) == (router.host.mac, router.host.mac)
    assert all(client.pings(address) for address in (router.host.address, "2001:db8::1"))


def test_a_strict_pair(lan: Lan, pair: tuple[Router, Router]) -> None:
    a, b = pair
    client = lan.host()
    a.start(global_defs("vrrp_strict") + vrrp_instance())
    a.host.await_address(VIP)
    assert filtered(a.host) == [VIP]
    b.start(global_defs("vrrp_strict") + vrrp_instance(priority=50))
    b.await_log("Entering BACKUP STATE")
    assert ruleset(b.host) == []
    assert not client.pings(VIP)
    a.stop()
    assert ruleset(a.host) == []
    b.host.await_address(VIP)
    assert filtered(b.host) == [VIP]
    assert not client.pings(VIP)
    rules = ruleset(b.host)
    a.start()
    a.host.await_address(VIP)
    assert filtered(a.host) == [VIP]
    b.host.await_no_address(VIP)
    wait_until(lambda: not filtered(b.host), f"{b} drops nothing")
    assert str(ruleset(b.host)) == str(rules).replace(f", 'elem': ['{VIP}']", "")


def reload(router: Router, configuration: str, expected: list[str]) -> None:
    router.configure(configuration)
    router.signal(signal.SIGHUP)
    wait_until(lambda: sorted(filtered(router.host)) == expected, f"{router} drops {expected}")


def test_a_reload_changes_what_is_dropped(router: Router) -> None:
    table = global_defs("nftables")
    router.start(table + vrrp_instance())
    router.host.await_address(VIP)
    others = ("10.0.0.102", "10.0.0.103")
    reload(router, table + vrrp_instance("no_accept"), [VIP])
    reload(router, table + vrrp_instance("no_accept", addresses=others), [*others])
    reload(router, table + vrrp_instance("accept", addresses=others), [])
    assert router.stop() == 0
    assert ruleset(router.host) == []


def test_a_reload_after_which_nothing_needs_a_firewall(lan: Lan) -> None:
    """keepalived would go on to drop, and leave its table behind."""
    with Router(OURS, lan.host()) as router:
        router.start(vrrp_instance("no_accept"))
        router.host.await_address(VIP)
        reload(router, vrrp_instance("accept"), [])
        assert router.stop() == 0
        assert ruleset(router.host) == []


def test_a_table_that_was_left_behind_is_made_anew(router: Router) -> None:
    router.start(vrrp_instance("no_accept"))
    router.host.await_address(VIP)
    router.kill()
    assert filtered(router.host) == [VIP]
    router.start(vrrp_instance("no_accept", addresses=("10.0.0.102",)))
    router.host.await_address("10.0.0.102")
    assert filtered(router.host) == ["10.0.0.102"]
    if router.program is OURS or is_newer(router.program):
        assert "Deleting old ip keepalived table" in router.log
    router.stop()
    assert ruleset(router.host) == []


def test_a_table_that_somebody_deletes_is_made_anew(lan: Lan) -> None:
    """When something is to be dropped the next time; keepalived would only log errors."""
    with Router(OURS, host := lan.host()) as router:
        router.start(vrrp_instance("use_vmac", "no_accept"))
        wait_until(lambda: filtered(host) == [VIP], f"{VIP} is filtered")
        rules = ruleset(host)
        host.run("nft", "flush", "ruleset")
        host.plumb("ip link set eth0 down")
        router.await_log("Entering FAULT STATE")
        host.plumb("ip link set eth0 up")
        wait_until(lambda: filtered(host) == [VIP], f"{VIP} is filtered")
        assert sorted(ruleset(host), key=str) == sorted(rules, key=str)
        assert "nftables: error" not in router.log
        router.stop()
        assert ruleset(host) == []


def is_group_report(frame: Frame) -> bool:
    """Of IGMP, or of MLD behind its router alert."""
    return (frame.data[12:14] == b"\x08\x00" and frame.data[23] == 2) or (
        frame.data[12:14] == b"\x86\xdd" and frame.data[20] == 0 and frame.data[62] in (131, 143)
    )


def test_reports_of_vmacs_come_from_below(capture: Capture, router: Router) -> None:
    """The switch must not learn the virtual MAC addresses from anything but adverts."""
    router.start(vrrp_instance("use_vmac") + vrrp_instance_6("use_vmac"))
    groups = (bytes([224, 0, 0, 18]), bytes.fromhex("ff02") + bytes(13) + b"\x12")

    def reported() -> bool:
        reports = [it.data for it in capture.frames if is_group_report(it)]
        return all(any(group in each[54:] or group in each[34:] for each in reports) for group in groups)

    wait_until(reported, "both groups are reported")
    capture.await_adverts(3, router.host.address)
    reports = [it for it in capture.frames if is_group_report(it)]
    assert {it.source_mac for it in reports if any(group in it.data for group in groups)} == {router.host.mac}
    assert not [it for it in reports if it.source_mac.startswith("00:00:5e")]
    solicitations = [it for it in capture.frames if it.data[12:14] == b"\x86\xdd" and it.data[54] == 133]
    assert not [it for it in solicitations if it.source_mac.startswith("00:00:5e")]


def test_a_vmac_that_comes_back_is_known_by_its_new_index(router: Router) -> None:
    if router.program is C and not is_newer(C):
        pytest.skip("keepalived 2.2.7 does not become master again")
    host = router.host
    router.start(vrrp_instance_6("use_vmac"))
    wait_until(lambda: VIP_6 in host.plumb("ip address show"), "the router is master")
    rules = ruleset(host)
    assert "vrrp.52" in str(rules)
    index = host.plumb("ip -o link show vrrp.52").split(":")[0]
    host.plumb("ip link del vrrp.52")
    router.await_log("Success creating VMAC interface vrrp.52", 2)
    wait_until(lambda: VIP_6 in host.plumb("ip address show"), "the router is master again")
    assert host.plumb("ip -o link show vrrp.52").split(":")[0] != index
    assert ruleset(host) == rules


def test_reports_of_local_groups_can_be_turned_off(capture: Capture, router: Router) -> None:
    """Those of IPv4, for all interfaces, so that no rule for VMACs is needed."""
    setting = "net.ipv4.igmp_link_local_mcast_reports"
    router.start(global_defs("disable_local_igmp") + vrrp_instance("use_vmac"))
    capture.await_adverts(3, router.host.address)
    assert router.host.run("sysctl", "-n", setting) == "0\n"
    group = bytes([224, 0, 0, 18])
    assert not [it for it in capture.frames if is_group_report(it) and group in it.data[34:]]
    assert ruleset(router.host) == []
    router.stop()
    assert router.host.run("sysctl", "-n", setting) == "1\n"
