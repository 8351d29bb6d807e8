"""Which processes a command asks for, if it is one of the usual ways to ask: pidof(1), pgrep(1),
`killall -0` and `systemctl is-active`.

That is enough to know when such a command is worth running, not what it will say: it knows more of users,
terminals and ages than is understood here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from keepalived_py.model.command import Command

COMM_LENGTH = 15
"""The kernel keeps so many characters of the name of a process."""


class By(Enum):
    """How the processes are named."""

    NAME = "name"
    """What the kernel calls them."""
    PATTERN = "pattern"
    """A regular expression that is in what the kernel calls them."""
    COMMAND_LINE = "command line"
    """A regular expression that is in their arguments, a space between them."""
    UNIT = "unit"
    """The unit of systemd that they belong to, with its suffix."""


@dataclass(frozen=True, slots=True)
class Question:
    """`program` is a name, a pattern or a unit, by `by`; an `exact` pattern has to match as a whole."""

    program: str
    by: By = By.NAME
    exact: bool = True

    @property
    def service(self) -> str:
        """A word for the processes: of a service its name without the suffix."""
        return self.program.removesuffix(".service")

    def names(self, comm: str) -> bool:
        """Whether it asks for processes that the kernel calls so."""
        if self.by is By.NAME:
            return comm[:COMM_LENGTH] == self.program[:COMM_LENGTH]
        return self.by is By.PATTERN and self._matches(comm)

    def finds(self, arguments: Sequence[str]) -> bool:
        """Whether it asks for processes with these arguments."""
        return self.by is By.COMMAND_LINE and self._matches(" ".join(arguments))

    def covers(self, control_groups: str) -> bool:
        """Whether it asks for processes whose /proc/PID/cgroup says this."""
        return self.by is By.UNIT and self.program in re.split("[/\n]", control_groups)

    def _matches(self, text: str) -> bool:
        match = re.fullmatch if self.exact else re.search
        return match(self.program, text) is not None


@dataclass(frozen=True, slots=True)
class _Words:
    """The words after a command, with its options told from its operands."""

    options: Mapping[str, str]
    operands: tuple[str, ...]

    def has(self, *options: str) -> bool:
        return not self.options.keys().isdisjoint(options)

    @classmethod
    def of(cls, arguments: Sequence[str], with_value: str) -> "_Words":
        """`with_value` are the letters of the short options that have a value."""
        options: dict[str, str] = {}
        operands: list[str] = []
        rest = iter(arguments)
        for word in rest:
            if word == "--":
                operands.extend(rest)
            elif word.startswith("--"):
                name, _, value = word[2:].partition("=")
                options[name] = value
            elif word.startswith("-") and word != "-":
                options.update(_short(word[1:], with_value, rest))
            else:
                operands.append(word)
        return cls(options, tuple(operands))


def _short(letters: str, with_value: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    for position, letter in enumerate(letters, 1):
        if letter in with_value:
            yield letter, letters[position:] or next(rest, "")
            return
        yield letter, ""


def question(command: Command) -> Question | None:
    """What a command asks; None where it does something else, or asks for more than one program."""
    asker, arguments = command.arguments[0].rpartition("/")[2], command.arguments[1:]
    match asker:
        case "pidof":
            return _by_name(_Words.of(arguments, "odS").operands)
        case "pgrep":
            return _pgrep(_Words.of(arguments, "dFgGPrstuU"))
        case "killall":
            words = _Words.of(arguments, "osuyZ")
            asks = words.has("0") or words.options.get("s", words.options.get("signal")) == "0"
            return _by_name(words.operands) if asks and not words.has("r", "regexp") else None
        case "systemctl":
            return _unit(_Words.of(arguments, "HMnopst").operands)
        case _:
            return None


def _by_name(operands: tuple[str, ...]) -> Question | None:
    return Question(operands[0].rpartition("/")[2]) if len(operands) == 1 else None


def _pgrep(words: _Words) -> Question | None:
    if len(words.operands) != 1 or words.has("v", "inverse"):
        return None
    (pattern,) = words.operands
    try:
        re.compile(pattern)
    except re.error:
        return None
    by = By.COMMAND_LINE if words.has("f", "full") else By.PATTERN
    return Question(pattern, by, exact=words.has("x", "exact"))


def _unit(operands: tuple[str, ...]) -> Question | None:
    match operands:
        case ("is-active", unit):
            return Question(unit if "." in unit else f"{unit}.service", By.UNIT)
        case _:
            return None
