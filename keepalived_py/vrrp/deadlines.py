"""Many deadlines behind one timer."""

import heapq
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from keepalived_py.model.units import Microseconds

Key = TypeVar("Key", bound=Hashable)


class Deadlines(Generic[Key]):
    """A set of keys, each due at one time. Keys due at the same time come in the order they were set."""

    __slots__ = ("_count", "_due", "_heap")

    def __init__(self) -> None:
        self._due: dict[Key, tuple[Microseconds, int]] = {}
        self._heap: list[tuple[Microseconds, int, Key]] = []
        self._count = 0

    def set(self, key: Key, at_us: Microseconds) -> None:
        """Make `key` due at `at_us`, instead of whenever it was due before."""
        self._count += 1
        self._due[key] = (at_us, self._count)
        heapq.heappush(self._heap, (at_us, self._count, key))

    def cancel(self, key: Key) -> None:
        self._due.pop(key, None)

    def get(self, key: Key) -> Microseconds | None:
        due = self._due.get(key)
        return due[0] if due else None

    def clear(self) -> None:
        self._due.clear()
        self._heap.clear()

    def next(self) -> Microseconds | None:
        """When the first key is due; None if there is none."""
        first = self.first()
        return first[1] if first else None

    def first(self) -> tuple[Key, Microseconds] | None:
        """The key that is due first, and when; None if there is none."""
        heap, due = self._heap, self._due
        while heap:
            at_us, count, key = heap[0]
            if due.get(key) == (at_us, count):
                return key, at_us
            heapq.heappop(heap)
        return None

    def pop_due(self, now_us: Microseconds) -> Iterator[tuple[Key, Microseconds]]:
        """Take out what is due by `now_us`, earliest first, including what becomes due meanwhile."""
        while (first := self.first()) is not None and first[1] <= now_us:
            self.cancel(first[0])
            yield first
