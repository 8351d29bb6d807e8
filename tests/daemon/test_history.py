"""The file that tells of the last changes of state."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from keepalived_py.daemon import history
from keepalived_py.daemon.history import CHANGES_MAX, Change, History, find_histories, read_history
from keepalived_py.daemon.log import Logger

LOG = Logger(detail=False, console=True, syslog=None)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "GATHERING_SECONDS", 0.01)


def written(path: Path, changes: list[Change]) -> History:
    """A history that has had the time to write these."""

    async def write() -> History:
        kept = History(path, asyncio.get_running_loop(), LOG)
        for change in changes:
            kept.note(change)
        await asyncio.sleep(0.1)
        return kept

    return asyncio.run(write())


def test_what_is_read_is_what_was_noted(tmp_path: Path) -> None:
    path = tmp_path / "vrrp.history"
    changes = [
        Change(at_us=1, event="start"),
        Change(at_us=2, instance="V", before="INIT", after="FAULT", priority=90, reason="«why»"),
    ]
    kept = written(path, changes)
    record = read_history(path)
    assert (record.pid, record.alive, record.changes) == (os.getpid(), True, tuple(changes))
    assert find_histories([tmp_path]) == [path]
    kept.remove()
    assert not path.exists()


def test_only_the_last_changes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "vrrp.history"
    written(path, [Change(at_us=number, event="reload") for number in range(CHANGES_MAX + 5)])
    assert [change.at_us for change in read_history(path).changes] == list(range(5, CHANGES_MAX + 5))


def test_a_process_of_the_same_number_is_not_the_same_process(tmp_path: Path) -> None:
    path = tmp_path / "vrrp.history"
    path.write_text(json.dumps({"pid": os.getpid(), "started": 1}) + "\n")
    assert not read_history(path).alive


@pytest.mark.parametrize("text", ["", "[]\n", '{"pid": 1}\n', '{"pid": 1, "started": 1}\n{"x": 1}\n'])
def test_what_is_no_history_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vrrp.history"
    path.write_text(text)
    with pytest.raises(ValueError):  # noqa: PT011 — the words are Python's
        read_history(path)


def test_where_nothing_can_be_written_that_is_said_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing" / "vrrp.history"

    async def write() -> None:
        kept = History(path, asyncio.get_running_loop(), LOG)
        for _ in range(2):
            kept.note(Change(at_us=0))
            await asyncio.sleep(0.1)

    asyncio.run(write())
    assert capfd.readouterr().err.count("Cannot write history file") == 1
