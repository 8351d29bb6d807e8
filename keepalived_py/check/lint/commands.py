"""Rules about commands: what a shell would understand, and keepalived does not."""

import re
from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.check.lint.shell import SHELLS, simple_commands
from keepalived_py.config.diagnostic import Span
from keepalived_py.config.statement import Statement

_OPERATOR = r"(?:\d?[<>]|&>|\|\||&&|\|&?$|&$|;).*|.*;"
_SUBSTITUTION = r"\$\(|`"
_BUILTINS = frozenset(
    ("!", ".", ":", "[[", "cd", "eval", "exec", "exit", "export", "for", "if", "source", "ulimit", "while")
)
_ASSIGNMENT = r"[A-Za-z_][A-Za-z0-9_]*="
_STATES = frozenset(("master", "backup", "fault", "stop", "up", "down"))


@rule("shell-syntax")
def shell_syntax(subject: Subject) -> Iterator[Finding]:
    """A command has pipes, redirections, `&&`, `$(…)`, `~/` or a builtin of a shell. keepalived runs
    commands without a shell: it hands such words to the program as arguments, which most programs ignore or
    refuse."""
    for statement, _, arguments in subject.text.commands():
        if syntax := shell_word(arguments):
            yield Finding(
                span_of(statement, syntax),
                f"'{syntax}' needs a shell, and keepalived uses none",
                "put the command into a script, or: sh -c '...'",
            )


def span_of(statement: Statement, word: str) -> Span:
    """Where a word of a command stands, inside of quotes."""
    match = re.search(rf"(?<![^\s\"']){re.escape(word)}", statement.text)
    return statement.characters(*match.span()) if match else statement.span(1)


def shell_word(arguments: list[str]) -> str:
    """The first word of a command that only a shell understands; empty if there is none."""
    if (
        not arguments
        or arguments[0].startswith("<")
        or any(one.rpartition("/")[2] in SHELLS for one in arguments)
    ):
        return ""
    if arguments[0] in _BUILTINS or re.match(_ASSIGNMENT, arguments[0]):
        return arguments[0]
    if arguments[0].startswith("~"):
        return arguments[0]
    words = (one for one in arguments if not re.search(r"\s", one))  # what has blanks was quoted
    return next(
        (word for word in words if re.fullmatch(_OPERATOR, word) or re.search(_SUBSTITUTION, word)), ""
    )


@rule("needs-bash")
def needs_bash(subject: Subject) -> Iterator[Finding]:
    """A check tries to open `/dev/tcp/…` or `/dev/udp/…`, which no machine has: bash makes it up. keepalived
    lets `/bin/sh` open it, which is bash on Fedora and its relatives, and not on Debian and its own."""
    for statement, _, arguments in subject.text.commands():
        if re.match(r"<[ \t]*/dev/(?:tcp|udp)/", arguments[0]):
            yield Finding(
                span_of(statement, arguments[0]),
                "only bash can open this, and /bin/sh is another shell on many machines",
                f"bash -c '{arguments[0]}'",
            )


@rule("command-not-quoted")
def command_not_quoted(subject: Subject) -> Iterator[Finding]:
    """A command has arguments and is not quoted as a whole. keepalived takes the second word for the user
    and the third for the group that the command runs as; what it does not find, it does not run."""
    for statement, words, _ in subject.text.commands():
        keyword, user = statement.keyword, words[1] if len(words) > 1 else ""
        if keyword != "script" and (user.lower() in _STATES or user.startswith(("/", "-", "."))):
            yield Finding(
                statement.span(2, len(words)),
                f"'{user}' is taken for the user that the command runs as",
                f'quote the command as a whole: {keyword} "{" ".join(words)}"',
            )


_SHARED = ("/tmp/", "/var/tmp/", "/dev/shm/")


@rule("command-in-tmp")
def command_in_tmp(subject: Subject) -> Iterator[Finding]:
    """A command is in a directory where everybody may put files, and which is emptied at the boot: it is
    missing then, or it is somebody else's, and runs with the rights of the `script_user`."""
    for statement, _, arguments in subject.text.commands():
        program = next((word for word in arguments if word.startswith(_SHARED)), "")
        if program and (program == arguments[0] or arguments[0].rpartition("/")[2] in SHELLS):
            yield Finding(
                span_of(statement, program),
                f"everybody may write where '{program}' is",
                "put it where only root may write, such as /etc/keepalived",
            )


@rule("relative-command")
def relative_command(subject: Subject) -> Iterator[Finding]:
    """The path of a command is relative. It counts from the working directory of keepalived, which is `/`
    for a service, and not from the directory of the file."""
    for statement, _, arguments in subject.text.commands():
        if re.match(r"(?![$~<])[^/=]+/", arguments[0]):
            yield Finding(
                span_of(statement, arguments[0]),
                f"'{arguments[0]}' counts from the directory that keepalived is started in",
                "an absolute path; ${_PWD}/ is the directory of this file",
            )


_KILLERS = frozenset(("killall", "pkill", "kill"))


@rule("command-stops-keepalived")
def command_stops_keepalived(subject: Subject) -> Iterator[Finding]:
    """A command that keepalived runs stops or restarts keepalived. It is stopped with it, half-way; and
    what has stopped itself does not notice when all is well again."""
    for statement, _, arguments in subject.text.commands():
        for part in simple_commands(arguments):
            words = part.words
            service = part.name in ("systemctl", "service", "rc-service") or "/init.d/" in words[0]
            if any(word.removesuffix(".service").endswith("keepalived") for word in words) and (
                (service and {"stop", "restart", "kill"} & {*words})
                or (part.name in _KILLERS and not {"-0", "-s0"} & {*words})
            ):
                yield Finding(
                    span_of(statement, words[0]),
                    f"'{part.name}' ends the keepalived that runs this",
                    "let a failure be one: track_script without a weight gives the addresses up, and "
                    "takes them back",
                )
