"""What people see: places, carets, advice, exit status."""

import io
from pathlib import Path

import pytest

from keepalived_py.check.config_test import config_test
from keepalived_py.check.render import Style, render
from keepalived_py.check.report import check
from keepalived_py.config.diagnostic import Diagnostic, Severity, Span


def checked(path: Path, text: str) -> tuple[int, str]:
    file = path / "keepalived.conf"
    file.write_text(text)
    out = io.StringIO()
    status = check([str(file)], "here", stream=out)
    return status, out.getvalue().replace(f"{path}/", "")


def test_a_finding_is_shown_with_its_line_and_a_caret_under_the_words(tmp_path: Path) -> None:
    status, text = checked(tmp_path, "vrrp_script s {\n\tscript /bin/a\n\tinterval  ten # s\n}\n")
    assert status == 1
    assert (
        "keepalived.conf:3:12: error: (s): vrrp script interval 'ten' must be between 0.001 and 4294 "
        "- ignoring [bad-value]\n"
        "  |     interval  ten # s\n"
        "  |               ^^^\n"
        "  help: a number of seconds from 0 to 4294\n"
    ) in text
    assert text.splitlines()[-1] == "1 error, 1 warning"


def test_a_clean_file_says_nothing(tmp_path: Path) -> None:
    text = "vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n"
    assert checked(tmp_path, text) == (0, "")


def test_warnings_are_no_failure(tmp_path: Path) -> None:
    status, text = checked(tmp_path, "vrrp_script unused {\nscript /bin/check\n}\n")
    assert (status, text.splitlines()[-1]) == (0, "1 warning")


def test_all_findings_of_all_files_come_in_one_run(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("foo\nbar\n")
    out = io.StringIO()
    assert check([f"{tmp_path}/a", f"{tmp_path}/missing", f"{tmp_path}/b"], stream=out) == 2
    assert out.getvalue().count("Unknown keyword") == 4
    assert "missing:1:1: error: Config files missing" in out.getvalue()


def test_a_binary_file_is_reported_without_its_control_characters(tmp_path: Path) -> None:
    (tmp_path / "keepalived.conf").write_bytes(bytes(range(256)) * 3)
    out = io.StringIO()
    assert check([f"{tmp_path}/keepalived.conf"], stream=out) == 1
    assert not set(out.getvalue()) & {chr(code) for code in range(32)} - {"\n"}


def test_colour_only_where_it_is_wanted() -> None:
    diagnostic = Diagnostic(
        code="c", severity=Severity.ERROR, message="m", span=Span("f", 1, 1, 2, "x"), help="h"
    )
    assert "\x1b" not in render(diagnostic, Style(colour=False))
    assert "\x1b[1;31merror:\x1b[0m" in render(diagnostic, Style(colour=True))
    assert not Style.of(io.StringIO()).colour


def test_the_way_through_includes_is_shown(tmp_path: Path) -> None:
    (tmp_path / "in.conf").write_text("foo\n")
    _, text = checked(tmp_path, "\ninclude in.conf\n")
    assert "in.conf:1:1: error: Unknown keyword 'foo'" in text
    assert "    included from keepalived.conf:2\n" in text


@pytest.mark.parametrize(
    ("text", "status", "printed"),
    [
        ("", 0, ""),
        ("foo\nfoo\n", 5, "(F: Line 1) Unknown keyword 'foo'\n(F: Line 2) Unknown keyword 'foo'\n"),
        ("include nothing\n", 0, "(F: Line 1) Config files missing 'nothing'.\n"),
        ("includem nothing\n", 6, "(F: Line 1) Config files missing 'nothing'.\n"),
        (
            "vrrp_script {\n}\n",
            2,
            "(F: Line 1) *** Configuration line starting `vrrp_script` is missing a parameter "
            "after keyword `vrrp_script` at word position 2\n",
        ),
        (
            "vrrp_instance V {\ninterface nosuchif0\nvirtual_router_id 1\n"
            "virtual_ipaddress {\n10.0.0.1\n}\n}\n",
            5,
            "(F: Line 2) WARNING - interface nosuchif0 for vrrp_instance V doesn't exist\n"
            "Non-existent interface specified in configuration\n",
        ),
        ("static_ipaddress {\n10.0.0.1 dev nosuchif0\n}\n", 5, None),
        ("static_routes {\n}\n", 0, ""),
    ],
)
def test_config_test_prints_and_returns_what_keepalived_does(
    tmp_path: Path, text: str, status: int, printed: str | None
) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text(text)
    out = io.StringIO()
    assert config_test(str(file), "here", out) == status
    if printed is not None:
        assert out.getvalue() == printed.replace("(F:", f"({file}:")


def test_a_missing_file_is_a_message_and_success(tmp_path: Path) -> None:
    out = io.StringIO()
    assert config_test(str(tmp_path / "none"), None, out) == 0
    assert out.getvalue() == f"Config files missing '{tmp_path}/none'.\n"
