"""What programs read: JSON, SARIF, the commands of GitHub Actions."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from keepalived_py.check.formats import as_github, as_json, as_sarif
from keepalived_py.check.report import Format, check
from keepalived_py.config.diagnostic import Diagnostic, Severity, Span

FAULTY = "vrrp_script s {\n\tscript /bin/a\n\tinterval  ten\n}\n"


def written(path: Path, text: str, output: Format) -> tuple[int, str]:
    file = path / "keepalived.conf"
    file.write_text(text)
    out = io.StringIO()
    return check([str(file)], "here", output=output, stream=out), out.getvalue()


def finding(**values: Any) -> Diagnostic:
    span = Span("a,b:c%.conf", 3, 5, 8, "text")
    return Diagnostic(**{"code": "c", "severity": Severity.ERROR, "message": "m", "span": span} | values)


def test_json_has_each_finding_with_its_place_and_how_many_there_are(tmp_path: Path) -> None:
    status, text = written(tmp_path, FAULTY, Format.JSON)
    assert status == 1
    found = json.loads(text)
    assert found["diagnostics"][1] == {
        "code": "bad-value",
        "severity": "error",
        "message": "(s): vrrp script interval 'ten' must be between 0.001 and 4294 - ignoring",
        "help": "a number of seconds from 0 to 4294",
        "file": f"{tmp_path}/keepalived.conf",
        "line": 3,
        "column": 12,
        "end_line": 3,
        "end_column": 15,
    }
    assert found["summary"] == {"errors": 1, "warnings": 1, "notes": 0}


@pytest.mark.parametrize("output", [Format.JSON, Format.SARIF], ids=lambda output: output.value)
def test_a_clean_file_is_a_document_too(tmp_path: Path, output: Format) -> None:
    status, text = written(tmp_path, "global_defs {\n}\n", output)
    assert status == 0
    document = json.loads(text)
    assert document.get("diagnostics", document.get("runs", [{}])[0].get("results")) == []


def test_json_of_a_missing_file_says_so(tmp_path: Path) -> None:
    out = io.StringIO()
    assert check([str(tmp_path / "none")], output=Format.JSON, stream=out) == 2
    (one,) = json.loads(out.getvalue())["diagnostics"]
    assert (one["code"], one["severity"], one["line"]) == ("unreadable-file", "error", 1)


def test_bytes_that_are_no_utf_8_do_not_spoil_a_document(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_bytes(b"\xff\xfe \x80\n")
    for output in Format:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        assert check([str(file)], output=output, stream=out) == 1


def test_sarif_names_the_rule_the_level_and_the_region(tmp_path: Path) -> None:
    _, text = written(tmp_path, FAULTY, Format.SARIF)
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    result = run["results"][1]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "bad-value"
    assert rule["fullDescription"]["text"]
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"file://{tmp_path}/keepalived.conf"
    assert place["region"] == {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 15}


def test_the_address_of_a_file_in_sarif_is_a_uri() -> None:
    log = json.loads(as_sarif([finding(code="bad-value", span=Span("a b/ü%.conf", 1, 1, 2))]))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%BC%25.conf"


def test_a_github_command_is_escaped() -> None:
    assert as_github([finding(severity=Severity.NOTE, message="100 %\r", help="a: b, c")]) == (
        "::notice file=a%2Cb%3Ac%25.conf,line=3,endLine=3,col=5,endColumn=8,title=c::100 %25%0D%0Aa: b, c"
    )


def test_text_that_could_be_markup_is_json() -> None:
    assert json.loads(as_json([finding(message='"\\\x01</')]))["diagnostics"][0]["message"] == '"\\\x01</'


@pytest.mark.parametrize(("strict", "status"), [(False, 0), (True, 1)])
def test_warnings_count_where_it_is_strict(tmp_path: Path, strict: bool, status: int) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("vrrp_script s {\nscript /bin/a\n}\n")
    out = io.StringIO()
    assert check([str(file)], "here", strict=strict, stream=out) == status
    assert out.getvalue().splitlines()[-1] == "1 warning"
