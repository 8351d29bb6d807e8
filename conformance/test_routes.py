"""Routes and policy rules: what the kernel has of them under keepalived-py and under keepalived, and what
becomes of them when someone else interferes."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from ipaddress import IPv4Address
from typing import Any

import pytest

from conformance.capture import Capture
from conformance.conftest import needs
from conformance.lab import Host, Lan, wait_until
from conformance.routers import OURS, C, Router, vrrp_instance
from keepalived_py.linux.attributes import split

_RTMGRP_IPV4_ROUTE = 0x40
_RTM_DELROUTE = 25
_RTA_DST = 1

ROUTES = """
    10.1.0.0/24 via 10.0.0.250
    10.1.1.0/24 dev eth0
    10.1.2.0/24 via 10.0.0.250 dev eth0 metric 77
    10.1.3.0/24 dev eth0 scope link src 10.0.0.1
    10.1.4.0/24 dev eth0 table 100 tos 0x10
    10.1.5.0/24 via 10.0.0.250 table 70000
    10.1.6.0/24 via 10.9.9.9 dev eth0 onlink
    blackhole 10.1.7.0/24
    unreachable 10.1.8.0/24 metric 5
    prohibit 10.1.9.0/24
    throw 10.1.10.0/24 table 100
    local 10.1.11.1 dev lo table local scope host
    broadcast 10.1.11.255 dev eth0 table local scope link
    10.1.12.0/24 via 10.0.0.250 protocol bird no_track
    10.1.13.0/24 dev eth0 mtu 1400 advmss lock 1300 window 5000 cwnd lock 7 ssthresh 9 reordering 4
    10.1.14.0/24 dev eth0 rtt 300ms rttvar lock 250ms rto_min 1s initcwnd 11 initrwnd 12 hoplimit 33
    10.1.15.0/24 dev eth0 mtu lock 1280 features ecn quickack 1 fastopen_no_cookie 1 congctl lock reno
    10.1.16.0/24 dev eth0 realms 3/4
    10.1.17.0/24 dev eth0 realms 9
    10.1.18.0/24 nexthop via 10.0.0.250 weight 3 nexthop via 10.0.0.251 dev eth0 weight 256 onlink
    10.1.19.0/24 or 10.0.0.251
    10.1.20.0/24 dev eth0 ttl-propagate enabled
    10.1.21.0/24 via inet6 fe80::99 dev eth0
    10.1.22.0/24 encap mpls 100/200 via 10.0.0.250
    10.1.23.0/24 encap ip id 7 dst 10.0.0.9 src 10.0.0.1 tos 4 ttl 9 dev eth0
    10.1.24.0/24 encap ip6 id 8 dst fd00::9 src fd00::1 tc 4 hoplimit 9 dev eth0
    10.1.25.0/24 via 10.0.0.250
    append 10.1.25.0/24 via 10.0.0.251
    add 10.1.25.0/24 via 10.0.0.252
    10.1.25.0/24 via 10.0.0.253
    10.1.26.0/24 dev eth0 no_track
    10.1.27.0/24 encap ila 1:2:3:4 dev eth0
    default via 10.0.0.254 metric 500
    fd01:0::/64 dev eth0
    fd01:1::/64 via fd00::fe metric 7
    fd01:2::/64 via fe80::1 dev eth0 pref high expires 300
    fd01:3::/64 dev eth0 src fd00::1 pref low
    fd01:4::/64 dev eth0 from fd02::/64
    fd01:5::/64 dev eth0 mtu 1300 hoplimit 3 table 100
    fd01:6::/64 nexthop via fd00::fe dev eth0 nexthop via fd00::fd weight 3
    unreachable fd01:7::/64
    blackhole fd01:8::/64 metric 3
    fd01:9::/64 encap ip6 id 8 dst fd00::9 dev eth0
    fd01:a::/64 encap mpls 55 via fd00::fe
    fd01:b::/64 encap ila 1:2:3:4 dev eth0
    fd01:c::5 dev eth0 protocol 99 no_track
    default6 via fd00::fe
