"""Tell the world of state changes: notify scripts, FIFOs and mail.

For one instance or group scripts run strictly one after the other, in the order of the changes;
keepalived starts them at the same time, and "backup" may overtake "master". Different instances do
not wait for each other, and the daemon waits for nobody.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TypeAlias

from keepalived_py.check.machine import ThisMachine
from keepalived_py.daemon.fifo import Fifos
from keepalived_py.daemon.mail import Mailer
from keepalived_py.linux.spawn import OnExit, Spawner
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.vrrp.actions import Log, Notify, NotifyEvent, Subject, VrrpEvent
from keepalived_py.vrrp.state import State

PATIENCE_SECONDS = 30.0
"""A script that runs longer than this holds nobody up any more: some people start daemons in one."""

Key: TypeAlias = tuple[Subject, str]
Start: TypeAlias = Callable[[OnExit], object]
"""Starts a script, and has its end reported."""


class ScriptQueue:
    """Scripts to run one after the other."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Start] = deque()
        self._patience: asyncio.TimerHandle | None = None
        self.idle = asyncio.Event()
        """Set while no script waits or runs, but for those that have used up our patience."""
        self.idle.set()

    def add(self, start: Start) -> None:
        self._waiting.append(start)
        if self.idle.is_set():
            self.idle.clear()
            self._start_next()

    def start_all(self) -> bool:
        """Start at once all that still wait: there is no later. Returns whether there were any."""
        waited = bool(self._waiting)
        while self._waiting:
            self._start_next()
        return waited

    def _start_next(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        if not self._waiting:
            self.idle.set()
            return
        patience = self._patience = self._loop.call_later(PATIENCE_SECONDS, self._start_next)

        def ended(status: int | None, signal: int | None) -> None:
            if self._patience is patience:
                self._start_next()

        self._waiting.popleft()(ended)


class Notifier:
    """Carries out the notifications of an engine."""

    def __init__(self, loop: AbstractEventLoop, log: Callable[[Log], None]) -> None:
        self._loop = loop
        self._log = log
        self._scripts: dict[Key, NotifyScripts] = {}
        self._previous: dict[Key, NotifyScripts] = {}
        self._queues: dict[Key, ScriptQueue] = {}
        self._fifos = Fifos(loop, log)
        self._mailer = Mailer(loop, ThisMachine(), log)

    def configure(self, configuration: Configuration) -> None:
        """Do as a configuration says; call it before the engine gets it. Scripts of the one before are
        still known, to tell of the end of what a reload removes."""
        definitions = configuration.definitions
        self._spawner = Spawner(self._loop, definitions.script_account, self._log)
        self._previous = self._scripts
        self._scripts = {(Subject.INSTANCE, name): it.notify for name, it in configuration.routers.items()}
        self._scripts |= {(Subject.GROUP, name): it.notify for name, it in configuration.groups.items()}
        self._fifos.configure(definitions, self._spawner)
        self._mailer.configure(definitions)

    def notify(self, action: Notify | NotifyEvent) -> None:
        """Start what is to be told, in keepalived's order: script of the state, general script, FIFOs,
        mail."""
        match action:
            case Notify(subject, name, state, priority):
                word, runs = state.name, self._runs_for(action)
            case NotifyEvent(name, event, priority):
                subject, word, runs = Subject.INSTANCE, event.value, self._runs_of_event(action)
        for command, extra in runs:
            self._queue((subject, name)).add(partial(self._spawner.start, command, extra=extra))
        self._fifos.write(f'{subject.value} "{name}" {word} {priority}\n')
        if isinstance(action, Notify) and not action.again and self._scripts_of((subject, name)).smtp_alert:
            self._mailer.notify(action)

    async def finish(self, timeout_seconds: float) -> None:
        """Let scripts, mail, and the readers of FIFOs, end for so long. Then start the scripts that still
        wait, have the readers end, and leave the scripts as much time again: they end with us."""
        self._fifos.close()
        queues = [queue for queue in self._queues.values() if not queue.idle.is_set()]
        waits: list[Coroutine[None, None, object]] = [queue.idle.wait() for queue in queues]
        waits += [self._fifos.wait_for_readers(), self._mailer.idle.wait()]
        waiting = [asyncio.create_task(wait) for wait in waits]
        await asyncio.wait(waiting, timeout=timeout_seconds)
        late = [queue for queue in queues if queue.start_all()]
        self._fifos.end_readers()
        if late:
            still = [asyncio.create_task(queue.idle.wait()) for queue in late]
            await asyncio.wait(still, timeout=timeout_seconds)

    def _runs_for(self, action: Notify) -> list[tuple[Command, tuple[str, ...]]]:
        """The scripts to run, each with what is appended to its arguments."""
        if action.again:
            return []
        key = action.subject, action.name
        scripts = self._scripts_of(key)
        by_state = {
            State.MASTER: scripts.master,
            State.BACKUP: scripts.backup,
            State.FAULT: scripts.fault,
            State.STOP: scripts.stop,
            State.DELETED: scripts.deleted,
        }
        runs: list[tuple[Command, tuple[str, ...]]] = []
        # One that a reload has removed may be told of as FAULT, but has not failed.
        state = action.state if key in self._scripts else State.DELETED
        if command := by_state.get(state):
            runs.append((command, ()))
        if scripts.any:
            told = (action.subject.value, action.name, action.state.name, str(action.priority))
            runs.append((scripts.any, told))
        return runs

    def _runs_of_event(self, action: NotifyEvent) -> list[tuple[Command, tuple[str, ...]]]:
        command = self._scripts_of((Subject.INSTANCE, action.instance)).master_rx_lower_pri
        return [(command, ())] if command and action.event is VrrpEvent.MASTER_RX_LOWER_PRI else []

    def _scripts_of(self, key: Key) -> NotifyScripts:
        return self._scripts.get(key) or self._previous.get(key) or NotifyScripts()

    def _queue(self, key: Key) -> ScriptQueue:
        if key not in self._queues:
            self._queues[key] = ScriptQueue(self._loop)
        return self._queues[key]
