"""Running commands: real ones, as whoever runs the tests."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from keepalived_py.linux.spawn import Child, Spawner
from keepalived_py.model.command import Account, Command
from keepalived_py.vrrp.actions import Log

PATIENCE_SECONDS = 20


def run(
    *arguments: str,
    account: Account | None = None,
    extra: tuple[str, ...] = (),
    meanwhile: Callable[[Child], None] = lambda child: None,
) -> tuple[int | None, int | None, list[Log]]:
    """Status, signal and log of a command; `meanwhile` is called when it has been started."""

    async def scenario() -> tuple[int | None, int | None, list[Log]]:
        log: list[Log] = []
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        spawner = Spawner(loop, account, log.append)
        child = spawner.start(
            Command(arguments), lambda status, number: ended.set_result((status, number)), extra
        )
        meanwhile(child)
        status, number = await asyncio.wait_for(ended, PATIENCE_SECONDS)
        return status, number, log

    return asyncio.run(scenario())


def executable(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_exit_status_is_told() -> None:
    assert run("sh", "-c", "exit 3") == (3, None, [])


def test_signal_that_ended_it_is_told() -> None:
    assert run("sh", "-c", "kill -9 $$") == (None, signal.SIGKILL, [])


def test_extra_arguments_are_appended(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run("sh", "-c", 'echo "$@" > "$0"', str(output), "one", extra=("two", "three four"))
    assert output.read_text() == "one two three four\n"


def test_name_without_path_is_executed_under_the_name_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs like killall5, which pidof is a link to, look at the name they are called by."""
    real = executable(tmp_path / "real", "")
    os.unlink(real)
    os.symlink("/bin/sh", real)
    (tmp_path / "bin").mkdir()
    os.symlink(real, tmp_path / "bin/alias-of-sh")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    output = tmp_path / "out"
    run("alias-of-sh", "-c", f"tr '\\0' '\\n' < /proc/$$/cmdline > {output}")
    assert output.read_text().splitlines()[0] == "alias-of-sh"


def test_missing_command_ends_with_127_and_is_logged() -> None:
    status, _, [line] = run("no-such-command-anywhere")
    assert status == 127
    assert "no-such-command-anywhere" in line.text


def test_file_that_is_not_executable_ends_with_127_and_is_logged(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    status, _, [line] = run(str(script))
    assert status == 127
    assert "Permission denied" in line.text


def test_unknown_account_ends_with_127_and_is_logged() -> None:
    status, _, [line] = run("true", account=Account("no-such-user-anywhere"))
    assert status == 127
    assert "no-such-user-anywhere" in line.text


def test_script_without_shebang_is_run_by_the_shell(tmp_path: Path) -> None:
    script = executable(tmp_path / "script", 'exit "$1"\n')
    assert run(script, "5") == (5, None, [])


@pytest.mark.parametrize("test", ["</etc/passwd", "< /etc/passwd"])
def test_redirection_tests_whether_a_file_opens(test: str) -> None:
    assert run(test)[0] == 0
    assert run(test + ".missing")[0] not in (0, None)


def test_signal_goes_to_all_that_the_command_has_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    def end_it(child: Child) -> None:
        while not pid_file.exists() or not pid_file.read_text().endswith("\n"):
            time.sleep(0.01)
        child.signal_group(signal.SIGTERM)

    run("sh", "-c", f"sleep 4545 & echo $! > {pid_file}; wait", meanwhile=end_it)
    sleeper = int(pid_file.read_text())
    while psutil.pid_exists(sleeper) and psutil.Process(sleeper).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def test_own_process_group(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run("sh", "-c", f"ps -o pid=,pgid= -p $$ > {output}")
    pid, group = output.read_text().split()
    assert pid == group != str(os.getpgrp())


def test_signal_after_the_end_is_no_error() -> None:
    child: list[Child] = []
    run("true", meanwhile=child.append)
    child[0].signal_group(signal.SIGTERM)


def test_dangerous_variables_are_gone_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LD_LIBRARY_PATH", "IFS", "KEPT"):
        monkeypatch.setenv(name, "x")
    output = tmp_path / "out"
    run("sh", "-c", f"tr '\\0' '\\n' < /proc/$$/environ > {output}")
    names = {line.partition("=")[0] for line in output.read_text().splitlines()}
    assert "KEPT" in names
    assert not names & {"LD_LIBRARY_PATH", "IFS", "LD_PRELOAD"}


def test_standard_streams_are_dev_null(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run("sh", "-c", f"readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 > {output}")
    # The second is redirected by the command itself.
    assert output.read_text().split()[::2] == ["/dev/null", "/dev/null"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_user_group_and_supplementary_groups_are_dropped() -> None:
    with TemporaryDirectory(dir="/tmp") as directory:  # one that others can get into
        os.chmod(directory, 0o777)
        output = Path(directory, "out")
        status, _, _ = run("sh", "-c", f"(id -u; id -g; id -G) > {output}", account=Account("nobody"))
        user, group, groups = output.read_text().splitlines()
    assert status == 0
    assert user == "65534"
    assert groups == group


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv of util-linux")
@pytest.mark.parametrize(("name", "expected"), [("check", signal.SIGTERM), ("pidof", 0)])
def test_scripts_are_told_of_our_end_unless_they_only_ask_for_a_process(
    tmp_path: Path, name: str, expected: int
) -> None:
    get_death_signal = "number = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(number))"
    program = executable(
        tmp_path / name,
        f"#!{sys.executable}\nimport ctypes, sys\n{get_death_signal}\nsys.exit(number.value)\n",
    )
    assert run(program, "nginx") == (expected, None, [])
