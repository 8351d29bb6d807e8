"""What a figure is made of: rows of values of ours and of keepalived, and what is aimed at."""

import random
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import Self, TypeVar

from conformance.routers import OURS, C, Program

T = TypeVar("T")
PROGRAMS = [program for program in (OURS, C) if program.present]


class Statistic(Enum):
    """Which of several values is compared and aimed at."""

    MEDIAN = "median"
    WORST = "worst"

    def of(self, values: Sequence[float]) -> float:
        return statistics.median(values) if self is Statistic.MEDIAN else max(values)


@dataclass(frozen=True, slots=True)
class Aim:
    """At most so much: of ours, or of the ratio of ours to keepalived's."""

    at_most: float
    of_ratio: bool = True

    def __str__(self) -> str:
        return f"{'ratio' if self.of_ratio else 'ours'} ≤ {self.at_most:.4g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `c` is empty where no keepalived is installed."""

    what: str
    unit: str
    ours: Sequence[float]
    c: Sequence[float] = ()
    aim: Aim | None = None
    statistic: Statistic = Statistic.MEDIAN

    @classmethod
    def of(
        cls,
        found: Mapping[Program, Sequence[float]],
        what: str,
        unit: str,
        aim: Aim | None = None,
        statistic: Statistic = Statistic.MEDIAN,
    ) -> Self:
        """What was found for each program."""
        return cls(what, unit, found[OURS], found.get(C, ()), aim, statistic)

    @property
    def ratio(self) -> float | None:
        """Ours to keepalived's; None without keepalived, or where there is nothing to divide by."""
        divisor = self.statistic.of(self.c) if self.c else 0
        return self.statistic.of(self.ours) / divisor if divisor else None

    @property
    def reached(self) -> bool | None:
        """Whether the aim was; None without an aim, or without a ratio."""
        value = self.ratio if self.aim and self.aim.of_ratio else self.statistic.of(self.ours)
        return None if self.aim is None or value is None else value <= self.aim.at_most


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and how long to measure."""

    quick: bool = False
    """Too little to believe: to see that it works."""

    def times(self, usual: int) -> int:
        return 2 if self.quick else usual

    def seconds(self, usual: float) -> float:
        return min(usual, 3.0) if self.quick else usual


@dataclass(frozen=True, slots=True)
class Figure:
    """`minutes` is about what it takes, so that one is not begun that cannot end in time. Rows count that
    come before `measure` raises."""

    name: str
    minutes: float
    measure: Callable[[Effort], Iterable[Row]]


def side_by_side(measure: Callable[[Program], T]) -> dict[Program, T]:
    """What `measure` finds for ours and for keepalived, at the same time. Raises what it raises."""
    with ThreadPoolExecutor() as pool:
        running = {program: pool.submit(measure, program) for program in PROGRAMS}
    return {program: future.result() for program, future in running.items()}


def in_turns(measure: Callable[[Program], T], times: int) -> dict[Program, list[T]]:
    """What `measure` finds for ours and for keepalived, one after the other, each so many times."""
    rounds = [{program: measure(program) for program in PROGRAMS} for _ in range(times)]
    return {program: [found[program] for found in rounds] for program in PROGRAMS}


def phases(times: int, period: float) -> Iterator[float]:
    """So many moments of a period: random, but spread evenly over it, in random order; the same each time."""
    source = random.Random(2)
    slots = list(range(times))
    source.shuffle(slots)
    return ((slot + source.random()) / times * period for slot in slots)
