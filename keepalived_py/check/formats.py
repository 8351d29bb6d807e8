"""Diagnostics for programs: JSON, SARIF 2.1.0 and the workflow commands of GitHub Actions."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from keepalived_py import __version__
from keepalived_py.check.codes import documentation
from keepalived_py.config.diagnostic import Diagnostic, Related, Severity, Span

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """`{"diagnostics": [...], "summary": {"errors", "warnings", "notes"}}`; lines and columns count
    from 1, in characters, and `end_column` is the column after the last one. What is about several
    places has them in `related`."""
    severities = [one.severity for one in diagnostics]
    return json.dumps(
        {
            "diagnostics": [
                {
                    "code": one.code,
                    "severity": one.severity.value,
                    "message": printable(one.message),
                    "help": printable(one.help),
                    **_json_place(one.span),
                }
                | ({"related": [_json_related(other) for other in one.related]} if one.related else {})
                for one in diagnostics
            ],
            "summary": {f"{severity.value}s": severities.count(severity) for severity in Severity},
        },
        indent=2,
        ensure_ascii=False,
    )


def _json_place(span: Span) -> dict[str, object]:
    return {
        "file": printable(span.file),
        "line": span.line,
        "column": span.column,
        "end_line": span.line,
        "end_column": span.end_column,
    }


def _json_related(other: Related) -> dict[str, object]:
    return {"message": printable(other.message), **_json_place(other.span)}


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
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": printable(f"{one.message} ({one.help})" if one.help else one.message)},
        "locations": [{"physicalLocation": _sarif_place(one.span)}],
    }
    if one.related:
        result["relatedLocations"] = [
            {"physicalLocation": _sarif_place(span), "message": {"text": printable(message)}}
            for span, message in one.related
        ]
    return result


def _sarif_place(span: Span) -> dict[str, object]:
    uri = quote(span.file.encode("utf-8", "surrogateescape"))
    return {
        "artifactLocation": {"uri": f"file://{uri}" if uri.startswith("/") else uri},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.line,
            "endColumn": span.end_column,
        },
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
    related = (f"{other.span}: {other.message}" for other in one.related)
    text = "\n".join(part for part in (one.message, *related, one.help) if part)
    return f"::{_GITHUB_COMMANDS[one.severity]} {listed}::{_github_text(text)}"


def _github_text(text: str) -> str:
    """What ends a command, and the character that escapes it, escaped."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_text(text).replace(":", "%3A").replace(",", "%2C")


def printable(text: str) -> str:
    """Bytes of a file that are no UTF-8 replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
