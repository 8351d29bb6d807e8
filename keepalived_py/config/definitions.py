"""`$NAME=` definitions, and the replacement of `$NAME` and `${NAME}` by what they stand for."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from keepalived_py.config.line import Line, Source
from keepalived_py.config.words import BLANKS

LINE_BYTES_MAX = 1023
"""What keepalived's line buffer holds; a longer line is never the result of a substitution."""

_SUBSTITUTIONS_MAX = 1000
_ASSIGNMENT = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*(.*)", re.ASCII | re.DOTALL)
_REFERENCE = re.compile(
    r"\$(?:([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|\Z)"
    r"|\{([A-Za-z_][A-Za-z0-9_]*)((?:[ \t]+[A-Za-z0-9_]+)*|[ \t]+)\})",
    re.ASCII,
)


class SubstitutionError(ValueError):
    """The replacement of references never ends, or makes the line too long."""


class Substituted(NamedTuple):
    """A line with its references replaced, the lines that follow it if it ended in a definition of several
    lines, the place of that definition, and why a reference was not replaced, in keepalived's words."""

    line: Line
    following: list[str]
    place: str
    problems: list[str]


@dataclass(slots=True)
class Definition:
    """A name's text: one line, or the lines of a multi-line definition while `complete` is False."""

    lines: list[str]
    place: str
    multiline: bool = False

    @property
    def text(self) -> str:
        return self.lines[0] if self.lines else ""


class Predefined(NamedTuple):
    """A name whose value depends on where it is used, and takes so many parameters in its braces."""

    value: Callable[[Source, list[str]], str]
    parameters_min: int = 0
    parameters_max: int = 0
    numeric: bool = False

    def refuses(self, name: str, parameters: list[str]) -> str:
        """What keepalived says of these parameters; empty if they fit."""
        if self.numeric and not all(parameter.isdecimal() for parameter in parameters):
            return f"Definition {name} requires numeric parameters only."
        if not self.parameters_min <= len(parameters) <= self.parameters_max:
            return (
                f"Definition {name} requires between {self.parameters_min} and "
                f"{self.parameters_max} parameters, {len(parameters)} specified."
            )
        return ""


def _random(_: Source, parameters: list[str]) -> str:
    import random  # most configurations need none, and it is slow to import

    low, high = (*map(int, parameters), *(0, 32767)[len(parameters) :])
    return str(random.randint(low, max(low, high)))


class Definitions:
    """The names that are defined at this point of the configuration."""

    def __init__(self, config_id: str) -> None:
        self.replacements = 0
        """How many references were replaced so far."""
        self._defined: dict[str, Definition | Predefined] = {
            "_PWD": Predefined(lambda source, _: source.directory),
            "_INSTANCE": Predefined(lambda _, __: config_id),
            "_RANDOM": Predefined(_random, 0, 2, numeric=True),
            "_ENV": Predefined(lambda _, names: os.environ.get(names[0], ""), 1, 1),
            "_HASH": Predefined(lambda _, __: "#"),
            "_BANG": Predefined(lambda _, __: "!"),
        }

    def assign(self, line: Line) -> Definition | None:
        """Take a line `$NAME=text`; None if it is not one.

        A text that ends in a backslash opens a multi-line definition, which the reader goes on with.
        """
        match = _ASSIGNMENT.match(line.text)
        if not match:
            return None
        name, text = match[1], match[2]
        place = f"${name} defined at {line.source.file}:{line.number}"
        if text.endswith("\\"):
            first = text[:-1].rstrip(BLANKS)
            definition = Definition([first] if first else [], place, multiline=True)
        else:
            definition = Definition([text], place)
        self._defined[name] = definition
        return definition

    def set(self, name: str, text: str, place: str) -> None:
        """Define a loop variable."""
        self._defined[name] = Definition([text], place)

    def substitute(self, line: Line) -> Substituted:
        """Replace all references in a line, those that replacements bring in included.

        The line is the same object if it has none. A replacement that begins with `~` ends the
        substitution, so that the loop variables in it are left for later. Raises SubstitutionError.
        """
        following: list[str] = []
        problems: list[str] = []
        place = ""
        original = line.text
        position = 0
        for _ in range(_SUBSTITUTIONS_MAX):
            match = _REFERENCE.search(line.text, position)
            if not match:
                return Substituted(line, following, place, problems)
            name = match[1] or match[2]
            definition = self._defined.get(name)
            parameters = (match[3] or "").split()
            end = match.end() if match[1] or parameters else match.start() + len(name) + len("${}")
            ends_line = end == len(line.text) and not parameters
            if isinstance(definition, Predefined):
                if problem := definition.refuses(name, parameters):
                    problems.append(problem)
                    position = match.start() + 1
                    continue
                text = definition.value(line.source, parameters)
            elif definition is None or parameters or (definition.multiline and not ends_line):
                position = match.start() + 1
                continue
            else:
                text = definition.text
                if definition.multiline:
                    following = definition.lines[1:] + following
                    place = place or definition.place
            self.replacements += 1
            via = None if isinstance(definition, Predefined) else definition.place
            replaced = line.replace(match.start(), end, text, via)
            if len(replaced.text) > LINE_BYTES_MAX:
                raise SubstitutionError(
                    f"Parameter substitution on line '{original}' would exceed maximum line length"
                )
            line = replaced
            if text.lstrip(BLANKS).startswith("~"):
                return Substituted(line, following, place, problems)
            position = match.start()
        raise SubstitutionError(f"Parameter substitution on line '{original}' never ends")
