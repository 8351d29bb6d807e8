"""From logical lines to tokens with every brace in its place.

The rules for braces that are missing or too many are keepalived's, and need to know which keyword
opens a block: an unknown block is not skipped, its body belongs to the block around it, which its
`}` closes. What comes out of here always parses.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeAlias

from keepalived_py.config import words
from keepalived_py.config.diagnostic import Consequence, Diagnostic, Findings, Severity
from keepalived_py.config.line import Line
from keepalived_py.config.statement import Statement

STATEMENT, OPEN, CLOSE = "STATEMENT", "OPEN", "CLOSE"
"""The terminals of the grammar."""

Token: TypeAlias = tuple[str, Statement]


class Shape(Protocol):
    """What the structure depends on, of a keyword."""

    @property
    def rows(self) -> "Mapping[str, Shape] | None":
        """The keywords of its block; None if it has no block of keywords."""

    @property
    def entries(self) -> bool:
        """Whether it has a block of values, one entry a line."""

    @property
    def named(self) -> bool:
        """Whether a name stands before the brace of its block of values."""

    @property
    def relexed(self) -> bool:
        """Whether its line is a command, with quotes of its own."""


class Structure:
    """Turns lines into tokens whose values are statements; `root` are the top-level keywords."""

    def __init__(self, root: Mapping[str, Shape], findings: Findings) -> None:
        self._findings = findings
        self._contexts: list[Mapping[str, Shape]] = [root]
        self._opening: Statement | None = None
        self._list_begins = False
        self._in_list = False

    def tokens(self, lines: Iterable[Line]) -> Iterator[Token]:
        """Tokens of balanced blocks."""
        statement = None
        for line in lines:
            statement = self._statement(line)
            if not statement.words:
                continue
            if self._list_begins or self._in_list:
                yield from self._list_entry(statement)
            else:
                yield from self._keyword(statement)
        yield from self._close_all(statement)

    def _statement(self, line: Line) -> Statement:
        line_words, open_quote, text = words.split(line.text)
        if open_quote:
            shape = self._contexts[-1].get(line_words[0]) if line_words else None
            if len(line_words) < 2 or not shape or not shape.relexed:
                self._report(
                    line,
                    "unmatched-quote",
                    f"Unmatched quote: '{line}'",
                    help="the words after the quote are lost",
                )
        return Statement(line, text, line_words, self._findings.ordinal)

    def _keyword(self, statement: Statement) -> Iterator[Token]:
        keyword = statement.words[0]
        if self._opening:
            opening, self._opening = self._opening, None
            if keyword == "{":
                yield OPEN, statement
                return
            self._report(
                statement,
                "missing-open-brace",
                "Missing '{' at beginning of configuration block",
                help=f"put '{{' after '{opening}'",
            )
            yield OPEN, statement
        elif keyword == "{":
            self._report(
                statement,
                "unexpected-open-brace",
                "Unexpected '{' - ignoring",
                help="no block begins here; the '}' that belongs to it will close the block around it",
            )
            return
        if keyword == "}" and len(self._contexts) > 1:
            self._contexts.pop()
            yield CLOSE, statement
            return
        shape = self._contexts[-1].get(keyword)
        if shape is None:
            pass
        elif shape.rows is not None:
            self._contexts.append(shape.rows)
            self._opening = statement
        elif shape.entries:
            self._list_begins = True
            if len(statement.words) > 1 and not shape.named:
                self._report(
                    statement,
                    "extra-words",
                    f"Block {keyword} has extra parameters {statement.words[1]} ...",
                    help="values stand between the braces",
                )
        yield STATEMENT, statement

    def _list_entry(self, statement: Statement) -> Iterator[Token]:
        if self._list_begins:
            self._list_begins, self._in_list = False, True
            yield OPEN, statement
            if statement.words == ("{",):
                return
        if statement.words == ("}",):
            self._in_list = False
            yield CLOSE, statement
        else:
            yield STATEMENT, statement

    def _close_all(self, last: Statement | None) -> Iterator[Token]:
        """Close what the end of the file leaves open."""
        if last is None:
            return
        if self._opening or self._list_begins:
            yield OPEN, last
        depth = len(self._contexts) - 1 + (self._list_begins or self._in_list)
        for _ in range(depth):
            yield CLOSE, last

    def _report(self, line: Line, code: str, message: str, help: str) -> None:  # noqa: A002
        self._findings.add(
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message,
                span=line.characters(),
                help=help,
                consequence=Consequence.PROBLEM,
                reported_at=line.reported_at,
            )
        )
