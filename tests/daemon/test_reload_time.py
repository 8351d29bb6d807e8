"""`reload_time_file`: what may stand in it, and when that is."""

import time
from collections.abc import Iterator

import pytest

from keepalived_py.daemon.reload_time import InvalidTimeError, parse

NOON = 1_780_315_200
"""2026-06-01 12:00:00 UTC."""


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two hours ahead of UTC in summer, else one."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("14:00:01", 1),
        ("12:00:01Z", 1),
        ("13:59:59", 86399),
        ("14:00:00", 86400),
        ("26-06-01 14:00:05", 5),
        ("2026-06-01 14:00:05", 5),
        ("2026-06-01 12:00:05Z", 5),
        ("2026-12-01 13:00:00", 183 * 86400),
    ],
)
def test_times_to_come(text: str, seconds: int) -> None:
    assert parse(text, NOON) - NOON == seconds


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "Reload time  format is incorrect - ignoring"),
        ("noon", "Reload time noon format is incorrect - ignoring"),
        ("14:00:0x", "Reload date/time 14:00:0x invalid - ignoring"),
        ("25:00:00", "Reload date/time 25:00:00 invalid - ignoring"),
        ("2026-06-31 14:00:00", "Reload date/time 2026-06-31 14:00:00 invalid - ignoring"),
        ("2027-03-28 02:30:00", "Reload time 2027-03-28 02:30:00 is not valid - ignoring"),
        ("2026-06-01 14:00:00", "Reload time 2026-06-01 14:00:00 is in the past - ignoring"),
    ],
)
def test_what_is_no_time(text: str, first: str) -> None:
    with pytest.raises(InvalidTimeError) as error:
        parse(text, NOON)
    assert error.value.args[0] == first


def test_a_time_of_the_day_is_the_same_tomorrow_when_the_clock_is_put_on() -> None:
    before = int(time.mktime((2027, 3, 27, 12, 0, 0, 0, 0, -1)))
    assert parse("12:00:00", before) - before == 23 * 3600
