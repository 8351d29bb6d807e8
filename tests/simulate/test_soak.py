"""What `make soak` runs."""

import re
import time

import pytest

from keepalived_py.simulate import soak
from keepalived_py.simulate.soak import main


def test_it_says_how_much_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seconds", "2", "--first", "0", "--processes", "1"]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(
        r"[1-9]\d* clusters from seed 0 on, .* a minute, 1 processes\): 0 violated .*\n", said
    )


def test_what_breaks_is_told_with_the_command_that_shows_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(seed: int) -> None:
        raise ZeroDivisionError(f"with {seed}")

    monkeypatch.setattr(soak, "replay", fail)
    tally = soak.sweep(7, 2, time.monotonic() + 0.05)
    assert tally.clusters == tally.failed > 1
    first, what = capsys.readouterr().out.splitlines()[:2]
    assert first == "python -m keepalived_py.simulate.replay 7"
    assert what.strip() == "ZeroDivisionError: with 7"
