"""Diagnostics for people: the line quoted, a caret under the exact words, and what to do."""

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TextIO

from keepalived_py.config.diagnostic import Diagnostic, Severity, Span

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_HELP_COLOUR = "32"
QUOTED_WIDTH_MAX = 160
_TABULATOR = " " * 4


class Style(NamedTuple):
    """Whether to use colour."""

    colour: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> "Style":
        """Colour on a terminal, unless NO_COLOR is set."""
        return cls(stream.isatty() and not os.environ.get("NO_COLOR"))

    def paint(self, text: str, colour: str) -> str:
        return f"\x1b[1;{colour}m{text}\x1b[0m" if self.colour else text


def as_text(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """All findings, and how many there are; empty if there are none."""
    rendered = [render(diagnostic, style) for diagnostic in diagnostics]
    return "\n".join([*rendered, summary(diagnostics)]) if rendered else ""


def render(diagnostic: Diagnostic, style: Style) -> str:
    """One finding, as some lines of text."""
    severity = style.paint(f"{diagnostic.severity.value}:", _COLOURS[diagnostic.severity])
    lines = [f"{diagnostic.span}: {severity} {_printable(diagnostic.message)} [{diagnostic.code}]"]
    lines += _quote(diagnostic.span, _COLOURS[diagnostic.severity], style)
    for span, message in diagnostic.related:
        lines.append(f"  {span}: {_printable(message)}")
        lines += _quote(span, _COLOURS[Severity.NOTE], style)
    if diagnostic.help:
        lines.append(f"  {style.paint('help:', _HELP_COLOUR)} {_printable(diagnostic.help)}")
    return "\n".join(lines)


def _quote(span: Span, colour: str, style: Style) -> list[str]:
    """The line with its words marked, and how it came to be read."""
    via = [f"    {via}" for via in span.via if via]
    if not span.quoted.strip():
        return via
    start = span.column - 1
    first = max(0, start - QUOTED_WIDTH_MAX // 2) if len(span.quoted) > QUOTED_WIDTH_MAX else 0
    shown = span.quoted[first : first + QUOTED_WIDTH_MAX]
    before = shown[: start - first]
    marked = shown[start - first : max(start + 1, span.end_column - 1) - first]
    indent = sum(len(_TABULATOR) if character == "\t" else 1 for character in before)
    width = sum(len(_TABULATOR) if character == "\t" else 1 for character in marked)
    caret = style.paint("^" * max(1, width), colour)
    return [f"  | {_printable(shown)}", f"  | {' ' * indent}{caret}", *via]


def _printable(text: str) -> str:
    """Without what would move a terminal's cursor."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text.replace("\t", _TABULATOR)
    )


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity: `2 errors, 1 warning`; empty if there are none."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counts = ((severity, severities.count(severity)) for severity in Severity)
    return ", ".join(
        f"{count} {severity.value}{'s' if count > 1 else ''}" for severity, count in counts if count
    )
