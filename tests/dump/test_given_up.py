"""The dump of instances that keepalived gives up. The expected lines are those of keepalived 2.4.3."""

from itertools import takewhile
from pathlib import Path

import pytest

from keepalived_py.dump.parts import part_lines
from keepalived_py.model.process import Process
from keepalived_py.schema.host import AnyHost
from keepalived_py.schema.load import load
from tests.dump.test_checker import Node

GOOD = "vrrp_instance good {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n"
LATER = "vrrp_instance later {\ninterface eth1\nvirtual_router_id 2\nvirtual_ipaddress {\n10.0.0.2\n}\n}\n"
NO_VRID = "vrrp_instance bad {\ninterface eth0\nadvert_int 2\n}\n"
STRICT = (
    "vrrp_instance bad {\ninterface eth0\nvirtual_router_id 3\nstrict_mode\nunicast_peer {\n10.1.0.1\n}\n}\n"
)
NO_ADDRESS = (
    "vrrp_script chk {\nscript /bin/true\n}\n"
    "vrrp_instance bad {\ninterface eth0\nvirtual_router_id 3\nversion 3\ntrack_script {\nchk\n}\n}\n"
)
GROUP = "vrrp_sync_group G {\ngroup {\ngood\nlater\n}\n}\n"


class Host(AnyHost):
    """A machine with two interfaces."""

    def has_interface(self, name: str) -> bool:
        return name in ("eth0", "eth1")


def dumped(path: Path, text: str) -> list[str]:
    file = path / "keepalived.conf"
    file.write_text(text)
    loaded = load(str(file), config_id="here", host=Host())
    return list(part_lines(loaded.configuration, loaded.reading, Node(), Process.VRRP))


def instance(lines: list[str], name: str) -> list[str]:
    start = lines.index(f" VRRP Instance = {name}")
    return [line.strip() for line in takewhile(lambda line: line.startswith("   "), lines[start + 1 :])]


MARKS = [
    "VRRP Version = 0",
    "Wantstate = INIT",
    "Interface = eth1",
    "Enforcing strict VRRP compliance",
    "Using src_ip = (none)",
    "Multicast address (none)",
    "Gratuitous ARP lower priority delay = 4294",
    "Gratuitous ARP lower priority repeat = 4294967295",
    "Gratuitous ARP for each secondary VMAC = 9223372036854775807",
    "Send advert after receive lower priority advert = false",
    "Send advert after receive higher priority advert = true",
    "Priority = 0",
    "Effective priority = 0",
    "Advert interval = 0 milli-sec",
    "Accept = enabled",
    "10.0.0.2 dev (null)@NOWHERE scope global",
    "Using smtp notification = yes",
    "Notify priority changes = true",
]
"""Of an instance that was only read."""


@pytest.mark.parametrize("bad", [NO_VRID, STRICT, NO_ADDRESS], ids=["no vrid", "strict", "no address"])
def test_what_comes_after_the_first_that_is_not_possible_was_only_read(tmp_path: Path, bad: str) -> None:
    lines = instance(dumped(tmp_path, GOOD + bad + LATER), "later")
    assert [line for line in lines if line in MARKS] == MARKS


def test_without_a_virtual_router_id_none_is_set_up(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD + NO_VRID)
    assert "VRRP Version = 0" in instance(lines, "good")
    assert "Advert interval = 2000 milli-sec" in instance(lines, "bad")
    assert "Virtual Router ID = 0" in instance(lines, "bad")
    assert " Gratuitous ARP lower priority delay = 5" in lines


def test_an_interface_that_does_not_exist_ends_it_before_defaults(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD + NO_VRID.replace("eth0", "none"))
    assert "VRRP Version = 0" in instance(lines, "good")
    assert "Interface = not configured" in instance(lines, "bad")
    assert " Gratuitous ARP lower priority delay = 4294967295" in lines


def test_a_missing_word_ends_it_with_what_was_read_before(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD + LATER.replace("interface eth1", "priority") + GOOD)
    assert "VRRP Version = 0" in instance(lines, "good")
    assert " VRRP Instance = later" not in lines


def test_what_was_set_up_before_stands(tmp_path: Path) -> None:
    good = instance(dumped(tmp_path, GOOD + STRICT), "good")
    assert {"VRRP Version = 2", "10.0.0.1 dev eth0 scope global", "Using smtp notification = no"} <= {*good}


def test_what_cannot_send_has_only_begun(tmp_path: Path) -> None:
    bad = instance(dumped(tmp_path, STRICT), "bad")
    assert {
        "VRRP Version = 2",
        "Wantstate = BACKUP",
        "Using unicast",
        "10.1.0.1 min_ttl 0 max_ttl 255",
        "Priority = 100",
        "Effective priority = 0",
        "Using smtp notification = yes",
    } <= {*bad}


def test_what_has_no_address_is_complete_but_for_its_trackers(tmp_path: Path) -> None:
    lines = dumped(tmp_path, NO_ADDRESS)
    assert {"Effective priority = 100", "Tracked scripts :", "Using smtp notification = no"} <= {
        *instance(lines, "bad")
    }
    script = lines.index("   VRRP instances :")
    assert lines[script + 1] == "   State = idle"


@pytest.mark.parametrize(
    ("bad", "state", "members"), [(NO_VRID, "INIT", []), (STRICT, "BACKUP", ["     good", "     later"])]
)
def test_a_group_has_members_only_once_they_were_looked_for(
    tmp_path: Path, bad: str, state: str, members: list[str]
) -> None:
    lines = dumped(tmp_path, GOOD + bad + LATER + GROUP)
    start = lines.index(f" VRRP Sync Group = G, {state}")
    assert lines[start + 2 : start + 2 + bool(members) + len(members)] == (
        ["   VRRP member instances :", *members] if members else []
    )
    assert "   Using smtp notification = yes" in lines[start:]


def test_two_of_one_virtual_router_are_set_up_but_have_no_address_to_send_from(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD + GOOD.replace("good", "twin"))
    assert "VRRP Version = 2" in instance(lines, "twin")
    assert "Using src_ip = (none)" in instance(lines, "good")


def test_a_track_group_has_no_members_then(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD + NO_VRID + "track_group T {\ngroup {\ngood\n}\n}\n")
    place = lines.index(" Static Track Group = T")
    assert not lines[place + 1].startswith("   ")


def test_an_address_that_no_interface_was_found_for_is_nowhere(tmp_path: Path) -> None:
    lines = dumped(tmp_path, GOOD.replace("_id 1", "_id 1\nuse_vmac") + NO_VRID)
    assert "     10.0.0.1 dev (null)@NOWHERE scope global" in lines
