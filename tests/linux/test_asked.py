"""The end of the last process that a script asks for, and the beginning of a first."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from keepalived_py.linux.asked import HELD_MAX, AskedProcesses
from keepalived_py.model.question import By, Question
from keepalived_py.vrrp.events import ProgramChanged

PATIENCE_SECONDS = 20
NAME = "asked-for-here"


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def held() -> set[int]:
    """The processes that we have pidfds of."""
    texts = []
    for descriptor in os.listdir("/proc/self/fdinfo"):
        with suppress(OSError):
            texts.append(Path(f"/proc/self/fdinfo/{descriptor}").read_text())
    return {int(pid) for text in texts for pid in re.findall(r"^Pid:\t(\d+)$", text, re.MULTILINE)}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


async def follow(question: Question, program: str, count: int) -> None:
    """Start and end processes: nothing is told but of the last end and the first beginning."""
    told: asyncio.Queue[ProgramChanged] = asyncio.Queue()

    async def news() -> ProgramChanged:
        return await asyncio.wait_for(told.get(), PATIENCE_SECONDS)

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([program, "4444"])

    before = held()
    running = [start() for _ in range(count)]
    asked = AskedProcesses(asyncio.get_running_loop(), told.put_nowait)
    try:
        asked.configure({"check": question})
        pids = {process.pid for process in running}
        await until(lambda: len(held() & pids) == min(count, HELD_MAX))
        while len(running) > 1:
            end(running.pop(0))
            await asyncio.sleep(0)
        await until(lambda: held() - before == {running[0].pid})
        assert told.empty()
        end(running.pop())
        assert await news() == ProgramChanged("check", runs=False)
        running.append(start())
        assert await news() == ProgramChanged("check", runs=True)
        end(running.pop())
        assert await news() == ProgramChanged("check", runs=False)
        asked.stop()
        assert told.empty()
        assert held() == before
    finally:
        asked.stop()
        for process in running:
            end(process)


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A program that nobody else runs."""
    return shutil.copy(shutil.which("sleep") or "", tmp_path / NAME)


@pytest.mark.parametrize("count", [1, 3, HELD_MAX + 4])
def test_the_last_end_and_the_first_beginning_are_told(program: str, count: int) -> None:
    asyncio.run(follow(Question(NAME), program, count))


def test_processes_are_known_by_their_arguments(program: str) -> None:
    asyncio.run(follow(Question(f"{program} 4444", By.COMMAND_LINE), program, 1))
