"""Counting processes: which match, and that their begin and end are noticed."""

import asyncio
import subprocess
from collections.abc import Sequence

import pytest

from keepalived_py.linux.processes import Processes, matches
from keepalived_py.model.tracking import ParameterMatch, TrackProcess
from keepalived_py.vrrp.events import ProcessesCounted

PATIENCE_SECONDS = 20
EXACT, PARTIAL, INITIAL = ParameterMatch.EXACT, ParameterMatch.PARTIAL, ParameterMatch.INITIAL


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("nginx", "nginx", True),
        ("/usr/sbin/nginx", "nginx", True),
        ("nginx", "nginx-debug", False),
        ("a-name-that-is-too-long", "a-name-that-is-", True),
        ("a-name-that-is-too-long", "a-name-that-is-other", True),
        ("a-name-that-is", "a-name-that-is-", False),
    ],
)
def test_name_is_compared_as_far_as_the_kernel_keeps_it(path: str, name: str, expected: bool) -> None:
    assert matches(TrackProcess(name="t", path=path), name, []) is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["/usr/sbin/nginx"], True), (["nginx"], False), (["/usr/sbin/nginx", "-g"], True), ([], False)],
)
def test_full_command_is_compared_with_the_first_argument(arguments: Sequence[str], expected: bool) -> None:
    track = TrackProcess(name="t", path="/usr/sbin/nginx", full_command=True)
    assert matches(track, "nginx", arguments) is expected


@pytest.mark.parametrize(
    ("how", "wanted", "given", "expected"),
    [
        (EXACT, ["-c", "x"], ["-c", "x"], True),
        (EXACT, ["-c", "x"], ["-c", "x", "y"], False),
        (EXACT, [], [], True),
        (EXACT, [], ["-c"], False),
        (PARTIAL, ["-c", "x"], ["-c", "x", "y"], True),
        (PARTIAL, ["-c", "x"], ["-c", "xy"], False),
        (INITIAL, ["-c", "x"], ["-c", "xy"], True),
        (INITIAL, ["-c", "x"], ["-c", "x", "y"], True),
        (INITIAL, ["-c", "x"], ["-cx"], False),
        (INITIAL, ["-c"], [], False),
    ],
)
def test_parameters(how: ParameterMatch, wanted: list[str], given: list[str], expected: bool) -> None:
    track = TrackProcess(name="t", path="p", full_command=True, parameters=tuple(wanted), parameter_match=how)
    assert matches(track, "p", ["p", *given]) is expected


def test_processes_are_counted_as_they_come_and_go() -> None:
    async def scenario() -> None:
        counted: asyncio.Queue[ProcessesCounted] = asyncio.Queue()

        async def next_count() -> int:
            return (await asyncio.wait_for(counted.get(), PATIENCE_SECONDS)).count

        log: list[object] = []
        processes = Processes(asyncio.get_running_loop(), counted.put_nowait, log.append)
        track = TrackProcess(name="t", path="sleep", full_command=True, parameters=("4444",))
        with subprocess.Popen(["sleep", "4444"]) as first:
            processes.configure({"t": track})
            assert await next_count() == 1
            # It becomes one by exec only: its name is another at first.
            with subprocess.Popen(["sh", "-c", "true; exec sleep 4444"]) as second:
                assert await next_count() == 2
                second.kill()
                assert await next_count() == 1
            first.kill()
            assert await next_count() == 0
        processes.stop()

    asyncio.run(scenario())
