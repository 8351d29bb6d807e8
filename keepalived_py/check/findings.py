"""All that is to be said about a configuration, once for each mistake, in the order of the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from keepalived_py.check.lint import Subject, lint
from keepalived_py.check.lint.text import Text
from keepalived_py.config.diagnostic import Diagnostic
from keepalived_py.config.statement import Entry
from keepalived_py.schema.host import AnyHost, Host
from keepalived_py.schema.load import load

_ECHOES = frozenset(
    (
        ("extra-close-brace", "unknown-keyword"),
        ("bad-prefix", "bad-address"),
        ("bad-sequence", "bad-sequence"),
        ("no-interface", "no-interface"),
        ("unterminated-quote", "unmatched-quote"),
    )
)
"""Codes of two messages that keepalived has for one mistake in a line; the first says more."""

_WHOLE_LINES = frozenset(("escaped-quote", "template-not-filled"))
"""What makes all words of its line wrong: its quotes and braces move them."""
_ROOTS = _WHOLE_LINES | {"odd-character", "undefined-name", "comment-in-password"}
"""What makes a word wrong, whatever else is said about that word."""


def findings(path: str, config_id: str | None = None, host: Host | None = None) -> list[Diagnostic]:
    """What keepalived says about a configuration, and what it does not.

    Raises ConfigurationError as `load` does.
    """
    return examine(path, config_id, host)[1]


def examine(
    path: str, config_id: str | None = None, host: Host | None = None
) -> tuple[Subject, list[Diagnostic]]:
    """As `findings`, with what they are about."""
    entries: list[Entry] = []
    loaded = load(path, config_id=config_id, host=host, keep=entries.append)
    subject = Subject(loaded.configuration, Text(tuple(entries)), loaded.diagnostics, host or AnyHost())
    found = [*without_aftermath(without_echoes(loaded.diagnostics)), *lint(subject)]
    found = [*once_for_each_template(without_consequences(found))]
    order = {file: number for number, file in enumerate(loaded.files)}
    found.sort(key=lambda one: (order.get(one.span.file, 0), one.span.line, one.span.column))
    return subject, found


def without_echoes(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each mistake once: keepalived says first that a number is wrong, then what that means for its
    keyword, and for some others two things, too."""
    previous: Diagnostic | None = None
    for diagnostic in diagnostics:
        if previous is None:
            pass
        elif previous.span == diagnostic.span and (
            previous.code == "bad-number" or previous.code == diagnostic.code == "bad-address"
        ):
            diagnostic = replace(diagnostic, help=diagnostic.help or previous.help)
        elif (previous.code, diagnostic.code) in _ECHOES and _same_line(previous, diagnostic):
            continue
        else:
            yield previous
        previous = diagnostic
    if previous:
        yield previous


def _same_line(one: Diagnostic, other: Diagnostic) -> bool:
    return (one.span.file, one.span.line) == (other.span.file, other.span.line)


def without_aftermath(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Without what follows from a block that keepalived does not know: it takes the body for a part of
    the block around it, so that keywords seem out of place up to the `}` that is then too many."""
    depth = 0
    before: Diagnostic | None = None
    for diagnostic in diagnostics:
        unknown, before = before, diagnostic
        if diagnostic.code == "unexpected-open-brace":
            depth += 1
            if unknown and unknown.code in ("unknown-keyword", "misplaced-keyword"):
                continue
        elif depth and diagnostic.code == "unknown-keyword" and diagnostic.message.endswith("'}'"):
            depth -= 1
            continue
        elif depth and diagnostic.code == "misplaced-keyword":
            continue
        yield diagnostic


def without_consequences(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Without what is said about words that have a deeper fault."""
    diagnostics = list(diagnostics)
    roots: dict[tuple[str, int], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.code in _ROOTS:
            roots.setdefault((diagnostic.span.file, diagnostic.span.line), []).append(diagnostic)
    for diagnostic in diagnostics:
        faults = roots.get((diagnostic.span.file, diagnostic.span.line), ())
        if diagnostic.code in _ROOTS or not any(_overlap(fault, diagnostic) for fault in faults):
            yield diagnostic


def once_for_each_template(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """A mistake in a definition that is used again and again counts once, though names and numbers in
    what is said of it differ."""
    told: set[tuple[str, str, int, int, str]] = set()
    for diagnostic in diagnostics:
        span = diagnostic.span
        key = (diagnostic.code, span.file, span.line, span.column, re.sub("[0-9]+", "", diagnostic.message))
        if not span.via or key not in told:
            yield diagnostic
        told.add(key)


def _overlap(fault: Diagnostic, other: Diagnostic) -> bool:
    if fault.code in _WHOLE_LINES:
        return True
    one, two = fault.span, other.span
    return one.column < two.end_column and two.column < one.end_column
