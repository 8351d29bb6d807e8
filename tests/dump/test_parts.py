"""What each process tells of a configuration before it starts, as keepalived 2.4.3 tells it with `-t`."""

import re
from pathlib import Path

import pytest

from keepalived_py.check.host import ThisHost
from keepalived_py.dump.parts import part_lines
from keepalived_py.model.command import DEFAULT_ACCOUNT, Account, Command
from keepalived_py.model.process import Process
from keepalived_py.schema.host import AnyHost, ScriptState
from keepalived_py.schema.load import load
from tests.dump.test_checker import Node

CHECKER, VRRP, BFD = Process.CHECKER, Process.VRRP, Process.BFD
INSTANCE = (
    "vrrp_instance A {{\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {{\n10.0.0.1\n}}\n{}\n}}\n"
)


def dumped(path: Path, text: str, process: Process) -> list[str]:
    file = path / "keepalived.conf"
    file.write_text(text)
    loaded = load(str(file), config_id="here")
    return list(part_lines(loaded.configuration, loaded.reading, Node(), process))


def test_a_reader_is_given_its_fifo_by_the_process_that_starts_it(tmp_path: Path) -> None:
    text = "global_defs {\nvrrp_notify_fifo /run/fifo\nvrrp_notify_fifo_script /bin/cat\n}\n"
    plain = " VRRP notify fifo script = '/bin/cat', uid:gid 0:0"
    assert plain in dumped(tmp_path, text, CHECKER)
    assert plain.replace("'/bin/cat'", "'/bin/cat' '/run/fifo'") in dumped(tmp_path, text, VRRP)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("global_defs {\nlvs_sync_daemon eth1 A\n}\n" + INSTANCE.format(""), ["name", "name", "name"]),
        (INSTANCE.format("lvs_sync_daemon_interface eth1"), [None, "instance", "instance"]),
    ],
)
def test_the_instance_of_the_sync_daemon_is_a_name_until_it_was_looked_for(
    tmp_path: Path, text: str, kinds: list[str | None]
) -> None:
    for process, kind in zip((CHECKER, VRRP, BFD), kinds, strict=True):
        told = [line for line in dumped(tmp_path, text, process) if "LVS syncd vrrp" in line]
        assert told == ([f" LVS syncd vrrp {kind} = A"] if kind else [])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", None),
        ("global_defs {\nstartup_script /bin/true\n}\n", CHECKER),
        ("vrrp_script chk {\nscript /bin/true\n}\n", VRRP),
        ("vrrp_script chk {\nscript /bin/true\nuser root\n}\n", None),
    ],
)
def test_the_default_script_user_is_told_from_the_first_process_that_needs_it(
    tmp_path: Path, text: str, first: Process | None
) -> None:
    for process in (CHECKER, VRRP, BFD):
        told = " Default script uid:gid 0:0" in dumped(tmp_path, text, process)
        assert told == (first is not None and first <= process)


def test_init_fail_is_without_effect_once_a_script_is_tracked(tmp_path: Path) -> None:
    script = "vrrp_script chk {\nscript /bin/true\ninit_fail\n}\n"
    assert "   Init state = INIT/FAILED" in dumped(tmp_path, script, VRRP)
    assert "   Init state = INIT" in dumped(
        tmp_path, script + INSTANCE.format("track_script {\nchk\n}"), VRRP
    )


@pytest.mark.parametrize(
    ("priority", "state"), [("priority 255", "MASTER"), ("", "BACKUP"), ("priority 100", "BACKUP")]
)
def test_a_group_of_owners_that_say_so_is_master(tmp_path: Path, priority: str, state: str) -> None:
    text = INSTANCE.format(f"state MASTER\n{priority}") + "vrrp_sync_group G {\ngroup {\nA\n}\n}\n"
    assert f" VRRP Sync Group = G, {state}" in dumped(tmp_path, text, VRRP)


def test_addresses_without_an_interface_still_count(tmp_path: Path) -> None:
    text = (
        "vrrp_instance A {\nvirtual_router_id 1\nunicast_src_ip 10.1.0.1\nunicast_peer {\n10.1.0.2\n}\n"
        "virtual_ipaddress {\n10.0.0.1\n10.0.0.2 dev eth0\n}\n}\n"
    )
    lines = dumped(tmp_path, text, VRRP)
    place = lines.index("   Virtual IP (2):")
    assert lines[place + 1] == "     10.0.0.2 dev eth0 scope global"
    assert not lines[place + 2].startswith("     ")


def users(lines: list[str], interface: str) -> list[str]:
    rest = lines[lines.index(f" Name = {interface}") + 1 :]
    end = next((index for index, line in enumerate(rest) if line.startswith(" Name")), len(rest))
    return [line.strip() for line in rest[:end] if "weight" in line]


@pytest.mark.parametrize(
    "item",
    [
        "virtual_routes {\n10.9.0.0/16 dev eth1\n}",
        "virtual_rules {\niif eth1 lookup 1\n}",
        "virtual_rules {\noif eth1 lookup 1\n}",
    ],
)
def test_an_instance_depends_on_the_interfaces_of_its_routes_and_rules(tmp_path: Path, item: str) -> None:
    text = INSTANCE.format(f"{item}\nvirtual_ipaddress_excluded {{\n10.0.0.9 dev eth1 no_track\n}}")
    assert users(dumped(tmp_path, text, VRRP), "eth1") == ["A, weight 0"]
    assert (
        users(dumped(tmp_path, text.replace("\n}\nvirtual_ip", " no_track\n}\nvirtual_ip"), VRRP), "eth1")
        == []
    )


