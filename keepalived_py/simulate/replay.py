"""Runs the cluster and the story of a seed: `python -m keepalived_py.simulate.replay SEED`.

Prints the timeline and the violated invariants; the exit status is 1 if there are any.
"""

import sys
from dataclasses import dataclass
from pprint import pformat

from keepalived_py.model.units import SECOND
from keepalived_py.simulate.cluster import build, draw_cluster
from keepalived_py.simulate.story import draw_story
from keepalived_py.simulate.timeline import Entry
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.watch import Violation, Watch
from keepalived_py.vrrp.engine import Engine


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


def main(arguments: list[str]) -> int:
    """Print the clusters and outcomes of the seeds given as arguments."""
    failed = False
    for seed in map(int, arguments):
        outcome = replay(seed)
        for node, files in draw_cluster(seed).files.items():
            print(f"{node}: {pformat(files['first'])}")
        print(outcome)
        failed |= bool(outcome.violations)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
