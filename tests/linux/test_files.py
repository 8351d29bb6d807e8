"""Numbers in files, with real files."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from keepalived_py.check.filesystem import can_be_watched
from keepalived_py.linux.files import Files, initialise_files, number_in
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackFile
from keepalived_py.vrrp.actions import Log
from keepalived_py.vrrp.events import FileRead


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"", 0),
        (b"7\n", 7),
        (b" \t\n-12 apples", -12),
        (b"+5", 5),
        (b"0x1F", 31),
        (b"0x", 0),
        (b"017", 15),
        (b"08", 0),
        (b"1e3", 1),
        (b"- 3", 0),
        (b"up", 0),
    ],
)
def test_number_in(text: bytes, number: int) -> None:
    assert number_in(text) == number


def track(*paths: Path) -> Configuration:
    """An instance that tracks the files, which are called as they are."""
    files = {path.name: TrackFile(name=path.name, path=str(path)) for path in paths}
    tracked = tuple(Tracked(name=name) for name in files)
    router = VirtualRouter(name="VI_1", vrid=1, interface="eth0", track_files=tracked)
    return Configuration(files=files, routers={"VI_1": router})


class Follower:
    """Follows files in a loop, and keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[FileRead] = []
        self.log: list[Log] = []
        self.files = Files(asyncio.get_running_loop(), self.told.append, self.log.append)

    async def hears(self, name: str, number: int) -> None:
        """Wait until the last that was told is this. Raises TimeoutError."""
        async with asyncio.timeout(10):
            while not self.told or self.told[-1] != FileRead(name, number):
                await asyncio.sleep(0.01)


def follow(scenario: Callable[[Follower], Awaitable[None]]) -> None:
    async def run() -> None:
        follower = Follower()
        try:
            await scenario(follower)
        finally:
            follower.files.stop()

    asyncio.run(run())


def test_every_way_to_change_a_file_is_noticed(tmp_path: Path) -> None:
    load = tmp_path / "load"

    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(load))
        assert follower.told == [FileRead("load", 0)]
        load.write_text("3\n")
        await follower.hears("load", 3)
        (tmp_path / "new").write_text("-4\n")
        (tmp_path / "new").rename(load)
        await follower.hears("load", -4)
        load.rename(tmp_path / "old")
        await follower.hears("load", 0)
        load.write_text("5")
        await follower.hears("load", 5)
        load.unlink()
        await follower.hears("load", 0)

    follow(scenario)


def test_what_was_there_is_read_and_other_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "load").write_text("9")

    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(tmp_path / "load", tmp_path / "mark"))
        assert FileRead("load", 9) in follower.told
        (tmp_path / "other").write_text("1")
        (tmp_path / "load").write_text("9 again")
        (tmp_path / "mark").write_text("1")
        await follower.hears("mark", 1)
        assert [told for told in follower.told if told.file == "load"] == [FileRead("load", 9)]

    follow(scenario)


def test_a_number_that_is_too_large_changes_nothing(tmp_path: Path) -> None:
    load = tmp_path / "load"
    load.write_text("9")

    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(load, tmp_path / "mark"))
        load.write_text("99999999999")
        (tmp_path / "mark").write_text("1")
        await follower.hears("mark", 1)
        assert follower.told[-2] != FileRead("load", 0)
        assert Log(f"Invalid number 99999999999 read from {load} - ignoring") in follower.log

    follow(scenario)


def test_a_link_is_followed_to_where_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real").write_text("1")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "real")

    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(tmp_path / "link"))
        (tmp_path / "far" / "real").write_text("2")
        await follower.hears("link", 2)

    follow(scenario)


def test_another_configuration_is_told_only_what_is_new(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")

    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(one))
        follower.files.configure(track(one, two))
        assert follower.told == [FileRead("one", 1), FileRead("two", 2)]

    follow(scenario)


def test_a_directory_that_is_missing_is_reported(tmp_path: Path) -> None:
    async def scenario(follower: Follower) -> None:
        follower.files.configure(track(tmp_path / "none" / "load"))
        assert follower.log == [Log("track file load is not accessible - ignoring")]

    follow(scenario)


def initialised(path: Path, *, overwrite: bool) -> list[Log]:
    log: list[Log] = []
    file = TrackFile(name="load", path=str(path), initial_value=-5, overwrite=overwrite)
    initialise_files([file], log.append)
    return log


def test_init_file_makes_what_is_missing(tmp_path: Path) -> None:
    assert initialised(tmp_path / "load", overwrite=False) == []
    assert (tmp_path / "load").read_text() == "-5\n"


def test_init_file_overwrites_only_if_asked_to(tmp_path: Path) -> None:
    (tmp_path / "load").write_text("1")
    initialised(tmp_path / "load", overwrite=False)
    assert (tmp_path / "load").read_text() == "1"
    initialised(tmp_path / "load", overwrite=True)
    assert (tmp_path / "load").read_text() == "-5\n"


def test_init_file_overwrites_no_directory(tmp_path: Path) -> None:
    assert initialised(tmp_path, overwrite=True) == [
        Log("Cannot initialise track file load - it is not a regular file")
    ]


def test_file_systems_that_the_kernel_makes_up_cannot_be_watched(tmp_path: Path) -> None:
    assert can_be_watched(str(tmp_path))
    assert not can_be_watched("/proc")
    assert not can_be_watched("/sys")
