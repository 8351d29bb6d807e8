"""Pid files: who holds one, and what others see of it."""

import os
from pathlib import Path

import pytest

from keepalived_py.daemon.pid_file import AlreadyRunningError, PidFile, PidFileError, default_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keepalived.pid"


def test_it_holds_the_pid_and_a_newline_for_everybody_to_read(path: Path) -> None:
    umask = os.umask(0o177)
    try:
        file = PidFile(path)
        file.acquire()
        file.write(123456)
        file.write(42)
    finally:
        os.umask(umask)
    assert path.read_bytes() == b"42\n"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_second_daemon_is_refused_until_the_first_lets_go(path: Path) -> None:
    first, second = PidFile(path), PidFile(path)
    first.acquire()
    with pytest.raises(AlreadyRunningError):
        second.acquire()
    first.remove()
    second.acquire()
    assert path.exists()


def test_a_file_left_behind_by_a_crash_does_not_matter(path: Path) -> None:
    path.write_text("4194304000\n")
    file = PidFile(path)
    file.acquire()
    file.write(7)
    assert path.read_text() == "7\n"


def test_a_child_keeps_the_lock_of_its_parent(path: Path) -> None:
    file = PidFile(path)
    file.acquire()
    go_on, wait = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(wait)
        os.read(go_on, 1)
        os._exit(0)
    file.close()
    with pytest.raises(AlreadyRunningError):
        PidFile(path).acquire()
    os.close(wait)
    os.waitpid(child, 0)
    PidFile(path).acquire()


def test_a_file_that_someone_has_removed_is_made_anew(path: Path) -> None:
    file = PidFile(path)
    file.acquire()
    path.unlink()
    file.write(7)
    assert path.read_text() == "7\n"
    with pytest.raises(AlreadyRunningError):
        PidFile(path).acquire()


def test_the_file_of_another_is_not_removed(path: Path) -> None:
    file, other = PidFile(path), PidFile(path)
    file.acquire()
    path.unlink()
    other.write(7)
    file.remove()
    assert path.read_text() == "7\n"


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    path.symlink_to(target)
    with pytest.raises(PidFileError, match="symbolic links"):
        PidFile(path).acquire()
    assert not target.exists()


@pytest.mark.parametrize(
    ("shared", "namespace", "instance", "path"),
    [
        (False, None, None, "/run/vrrp.pid"),
        (True, None, None, "/run/keepalived/vrrp.pid"),
        (False, None, "blue", "/run/keepalived/vrrp_blue.pid"),
        (False, "ns1", None, "/run/keepalived/ns1/vrrp.pid"),
        (False, "ns1", "blue", "/run/keepalived/ns1/vrrp_blue.pid"),
    ],
)
def test_where_it_is(shared: bool, namespace: str | None, instance: str | None, path: str) -> None:
    assert str(default_path("vrrp", shared=shared, namespace=namespace, instance=instance)) == path
