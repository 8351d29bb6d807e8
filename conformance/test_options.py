"""Each option of an instance that decides an election, in every combination of routers."""

import json
import signal

import pytest

from conformance.capture import Capture
from conformance.lab import Host, Lan, wait_until
from conformance.routers import C, Router, vrrp_instance
from conformance.test_election import VIP, start

PASSWORD = ("authentication {", "    auth_type PASS", "    auth_pass {}", "}")


def with_password(password: str, priority: int) -> str:
    body = (line.replace("{}", password) for line in PASSWORD)
    return vrrp_instance(*body, priority=priority, version=2, interval=1)


def unicast(own: int, peer: int, priority: int) -> str:
    body = (f"unicast_src_ip 10.0.0.{own}", "unicast_peer {", f"    10.0.0.{peer}", "}")
    return vrrp_instance(*body, priority=priority)


def authentication_failures(router: Router) -> int:
    """The counter in the statistics that a router writes on SIGUSR2."""
    statistics = router.host.path("/tmp/keepalived.stats")
    statistics.unlink(missing_ok=True)
    router.signal(signal.SIGUSR2)
    wait_until(
        lambda: statistics.exists() and "Priority Zero" in statistics.read_text(), f"statistics of {router}"
    )
    section = statistics.read_text().partition("Authentication Errors:")[2]
    [failures] = [line.split(":")[1] for line in section.splitlines() if "Failure:" in line]
    return int(failures)


def test_nopreempt_leaves_a_living_master_alone(pair: tuple[Router, Router], capture: Capture) -> None:
    a, b = pair
    b.start(vrrp_instance(priority=100))
    b.host.await_address(VIP)
    a.start(vrrp_instance("nopreempt", priority=150))
    a.await_log("Entering BACKUP STATE")
    seen = len(capture.adverts(b.host.address))
    capture.await_adverts(seen + 10, b.host.address)
    assert b.host.has(VIP)
    assert not capture.adverts(a.host.address)


def test_preempt_delay_postpones_the_return(pair: tuple[Router, Router], capture: Capture) -> None:
    a, b = pair
    b.start(vrrp_instance(priority=100))
    b.host.await_address(VIP)
    a.start(vrrp_instance("preempt_delay 2", priority=150))
    a.await_log("Entering BACKUP STATE")
    first = capture.await_adverts(len(capture.adverts(b.host.address)) + 1, b.host.address)[-1]
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)
    [taken, *_] = capture.adverts(a.host.address)
    assert 1.5 < taken.time - first.time < 5


def test_same_password_is_one_virtual_router(pair: tuple[Router, Router]) -> None:
    start(pair, with_password("secret", 150), with_password("secret", 100))


def test_wrong_password_is_counted_and_both_are_master(pair: tuple[Router, Router]) -> None:
    a, b = pair
    a.start(with_password("secret", 150))
    b.start(with_password("guess", 100))
    a.host.await_address(VIP)
    b.host.await_address(VIP)
    for router in pair:
        wait_until(lambda: authentication_failures(router) > 0, f"failures counted by {router}")  # noqa: B023


def test_unicast_peers_elect_and_fail_over(pair: tuple[Router, Router], capture: Capture) -> None:
    a, b = start(pair, unicast(1, 2, 150), unicast(2, 1, 100))
    assert a.stop() == 0
    b.host.await_address(VIP)
    assert {str(frame.advert.destination) for frame in capture.adverts()} == {"10.0.0.1", "10.0.0.2"}


def test_tenth_of_a_second_in_version_3_is_kept_and_fails_over_in_half_a_second(
    pair: tuple[Router, Router], capture: Capture
) -> None:
    high, low = (vrrp_instance(priority=priority, interval=0.1) for priority in (150, 100))
    a, b = start(pair, high, low)
    capture.await_adverts(30, a.host.address)
    a.kill()
    b.host.await_address(VIP)
    adverts = capture.adverts(a.host.address)
    assert adverts[-1].time - adverts[0].time == pytest.approx(0.1 * (len(adverts) - 1), rel=0.1)
    taken = next(frame for frame in capture.adverts(b.host.address) if frame.time > adverts[-1].time)
    assert 0.3 <= taken.time - adverts[-1].time < 0.5


def test_backup_adopts_the_interval_of_a_version_3_master(pair: tuple[Router, Router]) -> None:
    a, b = start(pair, vrrp_instance(priority=150, interval=1))
    b.await_log("Entering BACKUP STATE", count=2)
    # Of its own 0.2 s the master-down interval would end between two of these adverts.
    with Capture(b.host, "eth0") as capture:
        capture.await_adverts(3, a.host.address)
    assert not b.host.has(VIP)


