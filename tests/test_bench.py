"""The table of `make bench`: what is compared, and where it is written."""

import pytest

from conformance.bench.frame import Aim, Row, Statistic, phases
from conformance.bench.table import BEGIN, END, line, replaced


def test_the_ratio_is_that_of_the_statistic() -> None:
    medians = Row("start", "s", ours=[1, 2, 9], c=[4, 4, 4], aim=Aim(0.5))
    assert medians.ratio == 0.5
    assert medians.reached is True
    worst = Row("start", "s", ours=[1, 2, 9], c=[4, 4, 4], aim=Aim(0.5), statistic=Statistic.WORST)
    assert worst.ratio == 2.25
    assert worst.reached is False


def test_an_aim_may_be_for_ours_alone() -> None:
    alone = Row("start", "s", ours=[0.1, 0.3], aim=Aim(0.2, of_ratio=False))
    assert alone.ratio is None
    assert alone.reached is True
    assert Row("start", "s", ours=[0.1, 0.3], aim=Aim(1)).reached is None
    assert Row("lost", "times", ours=[0], c=[0], aim=Aim(0, of_ratio=False)).reached is True


def test_a_line_has_the_spread_and_what_was_missed() -> None:
    row = Row("start", "s", ours=[1, 2.5, 9], c=[1, 2, 300], aim=Aim(1.0))
    assert line(row) == "| start, s | 2.5 (1…9) | 2 (1…300) | 1.25 | ratio ≤ 1 | **no** |"


def test_phases_are_spread_over_the_whole_period() -> None:
    found = list(phases(20, 2.0))
    assert found != sorted(found)
    assert [int(phase * 10) for phase in sorted(found)] == list(range(20))
    assert found == list(phases(20, 2.0))


def test_only_what_is_between_the_comments_is_replaced() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="no <!--"):
        replaced("before\nafter\n", "new")
