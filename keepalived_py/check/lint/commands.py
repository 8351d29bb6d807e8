"""Rules about commands: what a shell would understand, and keepalived does not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Span
from keepalived_py.config.statement import Statement
from keepalived_py.config.words import UnmatchedQuoteError, split_command
from keepalived_py.schema.arguments import CommandLine

_SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"))
_OPERATOR = r"(?:\d?[<>]|&>|\|\||&&|\|&?$|&$|;).*|.*;"
_SUBSTITUTION = r"\$\(|`"
_BUILTINS = frozenset(
    ("!", ".", ":", "[[", "cd", "eval", "exec", "exit", "export", "for", "if", "source", "ulimit", "while")
)
_ASSIGNMENT = r"[A-Za-z_][A-Za-z0-9_]*="
_STATES = frozenset(("master", "backup", "fault", "stop", "up", "down"))


class CommandStatement(NamedTuple):
    """A line with a command: the words that follow the keyword, and the argument vector that the first
    of them stands for."""

    statement: Statement
    words: list[str]
    arguments: list[str]


def commands(subject: Subject) -> Iterator[CommandStatement]:
    """Each line with a command that can be divided into words."""
    for block in subject.text.blocks():
        for row, statement in block:
            if isinstance(row.argument, CommandLine):
                with suppress(UnmatchedQuoteError):
                    words = split_command(statement.line.text, escapes=False)[1:]
                    if arguments := split_command(words[0], escapes=True) if words else []:
                        yield CommandStatement(statement, words, arguments)


@rule("shell-syntax")
def shell_syntax(subject: Subject) -> Iterator[Finding]:
    """A command has pipes, redirections, `&&`, `$(…)` or a builtin of a shell. keepalived runs commands
    without a shell: it hands such words to the program as arguments, which most programs ignore or
    refuse."""
    for statement, _, arguments in commands(subject):
        if syntax := _shell_word(arguments):
            yield Finding(
                _span(statement, syntax),
                f"'{syntax}' needs a shell, and keepalived uses none",
                "put the command into a script, or: sh -c '...'",
            )


def _span(statement: Statement, word: str) -> Span:
    """Where a word of a command stands, inside of quotes."""
    match = re.search(rf"(?<![^\s\"']){re.escape(word)}", statement.line.text)
    return statement.line.span(*match.span()) if match else statement.span(1)


def _shell_word(arguments: list[str]) -> str:
    """The first word of a command that only a shell understands; empty if there is none."""
    if (
        not arguments
        or arguments[0].startswith("<")
        or any(one.rpartition("/")[2] in _SHELLS for one in arguments)
    ):
        return ""
    if arguments[0] in _BUILTINS or re.match(_ASSIGNMENT, arguments[0]):
        return arguments[0]
    words = (one for one in arguments if not re.search(r"\s", one))  # what has blanks was quoted
    return next(
        (word for word in words if re.fullmatch(_OPERATOR, word) or re.search(_SUBSTITUTION, word)), ""
    )


@rule("command-not-quoted")
def command_not_quoted(subject: Subject) -> Iterator[Finding]:
    """A command has arguments and is not quoted as a whole. keepalived takes the second word for the user
    and the third for the group that the command runs as; what it does not find, it does not run."""
    for statement, words, _ in commands(subject):
        keyword, user = statement.keyword, words[1] if len(words) > 1 else ""
        if keyword != "script" and (user.lower() in _STATES or user.startswith(("/", "-", "."))):
            yield Finding(
                statement.span(2, len(words)),
                f"'{user}' is taken for the user that the command runs as",
                f'quote the command as a whole: {keyword} "{" ".join(words)}"',
            )