"""
RULES = """
    from 10.2.0.0/24 table 100 priority 100
    to 10.2.1.0/24 lookup main preference 101
    from 10.2.2.1 to 10.2.3.0/24 tos 0x10 table 70000 priority 102
    not from 10.2.4.0/24 table 100 priority 103
    fwmark 5 table 100 priority 104
    fwmark 0x10/0xf0 table 100 priority 105
    iif eth0 table 100 priority 106
    oif eth0 blackhole priority 107
    dev nowhere0 unreachable priority 108 no_track
    from 10.2.5.0/24 prohibit priority 109
    from 10.2.6.0/24 goto 120 priority 110
    from 10.2.7.0/24 nop priority 111
    table 100 suppress_prefixlength 0 priority 112
    table 100 suppress_ifgroup 3 priority 113
    from 10.2.8.0/24 realms 3/4 table 100 priority 114
    tunnel-id 9 table 100 priority 115
    uidrange 100-200 table 100 priority 116
    ipproto tcp sport 10-20 dport 80-80 table 100 priority 117
    from all table 100 priority 118 no_track
    protocol 99 from 10.2.9.0/24 table 100 priority 119 no_track
    from 10.2.10.0/24 table 100
    from fd03::/64 table 100 priority 200
    to fd03:1::/64 iif eth0 table 70000 priority 201
    from fd03:2::/64 blackhole priority 202
    not to fd03:3::1 table 100 priority 203 tos 0x20
