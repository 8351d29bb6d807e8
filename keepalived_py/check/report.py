"""`--check`: validate configurations offline, for people and for programs."""

import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TextIO

from keepalived_py.check.findings import examine, findings
from keepalived_py.check.nodes import NodeSource
from keepalived_py.config.diagnostic import Diagnostic, Severity, Span
from keepalived_py.schema.host import Host
from keepalived_py.schema.load import ConfigurationError

EXIT_CLEAN, EXIT_ERRORS, EXIT_UNREADABLE = 0, 1, 2


class Format(Enum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def check(
    paths: Iterable[str],
    config_id: str | None = None,
    *,
    output: Format = Format.TEXT,
    strict: bool = False,
    on_this_host: bool = False,
    stream: TextIO | None = None,
) -> int:
    """Write all findings about these configurations, and how many there are.

    With `on_this_host`, interfaces, accounts, scripts and addresses are looked up here; without, what
    is named is taken to exist. Returns the exit status: 0 if there is nothing worse than warnings, 1
    if there are errors, or with `strict` warnings, 2 if a file cannot be read.
    """
    host: Host | None = None
    if on_this_host:
        from keepalived_py.check.host import ThisHost

        host = ThisHost()
    found: list[Diagnostic] = []
    unreadable = False
    for path in paths:
        try:
            found += findings(path, config_id, host)
        except ConfigurationError as error:
            unreadable = True
            found.append(_unreadable(path, error))
    return _report(found, unreadable, output, strict, stream)


def check_cluster(
    sources: Sequence[NodeSource],
    *,
    output: Format = Format.TEXT,
    strict: bool = False,
    stream: TextIO | None = None,
) -> int:
    """As `check`, for the nodes of a cluster: also what is to be said about them together."""
    from keepalived_py.check.cluster import Node, compare

    found: list[Diagnostic] = []
    nodes: list[Node] = []
    for name, path, config_id in sources:
        try:
            subject, of_file = examine(path, config_id)
        except ConfigurationError as error:
            found.append(_unreadable(path, error))
        else:
            found += of_file
            nodes.append(Node(name, subject.configuration, subject.text))
    unreadable = len(nodes) < len(sources)
    if not unreadable:
        found += compare(nodes)
    # One file may serve several nodes.
    return _report(list(dict.fromkeys(found)), unreadable, output, strict, stream)


def _report(
    found: list[Diagnostic], unreadable: bool, output: Format, strict: bool, stream: TextIO | None
) -> int:
    _write(stream or sys.stdout, found, output)
    if unreadable:
        return EXIT_UNREADABLE
    failures = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return EXIT_ERRORS if any(one.severity in failures for one in found) else EXIT_CLEAN


def _unreadable(path: str, error: ConfigurationError) -> Diagnostic:
    return Diagnostic(
        code="unreadable-file", severity=Severity.ERROR, message=error.message, span=Span(path, 1, 1, 1)
    )


def _write(out: TextIO, found: list[Diagnostic], output: Format) -> None:
    if output is Format.TEXT:
        from keepalived_py.check.render import Style, as_text

        text = as_text(found, Style.of(out))
    else:
        from keepalived_py.check import formats

        write = {
            Format.JSON: formats.as_json,
            Format.SARIF: formats.as_sarif,
            Format.GITHUB: formats.as_github,
        }
        text = write[output](found)
    if text:
        encoding = out.encoding or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=out)
