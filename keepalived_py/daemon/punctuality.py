"""How late deadlines were met: a histogram, as the file of SIGUSR2 shows it."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import zip_longest

from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds

_BOUNDS_US = (MILLISECOND, 10 * MILLISECOND, 100 * MILLISECOND, SECOND)


class Punctuality:
    """Counts deadlines, many of which may be met by one wake-up, which counts once."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._counts = [0] * (len(_BOUNDS_US) + 1)
        self._worst_us: Microseconds = 0

    def met(self, late_us: Microseconds) -> None:
        """We were woken so long after the deadline that we wanted to be woken for."""
        self._counts[bisect_left(_BOUNDS_US, late_us)] += 1
        self._worst_us = max(self._worst_us, late_us)

    def lines(self) -> Iterator[str]:
        """Not indented, and without colons: exporters read `  section:` and `    name: number` as
        keepalived's counters."""
        yield "Timer lateness"
        for bound_us, count in zip_longest(_BOUNDS_US, self._counts):
            label = f"up to {bound_us // MILLISECOND} ms" if bound_us else "more"
            yield f"{label} = {count}"
        yield f"worst = {self._worst_us / MILLISECOND:.3f} ms"
