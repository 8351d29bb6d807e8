"""Exploring finds what cannot fail over, and nothing in what can; each finding can be seen again."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keepalived_py.cli.tools import tools
from keepalived_py.simulate.explore import Trouble

SCRIPT = 'vrrp_script chk {{\nscript "pidof nginx"\ninterval 2\nweight {}\n}}\n'
TRACK = "track_script {\nchk\n}"
GROUP = "vrrp_sync_group G {\ngroup {\nV1\nV2\n}\n}\n"
PEERS = "unicast_src_ip {}\nunicast_peer {{\n{}\n}}"


def instance(priority: int, *lines: str, name: str = "V1", vrid: int = 51, interface: str = "eth0") -> str:
    body = (f"interface {interface}", f"virtual_router_id {vrid}", f"priority {priority}", *lines)
    address = f"virtual_ipaddress {{\n10.0.{vrid}.101/24\n}}"
    return "\n".join((f"vrrp_instance {name} {{", *body, address, "}\n"))


def two(priority: int) -> str:
    return instance(priority) + instance(priority, name="V2", vrid=52, interface="eth1")


BROKEN = {
    "weight too small": (
        SCRIPT.format(2) + instance(150, TRACK),
        SCRIPT.format(2) + instance(100, TRACK),
        {(Trouble.UNMOVED, ("A kill nginx",))},
    ),
    "nopreempt with a weight": (
        SCRIPT.format(-60) + instance(150, "nopreempt", TRACK),
        SCRIPT.format(-60) + instance(100, "nopreempt", TRACK),
        {(Trouble.UNMOVED, ("A kill nginx",))},
    ),
    "sync group on one side": (
        two(150),
        GROUP + two(100),
        {(Trouble.NOBODY, ("A down eth0",)), (Trouble.NOBODY, ("A down eth1",))},
    ),
    "wrong peer": (
        instance(150, PEERS.format("10.0.0.1", "10.0.0.22")),
        instance(100, PEERS.format("10.0.0.2", "10.0.0.1")),
        {(Trouble.SEVERAL, ())},
    ),
    "intervals of version 2": (
        instance(150, "advert_int 1"),
        instance(100, "advert_int 3"),
        {(Trouble.SEVERAL, ())},
    ),
}
CLEAN = {
    "fault": (SCRIPT.format(0) + instance(150, TRACK), SCRIPT.format(0) + instance(100, TRACK)),
    "weight": (SCRIPT.format(-60) + instance(150, TRACK), SCRIPT.format(-60) + instance(100, TRACK)),
    "sync group": (GROUP + two(150), GROUP + two(100)),
    "unicast": (
        instance(150, PEERS.format("10.0.0.1", "10.0.0.2")),
        instance(100, PEERS.format("10.0.0.2", "10.0.0.1")),
    ),
}


def explored(folder: Path, first: str, second: str) -> tuple[int, list[dict[str, object]]]:
    for name, text in (("A", first), ("B", second)):
        (folder / f"{name}.conf").write_text(text)
    files = [str(folder / "A.conf"), str(folder / "B.conf")]
    run = CliRunner().invoke(tools, ["simulate", "--explore", "--format", "json", *files])
    value = json.loads(run.stdout)
    assert value["complete"]
    return run.exit_code, value["findings"]


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_what_cannot_fail_over_is_found(
    tmp_path: Path, case: tuple[str, str, set[tuple[Trouble, tuple[str, ...]]]]
) -> None:
    first, second, expected = case
    status, findings = explored(tmp_path, first, second)
    assert status == 1
    shortest = {
        (Trouble[one["trouble"].upper()], tuple(step["action"] for step in one["steps"]))  # type: ignore
        for one in findings
    }
    assert expected <= shortest


@pytest.mark.parametrize("case", CLEAN.values(), ids=CLEAN)
def test_nothing_is_found_in_a_clean_pair(tmp_path: Path, case: tuple[str, str]) -> None:
    assert explored(tmp_path, *case) == (0, [])


def test_the_command_of_a_finding_shows_it(tmp_path: Path) -> None:
    first, second, _ = BROKEN["sync group on one side"]
    _, findings = explored(tmp_path, first, second)
    finding = next(one for one in findings if one["address"] == "10.0.51.101")
    words = shlex.split(str(finding["command"]))
    assert words[:2] == ["keepalived-py", "simulate"]
    run = CliRunner().invoke(tools, [*words[1:], "--for", "60s", "--format", "json"])
    served = json.loads(run.stdout)["served"]["10.0.51.101"]
    assert served[-1]["to"] == 9.0