"""


LAST_RULE = 203
VIP = "10.0.0.101"


def block(name: str, *lines: str) -> list[str]:
    return [f"{name} {{", *lines, "}"]


def prepare(host: Host) -> None:
    """IPv6 addresses, and the interface eth1 with nobody at its other end."""
    host.plumb("ip link add eth1 type veth peer name far")
    host.plumb("ip link set far up")
    host.plumb("ip link set eth1 up")
    host.plumb("ip address add 10.9.0.1/24 dev eth1")
    host.plumb("ip address add fd00::1/64 dev eth0 nodad")


def routing(host: Host) -> dict[str, list[Any]]:
    """The rules, and the routes that the kernel has not made itself."""
    found = {}
    for family in ("-4", "-6"):
        routes = json.loads(host.plumb(f"ip -N -d -j {family} route show table all") or "[]")
        for route in routes:
            if route.pop("expires", 0):
                route["expires"] = "some time"
        found[f"{family} routes"] = [route for route in routes if route["protocol"] not in ("2", "kernel")]
        found[f"{family} rules"] = json.loads(host.plumb(f"ip -N -d -j {family} rule show"))
    return found


def routes_to(host: Host, destination: str) -> list[Any]:
    family = "-6" if ":" in destination else "-4"
    found: list[Any] = json.loads(host.plumb(f"ip -j {family} route show table all {destination}") or "[]")
    return found


def await_route(host: Host, destination: str) -> None:
    wait_until(lambda: routes_to(host, destination), f"a route to {destination} on {host.name}")


def await_no_route(host: Host, destination: str) -> None:
    wait_until(lambda: not routes_to(host, destination), f"no route to {destination} on {host.name}")


def priorities(host: Host) -> list[int]:
    return [rule["priority"] for rule in json.loads(host.plumb("ip -j rule show"))]


@pytest.fixture
def host(router: Router) -> Host:
    prepare(router.host)
    return router.host


@pytest.mark.parametrize("kind", ["static", "virtual"])
def test_the_kernel_has_the_same_under_both(kind: str) -> None:
    needs(C)
    of_routing = [*block(f"{kind}_routes", ROUTES), *block(f"{kind}_rules", RULES)]
    configuration = "global_defs {\n    dynamic_interfaces\n}\n"
    if kind == "static":
        configuration += "\n".join(of_routing) + "\n" + vrrp_instance()
    else:
        configuration += vrrp_instance(*of_routing)
    with ExitStack() as stack:
        routers = []
        for program in (OURS, C):
            host = stack.enter_context(Lan()).host()
            prepare(host)
            routers.append(stack.enter_context(Router(program, host)))
        ours, c = routers
        before = routing(ours.host)
        for router in routers:
            router.start(configuration)
        for router in routers:
            router.host.await_address(VIP)
            wait_until(partial(_has_rule, router.host, LAST_RULE), f"the last rule of {router}")
        during = routing(ours.host)
        assert during == routing(c.host)
        assert len(during["-4 routes"]) > 25
        assert len(during["-6 routes"]) > 10
        assert ours.stop() == 0
        assert routing(ours.host) == before


def _has_rule(host: Host, priority: int) -> bool:
    return any(rule["priority"] == priority for rule in routing(host)["-6 rules"])


def test_what_someone_deletes_comes_back_through_backup(router: Router, host: Host, capture: Capture) -> None:
    router.start(
        vrrp_instance(
            *block("virtual_routes", "10.1.0.0/24 via 10.0.0.250 dev eth0", "fd01::/64 dev eth0 metric 7"),
            *block("virtual_rules", "from 10.1.0.0/24 table 100 preference 100"),
        )
    )
    commands = ("ip route del 10.1.0.0/24", "ip rule del preference 100", "ip -6 route del fd01::/64")
    for count, command in enumerate(commands, 1):
        router.await_log("Entering MASTER STATE", count)
        wait_until(lambda: 100 in priorities(host), "all routes and rules")
        host.plumb(command)
        router.await_log("Entering BACKUP STATE", count + 1)
    router.await_log("Entering MASTER STATE", 4)
    wait_until(lambda: 100 in priorities(host), "all routes and rules")
    assert routes_to(host, "10.1.0.0/24")
    assert routes_to(host, "fd01::/64")
    assert [frame.advert.priority for frame in capture.adverts(host.address)].count(0) == 3
    assert router.log.count("Entering BACKUP STATE") == 4
    assert router.stop() == 0
    assert not routes_to(host, "10.1.0.0/24")
    assert not routes_to(host, "fd01::/64")
    assert 100 not in priorities(host)


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
@pytest.mark.parametrize("line", ["10.1.0.0/24 via 10.0.0.250", "fd01::/64 dev eth0"], ids=["ipv4", "ipv6"])
def test_routes_that_keepalived_does_not_know_again_are_missed_too(
    router: Router, host: Host, line: str
) -> None:
    """2.2.7 does not track routes without an interface, and no version IPv6 routes without a metric."""
    destination = line.split()[0]
    router.start(vrrp_instance(*block("virtual_routes", line)))
    await_route(host, destination)
    host.plumb(f"ip {'-6' if ':' in line else '-4'} route del {destination}")
    router.await_log("Entering MASTER STATE", 2)
    await_route(host, destination)
    assert router.stop() == 0
    assert not routes_to(host, destination)


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
def test_static_entries_without_a_track_group_are_kept_in_place(router: Router, host: Host) -> None:
    """keepalived does not look after them unless there are others that it has to look after."""
    statics = [
        *block("static_routes", "10.1.0.0/24 dev eth1", "10.2.0.0/24 dev eth1 no_track"),
        *block("static_rules", "iif eth1 table 100 preference 100"),
    ]
    router.start("\n".join([*statics, vrrp_instance()]))
    host.await_address(VIP)
    host.plumb("ip route del 10.2.0.0/24")
    host.plumb("ip route del 10.1.0.0/24")
    await_route(host, "10.1.0.0/24")
    host.plumb("ip rule del preference 100")
    wait_until(lambda: 100 in priorities(host), "the rule is back")
    assert not routes_to(host, "10.2.0.0/24")
    assert router.log.count("Entering BACKUP STATE") == 1


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
def test_route_with_more_nexthops_than_keepalived_can_send(router: Router, host: Host) -> None:
    ways = " ".join(f"nexthop via 10.0.0.{200 + number} dev eth0" for number in range(8))
    router.start("\n".join(block("static_routes", f"10.1.0.0/24 {ways}")) + "\n")
    await_route(host, "10.1.0.0/24")
    [route] = routes_to(host, "10.1.0.0/24")
    assert len(route["nexthops"]) == 8


def test_the_other_router_takes_over_with_its_own_routes(pair: tuple[Router, Router]) -> None:
    destination = "10.1.0.0/24"
    for router, priority in zip(pair, (200, 100), strict=True):
        prepare(router.host)
        router.start(vrrp_instance(*block("virtual_routes", f"{destination} dev eth1"), priority=priority))
    a, b = (router.host for router in pair)
    await_route(a, destination)
    await_no_route(b, destination)
    a.plumb("ip link set eth1 down")
    await_route(b, destination)
    assert b.has(VIP)
    assert not a.has(VIP)
    a.plumb("ip link set eth1 up")
    await_route(a, destination)
    await_no_route(b, destination)


def test_deleted_without_track_is_not_missed(router: Router, host: Host, capture: Capture) -> None:
    router.start(
        vrrp_instance(
            *block("virtual_routes", "10.1.0.0/24 dev eth0 no_track", "10.2.0.0/24 dev eth1"),
            *block("virtual_rules", "from 10.1.0.0/24 table 100 preference 100 no_track"),
        )
    )
    wait_until(lambda: 100 in priorities(host), "all routes and rules")
    host.plumb("ip route del 10.1.0.0/24")
    host.plumb("ip rule del preference 100")
    capture.await_adverts(len(capture.adverts(host.address)) + 3, host.address)
    assert all(frame.advert.priority for frame in capture.adverts(host.address))
    assert not routes_to(host, "10.1.0.0/24")


@pytest.mark.parametrize(
    "line", ["10.1.0.0/24 dev eth1", "fd01::/64 dev eth1 metric 7"], ids=["ipv4", "ipv6"]
)
def test_interface_of_a_route_that_goes_down_is_a_fault(router: Router, host: Host, line: str) -> None:
    destination = line.split()[0]
    router.start(vrrp_instance(*block("virtual_routes", line)))
    await_route(host, destination)
    host.plumb("ip link set eth1 down")
    router.await_log("Entering FAULT STATE")
    host.await_no_address(VIP)
    assert not routes_to(host, destination)
    host.plumb("ip link set eth1 up")
    await_route(host, destination)
    assert host.has(VIP)


def test_interface_of_a_rule_that_goes_down_is_a_fault(router: Router, host: Host) -> None:
    router.start(vrrp_instance(*block("virtual_rules", "iif eth1 table 100 preference 100")))
    wait_until(lambda: 100 in priorities(host), "the rule")
    host.plumb("ip link set eth1 down")
    router.await_log("Entering FAULT STATE")
    wait_until(lambda: 100 not in priorities(host), "no rule")


def test_static_entries_in_a_track_group_are_kept_in_place(router: Router, host: Host) -> None:
    """Their interface is one of their instances', too."""
    statics = [
        *block("track_group uplink", *block("group", "VI_1")),
        *block("static_ipaddress", "10.3.0.1/24 dev eth1 track_group uplink"),
        *block("static_routes", "10.1.0.0/24 dev eth1 track_group uplink"),
        *block("static_rules", "iif eth1 table 100 preference 100 track_group uplink"),
    ]
    router.start("\n".join([*statics, vrrp_instance()]))
    host.await_address(VIP)
    host.plumb("ip route del 10.1.0.0/24")
    await_route(host, "10.1.0.0/24")
    host.plumb("ip rule del preference 100")
    wait_until(lambda: 100 in priorities(host), "the rule is back")
    host.plumb("ip link set eth1 down")
    router.await_log("Entering FAULT STATE")
    host.plumb("ip link set eth1 up")
    host.await_address(VIP)
    await_route(host, "10.1.0.0/24")
    assert router.log.count("Entering FAULT STATE") == 1
    assert router.stop() == 0
    assert not routes_to(host, "10.1.0.0/24")
    assert 100 not in priorities(host)
    assert host.addresses("eth1") == ["10.9.0.1"]


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
def test_what_a_crash_has_left_is_removed_at_the_start(router: Router, host: Host) -> None:
    """As by 2.4.3; 2.2.7 leaves the route."""
    routing_lines = [
        *block("virtual_routes", "10.1.0.0/24 via 10.0.0.250 dev eth0"),
        *block("virtual_rules", "from 10.1.0.0/24 table 100 preference 100"),
    ]
    router.start(vrrp_instance(*routing_lines))
    wait_until(lambda: 100 in priorities(host), "all routes and rules")
    router.kill()
    assert routes_to(host, "10.1.0.0/24")
    router.start(vrrp_instance(*routing_lines, interval=30))
    await_no_route(host, "10.1.0.0/24")
    wait_until(lambda: 100 not in priorities(host), "the rule is gone")
    assert router.stop() == 0


