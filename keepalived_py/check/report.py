"""`--check`: validate configurations offline, for people."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TextIO

from keepalived_py.check.render import Style, render, summary
from keepalived_py.config.diagnostic import Diagnostic, Severity
from keepalived_py.schema.load import ConfigurationError, load

EXIT_CLEAN, EXIT_ERRORS, EXIT_UNREADABLE = 0, 1, 2


def check(paths: Iterable[str], config_id: str | None = None, stream: TextIO | None = None) -> int:
    """Write all findings about these configurations, and how many there are.

    Returns the exit status: 0 if there is nothing worse than warnings, 1 if there are errors, 2 if
    one cannot be read.
    """
    out = stream or sys.stdout
    style = Style.of(out)
    found: list[Diagnostic] = []
    unreadable = False
    for path in paths:
        try:
            diagnostics = load(path, config_id=config_id).diagnostics
        except ConfigurationError as error:
            unreadable = True
            _write(out, f"{path}: {style.paint('error:', '31')} {error.message}")
            continue
        shown = without_echoes(diagnostics)
        for diagnostic in shown:
            _write(out, render(diagnostic, style))
        found += shown
    if found:
        _write(out, summary(found))
    if unreadable:
        return EXIT_UNREADABLE
    return EXIT_ERRORS if any(one.severity is Severity.ERROR for one in found) else EXIT_CLEAN


def without_echoes(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Once is enough: keepalived says first that a number is wrong, then what that means for its
    keyword; and that a brace is too many, then that it knows no such keyword."""
    shown: list[Diagnostic] = []
    for diagnostic in diagnostics:
        previous = shown[-1] if shown else None
        if previous and previous.span == diagnostic.span:
            if (previous.code, diagnostic.code) == ("extra-close-brace", "unknown-keyword"):
                continue
            if previous.code == "bad-number" and diagnostic.code in ("bad-number", "bad-value"):
                shown[-1] = replace(diagnostic, help=diagnostic.help or previous.help)
                continue
        shown.append(diagnostic)
    return shown


def _write(out: TextIO, text: str) -> None:
    """Print text that may hold bytes of a file that are no UTF-8."""
    encoding = out.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=out)
