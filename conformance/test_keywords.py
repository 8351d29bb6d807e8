"""The same file under keepalived and under keepalived-py, side by side on equal networks: whatever both
show of it must be the same. The files are in `keywords/`; README.md says which keyword is tried in which."""

import json
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.capture import Capture, Frame
from conformance.conftest import needs
from conformance.daemon.test_reports import normalised, report
from conformance.events import Events
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Program, Router

FILES = Path(__file__).with_name("keywords")
NOTES = "/tmp/notes"
NOTE = f'#!/bin/sh\necho "$@" >>{NOTES}\n'
_ETH_P_IP = 0x0800
NOT_TOLD_BY_US = re.compile(
    # What is remembered of interfaces, and a timer that an owner has no use for.
    r"(?m)^   (Reset|Original) \w+ .*\n|^   (rp_filter|NIC|Not IPv6 forwarding).*\n|^ G\w+ next time .*\n"
    r"|^   Master down timer = .*\n"
)


@dataclass(frozen=True)
class Story:
    """What is done in turn, and what the router tells of it through its FIFO; in which order instances
    that have nothing to do with each other are told of is left open."""

    file: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    is_newer: bool = False
    """2.2.7 does not know these keywords."""
    data_file: str = "keepalived.data"


def came_up(*instances: str) -> tuple[str, ...]:
    """The instances, each NAME PRIORITY, become backup and master."""
    told = []
    for name, _, priority in (instance.partition(" ") for instance in instances):
        told += [f"INSTANCE {name} BACKUP {priority}", f"INSTANCE {name} MASTER {priority}"]
    return tuple(told)


def group(state: str, *members: str) -> tuple[str, ...]:
    """The members, and then their group, go into a state with a priority of 121."""
    return *(f"INSTANCE {name} {state} 121" for name in members), f"GROUP G {state} 0"


def priorities(state: str, *changed: str) -> tuple[str, ...]:
    """The instances, each NAME PRIORITY, have another priority."""
    return tuple(f"INSTANCE {name} {state}_PRIORITY {to}" for name, to in map(str.split, changed))


MEMBERS = ("VI_1", "VI_2")
GROUPS = (
    (
        "",
        (
            *priorities("BACKUP", "VI_1 105", "VI_2 105"),
            *("GROUP G BACKUP 0", "INSTANCE VI_1 BACKUP 105", "INSTANCE VI_2 BACKUP 105"),
            *priorities("BACKUP", "VI_1 115", "VI_2 115"),
            *("INSTANCE VI_2 MASTER 115", "INSTANCE VI_1 MASTER 115", "GROUP G MASTER 0"),
            *came_up("VI_3 100"),
        ),
    ),
    ("touch /tmp/broken", priorities("MASTER", "VI_1 105", "VI_2 105", "VI_3 80")),
    ("rm /tmp/broken", priorities("MASTER", "VI_1 115", "VI_2 115", "VI_3 100")),
    (
        "echo 3 >/tmp/load",
        (*priorities("MASTER", "VI_1 121", "VI_2 121", "VI_3 103"), "INSTANCE VI_3 FAULT 103"),
    ),
    ("ip link set eth1 down", group("FAULT", *MEMBERS)),
    ("ip link set eth1 up", (*group("BACKUP", *MEMBERS), *group("MASTER", *MEMBERS))),
    (
        "echo 0 >/tmp/load",
        (
            *priorities("MASTER", "VI_1 115", "VI_2 115"),
            *priorities("BACKUP", "VI_3 100"),
            *came_up("VI_3 100"),
        ),
    ),
)

STORIES = (
    Story("defaults", (("", came_up("VI_4 100", "VI_6 90")),)),
    Story("instance", (("", (*came_up("VI_1 120", "VI_2 100", "VI_3 50"), "INSTANCE VI_4 FAULT 40")),)),
    Story("strict", (("", came_up("VI_1 100", "VI_2 100")),)),
    Story("groups", GROUPS),
    # In a network of its own, keepalived is told of no processes: it never counts any.
    Story("processes", (("", came_up("VI_1 100")),)),
    Story("files", (("", came_up("VI_1 100")),), data_file="keepalived.lab.data"),
    Story("vmac", (("", came_up("VI_1 100", "VI_2 100", "VI_3 100")),)),
    Story(
        "newer", (("", ("INSTANCE VI_1 MASTER 255", *came_up("VI_2 100"))),), is_newer=True, data_file="state"
    ),
)


