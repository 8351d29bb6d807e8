"""`-t`: what is said, in which order, and what a missing argument cuts off."""

import io
from pathlib import Path

import pytest

from keepalived_py.check.config_test import config_test

NAMELESS = "vrrp_instance {\n}\n"
INSTANCE = """
vrrp_instance V {
    virtual_router_id 1
    unicast_src_ip 127.0.0.1
    unicast_peer {
        127.0.0.2
    }
    virtual_ipaddress {
        10.0.0.1 dev lo
    }
}
"""


def outcome(tmp_path: Path, text: str) -> tuple[int, list[str], list[str]]:
    """The exit status, the messages without the file, and the dump."""
    file = tmp_path / "keepalived.conf"
    file.write_text(text)
    messages, dump = io.StringIO(), io.StringIO()
    status = config_test(str(file), None, messages, dump)
    return status, messages.getvalue().replace(f"{file}: ", "").splitlines(), dump.getvalue().splitlines()


def parts(dump: list[str]) -> list[str]:
    return [line.strip("=[ ]") for line in dump if line.startswith("=====[")]


def test_what_the_parent_reads_is_said_first(tmp_path: Path) -> None:
    status, messages, _ = outcome(tmp_path, NAMELESS + "global_defs {\n}\nnothing\n")
    assert (status, messages) == (
        5,
        ["(Line 5) Unknown keyword 'nothing'", "(Line 1) vrrp_instance must have a name"],
    )


def test_after_a_missing_argument_only_earlier_processes_have_said_anything(tmp_path: Path) -> None:
    status, messages, dump = outcome(
        tmp_path, "vrrp_instance V {\n    state\n}\n" + NAMELESS + "global_defs {\n    vrrp_version 9\n}\n"
    )
    assert status == 2
    assert messages == [
        "(Line 7) number '9' outside range [2, 3]",
        "(Line 7) VRRP Error: Version must be either 2 or 3",
        "(Line 2) *** Configuration line starting `state` is missing a parameter"
        " after keyword `state` at word position 2",
    ]
    assert parts(dump) == ["CHECKER", "VRRP"]


def test_nobody_dumps_what_the_parent_could_not_read(tmp_path: Path) -> None:
    status, _, dump = outcome(tmp_path, "global_defs {\n    vrrp_version\n}\n")
    assert (status, dump) == (2, [])


def test_the_dump_has_a_part_for_each_process(tmp_path: Path) -> None:
    _, _, dump = outcome(tmp_path, INSTANCE)
    assert parts(dump) == ["CHECKER", "VRRP", "BFD"]
    assert " VRRP Instance = V" in dump


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("   Interface = not configured", 1),
        ("   State = INIT", 1),
        ("     127.0.0.2 min_ttl 0 max_ttl 255", 1),
        ("     10.0.0.1 dev lo scope global", 1),
        (" Gratuitous ARP lower priority delay = 4294967295", 1),
        (" Gratuitous ARP lower priority delay = 5", 2),
        (" Default interface = eth0", 1),
        ("   IPv4 address = 127.0.0.1", 1),
    ],
)
def test_the_dump_is_of_the_time_before_the_start(tmp_path: Path, line: str, expected: int) -> None:
    """The checker process does not know yet what follows from the instances; only that of VRRP knows
    interfaces."""
    _, _, dump = outcome(tmp_path, INSTANCE)
    assert dump.count(line) == expected


def test_a_namespace_that_cannot_be_entered_ends_the_test_as_if_all_was_well(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("net_namespace none\nglobal_defs {\nnonsense\n}\nvrrp_instance A {\ninterface none\n}\n")

    def enter(name: str) -> None:
        raise FileNotFoundError(name)

    stream, dump = io.StringIO(), io.StringIO()
    assert config_test(str(file), "here", stream, dump, enter=enter) == 0
    assert stream.getvalue() == f"({file}: Line 3) Unknown keyword 'nonsense'\n"
    assert dump.getvalue() == ""


def test_the_namespace_of_the_command_line_counts(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("net_namespace red\n")
    entered: list[str] = []
    config_test(str(file), "here", io.StringIO(), enter=entered.append)
    config_test(str(file), "here", io.StringIO(), namespace="blue", enter=entered.append)
    assert entered == ["red", "blue"]
