"""SIGHUP: what stays must not notice."""

import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address
from itertools import pairwise

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
