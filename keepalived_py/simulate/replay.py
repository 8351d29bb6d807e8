"""Runs the cluster and the story of a seed: `python -m keepalived_py.simulate.replay SEED`.

Prints the timeline and the violated invariants; the exit status is 1 if there are any.
"""

from __future__ import annotations

import sys
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING

from keepalived_py.model.address import IpAddress
from keepalived_py.model.units import SECOND
from keepalived_py.simulate.cluster import build, draw_cluster
from keepalived_py.simulate.story import draw_story
from keepalived_py.simulate.timeline import Entry
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.watch import Violation, Watch
from keepalived_py.vrrp.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a seed."""

    seed: int
    timeline: list[Entry]
    violations: list[Violation]

    def __str__(self) -> str:
        return "\n".join(map(str, [*self.timeline, *self.violations]))


def replay(seed: int, engine_type: type[Engine] = Engine) -> Outcome:
    """Let the story of a seed happen, to its end."""
    cluster = draw_cluster(seed)
    world = build(cluster, engine_type)
    watch = Watch(world)
    steps = draw_story(cluster)
    schedule(world, steps)
    world.run_until(steps[-1].at_us + SECOND)
    return Outcome(seed, world.timeline, watch.violations)


def brief(value: object) -> str:
    """A configuration, or a part of it, without what is as by default."""
    match value:
        case dict():
            return brief(tuple(value.values()))
        case tuple():
            return f"[{', '.join(map(brief, value))}]"
        case Enum():
            return value.name
        case IpAddress(address=address, device=device, tracked=tracked):
            return f"{address}{f' dev {device}' if device else ''}{'' if tracked else ' no_track'}"
        case _ if is_dataclass(value) and not isinstance(value, type):
            return f"{type(value).__name__}({', '.join(_remarkable(value))})"
        case _:
            return str(value)


def _remarkable(value: DataclassInstance) -> Iterator[str]:
    for each in fields(value):
        content = getattr(value, each.name)
        default = each.default if each.default_factory is MISSING else each.default_factory()
        if content != default:
            yield f"{each.name}={brief(content)}"


def main(arguments: list[str]) -> int:
    """Print the clusters and outcomes of the seeds given as arguments; 1 if an invariant was violated."""
    failed = False
    for seed in map(int, arguments):
        outcome = replay(seed)
        for node, files in draw_cluster(seed).files.items():
            for file, configuration in files.items():
                print(f"{node} {file}: {brief(configuration)}")
        print(outcome)
        failed |= bool(outcome.violations)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
