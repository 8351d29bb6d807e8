"""How late deadlines were met, as the statistics show it."""

from keepalived_py.daemon.punctuality import Punctuality
from keepalived_py.model.units import MILLISECOND, SECOND


def test_each_wake_up_counts_once_by_how_late_it_was() -> None:
    punctuality = Punctuality()
    for late_us in (0, MILLISECOND, MILLISECOND + 1, 5 * MILLISECOND, 400 * MILLISECOND, 2 * SECOND):
        punctuality.met(late_us)
    assert list(punctuality.lines()) == [
        "Timer lateness",
        "up to 1 ms = 2",
        "up to 10 ms = 2",
        "up to 100 ms = 0",
        "up to 1000 ms = 1",
        "more = 1",
        "worst = 2000.000 ms",
    ]
    punctuality.clear()
    assert list(punctuality.lines())[-1] == "worst = 0.000 ms"
