"""The same file makes the same frames: every octet of adverts and announcements, and their order."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance.capture import Capture, Frame
from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Program, Router, vrrp_instance

PASS = ("authentication {", "    auth_type PASS", "    auth_pass s3cret", "}")
AH = ("authentication {", "    auth_type AH", "    auth_pass s3cret", "}")
PEERS = ("unicast_src_ip 10.0.0.1", "unicast_peer {", "    10.0.0.2", "    10.0.0.3", "}")
SEVERAL = ("10.0.0.101", "10.0.0.102/24", "192.0.2.7")
PEERS_6 = (
    "unicast_src_ip fe80::ff:fe00:1",
    "unicast_peer {",
    "    fe80::ff:fe00:2",
    "    fe80::ff:fe00:3",
    "}",
)
SIX = ("fe80::101", "2001:db8::101/64", "2001:db8::102")

CONFIGURATIONS = {
    "version 2": (3, vrrp_instance(version=2, interval=1)),
    "version 2, slower": (1, vrrp_instance(version=2, interval=2, vrid=255, priority=254)),
    "version 2, password": (3, vrrp_instance(*PASS, version=2, interval=1)),
    "version 2, AH": (3, vrrp_instance(*AH, version=2, interval=1)),
    "unicast, AH": (4, vrrp_instance(*PEERS, *AH, "unicast_ttl 17", version=2, interval=1)),
    "version 3": (5, vrrp_instance(version=3, interval=0.35)),
    "version 3, owner": (3, vrrp_instance("state MASTER", version=3, priority=255)),
    "unicast": (3, vrrp_instance(*PEERS, version=2, interval=1)),
    "unicast, version 3": (6, vrrp_instance(*PEERS, version=3)),
    "unicast, version 3, old checksum": (6, vrrp_instance(*PEERS, "old_unicast_checksum")),
    "several addresses": (3, vrrp_instance(addresses=SEVERAL)),
    "excluded addresses": (
        3,
        vrrp_instance("virtual_ipaddress_excluded {", "    10.0.0.150", "}", addresses=SEVERAL),
    ),
    "excluded IPv6 addresses": (
        5,
        vrrp_instance("virtual_ipaddress_excluded {", "    2001:db8::1/64", "}", version=3, interval=0.35),
    ),
    "second burst and refresh": (
        6,
        vrrp_instance(
            "garp_master_repeat 3",
            "garp_master_delay 1",
            "garp_master_refresh 1",
            "garp_master_refresh_repeat 2",
            interval=0.7,
            addresses=SEVERAL,
        ),
    ),
    "IPv6": (5, vrrp_instance(addresses=SIX)),
    "IPv6, slower, excluded addresses": (
        3,
        vrrp_instance(
            *("virtual_ipaddress_excluded {", "    2001:db8::103/64", "    10.0.0.150", "}"),
            interval=0.35,
            addresses=SIX,
        ),
    ),
    "IPv6, version 2": (3, vrrp_instance(version=2, interval=1, addresses=SIX)),
    "IPv6, other group": (3, vrrp_instance("mcast_dst_ip ff02::99", addresses=SIX)),
    "IPv6 unicast": (6, vrrp_instance(*PEERS_6, addresses=SIX)),
    "IPv6 unicast, hop limit of its own": (6, vrrp_instance(*PEERS_6, "unicast_ttl 17", addresses=SIX)),
    "other group, TTL of its own": (3, vrrp_instance("mcast_src_ip 10.0.0.1", vrid=7)),
}


def life(program: Program, adverts: int, configuration: str) -> list[Frame]:
    """All adverts and announcements of a router that starts alone, lives for a few adverts, and stops."""
    with Lan() as lan:
        host, *_peers = lan.host(), lan.host(), lan.host()
        with Router(program, host) as router, Capture(lan.switch) as capture:
            router.start(configuration)
            wait_until(lambda: len(capture.adverts()) >= adverts, f"{adverts} adverts of {router}")
            assert router.stop() == 0
            return [frame for frame in capture.frames if frame.is_advert or frame.announced]


def first_adverts(frames: list[Frame], count: int) -> list[str]:
    """The frames up to and with the advert of that number."""
    [*_, last] = [index for index, frame in enumerate(frames) if frame.is_advert][:count]
    return [frame.data.hex(" ") for frame in frames[: last + 1]]


def goodbyes(frames: list[Frame]) -> list[str]:
    """The frames of priority 0 but for what counts the adverts before them: id and IP checksum of IPv4,
    number and ICV of AH."""
    return [uncounted(frame).hex(" ") for frame in frames if frame.is_advert and frame.advert.priority == 0]


def uncounted(frame: Frame) -> bytes:
    if frame.advert.source.version == 6:
        return frame.data
    rest = frame.data[26:]
    if frame.advert.ah:
        rest = rest[:16] + rest[32:]
    return frame.data[:18] + frame.data[20:24] + rest


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_frames_equal_those_of_keepalived(case: str) -> None:
    needs(OURS, C)
    adverts, configuration = CONFIGURATIONS[case]
    with ThreadPoolExecutor() as both:
        theirs, ours = both.map(lambda program: life(program, adverts, configuration), (C, OURS))
    assert first_adverts(ours, adverts) == first_adverts(theirs, adverts)
    assert goodbyes(ours) == goodbyes(theirs)
