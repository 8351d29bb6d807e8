"""Timelines for people and programs: what changed when, and why."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.vrrp.state import State

Paint = Callable[[str, str], str]
"""Colours a text; the second argument is the number of an ANSI colour."""

_COLOURS = {State.MASTER: "32", State.BACKUP: "36", State.FAULT: "31", State.STOP: "33"}
_STEP_COLOUR = "35"
_COLUMNS = "{:>{width}}  {:<8} {:<12} {:<16} {:>4}  {}"
_TIME_WIDTH_MIN = 10


class Moment(NamedTuple):
    """A change of state, or what was done to the world. `before` and `after` are empty for the latter."""

    at_us: Microseconds
    node: str
    instance: str
    event: str
    before: str
    after: str
    priority: int | None
    reason: str


def since_start(at_us: Microseconds) -> str:
    """A time as the seconds that have passed."""
    return f"{at_us / SECOND:.3f} s"


def moments_as_text(
    moments: Iterable[Moment], paint: Paint, clock: Callable[[Microseconds], str] = since_start
) -> Iterator[str]:
    """The lines of a table, the first of which is its head."""
    timed = [(clock(moment.at_us), moment) for moment in moments]
    width = max([_TIME_WIDTH_MIN, *(len(time) for time, _ in timed)])
    yield _COLUMNS.format("time", "node", "instance", "change", "prio", "why", width=width)
    for time, moment in timed:
        yield _line(time.rjust(width), moment, paint).rstrip()


def _line(time: str, moment: Moment, paint: Paint) -> str:
    if not moment.after:
        text = _COLUMNS.format(time, moment.node, "", f"── {moment.event}", "", "", width=0)
        return paint(text.rstrip(), _STEP_COLOUR)
    change = f"{moment.before} → {moment.after}"
    priority = "" if moment.priority is None else str(moment.priority)
    text = _COLUMNS.format(time, moment.node, moment.instance, change, priority, moment.reason, width=0)
    colour = _COLOURS.get(State[moment.after])
    return text.replace(moment.after, paint(moment.after, colour), 1) if colour else text


def moments_as_value(moments: Iterable[Moment]) -> list[dict[str, object]]:
    """For JSON; times are seconds."""
    return [
        {
            "t": moment.at_us / SECOND,
            "node": moment.node or None,
            "instance": moment.instance or None,
            "event": moment.event,
            "from": moment.before or None,
            "to": moment.after or None,
            "priority": moment.priority,
            "reason": moment.reason or None,
        }
        for moment in moments
    ]
