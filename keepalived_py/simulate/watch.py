"""Holds a world to its invariants while it runs."""

from collections.abc import Iterable
from dataclasses import dataclass

from keepalived_py.model.units import Microseconds, format_seconds
from keepalived_py.simulate.invariants import IN_TIME, PLACED, SETTLED
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.truth import Survey, settling_time_us
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.actions import Transition
from keepalived_py.vrrp.state import State


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant, by its name, that did not hold, and in what way."""

    at_us: Microseconds
    invariant: str
    text: str

    def __str__(self) -> str:
        return f"{format_seconds(self.at_us):>12} {self.invariant}: {self.text}"


class Watch:
    """Observes a world. Each violation is kept once, when it is first seen."""

    def __init__(self, world: World) -> None:
        self.violations: list[Violation] = []
        self._world = world
        self._seen: set[tuple[str, str]] = set()
        self._turns: dict[str, tuple[int, int]] = {}
        self._states: dict[str, tuple[State, ...]] = {}
        self._earliest_us: dict[str, Microseconds | None] = {}
        self._entries = 0
        self._settles_at_us: Microseconds = 0
        self._settled = False
        world.observers.append(self._observe)

    def _observe(self, until_us: Microseconds) -> None:
        """The world stays as it is until then."""
        world = self._world
        for node in world.nodes.values():
            if self._turns.get(node.name) != (node.turns, node.words):
                self._look_at(node)
            earliest_us = self._earliest_us[node.name]
            if earliest_us is not None and until_us > earliest_us:
                self._report_late(node, until_us)
        self._read_timeline()
        if not self._settled and until_us > self._settles_at_us and world.network.conditions.are_reliable:
            self._settled = True
            survey = Survey(world)
            for settled in SETTLED:
                self._report(settled.__name__, settled(survey))

    def _look_at(self, node: Node) -> None:
        """What is where depends on what was done, and on the states; adverts are most of what happens."""
        turns, self._turns[node.name] = self._turns.get(node.name), (node.turns, node.words)
        instances = node.daemon.engine.instances.values() if node.daemon else ()
        states, now = self._states.get(node.name), tuple(instance.state for instance in instances)
        self._states[node.name] = now
        if turns is None or turns[0] != node.turns or states != now:
            for placed in PLACED:
                self._report(placed.__name__, placed(node))
        self._earliest_us[node.name] = min(
            (at_us for in_time in IN_TIME for at_us, _ in in_time(node)), default=None
        )

    def _report_late(self, node: Node, until_us: Microseconds) -> None:
        for in_time in IN_TIME:
            self._report(in_time.__name__, (text for at_us, text in in_time(node) if until_us > at_us))

    def _read_timeline(self) -> None:
        """A step disturbs the world; once it has settled, nothing else may."""
        timeline = self._world.timeline
        for entry in timeline[self._entries :]:
            if isinstance(entry.what, Step):
                self._settled = False
                self._settles_at_us = entry.at_us + settling_time_us(self._world)
            elif isinstance(entry.what, Transition) and self._settled:
                self._report("rest_is_rest", [f"{entry.node}/{entry.what.instance} changed without a cause"])
        self._entries = len(timeline)

    def _report(self, invariant: str, texts: Iterable[str]) -> None:
        for text in texts:
            if (invariant, text) not in self._seen:
                self._seen.add((invariant, text))
                self.violations.append(Violation(self._world.clock.now_us, invariant, text))
