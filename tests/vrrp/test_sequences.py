"""Sequence numbers: those of AH, and those of auth_hmac, which come from the clock."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.ah_sequence import AhSequence
from keepalived_py.vrrp.replay import (
    MULTICAST_SENDERS,
    ReplayGuard,
    SendSequence,
    clock_sequence,
    is_outside_window,
    skew_seconds,
)

BY_TIME = AuthHmac(time_window_seconds=5)
MONOTONIC = AuthHmac(anti_replay_by_time=False)
MODES = pytest.mark.parametrize("hmac", [BY_TIME, MONOTONIC], ids=["time", "monotonic"])
NOW_US = 1_795_626_794 * SECOND + 564_000
PEERS = [IPv4Address(f"10.0.0.{number}") for number in range(1, 9)]

times = st.integers(0, 2**40).map(lambda milliseconds: milliseconds * 1000)


def test_a_router_counts_on_from_what_it_has_heard() -> None:
    numbers = AhSequence()
    assert [numbers.next(), numbers.next()] == [1, 2]
    assert numbers.accept(7)
    assert numbers.next() == 8
    assert not numbers.accept(8), "our own, sent by another"
    assert not numbers.accept(3)
    assert numbers.accept(9)


def test_a_master_that_hears_a_lower_one_counts_on_from_it_also_downwards() -> None:
    numbers = AhSequence(number=1000)
    numbers.resume_after(10)
    assert numbers.next() == 12


def test_numbers_that_have_run_out_begin_anew_with_the_next_master() -> None:
    numbers = AhSequence(number=0xFFFFFFFD)
    assert [numbers.next() for _ in range(3)] == [0xFFFFFFFE] * 3
    assert numbers.cycle
    numbers.become_master()
    assert numbers.next() == 1
    numbers.become_master()
    assert numbers.next() == 2, "they had not run out"


def test_the_layout_of_a_number() -> None:
    assert clock_sequence(NOW_US) == 1_795_626_794 << 32 | (564_000 * 65536 // SECOND) << 16
    assert clock_sequence((2**32 + 1) * SECOND) == 1 << 32, "seconds wrap in 2106"


@MODES
@given(st.lists(times, min_size=1, max_size=30))
def test_a_sender_s_numbers_grow_while_its_clock_stays_within_the_window(
    hmac: AuthHmac, offsets: list[int]
) -> None:
    sender = SendSequence()
    clock = [NOW_US + offset % (4 * SECOND) for offset in offsets]
    numbers = [sender.next(hmac, now_us) for now_us in clock]
    assert numbers == sorted(set(numbers))


@given(times, st.integers(1, 300))
def test_a_clock_put_back_beyond_the_window_restarts_the_numbers_by_time(now_us: int, window: int) -> None:
    hmac = AuthHmac(time_window_seconds=window)
    sender, strict = SendSequence(), SendSequence()
    later_us = now_us + (window + 1) * SECOND
    for each in (sender, strict):
        each.next(hmac, later_us)
    assert sender.next(hmac, now_us) == clock_sequence(now_us)
    assert strict.next(MONOTONIC, now_us) == clock_sequence(later_us) + 1
    assert not is_outside_window(hmac, clock_sequence(now_us), now_us)


def test_a_clock_that_stands_is_counted_on_and_carries() -> None:
    sender = SendSequence(clock_sequence(NOW_US) | 0xFFFE)
    assert [sender.next(BY_TIME, NOW_US) & 0x1FFFF for _ in range(2)] == [
        (clock_sequence(NOW_US) | 0xFFFF) & 0x1FFFF,
        (clock_sequence(NOW_US) + 0x10000) & 0x1FFFF,
    ]


@MODES
@pytest.mark.parametrize("start", [2**31, 2**32], ids=["2038", "2106"])
def test_nothing_happens_where_fields_wrap(hmac: AuthHmac, start: int) -> None:
    sender, guard = SendSequence(), ReplayGuard()
    for milliseconds in range(-2000, 2000, 250):
        now_us = start * SECOND + milliseconds * 1000
        number = sender.next(hmac, now_us)
        assert not is_outside_window(hmac, number, now_us)
        assert guard.accept(hmac, PEERS[0], MULTICAST_SENDERS, number, now_us)
        assert not guard.accept(hmac, PEERS[0], MULTICAST_SENDERS, number, now_us)


@pytest.mark.parametrize(("skew", "outside"), [(5, False), (6, True), (-5, False), (-6, True)])
def test_the_window_counts_whole_seconds_both_ways(skew: int, outside: bool) -> None:
    number = clock_sequence(NOW_US)
    assert skew_seconds(number, NOW_US + skew * SECOND) == skew
    assert is_outside_window(BY_TIME, number, NOW_US + skew * SECOND) is outside
    assert not is_outside_window(MONOTONIC, number, NOW_US + skew * SECOND)


def accepts(guard: ReplayGuard, sender: IPv4Address, number: int, hmac: AuthHmac = MONOTONIC) -> bool:
    return guard.accept(hmac, sender, MULTICAST_SENDERS, number, NOW_US)


def test_each_sender_has_its_own_mark() -> None:
    guard = ReplayGuard()
    assert accepts(guard, PEERS[0], 10)
    assert accepts(guard, PEERS[1], 5)
    assert not accepts(guard, PEERS[0], 10)
    assert not accepts(guard, PEERS[0], 9)
    assert accepts(guard, PEERS[0], 11)
    assert not accepts(guard, PEERS[1], 5)


def test_the_fifth_sender_takes_the_place_of_the_one_silent_for_longest() -> None:
    guard = ReplayGuard()
    for peer in PEERS[:4]:
        assert accepts(guard, peer, 10)
    assert not accepts(guard, PEERS[0], 10), "a replay too says that its sender was heard"
    assert accepts(guard, PEERS[4], 10)
    assert not accepts(guard, PEERS[0], 10)
    assert accepts(guard, PEERS[1], 10), "forgotten"
    assert len(guard.highest) == MULTICAST_SENDERS


def test_a_mark_outside_the_window_forbids_nothing_by_time() -> None:
    ahead, now = clock_sequence(NOW_US + 60 * SECOND), clock_sequence(NOW_US)
    for hmac, accepted in ((BY_TIME, True), (MONOTONIC, False)):
        guard = ReplayGuard({PEERS[0]: ahead})
        assert accepts(guard, PEERS[0], now, hmac) is accepted
        assert guard.highest[PEERS[0]] == (now if accepted else ahead)


@MODES
@given(st.lists(st.tuples(st.sampled_from(PEERS[:4]), st.integers(0, 20)), max_size=60))
def test_no_number_of_a_remembered_sender_is_accepted_twice(
    hmac: AuthHmac, heard: list[tuple[IPv4Address, int]]
) -> None:
    guard, accepted = ReplayGuard(), set()
    for peer, number in heard:
        if accepts(guard, peer, clock_sequence(NOW_US) + number, hmac):
            assert (peer, number) not in accepted
            accepted.add((peer, number))
