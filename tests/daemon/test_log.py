"""The log: what arrives at syslog and the console, and that nobody is held up by either."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepalived_py.daemon.log import Logger, Syslog, identity
from keepalived_py.vrrp.actions import Level, Log


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "log")


@pytest.fixture
def syslogd(path: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        server.settimeout(10)
        yield server


def test_syslog_gets_facility_time_identity_and_pid(path: str, syslogd: socket.socket) -> None:
    Syslog("local3", "Keepalived_vrrp", path).write("(VI_1) Entering MASTER STATE")
    message = syslogd.recv(1000).decode()
    priority = 19 << 3 | 6
    pattern = rf"<{priority}>[A-Z][a-z]{{2}} [ 1-3]\d \d\d:\d\d:\d\d Keepalived_vrrp\[{os.getpid()}\]: "
    assert re.fullmatch(pattern + re.escape("(VI_1) Entering MASTER STATE"), message)


def test_a_syslog_that_takes_nothing_holds_nobody_up(path: str, syslogd: socket.socket) -> None:
    syslog = Syslog("daemon", "Keepalived", path)
    for number in range(10_000):  # far more than any socket buffers; a blocking one would hang here
        syslog.write(f"message {number}")
    assert syslogd.recv(1000).endswith(b"message 0")


def test_a_syslog_that_comes_back_is_found_again(path: str) -> None:
    syslog = Syslog("daemon", "Keepalived", path)
    syslog.write("nobody hears this")
    for attempt in ("first", "second"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
            server.bind(path)
            syslog.write(attempt)
            assert server.recv(1000).endswith(attempt.encode())
        os.unlink(path)


def test_the_console_shows_the_local_time_as_keepalived_does(capsys: pytest.CaptureFixture[str]) -> None:
    Logger(detail=False, console=True, syslog=None).message("(VI_1) Entering MASTER STATE")
    pattern = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d \d{4}: \(VI_1\) Entering MASTER STATE\n"
    assert re.fullmatch(pattern, capsys.readouterr().err)


@pytest.mark.parametrize(("detail", "count"), [(False, 1), (True, 2)])
def test_details_are_only_logged_on_request(
    detail: bool, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Logger(detail=detail, console=True, syslog=None)
    log.write(Log("always"))
    log.write(Log("sometimes", Level.DETAIL))
    assert len(capsys.readouterr().err.splitlines()) == count


def test_an_identity_tells_namespace_and_instance() -> None:
    assert identity("Keepalived_vrrp", None, None) == "Keepalived_vrrp"
    assert identity("Keepalived", "ns1", "blue") == "Keepalived_ns1_blue"
