"""Notify scripts and FIFOs, with real scripts."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keepalived_py.daemon import notify
from keepalived_py.daemon.notify import Notifier
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import Fifo, GlobalDefinitions
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.vrrp.actions import Notify, NotifyEvent, Subject, VrrpEvent
from keepalived_py.vrrp.state import State

OURSELVES = Account(str(os.geteuid()), str(os.getegid()))


def shell(script: str) -> Command:
    return Command(("/bin/sh", "-c", script, "sh"), OURSELVES)


def told(path: Path, prefix: str = "") -> Command:
    """Notes its arguments in a file."""
    return shell(f'echo {prefix} "$@" >>{path}')


def configured(
    scripts: NotifyScripts, *, group: NotifyScripts | None = None, fifo: Fifo | None = None
) -> Configuration:
    router = VirtualRouter(name="VI_1", vrid=1, interface="eth0", notify=scripts)
    groups = {"G": SyncGroup(name="G", members=("VI_1",), notify=group)} if group else {}
    definitions = GlobalDefinitions(script_account=OURSELVES, vrrp_notify_fifo=fifo or Fifo())
    return Configuration(definitions=definitions, routers={"VI_1": router}, groups=groups)


def state(state: State, priority: int = 100) -> Notify:
    return Notify(Subject.INSTANCE, "VI_1", state, priority)


def run(
    configuration: Configuration,
    scene: Callable[[Notifier], Awaitable[None] | None],
    logged: list[str] | None = None,
) -> list[str]:
    """Play a scene to a notifier and let its scripts end. Returns what was logged, in `logged` if given."""
    log: list[str] = [] if logged is None else logged

    async def play() -> None:
        notifier = Notifier(asyncio.get_running_loop(), lambda entry: log.append(entry.text))
        notifier.configure(configuration)
        result = scene(notifier)
        if result is not None:
            await result
        await notifier.finish(30)

    asyncio.run(play())
    return log


def notifies(*actions: Notify | NotifyEvent) -> Callable[[Notifier], None]:
    def scene(notifier: Notifier) -> None:
        for action in actions:
            notifier.notify(action)

    return scene


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text().splitlines()]


def test_the_script_of_the_state_runs_first_then_the_general_one_with_arguments(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(master=told(out, "master"), any=told(out, "any"))
    run(configured(scripts), notifies(state(State.MASTER, 150)))
    assert lines(out) == ["master", "any INSTANCE VI_1 MASTER 150"]


def test_each_state_has_its_script(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(
        master=told(out, "master"),
        backup=told(out, "backup"),
        fault=told(out, "fault"),
        stop=told(out, "stop"),
        deleted=told(out, "deleted"),
    )
    states = (State.BACKUP, State.MASTER, State.FAULT, State.STOP, State.DELETED)
    run(configured(scripts), notifies(*map(state, states)))
    assert lines(out) == ["backup", "master", "fault", "stop", "deleted"]


def test_groups_are_told_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(fault=told(out, "fault"), any=told(out))
    configuration = configured(NotifyScripts(), group=scripts)
    run(configuration, notifies(Notify(Subject.GROUP, "G", State.FAULT, 0)))
    assert lines(out) == ["fault", "GROUP G FAULT 0"]


def test_a_lower_priority_advert_has_a_script_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(master_rx_lower_pri=told(out, "lower"), any=told(out))
    run(configured(scripts), notifies(NotifyEvent("VI_1", VrrpEvent.MASTER_RX_LOWER_PRI, 100)))
    assert lines(out) == ["lower"]


def test_a_slow_script_is_not_overtaken_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(master=shell(f"sleep 0.3; echo master >>{out}"), backup=told(out, "backup"))
    run(configured(scripts), notifies(state(State.MASTER), state(State.BACKUP), state(State.MASTER)))
    assert lines(out) == ["master", "backup", "master"]


def test_instances_do_not_wait_for_each_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(any=shell(f"until test -e {out}; do sleep 0.02; done"))
    configuration = configured(scripts, group=NotifyScripts(any=told(out)))
    run(configuration, notifies(state(State.MASTER), Notify(Subject.GROUP, "G", State.MASTER, 0)))
    assert lines(out) == ["GROUP G MASTER 0"]


def test_a_script_that_never_ends_holds_the_next_up_for_a_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "PATIENCE_SECONDS", 0.2)
    out = tmp_path / "out"
    waits = shell(f"until test -e {out}; do sleep 0.02; done")
    scripts = NotifyScripts(master=waits, backup=told(out, "backup"))
    run(configured(scripts), notifies(state(State.MASTER), state(State.BACKUP)))
    assert lines(out) == ["backup"]


def test_a_script_that_cannot_run_is_logged_and_the_next_runs(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scripts = NotifyScripts(master=Command(("/nonexistent",), OURSELVES), any=told(out))
    logged = run(configured(scripts), notifies(state(State.MASTER)))
    assert any("/nonexistent" in text for text in logged)
    assert lines(out) == ["INSTANCE VI_1 MASTER 100"]


def test_at_the_end_what_still_waits_is_started_without_waiting(tmp_path: Path) -> None:
    out, go_on = tmp_path / "out", tmp_path / "go_on"
    hangs = shell(f"until test -e {go_on}; do sleep 0.02; done")
    scripts = NotifyScripts(master=hangs, stop=told(out, "stop"))

    async def scene(notifier: Notifier) -> None:
        notifier.notify(state(State.MASTER))
        notifier.notify(state(State.STOP))
        await notifier.finish(0.1)
        while not out.exists():
            await asyncio.sleep(0.02)
        go_on.touch()

    run(configured(scripts), scene)
    assert lines(out) == ["stop"]


def test_an_instance_that_a_reload_removed_is_still_told(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def scene(notifier: Notifier) -> None:
        notifier.configure(Configuration())
        notifier.notify(state(State.DELETED))

    run(configured(NotifyScripts(deleted=told(out, "deleted"))), scene)
    assert lines(out) == ["deleted"]


def test_no_fault_script_runs_for_an_instance_that_a_reload_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def scene(notifier: Notifier) -> None:
        notifier.configure(Configuration())
        notifier.notify(state(State.FAULT))

    run(configured(NotifyScripts(fault=told(out, "fault"), any=told(out))), scene)
    assert lines(out) == ["INSTANCE VI_1 FAULT 100"]


def test_a_fifo_gets_a_line_for_each_change_and_is_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    heard: list[bytes] = []

    def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        notifies(
            state(State.BACKUP),
            NotifyEvent("VI_1", VrrpEvent.MASTER_RX_LOWER_PRI, 90),
            Notify(Subject.GROUP, "G", State.MASTER, 0),
        )(notifier)
        heard.append(os.read(reader, 1000))
        os.close(reader)

    run(configured(NotifyScripts(), fifo=Fifo(path=str(path))), scene)
    assert heard == [
        b'INSTANCE "VI_1" BACKUP 100\nINSTANCE "VI_1" MASTER_RX_LOWER_PRI 90\nGROUP "G" MASTER 0\n'
    ]
    assert not path.exists()


def test_a_reload_opens_fifos_anew_and_removes_one_that_goes(tmp_path: Path) -> None:
    stays, goes = (Fifo(path=str(tmp_path / name)) for name in ("stays", "goes"))
    before = configured(NotifyScripts(), fifo=goes)
    before = replace(before, definitions=replace(before.definitions, notify_fifo=stays))

    def scene(notifier: Notifier) -> None:
        old = os.open(tmp_path / "stays", os.O_RDONLY | os.O_NONBLOCK)
        notifier.configure(configured(NotifyScripts(), fifo=stays))
        assert os.listdir(tmp_path) == ["stays"]
        assert os.read(old, 1000) == b""
        os.close(old)
        reader = os.open(tmp_path / "stays", os.O_RDONLY | os.O_NONBLOCK)
        notifier.notify(state(State.BACKUP))
        assert os.read(reader, 1000) == b'INSTANCE "VI_1" BACKUP 100\n'
        os.close(reader)

    run(before, scene)
    assert os.listdir(tmp_path) == []


def test_a_reload_starts_another_reader_and_ends_the_first(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    reader = shell(
        f'trap "echo ended >>{out}; exit" TERM; echo started >>{out}; while :; do sleep 0.02; done'
    )
    configuration = configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=reader))

    async def heard(*expected: str) -> None:
        async with asyncio.timeout(30):
            while not out.exists() or sorted(lines(out)) != sorted(expected):
                await asyncio.sleep(0.02)

    async def scene(notifier: Notifier) -> None:
        await heard("started")
        notifier.configure(configuration)
        await heard("started", "started", "ended")
        await notifier.finish(0.1)
        await heard("started", "started", "ended", "ended")

    logged = run(configuration, scene)
    assert "vrrp notify fifo script terminated" not in logged


def test_the_end_of_a_reader_is_logged_and_lines_are_written_on(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    configuration = configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=shell("exit 1")))

    async def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        async with asyncio.timeout(30):
            while not logged:
                await asyncio.sleep(0.02)
        notifier.notify(state(State.BACKUP))
        assert os.read(reader, 1000) == b'INSTANCE "VI_1" BACKUP 100\n'
        os.close(reader)

    logged: list[str] = []
    run(configuration, scene, logged)
    assert logged == ["vrrp notify fifo script terminated"]


def test_at_the_end_a_reader_still_reads_the_last_lines(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    reader = shell(f'cat "$1" >{out}')
    configuration = configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=reader))

    async def scene(notifier: Notifier) -> None:
        async with asyncio.timeout(30):
            notifier.notify(state(State.MASTER))
            while not out.exists() or not lines(out):
                await asyncio.sleep(0.02)
        notifier.notify(state(State.STOP))

    run(configuration, scene)
    assert lines(out) == ['INSTANCE "VI_1" MASTER 100', 'INSTANCE "VI_1" STOP 100']


def test_a_state_told_again_goes_to_fifos_only(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    scripts = NotifyScripts(any=told(out), backup=told(out))

    def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        notifier.notify(replace(state(State.BACKUP), again=True))
        assert os.read(reader, 1000) == b'INSTANCE "VI_1" BACKUP 100\n'
        os.close(reader)

    run(configured(scripts, fifo=Fifo(path=str(path))), scene)
    assert not out.exists()


def test_a_change_of_priority_goes_to_fifos_only(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    scripts = NotifyScripts(any=told(out), master_rx_lower_pri=told(out))

    def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        notifier.notify(NotifyEvent("VI_1", VrrpEvent.MASTER_PRIORITY, 120))
        notifier.notify(NotifyEvent("VI_1", VrrpEvent.BACKUP_PRIORITY, 80))
        expected = b'INSTANCE "VI_1" MASTER_PRIORITY 120\nINSTANCE "VI_1" BACKUP_PRIORITY 80\n'
        assert os.read(reader, 1000) == expected
        os.close(reader)

    run(configured(scripts, fifo=Fifo(path=str(path))), scene)
    assert not out.exists()


def test_one_fifo_for_both_gets_each_line_once(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    configuration = configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=shell("exit 1")))
    definitions = replace(configuration.definitions, notify_fifo=Fifo(path=str(path)))

    def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        notifier.notify(state(State.BACKUP))
        assert os.read(reader, 1000) == b'INSTANCE "VI_1" BACKUP 100\n'
        os.close(reader)

    logged = run(replace(configuration, definitions=definitions), scene)
    assert logged == [f"notify FIFO {path} has been specified for global and vrrp FIFO - ignoring vrrp FIFO"]


def test_a_fifo_that_nobody_reads_holds_nobody_up(tmp_path: Path) -> None:
    fifo = Fifo(path=str(tmp_path / "fifo"))
    run(configured(NotifyScripts(), fifo=fifo), notifies(*[state(State.BACKUP)] * 10_000))


def test_the_reader_of_a_fifo_gets_its_path_and_the_lines(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    reader = shell(f'read line <"$1"; echo "$1: $line" >{out}.new; mv {out}.new {out}')

    async def scene(notifier: Notifier) -> None:
        notifier.notify(state(State.MASTER))
        deadline = time.monotonic() + 30
        while not out.exists() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    run(configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=reader)), scene)
    assert lines(out) == [f'{path}: INSTANCE "VI_1" MASTER 100']


def test_a_file_that_is_no_fifo_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    logged = run(configured(NotifyScripts(), fifo=Fifo(path=str(path))), notifies(state(State.MASTER)))
    assert any(str(path) in text for text in logged)
    assert path.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_fifo_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    path, out = tmp_path / "fifo", tmp_path / "out"
    os.mkfifo(path)
    os.chown(path, 12345, 12345)
    configuration = configured(NotifyScripts(), fifo=Fifo(path=str(path), reader=told(out)))
    logged = run(configuration, notifies(state(State.MASTER)))
    assert logged == [f"vrrp_notify fifo {path} is not a fifo we own - not using"]
    assert path.exists()
    assert not out.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_fifo_of_its_owner_is_used_and_left_there(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    os.chown(path, 12345, 12345)
    fifo = Fifo(path=str(path), owner=Account("12345", "12345"))

    def scene(notifier: Notifier) -> None:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        notifier.notify(state(State.MASTER))
        assert os.read(reader, 1000) == b'INSTANCE "VI_1" MASTER 100\n'
        os.close(reader)

    assert run(configured(NotifyScripts(), fifo=fifo), scene) == []
    assert path.exists()


def test_a_fifo_that_cannot_be_made_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "fifo"
    logged = run(configured(NotifyScripts(), fifo=Fifo(path=str(path))), notifies(state(State.MASTER)))
    assert logged == [f"Unable to create vrrp_notify fifo {path}"]
