"""Random clusters keep all invariants, whatever befalls them.

KEEPALIVED_PY_SEEDS says how many, or which (`500` or `7000-8000`).
"""

import os

import pytest

from keepalived_py.simulate.replay import replay

CHUNK = 25


def seeds() -> range:
    """What the environment asks for; else what a coffee sip has time for."""
    first, _, last = os.environ.get("KEEPALIVED_PY_SEEDS", "50").rpartition("-")
    return range(int(first or 0), int(last))


@pytest.mark.parametrize("start", seeds()[::CHUNK])
def test_invariants_hold(start: int) -> None:
    for seed in range(start, min(start + CHUNK, seeds().stop)):
        outcome = replay(seed)
        assert not outcome.violations, "\n".join(
            [
                f"replay with: python -m keepalived_py.simulate.replay {seed}",
                *map(str, outcome.violations),
            ]
        )
