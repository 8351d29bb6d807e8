"""Virtual time: a queue of what is to happen. Nothing here waits."""

import heapq
from collections.abc import Callable

from keepalived_py.model.units import Microseconds


class Timer:
    """Something that is to happen once, unless it is cancelled before."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self._call = None

    @property
    def cancelled(self) -> bool:
        return self._call is None

    def expire(self) -> None:
        if self._call:
            self._call()


class Clock:
    """Time moves in `step`, to the next timer. Timers of one instant expire in the order they were set."""

    def __init__(self) -> None:
        self.now_us: Microseconds = 0
        self._count = 0
        self._queue: list[tuple[Microseconds, int, Timer]] = []

    def at(self, time_us: Microseconds, call: Callable[[], None]) -> Timer:
        """Have `call` happen at a time that is not in the past; in the past means now."""
        timer = Timer(call)
        self._count += 1
        heapq.heappush(self._queue, (max(time_us, self.now_us), self._count, timer))
        return timer

    def after(self, delay_us: Microseconds, call: Callable[[], None]) -> Timer:
        return self.at(self.now_us + delay_us, call)

    def next_us(self) -> Microseconds | None:
        """When the next timer expires; None if there is none."""
        while self._queue and self._queue[0][2].cancelled:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def step(self) -> None:
        """Move to the next timer and let it expire."""
        self.now_us, _, timer = heapq.heappop(self._queue)
        timer.expire()

    def advance(self, time_us: Microseconds) -> None:
        """Let time pass during which nothing happens."""
        self.now_us = time_us
