"""The options of a check are the same at both doors."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

DOORS = [["--check"], ["check"]]
INSTANCE = """\
vrrp_instance VI_1 {
    interface nosuchif0
    virtual_router_id 51
    priority 100
    priority 90
    virtual_ipaddress {
        10.0.0.101
    }
}
"""


@pytest.fixture
def doubtful(tmp_path: Path) -> str:
    """A configuration with a warning, and an interface that no machine has."""
    path = tmp_path / "keepalived.conf"
    path.write_text(INSTANCE)
    return str(path)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "keepalived_py", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def on_a_terminal(*arguments: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "keepalived_py", *arguments],
        stdout=theirs,
        stderr=theirs,
        env={name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment,
    )
    os.close(theirs)
    output = b""
    try:
        while piece := os.read(ours, 4096):
            output += piece
    except OSError:  # the other side is closed
        pass
    process.wait(60)
    os.close(ours)
    return output.decode()


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_findings_are_written_for_programs(door: list[str], doubtful: str) -> None:
    result = run(*door, "--format", "json", doubtful)
    assert result.returncode == 0
    assert [one["code"] for one in json.loads(result.stdout)["diagnostics"]] == ["repeated-keyword"]
    assert run(*door, "--format", "github", doubtful).stdout.startswith(f"::warning file={doubtful},line=5,")


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_a_format_that_does_not_exist_is_bad_usage(door: list[str], doubtful: str) -> None:
    result = run(*door, "--format", "xml", doubtful)
    assert result.returncode == 2
    assert "xml" in result.stderr


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_warnings_fail_a_strict_check(door: list[str], doubtful: str) -> None:
    assert run(*door, "--strict", doubtful).returncode == 1


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_this_host_is_looked_at_only_when_asked(door: list[str], doubtful: str) -> None:
    result = run(*door, "--on-this-host", doubtful)
    assert result.returncode == 1
    assert "[no-interface]" in result.stdout


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_there_is_colour_on_a_terminal_only_and_not_with_no_color(door: list[str], doubtful: str) -> None:
    assert "\x1b[1;33mwarning:\x1b[0m" in on_a_terminal(*door, doubtful)
    assert "\x1b" not in on_a_terminal(*door, doubtful, NO_COLOR="1")
    assert "\x1b" not in run(*door, doubtful).stdout
