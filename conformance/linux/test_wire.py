"""What a new master sends is, octet for octet and in the same order, what keepalived sends."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from conformance.capture import Capture, Frame
from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.linux.machine import configuration, eventually, on, router, running, vip
from conformance.routers import C, Router
from keepalived_py.model.router import AuthType, UnicastPeer
from keepalived_py.model.units import CENTISECOND, SECOND

ETH_P_IPV6 = 0x86DD
ICMPV6_NEIGHBOUR_ADVERTISEMENT = 136
ALL_NODES = bytes.fromhex("ff02" + "00" * 13 + "01")


@dataclass(frozen=True)
class Case:
    """The same instance in our words and in keepalived's."""

    ours: dict[str, Any] = field(default_factory=dict)
    theirs: str = ""
    frames: int = 12


ADDRESSES = "virtual_ipaddress {\n 10.0.0.101\n 10.0.0.102/24\n}\n"
FAST: dict[str, Any] = {"version": 3, "advert_interval_us": 20 * CENTISECOND}
CASES = {
    "version 2": Case({"version": 2, "advert_interval_us": SECOND}, "version 2\n advert_int 1"),
    "version 3": Case(FAST, "version 3\n advert_int 0.2"),
    "PASS": Case(
        {
            "version": 2,
            "advert_interval_us": SECOND,
            "auth_type": AuthType.PASS,
            "auth_data": b"secret\0\0",
        },
        "version 2\n advert_int 1\n authentication {\n auth_type PASS\n auth_pass secret\n }",
    ),
    "unicast": Case(
        FAST | {"unicast_peers": (UnicastPeer(address=vip("10.0.0.2").address),)},
        "version 3\n advert_int 0.2\n unicast_peer {\n 10.0.0.2\n }",
    ),
    "excluded IPv6": Case(
        FAST | {"excluded_addresses": (vip("10.0.0.103"), vip("2001:db8::1/64"))},
        "version 3\n advert_int 0.2\n virtual_ipaddress_excluded {\n 10.0.0.103\n 2001:db8::1/64\n }",
        frames=22,
    ),
}


def is_ours_to_send(frame: Frame) -> bool:
    """An advert or an announcement of an address, not what the kernel sends of its own accord."""
    advertises = (
        frame.ether_type == ETH_P_IPV6
        and frame.data[38:54] == ALL_NODES
        and frame.data[54] == ICMPV6_NEIGHBOUR_ADVERTISEMENT
    )
    return frame.is_advert or frame.announced is not None or advertises


def sent(capture: Capture) -> list[bytes]:
    return [frame.data for frame in capture.frames if is_ours_to_send(frame)]


def of_keepalived(case: Case) -> list[bytes]:
    with Lan() as lan, Router(C, lan.host()) as keepalived, Capture(lan.switch) as capture:
        lan.host()
        head = "vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n priority 100\n"
        keepalived.start(head + ADDRESSES + case.theirs + "\n}\n")
        wait_until(lambda: len(sent(capture)) >= case.frames, "keepalived's frames")
        return sent(capture)[: case.frames]


def of_ours(case: Case) -> list[bytes]:
    with Lan() as lan, Capture(lan.switch) as capture:
        host = lan.host()
        lan.host()

        async def scenario() -> None:
            addresses = (vip(), vip("10.0.0.102/24"))
            async with running(configuration(router(virtual_addresses=addresses, **case.ours))):
                await eventually(lambda: len(sent(capture)) >= case.frames, "our frames")

        on(host, scenario())
        return sent(capture)[: case.frames]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_first_frames_of_a_master_are_those_of_keepalived(case: Case) -> None:
    needs(C)
    ours, theirs = of_ours(case), of_keepalived(case)
    assert [frame.hex() for frame in ours] == [frame.hex() for frame in theirs]
