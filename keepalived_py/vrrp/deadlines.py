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
        heap = self._heap
        while heap and self._due.get(heap[0][2]) != heap[0][:2]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now_us: Microseconds) -> Iterator[tuple[Key, Microseconds]]:
        """Take out what is due by `now_us`, earliest first, including what becomes due meanwhile."""
        while (at_us := self.next()) is not None and at_us <= now_us:
            key = heapq.heappop(self._heap)[2]
            del self._due[key]
            yield key, at_us
