"""The formulas of the RFCs, with numbers from a calculator."""

import pytest

from keepalived_py.vrrp.timing import master_down_interval_us, skew_time_us


@pytest.mark.parametrize(
    ("version", "priority", "interval_us", "skew_us"),
    [
        (2, 100, 1_000_000, 609_375),
        (2, 100, 5_000_000, 609_375),  # version 2: whatever the interval
        (2, 254, 1_000_000, 7_812),
        (2, 255, 1_000_000, 3_906),
        (2, 1, 1_000_000, 996_093),
        (3, 100, 1_000_000, 609_375),
        (3, 100, 100_000, 60_937),
        (3, 100, 10_000, 6_093),
        (3, 255, 40_950_000, 159_960),
    ],
)
def test_skew_time(version: int, priority: int, interval_us: int, skew_us: int) -> None:
    assert skew_time_us(version, priority, interval_us) == skew_us


def test_master_down_interval_is_three_adverts_and_the_skew() -> None:
    assert master_down_interval_us(2, 100, 1_000_000, 3) == 3_609_375
    assert master_down_interval_us(3, 100, 100_000, 3) == 360_937
    assert master_down_interval_us(2, 100, 1_000_000, 1) == 1_609_375
