"""What the daemon makes of a configuration file: what it logs, and what it cannot start with."""

import os
import re
from pathlib import Path

import pytest

from keepalived_py.daemon.exit_status import ExitStatus
from keepalived_py.daemon.loading import errors, load_and_log, reason_not_to_start
from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.settings import Settings
from keepalived_py.schema.load import ConfigurationError, Loaded

LOG = Logger(detail=False, console=True, syslog=None)
GOOD = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.101
    }
}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keepalived.conf"


def loaded(path: Path, text: str, *, include_check: bool = False) -> Loaded:
    path.write_text(text)
    return load_and_log(Settings(configuration_file=str(path), include_check=include_check), LOG)


def test_a_good_file_is_named_and_nothing_else_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    it = loaded(path, GOOD)
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(f": Configuration file {path}")
    assert reason_not_to_start(it) is None
    assert not errors(it)


def test_errors_are_logged_with_their_line_and_the_rest_runs(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    it = loaded(path, GOOD.replace("    interface", "    bogus 1\n    interface"))
    assert re.search(rf"\({path}: Line 2\) Unknown keyword 'bogus'", capsys.readouterr().err)
    assert len(errors(it)) == 1
    assert reason_not_to_start(it) is None


def test_an_interface_that_is_not_there_is_left_to_the_vrrp_child(path: Path) -> None:
    it = loaded(path, GOOD.replace("eth0", "nonexistent0"))
    assert it.configuration.routers["VI_1"].interface == "nonexistent0"
    assert not errors(it)


SCRIPT = """\
    notify "%s"
}
"""


@pytest.mark.skipif(not Path("/bin").is_symlink(), reason="needs a merged /usr")
def test_a_script_behind_a_link_to_a_directory_runs(path: Path) -> None:
    for security in ("", "global_defs {\n    enable_script_security\n    script_user root\n}\n"):
        it = loaded(path, security + GOOD.replace("}\n}\n", "}\n" + SCRIPT % "/bin/sh -c true"))
        assert it.configuration.routers["VI_1"].notify.any is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who must not run what others can change")
def test_a_script_that_others_can_change_only_runs_without_script_security(path: Path) -> None:
    script = path.with_name("script")
    script.write_text("#!/bin/sh\n")
    script.chmod(0o777)
    text = GOOD.replace("}\n}\n", "}\n" + SCRIPT % script)
    secure = "global_defs {\n    enable_script_security\n    script_user root\n}\n"
    assert loaded(path, text).configuration.routers["VI_1"].notify.any is not None
    assert loaded(path, secure + text).configuration.routers["VI_1"].notify.any is None


def test_a_script_of_an_unknown_user_is_left_out(path: Path) -> None:
    script = SCRIPT.replace('%s"', '/usr/bin/true" nobody-of-that-name')
    it = loaded(path, GOOD.replace("}\n}\n", "}\n" + script))
    assert it.configuration.routers["VI_1"].notify.any is None
    assert errors(it)


def test_a_file_whose_only_instance_cannot_run_is_not_started(path: Path) -> None:
    it = loaded(path, GOOD.replace("    virtual_router_id 51\n", ""))
    refusal = reason_not_to_start(it)
    assert refusal is not None
    assert refusal[1] is ExitStatus.CONFIG


def test_an_include_that_has_to_succeed_is_needed_to_start(path: Path) -> None:
    text = GOOD + "include /nonexistent/*.conf\n"
    assert reason_not_to_start(loaded(path, text)) is None
    refusal = reason_not_to_start(loaded(path, text, include_check=True))
    assert refusal is not None
    assert refusal[1] is ExitStatus.NO_CONFIG


def test_no_file_is_an_error_of_its_own(path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_and_log(Settings(configuration_file=str(path)), LOG)


def test_what_is_not_built_is_said_once(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD + "global_defs {\n    enable_dbus\n    enable_dbus\n    bogus\n}\n"
    running = loaded(path, text)
    assert capsys.readouterr().err.count("'enable_dbus' is known, but nothing acts on it yet") == 1
    load_and_log(Settings(configuration_file=str(path)), LOG, running)
    again = capsys.readouterr().err
    assert "enable_dbus" not in again
    assert "bogus" in again
