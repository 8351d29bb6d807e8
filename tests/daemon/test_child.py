"""Child processes: how they get their configuration, how they end, when they are started again."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keepalived_py.daemon.child import Child
from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.pid_file import PidFile
from keepalived_py.daemon.shared import SharedConfiguration
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import VirtualRouter

LOG = Logger(detail=False, console=True, syslog=None)


def child(tmp_path: Path, body: Callable[[], int]) -> Child:
    return Child("VRRP", "Keepalived_vrrp", body, PidFile(tmp_path / "vrrp.pid"), LOG)


def wait_for(it: Child) -> ExitStatus:
    assert it.pid is not None
    return it.ended(os.waitpid(it.pid, 0)[1])


def sleep() -> int:
    time.sleep(60)
    return 0


def die() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_the_pid_file_names_the_child(tmp_path: Path) -> None:
    it = child(tmp_path, sleep)
    it.start()
    assert (tmp_path / "vrrp.pid").read_text() == f"{it.pid}\n"
    it.signal(signal.SIGKILL)
    wait_for(it)
    assert it.pid is None


@pytest.mark.parametrize("status", [ExitStatus.FATAL, ExitStatus.CONFIG, ExitStatus.MISSING_PERMISSION])
def test_permanent_errors_are_told_to_the_parent(
    tmp_path: Path, status: ExitStatus, capsys: pytest.CaptureFixture[str]
) -> None:
    it = child(tmp_path, lambda: status)
    it.start()
    assert wait_for(it) is status
    assert "Keepalived_vrrp exited with permanent error" in capsys.readouterr().err


def test_other_ends_are_not_permanent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for body in (lambda: 0, lambda: 3, die):
        it = child(tmp_path, body)
        it.start()
        assert wait_for(it) is ExitStatus.OK
        it.pid_file.close()
    said = capsys.readouterr().err
    assert "Keepalived_vrrp exited with status 3" in said
    assert "Keepalived_vrrp exited due to signal 9 (Killed)" in said


def test_an_error_of_ours_is_logged_with_its_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def body() -> int:
        raise RuntimeError("broken")

    it = child(tmp_path, body)
    it.start()
    assert wait_for(it) is ExitStatus.OK
    said = capfd.readouterr().err
    assert "RuntimeError: broken" in said
    assert "test_child.py" in said
    assert "exited with status 70" in said


def test_restarts_are_delayed_longer_and_longer(tmp_path: Path) -> None:
    it = child(tmp_path, lambda: 0)
    it.start()
    wait_for(it)
    delays = []
    for _ in range(9):
        it.schedule_restart()
        assert it.restart_at is not None
        delays.append(round(it.restart_at - time.monotonic()))
    assert delays == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_child_gets_the_configuration_that_its_parent_has_loaded() -> None:
    first = Configuration(routers={"VI_1": VirtualRouter(name="VI_1", vrid=1, interface="eth0")})
    second = Configuration(definitions=GlobalDefinitions(router_id="other"))
    shared = SharedConfiguration(first)
    assert shared.read() == first
    go_on, wait = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(wait)
        os.read(go_on, 1)
        os._exit(0 if shared.read() == second else 1)
    shared.write(second)
    os.close(wait)
    assert os.waitpid(pid, 0)[1] == 0
    shared.close()
