"""Diagnostics for programs: JSON, SARIF 2.1.0 and the workflow commands of GitHub Actions."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from keepalived_py import __version__
from keepalived_py.check.codes import documentation
from keepalived_py.config.diagnostic import Diagnostic, Severity

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """`{"diagnostics": [...], "summary": {"errors", "warnings", "notes"}}`; lines and columns count
    from 1, in characters, and `end_column` is the column after the last one."""
    severities = [one.severity for one in diagnostics]
    return json.dumps(
        {
            "diagnostics": [
                {
                    "code": one.code,
                    "severity": one.severity.value,
                    "message": printable(one.message),
                    "help": printable(one.help),
                    "file": printable(one.span.file),
                    "line": one.span.line,
                    "column": one.span.column,
                    "end_line": one.span.line,
                    "end_column": one.span.end_column,
                }
                for one in diagnostics
            ],
            "summary": {f"{severity.value}s": severities.count(severity) for severity in Severity},
        },
        indent=2,
        ensure_ascii=False,
    )


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """A log of one run, with the rules that it has results of."""
    codes = list(dict.fromkeys(one.code for one in diagnostics))
    log = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "keepalived-py",
                        "version": __version__,
                        "rules": [
                            {"id": code, "fullDescription": {"text": documentation(code)}} for code in codes
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(one, codes.index(one.code)) for one in diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _sarif_result(one: Diagnostic, rule: int) -> dict[str, object]:
    span = one.span
    uri = quote(span.file.encode("utf-8", "surrogateescape"))
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": printable(f"{one.message} ({one.help})" if one.help else one.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"file://{uri}" if uri.startswith("/") else uri},
                    "region": {
                        "startLine": span.line,
                        "startColumn": span.column,
                        "endLine": span.line,
                        "endColumn": span.end_column,
                    },
                }
            }
        ],
    }


_GITHUB_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """A workflow command a line."""
    return "\n".join(_github_command(one) for one in diagnostics)


def _github_command(one: Diagnostic) -> str:
    span = one.span
    properties = {
        "file": span.file,
        "line": span.line,
        "endLine": span.line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": one.code,
    }
    listed = ",".join(f"{name}={_github_property(str(value))}" for name, value in properties.items())
    text = f"{one.message}\n{one.help}" if one.help else one.message
    return f"::{_GITHUB_COMMANDS[one.severity]} {listed}::{_github_text(text)}"


def _github_text(text: str) -> str:
    """What ends a command, and the character that escapes it, escaped."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_text(text).replace(":", "%3A").replace(",", "%2C")


def printable(text: str) -> str:
    """Bytes of a file that are no UTF-8 replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
