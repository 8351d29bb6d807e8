"""Random clusters for a time, on all cores: `make soak`, or `make soak SOAK='--seconds 3600 --first 500000'`.

Prints each seed that violates an invariant as the command that replays it, and in the end how much was
tried; the exit status is 1 if there was any. Seeds count up from the first one: begin elsewhere for others.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import count
from multiprocessing import Pool
from typing import NamedTuple

from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.simulate.replay import replay

FIRST_SEED = 100_000
"""Beyond those of the tests."""
SHOWN_MAX = 3
"""So many violations of a seed are printed; the replay has all."""


class Tally(NamedTuple):
    """How many clusters were tried, how much time has passed in them, and how many violated an invariant."""

    clusters: int = 0
    lasted_us: Microseconds = 0
    failed: int = 0


def sweep(first: int, step: int, until: float) -> Tally:
    """Try every so manieth seed until a time of the monotonic clock."""
    tally = Tally()
    for seed in count(first, step):
        if time.monotonic() >= until:
            break
        lasted_us, violations = attempt(seed)
        tally = Tally(tally.clusters + 1, tally.lasted_us + lasted_us, tally.failed + bool(violations))
        if violations:
            shown = "".join(f"\n    {text}" for text in violations[:SHOWN_MAX])
            print(f"python -m keepalived_py.simulate.replay {seed}{shown}", flush=True)
    return tally


def attempt(seed: int) -> tuple[Microseconds, list[str]]:
    """How long the world of a seed lasted, and what was violated; an error of ours is a violation, too."""
    try:
        outcome = replay(seed)
    except Exception as error:
        return 0, [f"{type(error).__name__}: {error}"]
    return outcome.timeline[-1].at_us, list(map(str, outcome.violations))


def soak(seconds: float, first: int, processes: int) -> Tally:
    """Try seeds for so long."""
    until = time.monotonic() + seconds
    with Pool(processes) as pool:
        tallies = pool.map(partial(sweep, step=processes, until=until), range(first, first + processes), 1)
    return Tally(*map(sum, zip(*tallies, strict=True)))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Random clusters, for a time.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--first", type=int, default=FIRST_SEED, metavar="SEED")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args(arguments)
    tally = soak(options.seconds, options.first, options.processes)
    hours, minutes = tally.lasted_us / SECOND / 3600, options.seconds / 60
    print(
        f"{tally.clusters} clusters from seed {options.first} on, {hours:.1f} virtual hours "
        f"({hours / minutes:.1f} a minute, {options.processes} processes): "
        f"{tally.failed} violated an invariant"
    )
    return int(bool(tally.failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