@pytest.mark.parametrize(
    "item",
    [
        "static_ipaddress {\n10.9.0.1 dev eth1 track_group T\n}\n",
        "static_routes {\n10.9.0.0/16 dev eth1 track_group T\n}\n",
        "static_rules {\niif eth1 lookup 1 track_group T\n}\n",
    ],
)
def test_the_members_of_a_track_group_depend_on_the_interfaces_of_its_items(
    tmp_path: Path, item: str
) -> None:
    excluded = "virtual_ipaddress_excluded {\n10.0.0.9 dev eth1 no_track\n}"
    text = "track_group T {\ngroup {\nA\n}\n}\n" + item + INSTANCE.format(excluded)
    assert users(dumped(tmp_path, text, VRRP), "eth1") == ["A, weight 0"]


class Lacking(AnyHost):
    """A machine without any commands."""

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        return ScriptState.NOT_FOUND


def test_commands_that_are_not_there_are_gone_once_they_were_looked_for(tmp_path: Path) -> None:
    text = (
        "global_defs {\nstartup_script /x/start\nshutdown_script /x/stop\n"
        "vrrp_notify_fifo /run/fifo\nvrrp_notify_fifo_script /x/reader\n}\n"
    )
    file = tmp_path / "keepalived.conf"
    file.write_text(text + INSTANCE.format(""))
    loaded = load(str(file), config_id="here", host=Lacking())
    for process, remaining in ((CHECKER, ["'/x/reader'"]), (VRRP, [])):
        lines = part_lines(loaded.configuration, loaded.reading, Node(), process)
        assert re.findall(r"'/x/\w+'", "\n".join(lines)) == remaining


def test_scripts_at_start_and_end_are_told_to_be_insecure(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("global_defs {\nscript_user root\nstartup_script /bin/sh\n}\n")
    found = load(str(file), config_id="here", host=ThisHost()).diagnostics
    assert [it.message.partition(" - ")[2] for it in found if it.code == "script-security"] == [
        "start/shutdown scripts are being executed but script_security not enabled."
    ]


def test_what_is_behind_the_line_at_which_the_checkers_end_was_not_read(tmp_path: Path) -> None:
    server = (
        "virtual_server 10.0.0.{} 80 {{\nprotocol TCP\nreal_server 10.1.0.1 80 {{\nweight 1\n}}\n{}\n}}\n"
    )
    text = server.format(1, "") + server.format(2, "delay_loop") + server.format(3, "quorum_up /bin/true")
    lines = dumped(tmp_path, text, CHECKER)
    assert [line for line in lines if "VS VIP" in line] == [" VS VIP = 10.0.0.1, VPORT = 80"]
    assert not [line for line in lines if "Default script uid" in line]


def test_interfaces_of_their_own_stand_in_the_order_of_their_instances(tmp_path: Path) -> None:
    text = INSTANCE.format("use_ipvlan own1 10.1.0.1")
    text += INSTANCE.replace("A", "B").replace("_id 1", "_id 2").format("use_vmac own2")
    names = [line for line in dumped(tmp_path, text, VRRP) if line.startswith(" Name")]
    assert names == [" Name = eth0", " Name = own1", " Name = own2"]


def test_a_garp_group_is_told_once_with_all_its_interfaces(tmp_path: Path) -> None:
    text = "garp_group {\ngarp_interval 1\ninterface eth0\ninterfaces {\neth1\n}\n}\n"
    lines = dumped(tmp_path, text + INSTANCE.format("track_interface {\neth1\n}"), VRRP)
    start = lines.index("------< GARP delay group >------")
    assert lines[start + 3 : start + 6] == [" Interfaces", "  eth0", "  eth1"]
    assert lines.count("------< GARP delay group >------") == 1


@pytest.mark.parametrize(("own", "told"), [("", "no"), ("check_unicast_src", "yes")])
def test_source_checks_are_told_of_the_instance_that_says_so(tmp_path: Path, own: str, told: str) -> None:
    text = "global_defs {\nvrrp_check_unicast_src\n}\n" + INSTANCE.format(
        f"unicast_peer {{\n10.1.0.2\n}}\n{own}"
    )
    assert f"   Check unicast src : {told}" in dumped(tmp_path, text, VRRP)


def test_a_vmac_on_an_interface_that_is_not_there_is_told_with_it(tmp_path: Path) -> None:
    lines = dumped(tmp_path, INSTANCE.format("use_vmac own"), VRRP)
    assert "     10.0.0.1 dev own@eth0 scope global" in lines
    assert "   I/f created by keepalived" not in lines


def test_script_user_is_for_the_commands_after_it(tmp_path: Path) -> None:
    fifo = "{}notify_fifo /run/{}fifo\n{}notify_fifo_script /bin/cat\n"
    file = tmp_path / "keepalived.conf"
    before, after = fifo.format(*["vrrp_"] * 3), fifo.format(*["lvs_"] * 3)
    file.write_text(f"global_defs {{\n{before}script_user nobody\n{after}}}\n")
    definitions = load(str(file), config_id="here").configuration.definitions
    assert definitions.vrrp_notify_fifo.owner == DEFAULT_ACCOUNT
    assert definitions.vrrp_notify_fifo.reader == Command(("/bin/cat",), DEFAULT_ACCOUNT)
    assert definitions.lvs_notify_fifo.owner is None
    assert definitions.lvs_notify_fifo.reader == Command(("/bin/cat",))
