"""Which door leads where, and that the quick ones stay quick."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.101
    }
}
"""
BAD = GOOD.replace("virtual_router_id 51", "virtual_router_id 510")
HEAVY = {"asyncio", "psutil", "pyroute2", "typer", "keepalived_py.model.checker", "keepalived_py.model.lvs"}

REPORT_IMPORTS = """
import sys
from keepalived_py.cli.main import main
try:
    main()
finally:
    print(*sys.modules, file=sys.__stdout__)
"""


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "keepalived_py", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.conf"
    path.write_text(GOOD)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.conf"
    path.write_text(BAD)
    return path


@pytest.mark.parametrize("arguments", [["--check", "-f"], ["-t", "-f"], ["-v"], ["-h"]], ids=" ".join)
def test_what_only_reads_loads_nothing_heavy(arguments: list[str], good: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", REPORT_IMPORTS, *arguments, str(good)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    modules = result.stdout.split()
    assert "keepalived_py.cli.main" in modules, result.stderr
    assert not HEAVY & set(modules)


@pytest.mark.parametrize("door", [["--check", "-f"], ["--check"], ["check"]], ids=" ".join)
def test_all_ways_to_check_say_the_same(door: list[str], good: Path, bad: Path, tmp_path: Path) -> None:
    assert run(*door, good).returncode == 0
    result = run(*door, bad)
    assert result.returncode == 1
    assert f"{bad}:3:" in result.stdout + result.stderr
    assert run(*door, tmp_path / "missing.conf").returncode == 2


def test_an_unknown_command_of_the_tools_is_told(good: Path) -> None:
    result = run("chekc", good)
    assert result.returncode == 2
    assert "chekc" in result.stderr


def test_a_config_test_appends_to_its_log_file(bad: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    result = run(f"-t{log}", "-f", bad)
    assert result.returncode == 5
    assert result.stderr == ""
    first, *rest = log.read_text().splitlines()
    assert first == "before"
    assert rest


def test_a_config_test_does_not_write_through_a_link(bad: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    result = run(f"--config-test={link}", "-f", bad)
    assert result.returncode == 1
    assert "Unable to open config-test log file" in result.stderr
    assert not (tmp_path / "target").exists()


def test_help_names_every_option_that_works_in_keepalived_s_layout() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert "  -f, --use-file=FILE          Use the specified configuration file\n" in result.stderr
    assert "      --all                    Force all child processes to run" in result.stderr


def test_the_version_comes_first() -> None:
    result = run("-v")
    assert result.returncode == 0
    first, *rest = result.stderr.splitlines()
    assert re.fullmatch(r"Keepalived v\d+\.\d+\.\d+ \(keepalived-py v[\d.]+\)", first)
    assert "configure options: --enable-json" in rest


def test_fmt_rewrites_a_file_and_then_finds_nothing_to_do(good: Path) -> None:
    good.write_text(GOOD.replace("    ", "\t"))
    assert run("fmt", "--check", good).returncode == 1
    assert run("fmt", "--write", good).returncode == 0
    assert good.read_text() == GOOD
    assert run("fmt", "--check", good).returncode == 0


def test_explain_tells_what_a_keyword_means_and_exits_1_for_none() -> None:
    known = run("explain", "auth_pass", "authentication")
    assert (known.returncode, known.stdout.split()[0]) == (0, "auth_pass")
    unknown = run("explain", "auth_pas")
    assert unknown.returncode == 1
    assert "did you mean auth_pass" in unknown.stderr
