"""`keepalived-py fmt`: what it does to files."""

import io
import stat
from pathlib import Path

import pytest

from keepalived_py.check import fmt as module
from keepalived_py.check.fmt import Output, fmt, same_meaning

UGLY, TIDY = b"global_defs{router_id a}", b"global_defs {\n    router_id a\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keepalived.conf"
    path.write_bytes(UGLY)
    path.chmod(0o640)
    return path


def test_print_leaves_the_file_alone(file: Path) -> None:
    out = io.StringIO()
    assert fmt([str(file)], Output.PRINT, stream=out) == 0
    assert out.getvalue().encode() == TIDY
    assert file.read_bytes() == UGLY


def test_write_replaces_the_file_and_keeps_its_mode(file: Path) -> None:
    link = file.with_name("link.conf")
    link.symlink_to(file.name)
    assert fmt([str(link)], Output.WRITE, stream=io.StringIO()) == 0
    assert file.read_bytes() == TIDY
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(file.parent.iterdir()) == [file, link]


def test_check_says_whether_something_would_change(file: Path) -> None:
    assert fmt([str(file)], Output.CHECK, stream=io.StringIO()) == 1
    fmt([str(file)], Output.WRITE, stream=io.StringIO())
    assert fmt([str(file)], Output.CHECK, stream=io.StringIO()) == 0


def test_diff_shows_old_and_new_lines(file: Path) -> None:
    out = io.StringIO()
    assert fmt([str(file)], Output.DIFF, stream=out) == 0
    assert "-global_defs{router_id a}\n+global_defs {\n" in out.getvalue()


def test_a_file_that_cannot_be_read_does_not_keep_others_from_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fmt([str(file.parent / "none"), str(file)], Output.WRITE, stream=io.StringIO()) == 2
    assert "No such file" in capsys.readouterr().err
    assert file.read_bytes() == TIDY


def test_a_result_with_another_meaning_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "layout", lambda text: text.replace("a}", "b}"))
    assert fmt([str(file)], Output.WRITE, stream=io.StringIO()) == 2
    assert "would mean something else" in capsys.readouterr().err
    assert file.read_bytes() == UGLY


def test_meaning_is_the_model_and_the_findings(file: Path) -> None:
    assert same_meaning(str(file), UGLY, TIDY)
    assert not same_meaning(str(file), UGLY, b"global_defs { router_id b }")
    assert not same_meaning(str(file), UGLY, UGLY + b"\nunknown")
    assert same_meaning(str(file), b"vrrp_version ${_RANDOM}", b"vrrp_version   ${_RANDOM}")
