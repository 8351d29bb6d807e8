"""Replaying a seed: the same every time, and told to those who ask."""

import os
import subprocess
import sys

import pytest

from keepalived_py.simulate.cluster import draw_cluster
from keepalived_py.simulate.replay import main, replay
from keepalived_py.simulate.story import draw_story
from keepalived_py.simulate.verbs import VERBS


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_same_seed_gives_the_same_bytes_in_another_process(seed: int) -> None:
    command = [sys.executable, "-m", "keepalived_py.simulate.replay", str(seed)]
    runs = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True)
        for hash_seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert str(replay(seed)).encode() in runs[0].stdout


def test_another_seed_gives_another_story() -> None:
    assert str(replay(1)) != str(replay(2))


def test_stories_use_every_verb() -> None:
    used = {step.verb for seed in range(300) for step in draw_story(draw_cluster(seed))}
    assert used == VERBS.keys()


def test_a_clean_replay_exits_with_0_and_shows_the_timeline(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["0"]) == 0
    assert str(replay(0)) in capsys.readouterr().out