@contextmanager
def deleted_routes(host: Host) -> Iterator[Callable[[], list[IPv4Address]]]:
    """Asks for the destinations of the routes that were deleted since now."""
    with host.network():
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        netlink.bind((0, _RTMGRP_IPV4_ROUTE))

    def deleted() -> list[IPv4Address]:
        with suppress(BlockingIOError):
            while message := netlink.recv(65536):
                if int.from_bytes(message[4:6], sys.byteorder) == _RTM_DELROUTE:
                    # After the header (16 octets) and rtmsg (12) come the attributes.
                    found.append(IPv4Address(split(message[28:])[_RTA_DST]))
        return found

    found: list[IPv4Address] = []
    with netlink:
        yield deleted


def test_reload_moves_only_the_differences(router: Router, host: Host) -> None:
    def configuration(*routes: str, rules: tuple[str, ...]) -> str:
        statics = [f"{route.replace('10.', '10.10', 1)}" for route in routes]
        return "\n".join(
            [
                *block("static_routes", *statics),
                vrrp_instance(*block("virtual_routes", *routes), *block("virtual_rules", *rules)),
            ]
        )

    router.start(
        configuration(
            "10.1.0.0/24 via 10.0.0.250 dev eth0",
            "10.2.0.0/24 dev eth1",
            "10.3.0.0/24 dev eth1",
            rules=("from 10.1.0.0/24 table 100 preference 100", "to 10.1.0.0/24 table 100 preference 101"),
        )
    )
    wait_until(lambda: 101 in priorities(host), "all routes and rules")
    router.configure(
        configuration(
            "10.1.0.0/24 via 10.0.0.250 dev eth0",
            "10.2.0.0/24 dev eth1 mtu 1300",
            "10.4.0.0/24 via 10.0.0.251 dev eth0",
            rules=("from 10.1.0.0/24 table 100 preference 100", "to 10.1.0.0/24 table 100 preference 102"),
        )
    )
    with deleted_routes(host) as deleted:
        router.signal(signal.SIGHUP)
        wait_until(lambda: 102 in priorities(host), "the new rule")
        await_route(host, "10.4.0.0/24")
        await_route(host, "10.104.0.0/24")
        assert sorted(map(str, deleted())) == ["10.103.0.0", "10.3.0.0"]
    assert 101 not in priorities(host)
    for destination in ("10.2.0.0/24", "10.102.0.0/24"):
        [route] = routes_to(host, destination)
        assert route["metrics"] == [{"mtu": 1300}]
    assert router.log.count("Entering") == 2