class Side:
    """One of the two, on a network of its own."""

    def __init__(self, program: Program, stack: ExitStack) -> None:
        lan = stack.enter_context(Lan())
        self.router = stack.enter_context(Router(program, lan.host()))
        self.host = self.router.host
        self.host.plug_in("eth1", "10.1.0.1/24")
        self.host.write("/etc/keepalived/note", NOTE, mode=0o755)
        self.before = self.network
        self.events = stack.enter_context(Events(self.host))
        self._capture = stack.enter_context(Capture(lan.switch))

    @property
    def network(self) -> object:
        """The interfaces and their addresses."""
        links = json.loads(self.host.plumb("ip -details -json address"))
        for link in links:
            for passing in ("ifindex", "link_index", "link_netnsid", "linkmode"):
                link.pop(passing, None)
        return sorted(links, key=lambda link: str(link["ifname"]))

    @property
    def frames(self) -> set[bytes]:
        """All adverts and announcements so far, whatever their order and number."""
        return {
            plain(frame) for frame in self._capture.frames if frame.is_advert or frame.announced is not None
        }

    @property
    def notes(self) -> list[str]:
        """What scripts were told, in alphabetical order: keepalived runs them all at once."""
        path = self.host.path(NOTES)
        return sorted(path.read_text().splitlines()) if path.exists() else []


def plain(frame: Frame) -> bytes:
    """The frame without the identification of its IP packet, which counts on."""
    if frame.ether_type != _ETH_P_IP:
        return frame.data
    return frame.data[:18] + bytes(2) + frame.data[20:24] + bytes(2) + frame.data[26:]


@contextmanager
def both() -> Iterator[tuple[Side, Side]]:
    needs(C)
    with ExitStack() as stack:
        yield Side(OURS, stack), Side(C, stack)


def await_same(what: str, ours: Side, theirs: Side) -> None:
    try:
        wait_until(lambda: getattr(ours, what) == getattr(theirs, what), f"the same {what}")
    except TimeoutError:
        assert getattr(ours, what) == getattr(theirs, what)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.file)
def test_both_do_the_same(story: Story) -> None:
    with both() as sides:
        newer = "v2.4" in sides[1].host.attempt(C.path, "--version").stderr
        if story.is_newer and not newer:
            pytest.skip("keepalived 2.2.7 does not know these keywords")
        for side in sides:
            side.router.start((FILES / f"{story.file}.conf").read_text())
        for command, events in story.steps:
            for side in sides:
                if command:
                    side.host.run("sh", "-c", command)
            for side in sides:
                take_in_some_order(side.events, events)
        await_same("frames", *sides)
        await_same("network", *sides)
        await_same("notes", *sides)
        assert sides[0].frames
        if newer:
            ours, theirs = (data_file(side, story.data_file) for side in sides)
            assert ours == theirs
        for side in sides:
            assert side.router.stop() == 0
        ours, theirs = sides
        await_same("notes", *sides)
        assert ours.events.lines == theirs.events.lines
        assert ours.frames == theirs.frames
        assert ours.network == ours.before


def take_in_some_order(events: Events, expected: tuple[str, ...]) -> None:
    """Wait for the next events; those of each instance or group in order."""
    try:
        wait_until(lambda: len(events.lines) >= len(expected), f"{len(expected)} events")
    except TimeoutError:
        assert events.lines == list(expected)
    subject = re.compile(r"\w+ \w+")

    def by_subject(line: str) -> str:
        found = subject.match(line)
        assert found, line
        return found[0]

    told = events.lines[: len(expected)]
    assert sorted(told, key=by_subject) == sorted(expected, key=by_subject)
    del events.lines[: len(expected)]


def data_file(side: Side, name: str) -> list[str]:
    """The file of SIGUSR1, but for what DIVERGENCES.md says of it."""
    text = report(side.router, signal.SIGUSR1, name).read_text()
    return normalised(NOT_TOLD_BY_US.sub("", text), side.router)
