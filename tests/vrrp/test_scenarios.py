"""Every scenario in the folder reads as the engine behaves."""

import os
from pathlib import Path

import pytest

from tests.vrrp.scenario import run

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path) -> None:
    now = run(path)
    if os.environ.get("REGENERATE"):
        path.write_text(now)
    assert now == path.read_text()
