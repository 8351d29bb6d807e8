"""SIGHUP: what stays must not notice."""

import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from conformance.capture import Capture
from conformance.lab import Host, wait_until
from conformance.routers import OURS, Router, vrrp_instance

_RTMGRP_IPV4_IFADDR = 0x10
_RTM_DELADDR = 21

INTERVAL_SECONDS = 0.5
REMOVED, UNCHANGED, ADDED = (f"10.0.0.{number}" for number in (101, 102, 103))


def instances(*vrids: int) -> str:
    return "".join(
        vrrp_instance(
            name=f"VI_{vrid}", vrid=vrid, interval=INTERVAL_SECONDS, addresses=(f"10.0.0.{100 + vrid}",)
        )
        for vrid in vrids
    )


@contextmanager
def lost_addresses(host: Host) -> Iterator[Callable[[], list[IPv4Address]]]:
    """Asks for the addresses that the kernel of the host has removed since now."""
    with host.network():
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        netlink.bind((0, _RTMGRP_IPV4_IFADDR))

    def lost() -> list[IPv4Address]:
        with suppress(BlockingIOError):
            while message := netlink.recv(65536):
                if struct.unpack_from("=H", message, 4) == (_RTM_DELADDR,):
                    # After the header (16 octets) and ifaddrmsg (8) comes IFA_ADDRESS, header (4) first.
                    found.append(IPv4Address(message[28:32]))
        return found

    found: list[IPv4Address] = []
    with netlink:
        yield lost


def test_reload_adds_removes_and_leaves_the_rest_alone(router: Router, capture: Capture) -> None:
    host = router.host
    router.start(instances(1, 2))
    host.await_address(REMOVED)
    host.await_address(UNCHANGED)
    capture.await_adverts(3, host.address, vrid=2)

    with lost_addresses(host) as lost:
        router.configure(instances(2, 3))
        router.signal(signal.SIGHUP)
        host.await_address(ADDED)
        host.await_no_address(REMOVED)
        capture.await_adverts(len(capture.adverts(host.address, 2)) + 3, host.address, vrid=2)
        assert lost() == [IPv4Address(REMOVED)]

    adverts = capture.adverts(host.address, vrid=2)
    times = [frame.time for frame in adverts]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) < 1.5 * INTERVAL_SECONDS
    assert all(frame.advert.priority == 100 for frame in adverts)
    assert capture.adverts(host.address, vrid=1)[-1].advert.priority == 0
    assert host.addresses() == [host.address, UNCHANGED, ADDED]


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
def test_reload_of_a_broken_file_leaves_the_running_configuration(router: Router, capture: Capture) -> None:
    """keepalived does so only when asked for (`reload_check_config`)."""
    host = router.host
    router.start(instances(1))
    host.await_address(REMOVED)
    router.configure(instances(2).replace("virtual_router_id 2", "virtual_router_id 999"))
    router.signal(signal.SIGHUP)
    wait_until(lambda: "999" in router.log, "the broken file is reported")
    capture.await_adverts(len(capture.adverts(host.address)) + 3, host.address)
    assert all(frame.advert.priority == 100 for frame in capture.adverts(host.address))
    assert host.has(REMOVED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"name": "one"}, {"name": "two"}),
        ({"priority": 150}, {"priority": 120}),
        ({}, {"addresses": (UNCHANGED, ADDED)}),
    ],
    ids=["renamed", "another priority", "another address"],
)
def test_a_master_stays_master_without_a_gap(
    router: Router, capture: Capture, before: dict[str, Any], after: dict[str, Any]
) -> None:
    host, common = router.host, {"interval": INTERVAL_SECONDS, "addresses": (UNCHANGED,)}
    router.start(vrrp_instance("notify /etc/keepalived/notify", **(common | before)))
    host.await_address(UNCHANGED)
    capture.await_adverts(3, host.address)
    with lost_addresses(host) as lost:
        router.configure(vrrp_instance("notify /etc/keepalived/notify", **(common | after)))
        router.signal(signal.SIGHUP)
        router.await_log("Reload complete")
        capture.await_adverts(len(capture.adverts(host.address)) + 4, host.address)
        assert lost() == []
    adverts = capture.adverts(host.address)
    times = [frame.time for frame in adverts]
    assert max(later - earlier for earlier, later in pairwise(times)) < 1.5 * INTERVAL_SECONDS
    assert adverts[-1].advert.priority == after.get("priority", 100)
    assert router.log.count("Entering MASTER STATE") == 1


def test_an_instance_on_another_interface_is_another_one(router: Router, capture: Capture) -> None:
    host = router.host
    host.plumb("ip link add uplink type veth peer name provider")
    for command in ("address add 10.1.0.1/24 dev uplink", "link set uplink up", "link set provider up"):
        host.plumb(f"ip {command}")
    router.start(instances(1))
    host.await_address(REMOVED)
    router.configure(instances(1).replace("eth0", "uplink"))
    router.signal(signal.SIGHUP)
    host.await_no_address(REMOVED)
    wait_until(lambda: REMOVED in host.addresses("uplink"), "the address is on the other interface")
    assert capture.adverts(host.address)[-1].advert.priority == 0


def test_an_interface_that_is_down_during_a_reload_is_a_fault_until_it_is_up(router: Router) -> None:
    host = router.host
    router.start(instances(1))
    host.await_address(REMOVED)
    host.plumb("ip link set eth0 down")
    host.await_no_address(REMOVED)
    router.configure(instances(1, 2))
    router.signal(signal.SIGHUP)
    router.await_log("Reload complete")
    assert not host.has(UNCHANGED)
    host.plumb("ip link set eth0 up")
    host.await_address(REMOVED)
    host.await_address(UNCHANGED)


def test_config_save_dir_keeps_the_data_of_each_reload(router: Router) -> None:
    save = "global_defs {\n    config_save_dir /tmp\n}\n"
    router.start(save + instances(1))
    router.host.await_address(REMOVED)
    router.configure(save + instances(2))
    router.signal(signal.SIGHUP)
    router.await_log("Reload complete")
    for when, name in (("pre", "VI_1"), ("post", "VI_2")):
        [path] = wait_for_files(router, f"keepalived_vrrp.*.1.{when}")
        assert f"VRRP Instance = {name}" in path.read_text()


def wait_for_files(router: Router, pattern: str) -> list[Path]:
    directory = router.host.path("/tmp")
    wait_until(lambda: list(directory.glob(pattern)), pattern)
    return list(directory.glob(pattern))


def test_a_reload_of_the_priority_turns_the_election_and_back(pair: tuple[Router, Router]) -> None:
    a, b = pair
    a.start(vrrp_instance(priority=150))
    a.host.await_address(REMOVED)
    b.start(vrrp_instance(priority=100))
    b.await_log("Entering BACKUP STATE")
    for priority, winner, loser in ((50, b, a), (150, a, b)):
        a.configure(vrrp_instance(priority=priority))
        a.signal(signal.SIGHUP)
        winner.host.await_address(REMOVED)
        loser.host.await_no_address(REMOVED)
    assert a.log.count("Entering MASTER STATE") == 2
