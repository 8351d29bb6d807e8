"""A finding about a configuration, as a value: what is wrong, where exactly, what to do, and what
keepalived makes of it."""

import sys
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple

from keepalived_py.model.process import Process


class Severity(Enum):
    """How much it matters to a person; the value is the word that is printed."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Consequence(IntEnum):
    """What `keepalived -t` does because of a finding; the greatest decides its exit status.

    That a problem outranks what is fatal is keepalived's order, not ours.
    """

    SILENT = 0
    """keepalived says nothing of it."""
    SAID = 1
    """It prints a message and goes on; the exit status is not affected."""
    FATAL = 2
    """It cannot run such a configuration."""
    PROBLEM = 3
    """Wrong, but it runs on with what it understood."""
    INSECURE = 4
    """A script would run without `enable_script_security`."""
    STOP = 5
    """A mandatory argument is missing: it exits at that word."""
    INCLUDE = 6
    """An `include` that had to succeed failed: it refuses to start."""

    @property
    def exit_status(self) -> int:
        """The exit status of `keepalived -t`."""
        return _EXIT_STATUS[self]


_EXIT_STATUS = {
    Consequence.SILENT: 0,
    Consequence.SAID: 0,
    Consequence.INSECURE: 6,
    Consequence.PROBLEM: 5,
    Consequence.FATAL: 4,
    Consequence.STOP: 2,
    Consequence.INCLUDE: 6,
}


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one line of a file. Line and columns count from 1, in characters; `end_column` is
    the column after the last character. `quoted` is the line as it stands in the file, `via` the
    includes and expansions that led to it, innermost first."""

    file: str
    line: int
    column: int
    end_column: int
    quoted: str = ""
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Related(NamedTuple):
    """Another place that a finding is about, and what stands there."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding.

    `code` is stable and names the rule. `message` is keepalived's own where keepalived has one;
    `help` is the remedy. `span` is what a person is shown; `reported_at` is the file and line that
    keepalived names, None where it names none.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    help: str = ""
    consequence: Consequence = Consequence.SILENT
    reader: Process = Process.PARENT
    """The first process of keepalived that comes upon it."""
    reported_at: tuple[str, int] | None = None
    related: tuple[Related, ...] = ()


AFTER_ALL_LINES = sys.maxsize
"""The `ordinal` of what is found when everything is read."""


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while the stages run one after the other over the same lines.

    Stages that look at a line later than others set `ordinal` to the number of that line, so that
    `in_order` can give everything in the order in which keepalived comes upon it.
    """

    ordinal: int = 0
    reader: Process = Process.PARENT
    """Who reads what is looked at."""
    _found: list[tuple[int, Diagnostic]] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.append((self.ordinal, diagnostic))

    def in_order(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, by line, and for one line in the order of their finding."""
        return tuple(diagnostic for _, diagnostic in sorted(self._found, key=lambda pair: pair[0]))