def test_lists_of_addresses_that_differ_do_not_divide_the_routers(pair: tuple[Router, Router]) -> None:
    """2.4.3 and ours report the difference and obey the advert; 2.2.7 drops it: see DIVERGENCES.md."""
    _a, b = pair
    if b.program is C and "v2.2" in b.host.attempt(b.program.path, "--version").stderr:
        pytest.skip("keepalived 2.2 becomes a second master here")
    start(pair, vrrp_instance(priority=150, addresses=(VIP, "10.0.0.102")))


def sync_group(priority: int) -> str:
    uplink = ("track_interface {", "    uplink", "}")
    return (
        "vrrp_sync_group G {\n    group {\n        inside\n        outside\n    }\n}\n"
        + vrrp_instance(name="inside", vrid=51, priority=priority)
        + vrrp_instance(*uplink, name="outside", vrid=52, priority=priority, addresses=("10.0.0.102",))
    )


def add_uplink(host: Host) -> None:
    """Another interface, which has carrier while the other end of its cable is up."""
    host.plumb("ip link add uplink type veth peer name provider")
    host.plumb("ip link set uplink up")
    host.plumb("ip link set provider up")


def test_sync_group_moves_as_one_when_one_member_fails_and_recovers(pair: tuple[Router, Router]) -> None:
    for router in pair:
        add_uplink(router.host)
    a, b = start(pair, sync_group(150), sync_group(100))
    a.host.await_address("10.0.0.102")
    a.host.plumb("ip link set provider down")
    for address in (VIP, "10.0.0.102"):
        b.host.await_address(address)
        a.host.await_no_address(address)
    a.host.plumb("ip link set provider up")
    for address in (VIP, "10.0.0.102"):
        a.host.await_address(address)
        b.host.await_no_address(address)


def test_tracked_interface_down_is_a_fault_and_up_is_a_return(pair: tuple[Router, Router]) -> None:
    a, b = pair
    add_uplink(a.host)
    start(pair, vrrp_instance("track_interface {", "    uplink", "}", priority=150))
    a.host.plumb("ip link set provider down")
    b.host.await_address(VIP)
    a.host.await_no_address(VIP)
    a.await_log("Entering FAULT STATE")
    a.host.plumb("ip link set provider up")
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)


def test_weight_of_a_failing_script_decides_the_election(pair: tuple[Router, Router]) -> None:
    a, _b = pair
    check = vrrp_script("check", "/usr/bin/test -e /tmp/healthy", "weight 60", "fall 2", "rise 2")
    a.host.write("/tmp/healthy", "")
    tracked = ("track_script {", "    check", "}")
    a, b = start(pair, check + vrrp_instance(*tracked, priority=90))
    a.host.path("/tmp/healthy").unlink()
    b.host.await_address(VIP)
    a.host.await_no_address(VIP)
    a.host.write("/tmp/healthy", "")
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)


def vrrp_script(name: str, command: str, *body: str) -> str:
    lines = (f'script "{command}"', "interval 1", "user root", *body)
    return "\n".join([f"vrrp_script {name} {{", *(f"    {line}" for line in lines), "}", ""])


def test_master_that_is_cut_off_is_replaced_and_reconciled(pair: tuple[Router, Router], lan: Lan) -> None:
    a, b = start(pair)
    client = lan.host()
    a.host.cut_off()
    b.host.await_address(VIP)
    wait_until(lambda: client.pings(VIP), "the address is served")
    assert a.host.has(VIP), "A cannot know"
    a.host.reconnect()
    b.host.await_no_address(VIP)
    assert a.host.has(VIP)
    wait_until(lambda: client.pings(VIP), "the address is served")


def test_address_deleted_by_hand_is_noticed_and_comes_back(pair: tuple[Router, Router]) -> None:
    a, b = start(pair)
    masters = a.log.count("Entering MASTER STATE")
    a.host.plumb(f"ip address del {VIP}/32 dev eth0")
    a.await_log("Entering MASTER STATE", count=masters + 1)
    a.host.await_address(VIP)
    b.host.await_no_address(VIP)


def test_options_of_an_address_reach_the_interface(router: Router) -> None:
    line = "10.1.0.101/24 brd + dev eth0 scope link label eth0:vip"
    router.start(vrrp_instance(addresses=(line,)))
    router.host.await_address("10.1.0.101")
    [link] = json.loads(router.host.plumb("ip -json -4 address show dev eth0"))
    [vip] = [address for address in link["addr_info"] if address["local"] == "10.1.0.101"]
    assert (vip["prefixlen"], vip["scope"], vip["label"], vip["broadcast"]) == (
        24,
        "link",
        "eth0:vip",
        "10.1.0.255",
    )
