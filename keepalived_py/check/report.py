"""`--check`: validate configurations offline, for people."""

import sys
from collections.abc import Iterable
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
        for diagnostic in diagnostics:
            _write(out, render(diagnostic, style))
        found += diagnostics
    if found:
        _write(out, summary(found))
    if unreadable:
        return EXIT_UNREADABLE
    return EXIT_ERRORS if any(one.severity is Severity.ERROR for one in found) else EXIT_CLEAN


def _write(out: TextIO, text: str) -> None:
    """Print text that may hold bytes of a file that are no UTF-8."""
    encoding = out.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=out)
