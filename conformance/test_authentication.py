"""auth_type AH and auth_hmac, between keepalived-py and keepalived in both roles.

auth_hmac is new in keepalived 2.4. Where the other side is older only keepalived-py is tried on it;
KEEPALIVED=/path/to/2.4/keepalived runs all.
"""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Address, IPv4Interface
from typing import TypeAlias

import pytest

from conformance.capture import Capture, Frame
from conformance.conftest import needs
from conformance.lab import Host, Lan, wait_until
from conformance.routers import OURS, VIP, C, Program, Router, elect, vrrp_instance
from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND
from keepalived_py.vrrp.packet.advert import encode
from keepalived_py.vrrp.packet.ip import pack_ipv4
from keepalived_py.vrrp.packet.trailer import TRAILER_OCTETS, Trailer, signed
from keepalived_py.vrrp.replay import clock_sequence

SIX = ("fe80::101", "2001:db8::101/64")
KEY, OTHER_KEY = "k" * 32, "o" * 64
Pair: TypeAlias = tuple[Router, Router]
MIXED = [(OURS, C), (C, OURS)]


@cache
def has_auth_hmac(program: Program) -> bool:
    if program is OURS:
        return True
    told = subprocess.run([program.path, "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"v(\d+)\.(\d+)", told.stdout + told.stderr)
    assert version
    return (int(version[1]), int(version[2])) >= (2, 4)


def needs_auth_hmac(*programs: Program) -> None:
    needs(*programs)
    for program in programs:
        if not has_auth_hmac(program):
            pytest.skip(f"{program.path} is older than 2.4 and has no auth_hmac")


AH = ("authentication {", "    auth_type AH", "    auth_pass s3cret", "}")


def ah(priority: int) -> str:
    return vrrp_instance(*AH, priority=priority, version=2, interval=1)


def hmac(priority: int, *settings: str, keys: dict[int, str] | None = None, **instance: object) -> str:
    """An instance with auth_hmac; key 1 is the active one unless `settings` say otherwise."""
    lines = [f"    key {number} {key}" for number, key in (keys or {1: KEY}).items()]
    settings = settings or ("active_key 1",)
    block = ("auth_hmac {", *lines, *(f"    {setting}" for setting in settings), "}")
    return vrrp_instance(*block, priority=priority, **instance)  # type: ignore[arg-type]


@pytest.fixture(params=MIXED, ids=lambda pair: "-".join(map(str, pair)))
def mixed_pair(request: pytest.FixtureRequest, lan: Lan) -> Iterator[Pair]:
    needs(*request.param)
    with ExitStack() as stack:
        a, b = (stack.enter_context(Router(program, lan.host())) for program in request.param)
        yield a, b


@pytest.fixture
def hmac_pair(pair: Pair) -> Pair:
    needs_auth_hmac(*(router.program for router in pair))
    return pair


@pytest.fixture
def hmac_router(router: Router) -> Router:
    needs_auth_hmac(router.program)
    return router


def send_again(host: Host, frame: Frame) -> None:
    """Put a frame on the wire once more, from another port of the switch."""
    with host.network():
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    with raw:
        raw.bind(("eth0", 0))
        raw.send(frame.data)


def test_ah_pair_fails_over_and_back(mixed_pair: Pair, capture: Capture) -> None:
    a, b = elect(mixed_pair, ah(150), ah(100))
    a.kill()
    b.host.await_address(VIP)
    a.start()  # it counts from 0 again, and must learn from B how far B is
    b.host.await_no_address(VIP)
    a.host.await_address(VIP)
    numbers = [frame.advert.ah.sequence for frame in capture.adverts() if frame.advert.ah]
    assert numbers == sorted(numbers)
    assert a.stop() == 0
    b.host.await_address(VIP)


def test_ah_adverts_are_not_heard_twice(mixed_pair: Pair, lan: Lan, capture: Capture) -> None:
    a, b = mixed_pair
    stranger = lan.host()
    b.start(ah(100))
    b.await_log("Entering BACKUP STATE")
    a.start(vrrp_instance(*AH, "state MASTER", priority=255, version=2, interval=1))
    last = capture.await_adverts(2, a.host.address)[-1]
    assert last.advert.ah
    send_again(stranger, last)
    b.await_log(f"IPSEC-AH : sequence number {last.advert.ah.sequence} already processed. Packet dropped.")


def test_ah_with_another_password_is_refused(mixed_pair: Pair) -> None:
    a, b = mixed_pair
    a.start(ah(150))
    b.start(ah(100).replace("s3cret", "0ther"))
    for router in (a, b):
        router.await_log(
            "(VI_1) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password !"
        )
    a.host.await_address(VIP)
    b.host.await_address(VIP)


def test_ah_counts_on_over_a_reload(router: Router, capture: Capture) -> None:
    router.start(ah(150))
    host = router.host
    capture.await_adverts(2, host.address)
    router.configure(ah(151))
    router.signal(signal.SIGHUP)
    wait_until(lambda: capture.adverts()[-1].advert.priority == 151, "the new priority is told")
    capture.await_adverts(len(capture.adverts()) + 1, host.address)
    numbers = [frame.advert.ah.sequence for frame in capture.adverts() if frame.advert.ah]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("addresses", [(VIP,), SIX], ids=["IPv4", "IPv6"])
def test_hmac_pair_fails_over_and_back(hmac_pair: Pair, addresses: tuple[str, ...]) -> None:
    a, b = hmac_pair
    high, low = (hmac(priority, addresses=addresses) for priority in (150, 100))
    b.start(low)
    b.await_log("Entering MASTER STATE")
    a.start(high)
    b.await_log("Entering BACKUP STATE", count=2)
    a.kill()
    b.await_log("Entering MASTER STATE", count=2)
    a.start()
    b.await_log("Entering BACKUP STATE", count=3)
    assert a.stop() == 0
    b.await_log("Entering MASTER STATE", count=3)
    assert "authentication" not in a.log + b.log


def test_hmac_adverts_are_not_heard_twice(hmac_pair: Pair, lan: Lan, capture: Capture) -> None:
    a, b = elect(hmac_pair, hmac(150), hmac(100))
    stranger = lan.host()
    last = capture.await_adverts(len(capture.adverts(a.host.address)) + 1, a.host.address)[-1]
    send_again(stranger, last)
    b.await_log(f"(VI_1) replayed authentication trailer from {a.host.address}")
    assert not b.host.has(VIP)


def test_hmac_with_another_key_is_refused(hmac_pair: Pair) -> None:
    a, b = hmac_pair
    a.start(hmac(150))
    b.start(hmac(100, keys={1: OTHER_KEY}))
    a.await_log(f"(VI_1) invalid authentication HMAC from {b.host.address}")
    b.await_log(f"(VI_1) invalid authentication HMAC from {a.host.address}")
    a.host.await_address(VIP)
    b.host.await_address(VIP)


def test_hmac_keys_are_rotated_without_a_gap(hmac_pair: Pair, capture: Capture) -> None:
    a, b = elect(hmac_pair, hmac(150), hmac(100))
    both = {1: KEY, 2: OTHER_KEY}
    for priority, router in ((100, b), (150, a)):
        change(router, hmac(priority, keys=both))
    for priority, router in ((150, a), (100, b)):
        change(router, hmac(priority, "active_key 2", keys=both))
    wait_until(lambda: key_id(capture.adverts(a.host.address)[-1]) == 2, "A signs with the new key")
    for priority, router in ((100, b), (150, a)):
        change(router, hmac(priority, "active_key 2", keys={2: OTHER_KEY}))
    capture.await_adverts(len(capture.adverts(a.host.address)) + 5, a.host.address)
    assert_undisturbed(a, b, capture)


def test_hmac_is_brought_in_without_a_gap(hmac_pair: Pair, capture: Capture) -> None:
    """First all understand it, then all use it, then all insist on it."""
    a, b = elect(hmac_pair, vrrp_instance(priority=150), vrrp_instance(priority=100))
    for mode in ("receive-only", "permissive", "enforce"):
        for priority, router in ((100, b), (150, a)):
            change(router, hmac(priority, "active_key 1", f"mode {mode}"))
        signs = mode != "receive-only"
        wait_until(lambda: bool(capture.adverts(a.host.address)[-1].advert.trailer) is signs, mode)  # noqa: B023
        capture.await_adverts(len(capture.adverts(a.host.address)) + 5, a.host.address)
    assert_undisturbed(a, b, capture)


def change(router: Router, configuration: str) -> None:
    """Reload; returns when the router has begun with it."""
    before = router.log.count("Reloading")
    router.configure(configuration)
    router.signal(signal.SIGHUP)
    wait_until(lambda: router.log.count("Reloading") > before, f"{router} reloads")


def key_id(frame: Frame) -> int | None:
    octets = frame.advert.trailer
    return Trailer.parse(octets).key_id if len(octets) == TRAILER_OCTETS else None


def assert_undisturbed(a: Router, b: Router, capture: Capture) -> None:
    assert "authentication" not in a.log + b.log
    assert b.log.count("Entering MASTER STATE") == 1, "before A came"
    assert a.log.count("Entering MASTER STATE") == 1
    assert 0 not in {frame.advert.priority for frame in capture.adverts(a.host.address)}


PEER = VirtualRouter(
    name="peer",
    vrid=51,
    interface="eth0",
    version=3,
    advert_interval_us=20 * CENTISECOND,
    virtual_addresses=(IpAddress(interface=IPv4Interface(VIP)),),
)
COUNTERS = ("Missing", "Malformed", "Unknown Key", "Invalid HMAC", "Stale", "Replay")


class Stranger:
    """A host whose adverts are made here, with the right key unless it is to be wrong."""

    def __init__(self, host: Host) -> None:
        self.address = IPv4Address(host.address)
        with host.network():
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")

    def advert(
        self, trailer: bytes | None = None, *, key: str = KEY, key_id: int = 1, late: float = 0
    ) -> bytes:
        """Send an advert that was signed `late` seconds ago; returns its trailer."""
        group = PEER.multicast_group
        plain = encode(PEER, 50, self.address, group)
        if trailer is None:
            number = clock_sequence(round((time.time() - late) * SECOND))
            trailer = signed(key.encode(), key_id, number, self.address, plain.payload)
        packet = pack_ipv4(replace(plain, payload=plain.payload + trailer), identification=1)
        self._socket.sendto(packet, (str(group), 0))
        return trailer


@pytest.fixture
def stranger(lan: Lan, hmac_router: Router) -> Stranger:
    """On a LAN with a router of each kind, one for each test."""
    return Stranger(lan.host())


def failures(router: Router) -> dict[str, int]:
    """The counters of auth_hmac that SIGUSR2 shows."""
    file = router.host.path("/tmp/keepalived.stats")
    file.unlink(missing_ok=True)
    router.signal(signal.SIGUSR2)
    wait_until(lambda: file.exists() and "Priority Zero" in file.read_text(), "statistics")
    lines = dict(line.strip().split(": ") for line in file.read_text().splitlines() if ": " in line)
    return {name: int(lines[name]) for name in COUNTERS}


def test_each_failure_of_hmac_is_told_and_counted(hmac_router: Router, stranger: Stranger) -> None:
    hmac_router.start(hmac(150))
    hmac_router.host.await_address(VIP)
    good = stranger.advert()
    hmac_router.await_log("Received advert from 10.0.0.2 with lower priority 50")
    stranger.advert(b"")
    stranger.advert(b"\x02" + good[1:])
    stranger.advert(good[:2] + b"\x01" + good[3:])
    stranger.advert(key_id=7)
    stranger.advert(key=OTHER_KEY)
    stranger.advert(late=20)
    stranger.advert(late=-20)
    stranger.advert(good)
    for text in (
        "missing authentication trailer from 10.0.0.2",
        "malformed authentication trailer from 10.0.0.2",
        "unknown authentication key id 7 from 10.0.0.2",
        "invalid authentication HMAC from 10.0.0.2",
        "stale authentication trailer from 10.0.0.2, clock skew 20 sec exceeds window 5 sec",
        "replayed authentication trailer from 10.0.0.2",
    ):
        hmac_router.await_log(f"(VI_1) {text}")
        assert hmac_router.log.count(text[:20]) == 1, "once until something changes"
    assert failures(hmac_router) == dict(zip(COUNTERS, (1, 2, 1, 1, 2, 1), strict=True))


@pytest.mark.parametrize("router", [OURS], indirect=True, ids=str)
def test_what_was_heard_before_a_reload_is_not_heard_again(
    hmac_router: Router, stranger: Stranger, capture: Capture
) -> None:
    """keepalived has forgotten it: see DIVERGENCES.md."""
    hmac_router.start(hmac(150))
    hmac_router.host.await_address(VIP)
    good = stranger.advert()
    hmac_router.await_log("with lower priority 50")
    hmac_router.configure(hmac(151))
    hmac_router.signal(signal.SIGHUP)
    wait_until(lambda: capture.adverts(hmac_router.host.address)[-1].advert.priority == 151, "reloaded")
    stranger.advert(good)
    hmac_router.await_log("replayed authentication trailer from 10.0.0.2")


def test_a_clock_beside_ours_is_remarked_on(hmac_router: Router, stranger: Stranger) -> None:
    hmac_router.start(hmac(150, "active_key 1", "time_window 20"))
    hmac_router.host.await_address(VIP)
    stranger.advert(late=15.5)
    hmac_router.await_log("with lower priority 50")
    assert re.search(
        r"\(VI_1\) authentication clock skew 1[56] sec from 10.0.0.2 approaching window 20 sec",
        hmac_router.log,
    )


def test_monotonic_numbers_may_be_of_any_time(hmac_router: Router, stranger: Stranger) -> None:
    hmac_router.start(hmac(150, "active_key 1", "anti_replay monotonic"))
    hmac_router.host.await_address(VIP)
    old = stranger.advert(late=100_000)
    hmac_router.await_log("with lower priority 50", count=1)
    stranger.advert(late=50_000)
    hmac_router.await_log("with lower priority 50", count=2)
    stranger.advert(old)
    hmac_router.await_log("replayed authentication trailer from 10.0.0.2")
    assert failures(hmac_router) == {**dict.fromkeys(COUNTERS, 0), "Replay": 1}


def test_a_fifth_sender_takes_the_place_of_the_first(hmac_router: Router, lan: Lan) -> None:
    hmac_router.start(hmac(150))
    hmac_router.host.await_address(VIP)
    strangers = [Stranger(lan.host()) for _ in range(5)]
    first, *_ = [stranger.advert() for stranger in strangers]
    hmac_router.await_log("with lower priority 50", count=5)
    strangers[0].advert(first)
    hmac_router.await_log("with lower priority 50", count=6)
    assert failures(hmac_router)["Replay"] == 0


@pytest.mark.parametrize(
    ("content", "mode", "status", "messages"),
    [
        (KEY + "\n", 0o600, 0, ()),
        ("hex:" + "0a " * 64 + "\r\n", 0o400, 5, ("is too large", "key 1 length 0 not in range [32, 64]")),
        ("hex:" + "0a" * 64 + "\r\n", 0o400, 0, ()),
        ("hex:" + "a " * 32, 0o600, 0, ()),
        (
            "hex:" + "0x" * 32,
            0o600,
            5,
            ("length 0 not in range", "active_key 1 is not defined"),
        ),
        (KEY, 0o640, 6, ("auth_hmac key file '/etc/key' is readable by group or others",)),
        (KEY, 0o604, 6, ("auth_hmac key file '/etc/key' is readable by group or others",)),
        (KEY[:31], 0o600, 5, ("key 1 length 31 not in range [32, 64]",)),
        (None, 0o600, 5, ("auth_hmac key file '/etc/key' cannot be opened", "length 0 not in range")),
    ],
)
def test_key_files(
    hmac_router: Router, content: str | None, mode: int, status: int, messages: tuple[str, ...]
) -> None:
    if content is not None:
        hmac_router.host.write("/etc/key", content, mode)
    hmac_router.configure(hmac(150, keys={1: "file:/etc/key"}))
    command = (hmac_router.program.path, "-t", "-f", "/etc/keepalived/keepalived.conf")
    test = hmac_router.host.attempt(*command)
    assert test.returncode == status, test.stderr
    for message in messages:
        assert message in test.stderr
