"""Rules about checks: commands that cannot fail, cannot succeed, or tell of something else."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from keepalived_py.check.lint.commands import shell_word, span_of
from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.check.lint.shell import SimpleCommand, simple_commands
from keepalived_py.check.lint.text import CommandStatement
from keepalived_py.config.diagnostic import Severity

_KEYWORDS = frozenset(("script", "misc_path"))
_SUCCEED = frozenset(("true", ":", "echo", "printf", "logger"))
_FILTERS = frozenset(("wc", "cat", "head", "tail", "sort", "uniq", "tee", "sed", "awk", "cut", "tr"))
_FINDERS = frozenset(("pidof", "pgrep", "killall", "pkill"))
_COUNTED = r"--count|--deadline|-[A-Za-z]*[cw].*"
_FAILS = r"--fail.*|--write-out.*|-[A-Za-z]*[fw].*"
_EXCLUDES = r"--invert-match|-[A-Za-z]*v.*"


class Check(NamedTuple):
    """A line with a command whose exit status counts, and the commands in it."""

    line: CommandStatement
    parts: list[SimpleCommand]

    def finding(self, word: str, message: str, help: str) -> Finding:  # noqa: A002
        return Finding(span_of(self.line.statement, word), message, help)


def checks(subject: Subject) -> Iterator[Check]:
    """The commands of checks; not those that need a shell and have none."""
    for line in subject.text.commands():
        if (
            line.statement.keyword in _KEYWORDS
            and not shell_word(line.arguments)
            and (parts := simple_commands(line.arguments))
        ):
            yield Check(line, parts)


@rule("check-always-succeeds")
def check_always_succeeds(subject: Subject) -> Iterator[Finding]:
    """The exit status of a check is always 0: its last command is `true`, `echo` or `exit 0`, or a filter
    such as `wc -l` at the end of a pipe, whose status is all that a shell returns. Or the check looks for
    keepalived, which runs it."""
    for check in checks(subject):
        last = check.parts[-1]
        word = ""
        if last.piped:
            word = last.name if last.name in _FILTERS and not re.search("exit|pipefail", last.script) else ""
        elif last.operator != "&&" and last.name in _SUCCEED:
            word = last.name
        elif last.operator != "&&" and last.words[-2:] == ["exit", "0"]:
            word = "exit"
        elif len(check.parts) == 1 and last.name in _FINDERS and "keepalived" in last.words[1:]:
            word = "keepalived"
        others = {part.name for part in check.parts[:-1]}
        if word and not others & {"exit", "false"}:
            yield check.finding(
                last.words[0] if word == last.name else word,
                f"this check succeeds whenever it runs, because of '{word}'",
                "a command whose exit status tells whether the service is well",
            )


@rule("grep-finds-itself")
def grep_finds_itself(subject: Subject) -> Iterator[Finding]:
    """A check searches the list of processes for a word that is in its own command line, `ps … | grep
    nginx` or `pgrep -f nginx` in a shell with other commands: it finds itself, and never fails."""
    for check in checks(subject):
        searches = list(_searches(check.parts))
        if any(part.has(_EXCLUDES) or "[" in " ".join(part.words[1:]) for part in searches):
            continue
        for part in searches[:1]:
            yield check.finding(
                part.words[0],
                f"'{part.name}' finds this check itself among the processes",
                "pidof NAME, pgrep -x NAME, or track_process",
            )


def _searches(parts: list[SimpleCommand]) -> Iterator[SimpleCommand]:
    """The commands that search all command lines, that of their own shell included."""
    listed = False
    for part in parts:
        listed = (part.name == "ps" and not part.has("-[Cp].*")) or (listed and part.piped)
        if listed and part.name in ("grep", "egrep"):
            yield part
        if len(parts) > 1 and part.name == "pgrep" and part.has("--full|-[A-Za-z]*f.*"):
            yield part


@rule("check-never-ends")
def check_never_ends(subject: Subject) -> Iterator[Finding]:
    """A check does not end by itself: `ping` without `-c`, `tail -f`, `top` or `watch`. It is killed at its
    timeout, and counts as failed."""
    for check in checks(subject):
        for part in check.parts:
            endless = (
                (part.name in ("ping", "ping6") and not part.has(_COUNTED))
                or (part.name == "tail" and part.has("--follow.*|-[A-Za-z]*[fF].*"))
                or (part.name == "top" and not part.has("-[A-Za-z]*n.*"))
                or part.name == "watch"
            )
            if endless and not part.limited:
                yield check.finding(
                    part.words[0],
                    f"'{part.name}' does not end by itself; when the timeout ends it, that is a failure",
                    "ping -c 1 -W 1 HOST" if part.name.startswith("ping") else "a command that ends",
                )


@rule("curl-without-fail", Severity.NOTE)
def curl_without_fail(subject: Subject) -> Iterator[Finding]:
    """A check with `curl` and without `--fail`: it succeeds with every answer, 404 and 500 included."""
    for check in checks(subject):
        for part, following in zip(check.parts, [*check.parts[1:], None], strict=True):
            if part.name == "curl" and not part.has(_FAILS) and not (following and following.piped):
                yield check.finding(
                    part.words[0],
                    "'curl' takes an error such as 500 for a success",
                    "add --fail",
                )
