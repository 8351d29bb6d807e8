"""Script security, judged on real files."""

import os
from pathlib import Path

import pytest

from keepalived_py.linux.accounts import Credentials
from keepalived_py.linux.script_review import review
from keepalived_py.linux.security import examine
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration, Fifo, GlobalDefinitions
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackScript

ROOT = Credentials(0, 0)
STRANGER = Credentials(4242424, 4242424)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_program_of_the_system_is_safe() -> None:
    verdict = examine(Command(("/bin/true",)), ROOT)  # on a merged /usr through a link
    assert verdict.found
    assert verdict.safe
    assert verdict.remarks == ()


def test_name_is_looked_up_in_the_path() -> None:
    verdict = examine(Command(("true",)), ROOT)
    assert verdict.found
    assert verdict.safe
    [remark] = verdict.remarks
    assert "resolved by path search" in remark


@pytest.mark.parametrize("name", ["no-such-command-anywhere", "/no/such/file"])
def test_missing_command_is_not_found(name: str) -> None:
    assert not examine(Command((name,)), ROOT).found


def test_file_that_the_user_may_not_execute_is_not_found(script: Path) -> None:
    script.chmod(0o700)
    assert examine(Command((str(script),)), Credentials(os.geteuid(), os.getegid())).found
    assert not examine(Command((str(script),)), STRANGER).found
    script.chmod(0o644)
    assert not examine(Command((str(script),)), ROOT).found


def test_script_without_shebang_is_remarked(script: Path) -> None:
    script.write_text("exit 0\n")
    assert any("shebang" in remark for remark in examine(Command((str(script),)), STRANGER).remarks)


def test_script_that_others_may_change_is_unsafe_for_root(script: Path) -> None:
    script.chmod(0o757)
    assert not examine(Command((str(script),)), ROOT).safe
    assert examine(Command((str(script),)), STRANGER).safe


def test_script_in_a_directory_that_others_may_change_is_unsafe(script: Path) -> None:
    script.parent.chmod(0o777)
    assert not examine(Command((str(script),)), ROOT).safe


def test_link_to_what_others_may_change_is_unsafe(script: Path, tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    script = script.rename(open_to_all / "script")
    open_to_all.chmod(0o777)
    link = tmp_path / "link"
    link.symlink_to("open/script")
    assert not examine(Command((str(link),)), ROOT).safe


def test_links_in_a_circle_are_not_found(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert not examine(Command((str(tmp_path / "a"),)), ROOT).found


def test_redirection_is_no_script() -> None:
    verdict = examine(Command(("</etc/passwd",)), ROOT)
    assert verdict.found
    assert not verdict.is_script


def configuration(script: str, *, script_security: bool = False) -> Configuration:
    command = Command((script,), Account("root"))
    return Configuration(
        definitions=GlobalDefinitions(
            script_security=script_security, notify_fifo=Fifo(path="/run/fifo", reader=command)
        ),
        scripts={"check": TrackScript(name="check", command=command)},
        routers={
            "VI_1": VirtualRouter(
                name="VI_1",
                vrid=1,
                interface="eth0",
                track_scripts=(Tracked(name="check"),),
                notify=NotifyScripts(master=command, any=command),
            )
        },
        groups={"G": SyncGroup(name="G", members=("VI_1",), track_scripts=(Tracked(name="check"),))},
    )


def test_safe_scripts_stay_and_missing_script_security_is_remarked() -> None:
    before = configuration("/bin/true")
    reviewed = review(before)
    assert reviewed.configuration == before
    assert reviewed.violation
    assert reviewed.remarks == (
        "SECURITY VIOLATION - scripts are being executed but script_security not enabled.",
    )


def test_safe_scripts_with_script_security_are_no_violation() -> None:
    before = configuration("/bin/true", script_security=True)
    reviewed = review(before)
    assert reviewed.configuration == before
    assert not reviewed.violation
    assert not reviewed.remarks


def test_unsafe_scripts_run_without_script_security_but_are_remarked(script: Path) -> None:
    script.chmod(0o757)
    before = configuration(str(script))
    reviewed = review(before)
    assert reviewed.configuration == before
    assert reviewed.remarks[-1].endswith("There are insecure scripts.")


def test_unsafe_scripts_are_taken_out_with_script_security(script: Path) -> None:
    script.chmod(0o757)
    after = review(configuration(str(script), script_security=True)).configuration
    assert not after.scripts
    assert not after.routers["VI_1"].track_scripts
    assert not after.groups["G"].track_scripts
    assert after.routers["VI_1"].notify == NotifyScripts()
    assert after.definitions.notify_fifo == Fifo(path="/run/fifo")


def test_missing_scripts_are_taken_out_always() -> None:
    reviewed = review(configuration("/no/such/file"))
    assert not reviewed.configuration.scripts
    assert "Disabling track script check since not found/accessible" in reviewed.remarks
