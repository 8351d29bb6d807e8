"""What came of a simulation: for people as a table, for programs as a value of plain types."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import SECOND, Address, Microseconds, format_seconds
from keepalived_py.simulate.machines import world_of
from keepalived_py.simulate.moments import Moment, Paint, moments_as_text, moments_as_value
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.serving import NOBODY, SEVERAL, Serving
from keepalived_py.simulate.timeline import Happening
from keepalived_py.simulate.truth import settling_time_us
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.watch import Violation, Watch
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.actions import Transition


class Outcome(NamedTuple):
    """A simulation that has ended."""

    moments: tuple[Moment, ...]
    serving: Serving
    violations: tuple[Violation, ...]
    ended_us: Microseconds


class _Chronicle:
    """Notes every change with the priority that the instance has then."""

    def __init__(self, world: World) -> None:
        self.moments: list[Moment] = []
        self._world = world
        world.listeners.append(self._note)

    def _note(self, node: str, what: Happening) -> None:
        at_us = self._world.clock.now_us
        match what:
            case Step(verb=verb, argument=argument):
                event = f"{verb} {argument}".strip()
                self.moments.append(Moment(at_us, node, "", event, "", "", None, ""))
            case Transition(instance, before, after, reason, priority):
                states = before.name, after.name
                self.moments.append(Moment(at_us, node, instance, "transition", *states, priority, reason))


def simulate(
    configurations: Mapping[str, Configuration],
    steps: Iterable[Step],
    *,
    files: Mapping[str, Mapping[str, Configuration]] | None = None,
    duration_us: Microseconds | None = None,
    seed: int = 0,
) -> Outcome:
    """Boot all nodes at time 0, but for those whose first step is to boot, and let the steps happen.

    Without a duration, the world is given the time to come to rest after the last step. The same
    arguments lead to the same outcome.
    """
    steps = sorted(steps, key=lambda step: step.at_us)
    world = world_of(configurations, seed, files)
    chronicle, serving, watch = _Chronicle(world), Serving(world), Watch(world)
    schedule(world, beginning(world, steps))
    schedule(world, steps)
    if duration_us is None:
        rest_us = settling_time_us(world)
        duration_us = -(-((steps[-1].at_us if steps else 0) + rest_us) // SECOND) * SECOND
    world.run_until(duration_us)
    serving.end()
    return Outcome(tuple(chronicle.moments), serving, tuple(watch.violations), duration_us)


def beginning(world: World, steps: Iterable[Step]) -> Iterator[Step]:
    """The nodes that are there from the start."""
    first = {step.node: step.verb for step in reversed(list(steps)) if step.verb != "heal"}
    for node in world.nodes:
        if first.get(node) != "boot":
            yield Step(0, "boot", node)


def as_value(outcome: Outcome) -> dict[str, object]:
    """For JSON; times are seconds from the start, `outage` and `double` count from the first service."""
    terms = outcome.serving.terms
    return {
        "timeline": moments_as_value(outcome.moments),
        "served": {
            str(address): [
                {"from": _seconds(term.from_us), "to": _seconds(term.to_us), "node": term.node}
                for term in sorted(terms[address], key=lambda term: (term.from_us, term.node))
            ]
            for address in terms
        },
        "outage": {str(address): _seconds(outcome.serving.time_with(address, NOBODY)) for address in terms},
        "double": {str(address): _seconds(outcome.serving.time_with(address, SEVERAL)) for address in terms},
        "violations": [
            {"t": _seconds(one.at_us), "invariant": one.invariant, "text": one.text}
            for one in outcome.violations
        ],
    }


def as_text(outcome: Outcome, paint: Paint) -> str:
    """A table of what happened, and who served which address when."""
    lines = [*moments_as_text(outcome.moments, paint)]
    lines.append("")
    for address in outcome.serving.terms:
        lines += _service(outcome, address, paint)
    lines += [f"violated: {violation}" for violation in outcome.violations]
    return "\n".join(lines)


def _service(outcome: Outcome, address: Address, paint: Paint) -> Iterator[str]:
    terms = sorted(outcome.serving.terms[address], key=lambda term: (term.from_us, term.node))
    told = ", ".join(f"{term.node} {_decimal(term.from_us)}-{_decimal(term.to_us)} s" for term in terms)
    yield f"{address} was served by {told}" if terms else paint(f"{address} was never served", "31")
    outage_us = outcome.serving.time_with(address, NOBODY)
    double_us = outcome.serving.time_with(address, SEVERAL)
    if terms and outage_us:
        yield paint(f"    by nobody for {format_seconds(outage_us)} s", "31")
    if double_us:
        yield paint(f"    by two nodes for {format_seconds(double_us)} s", "31")


def _decimal(time_us: Microseconds) -> str:
    return format_seconds(round(time_us, -3))


def _seconds(time_us: Microseconds) -> float:
    return time_us / SECOND
