"""What `simulate` tells of the pair of the main job, and that its numbers are those of the protocol."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import InitialState
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds
from keepalived_py.schema.load import load
from keepalived_py.simulate.outcome import Outcome, as_text, as_value, simulate
from keepalived_py.simulate.scenario import Step, divide_scenario, parse_time
from keepalived_py.simulate.serving import NOBODY, SEVERAL
from keepalived_py.simulate.steps import parse_steps

ROOT = Path(__file__).parents[2]
VIP = ip_address("10.0.0.101")
SCRIPT_US = 10 * MILLISECOND
"""How long a simulated script takes."""
DELAY_US = 200
"""How long a packet takes."""


@pytest.fixture
def pair() -> dict[str, Configuration]:
    """The file of the main job on A, and what its operator puts on B."""
    first = load(str(ROOT / "conformance" / "keepalived.conf")).configuration
    router = replace(first.routers["VI_1"], state=InitialState.BACKUP, priority=90)
    return {"A": first, "B": replace(first, routers={"VI_1": router})}


def run(pair: Mapping[str, Configuration], *events: str, seed: int = 0, seconds: int = 40) -> Outcome:
    steps = [step for event in events for step in parse_steps(event, pair)]
    return simulate(pair, steps, duration_us=seconds * SECOND, seed=seed)


def transitions(outcome: Outcome) -> list[tuple[Microseconds, str, str]]:
    return [(one.at_us, one.node, one.after) for one in outcome.moments if one.after]


def test_a_dead_nginx_moves_the_address_after_script_and_skew(
    pair: dict[str, Configuration],
) -> None:
    outcome = run(pair, "11s A kill nginx", "20.5s A start nginx")
    skew_us = (256 - 90) * SECOND // 256
    down_us = 3 * SECOND + (256 - 100) * SECOND // 256
    noticed_us = 11 * SECOND + SCRIPT_US
    repaired_us = 20 * SECOND + 500 * MILLISECOND + SCRIPT_US
    assert transitions(outcome)[3:] == [
        (noticed_us, "A", "FAULT"),
        (noticed_us + DELAY_US + skew_us, "B", "MASTER"),
        (repaired_us, "A", "BACKUP"),
        (repaired_us + down_us, "A", "MASTER"),
        (repaired_us + down_us + DELAY_US, "B", "BACKUP"),
    ]
    assert outcome.serving.time_with(VIP, NOBODY) == DELAY_US + skew_us
    assert outcome.serving.time_with(VIP, SEVERAL) == DELAY_US
    assert not outcome.violations


def test_the_value_for_programs_has_the_documented_keys(pair: dict[str, Configuration]) -> None:
    value = json.loads(json.dumps(as_value(run(pair, "11s A kill nginx", seconds=30))))
    assert sorted(value) == ["double", "outage", "served", "timeline", "violations"]
    assert {tuple(entry) for entry in value["timeline"]} == {
        ("t", "node", "instance", "event", "from", "to", "priority", "reason")
    }
    assert [term["node"] for term in value["served"]["10.0.0.101"]] == ["A", "B"]
    assert value["outage"]["10.0.0.101"] == pytest.approx(0.6486, abs=1e-4)
    fault = next(entry for entry in value["timeline"] if entry["to"] == "FAULT")
    assert fault["reason"] == "script chk_nginx failed (exited with status 1)"


def test_the_same_seed_has_the_same_bytes(pair: dict[str, Configuration]) -> None:
    def text(seed: int) -> str:
        return as_text(run(pair, "5s loss 60%", seed=seed), lambda text, _: text)

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(10)}) > 1


@pytest.mark.parametrize(
    ("event", "states"),
    [
        ("10s A stop", {"B": "MASTER"}),
        ("10s A crash", {"B": "MASTER"}),
        ("10s A down eth0", {"A": "FAULT", "B": "MASTER"}),
        ("10s cut A", {"A": "MASTER", "B": "MASTER"}),
        ("10s A cut", {"A": "MASTER", "B": "MASTER"}),
        ("10s B kill nginx", {"A": "MASTER", "B": "FAULT"}),
        ("10s A delete 10.0.0.101", {"A": "MASTER", "B": "BACKUP"}),
        ("10s delay 50ms", {"A": "MASTER", "B": "BACKUP"}),
    ],
)
def test_each_event_has_its_effect(
    pair: dict[str, Configuration], event: str, states: dict[str, str]
) -> None:
    outcome = run(pair, event)
    last = {node: state for _, node, state in transitions(outcome)}
    assert {node: last[node] for node in states} == states


def test_a_node_whose_first_event_is_to_boot_is_not_there_before(pair: dict[str, Configuration]) -> None:
    outcome = run(pair, "10s A boot")
    assert transitions(outcome)[1][1:] == ("B", "MASTER")
    assert [term.node for term in outcome.serving.terms[VIP]] == ["B", "A"]


def test_a_reload_gives_a_node_another_file(pair: dict[str, Configuration]) -> None:
    lower = replace(pair["A"], routers={"VI_1": replace(pair["A"].routers["VI_1"], priority=50)})
    steps = [Step(10 * SECOND, "reload", "A", "lower.conf")]
    outcome = simulate(pair, steps, files={"A": {"lower.conf": lower}}, duration_us=30 * SECOND)
    assert [node for _, node, state in transitions(outcome) if state == "MASTER"] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "time_us"),
    [("10s", 10_000_000), ("1.5s", 1_500_000), ("500ms", 500_000), ("2m", 120_000_000), ("7", 7_000_000)],
)
def test_times(text: str, time_us: int) -> None:
    assert parse_time(text) == time_us


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("soon A kill nginx", "'soon' is no time"),
        ("10s A", "write TIME NODE ACTION"),
        ("10s C kill nginx", "no node is 'C': there is A, B"),
        ("10s A kil nginx", "did you mean kill?"),
        ("10s A kill ngnix", "did you mean nginx?"),
        ("10s A kill", "there is keepalived, nginx"),
        ("10s A fail chk_ngin", "did you mean chk_nginx?"),
        ("10s A down eth9", "did you mean eth0?"),
        ("10s A delete 10.0.0.1", "did you mean 10.0.0.101?"),
        ("10s A stop now", "stop needs nothing but a node"),
        ("10s loss 30", "write loss 30%"),
        ("10s delay 5s", "write delay 30ms"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_with_what_there_is(
    pair: dict[str, Configuration], event: str, says: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_steps(event, pair)


def test_a_scenario_file_has_an_event_a_line() -> None:
    text = "# the web server dies\n10s A kill nginx  # by hand\n\n20s heal\n"
    assert divide_scenario(text) == ["10s A kill nginx", "20s heal"]


def test_the_readme_shows_what_the_program_prints() -> None:
    readme = (ROOT / "README.md").read_text()
    block = readme[readme.index("    $ keepalived-py simulate") :]
    block = block[: block.index("\n\n\n") if "\n\n\n" in block else len(block)]
    lines = [line[4:] for line in re.split(r"\n(?=\S)", block)[0].splitlines()]
    command, shown = lines[0].removeprefix("$ keepalived-py "), "\n".join(lines[1:]).strip()
    names = {"A": "conformance/keepalived.conf", "B": "tests/simulate/backup.conf"}
    command = re.sub(r"\b([AB])\.conf", lambda match: f"{match[1]}={names[match[1]]}", command)
    printed = subprocess.run(
        f"{Path(sys.executable).with_name('keepalived-py')} {command}",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [line.rstrip() for line in shown.splitlines()] == printed.strip().splitlines()


def test_keys_in_files_of_the_nodes_are_taken_to_be_the_same(tmp_path: Path) -> None:
    files = []
    for name, priority in (("A", 150), ("B", 100)):
        file = tmp_path / f"{name}.conf"
        block = f"auth_hmac {{\nkey 1 file:/etc/keepalived/{name}.key\nactive_key 1\n}}"
        vips = "virtual_ipaddress {\n10.0.0.101\n}"
        instance = f"interface eth0\nvirtual_router_id 51\npriority {priority}\n{vips}\n{block}"
        file.write_text(f"vrrp_instance VI_1 {{\n{instance}\n}}\n")
        files.append(str(file))
    command = [sys.executable, "-m", "keepalived_py", "simulate", *files, "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [one["node"] for one in json.loads(result.stdout)["timeline"] if one["to"] == "MASTER"] == ["A"]


def test_routers_of_one_vrid_and_two_families_are_two(tmp_path: Path) -> None:
    files = []
    for name, priority in (("A", 150), ("B", 100)):
        instances = (
            f"vrrp_instance V{number} {{\ninterface eth0\nvirtual_router_id 51\npriority {priority}\n"
            f"virtual_ipaddress {{\n{address}\n}}\n}}\n"
            for number, address in ((4, "10.0.0.101"), (6, "fe80::101"))
        )
        files.append(str(tmp_path / f"{name}.conf"))
        Path(files[-1]).write_text("".join(instances))
    command = [sys.executable, "-m", "keepalived_py", "simulate", *files, "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    masters = {
        (one["node"], one["instance"])
        for one in json.loads(result.stdout)["timeline"]
        if one["to"] == "MASTER"
    }
    assert masters == {("A", "V4"), ("A", "V6")}
