"""A configuration without the commands that may not run on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from keepalived_py.linux.accounts import AccountError, Credentials, resolve, resolve_default
from keepalived_py.linux.security import Verdict, examine
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration, Fifo
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.tracking import Tracked


@dataclass(frozen=True, slots=True)
class Review:
    """What is left of a configuration, and what there is to say about it."""

    configuration: Configuration
    remarks: tuple[str, ...]
    violation: bool
    """Scripts run although `enable_script_security` is not given (status 6 of `keepalived -t`)."""


def review(configuration: Configuration) -> Review:
    """Take out what may not run: track scripts from all that track them, and notify scripts.

    What depended on a track script that is taken out goes on without it, as in keepalived.
    """
    return _Reviewer(configuration).review()


class _Reviewer:
    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._enforce = configuration.definitions.script_security
        self._remarks: list[str] = []
        self._verdicts: dict[Command, Verdict] = {}

    def review(self) -> Review:
        before = self._configuration
        scripts = {
            name: script
            for name, script in before.scripts.items()
            if self._permits(script.command, f"track script {name}")
        }
        after = replace(
            before,
            scripts=scripts,
            routers={
                name: replace(
                    router,
                    track_scripts=_only(router.track_scripts, scripts),
                    notify=self._notify(router.notify),
                )
                for name, router in before.routers.items()
            },
            groups={
                name: replace(
                    group,
                    track_scripts=_only(group.track_scripts, scripts),
                    notify=self._notify(group.notify),
                )
                for name, group in before.groups.items()
            },
            definitions=replace(
                before.definitions,
                notify_fifo=self._fifo(before.definitions.notify_fifo),
                vrrp_notify_fifo=self._fifo(before.definitions.vrrp_notify_fifo),
            ),
        )
        violation = not self._enforce and any(verdict.is_script for verdict in self._verdicts.values())
        if violation:
            all_safe = all(verdict.safe for verdict in self._verdicts.values())
            self._remarks.append(
                "SECURITY VIOLATION - scripts are being executed but script_security not enabled."
                + ("" if all_safe else " There are insecure scripts.")
            )
        return Review(after, tuple(self._remarks), violation)

    def _permits(self, command: Command, what: str) -> bool:
        try:
            verdict = self._judge(command)
        except AccountError as error:
            self._remarks.append(f"{error} - disabling {what}")
            return False
        if not verdict.found:
            self._remarks.append(f"Disabling {what} since not found/accessible")
        elif self._enforce and not verdict.safe:
            self._remarks.append(f"Disabling {what} due to insecure")
        else:
            return True
        return False

    def _judge(self, command: Command) -> Verdict:
        """One command often serves many instances: it is examined once."""
        if command not in self._verdicts:
            self._verdicts[command] = verdict = examine(command, self._credentials(command))
            self._remarks += verdict.remarks
        return self._verdicts[command]

    def _credentials(self, command: Command) -> Credentials:
        if command.account:
            return resolve(command.account)
        return resolve_default(self._configuration.definitions.script_account, required=self._enforce)

    def _notify(self, scripts: NotifyScripts) -> NotifyScripts:
        refused: dict[str, Any] = {
            field.name: None
            for field in fields(scripts)
            if isinstance(command := getattr(scripts, field.name), Command)
            and not self._permits(command, f"notify script {command.arguments[0]}")
        }
        return replace(scripts, **refused) if refused else scripts

    def _fifo(self, fifo: Fifo) -> Fifo:
        if fifo.reader and not self._permits(fifo.reader, f"notify FIFO script {fifo.reader.arguments[0]}"):
            return replace(fifo, reader=None)
        return fifo


def _only(tracked: tuple[Tracked, ...], scripts: Mapping[str, object]) -> tuple[Tracked, ...]:
    return tuple(each for each in tracked if each.name in scripts)
