"""The life of a pair over IPv6, in every combination of keepalived-py and keepalived."""

import json
from collections.abc import Callable

import pytest

from conformance.capture import Capture
from conformance.lab import Host
from conformance.routers import Router, vrrp_instance

VIP = "2001:db8::101"
ADDRESSES = ("fe80::101", VIP)
INTERVAL_SECONDS = 0.2


def to_the_group(us: Host, peer: Host) -> list[str]:
    return []


def to_the_peer(us: Host, peer: Host) -> list[str]:
    return [f"unicast_src_ip {us.link_local}", "unicast_peer {", f"    {peer.link_local}", "}"]


def flags_of(host: Host) -> dict[str, tuple[bool, bool, int]]:
    """Of the virtual addresses: whether they are nodad and deprecated, and their preferred lifetime."""
    [link] = json.loads(host.plumb("ip -json -6 address show dev eth0"))
    return {
        address["local"]: (
            address.get("nodad", False),
            address.get("deprecated", False),
            address["preferred_life_time"],
        )
        for address in link["addr_info"]
        if address["local"] != host.link_local
    }


@pytest.mark.parametrize("adverts", [to_the_group, to_the_peer])
def test_pair_lives_through_election_stop_death_and_preemption(
    pair: tuple[Router, Router], capture: Capture, adverts: Callable[[Host, Host], list[str]]
) -> None:
    a, b = pair
    for router, peer, priority in ((b, a, 100), (a, b, 150)):
        body = adverts(router.host, peer.host)
        router.start(vrrp_instance(*body, priority=priority, addresses=ADDRESSES))
        router.host.await_address(VIP)
    b.host.await_no_address(VIP)
    assert flags_of(a.host) == {"fe80::101": (True, True, 0), VIP: (True, True, 0)}

    assert a.stop() == 0
    b.host.await_address(VIP)
    [*_, goodbye] = (frame for frame in capture.adverts(a.host.link_local) if frame.advert.priority == 0)
    first = next(frame for frame in capture.adverts(b.host.link_local) if frame.time > goodbye.time)
    assert first.time - goodbye.time < 3 * INTERVAL_SECONDS
    assert not flags_of(a.host)

    a.start()
    b.host.await_no_address(VIP)
    a.host.await_address(VIP)
    a.kill()
    b.host.await_address(VIP)
    [*_, last] = capture.adverts(a.host.link_local)
    first = next(frame for frame in capture.adverts(b.host.link_local) if frame.time > last.time)
    assert 3 * INTERVAL_SECONDS <= first.time - last.time < 3 * INTERVAL_SECONDS + 1

    a.start()
    b.host.await_no_address(VIP)
    a.host.await_address(VIP)
    assert a.stop() == b.stop() == 0
    assert not flags_of(a.host)
    assert not flags_of(b.host)
