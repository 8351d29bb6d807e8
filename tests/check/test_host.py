"""How scripts are found on this machine: who may run them, and who could change them."""

import os
from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from keepalived_py.check.host import ThisHost
from keepalived_py.daemon.loading import HostOfDaemon
from keepalived_py.model.command import Account, Command
from keepalived_py.schema.host import ScriptState

ROOT = Account("root")
NOBODY = Account("nobody")


def state(path: str, account: Account = ROOT, *, secure: bool = False) -> ScriptState:
    return ThisHost().script_state(Command((path, "an argument"), account), None, secure=secure)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert state(f"{tmp_path}/none") == ScriptState.NOT_FOUND
    assert state("no-such-command-in-path") == ScriptState.NOT_FOUND


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs commands as others")
def test_path_is_searched_for_our_own_user_only() -> None:
    assert state("true", ROOT) & ScriptState.EXECUTABLE
    assert state("true", Account("nobody")) == ScriptState.NOT_FOUND
    found = HostOfDaemon().script_state(Command(("true",), Account("nobody")), None, secure=False)
    assert found & ScriptState.EXECUTABLE


def test_a_file_without_execute_permission_is_a_script_that_cannot_run(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.touch(0o644)
    assert state(str(script)) == ScriptState.SCRIPT


def test_what_others_could_change_is_insecure_and_with_security_does_not_run(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.touch()
    script.chmod(0o777)
    assert ScriptState.INSECURE in state(str(script))
    assert ScriptState.INHIBITED not in state(str(script))
    assert ScriptState.INHIBITED in state(str(script), secure=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, whose directories others cannot enter")
def test_what_its_user_cannot_reach_is_not_found(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.touch(0o755)
    tmp_path.chmod(0o700)
    assert state(str(script), NOBODY) == ScriptState.NOT_FOUND
    assert ScriptState.EXECUTABLE in state(str(script))


def test_a_pseudo_script_that_opens_a_file_is_none() -> None:
    assert state("</etc/passwd") == ScriptState.EXECUTABLE


def test_the_addresses_of_an_interface_are_told_with_their_prefixes() -> None:
    assert IPv4Interface("127.0.0.1/8") in ThisHost().own_addresses("lo")
    assert ThisHost().own_addresses("nosuchif0") == ()
