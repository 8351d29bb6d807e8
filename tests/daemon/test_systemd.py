"""What systemd is told."""

import os
import socket
from pathlib import Path

import pytest

from keepalived_py.daemon.systemd import Systemd


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_messages_arrive_at_the_notification_socket(kind: str, tmp_path: Path) -> None:
    address = str(tmp_path / "notify") if kind == "path" else f"@keepalived-py-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(address.replace("@", "\0", 1) if kind == "abstract" else address)
        server.settimeout(10)
        systemd = Systemd(address)
        systemd.ready()
        systemd.reloading()
        systemd.stopping()
        systemd.failed(22)
        messages = [server.recv(1000).decode() for _ in range(4)]
    assert messages == [f"READY=1\nMAINPID={os.getpid()}", "RELOADING=1", "STOPPING=1", "ERRNO=22"]


def test_the_socket_is_hidden_from_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/nonexistent")
    Systemd.from_environment().ready()
    assert "NOTIFY_SOCKET" not in os.environ


def test_without_systemd_nothing_happens() -> None:
    Systemd(None).ready()
