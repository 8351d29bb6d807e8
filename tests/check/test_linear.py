"""What a check does grows with the lines of a file, and no faster: counted, as times depend on machines."""

import sys
from pathlib import Path

import pytest

from keepalived_py.check.findings import findings

UNICAST = """\
vrrp_instance V{0} {{
    interface eth0
    virtual_router_id 7
    priority 100
    unicast_src_ip 10.0.0.1
    unicast_peer {{ 10.1.{1}.{2} }}
    virtual_ipaddress {{ 10.2.{1}.{2}/32 }}
    track_interface {{ eth1 weight 10 }}
    notify "/bin/true V{0}"
}}
"""
MULTICAST = """\
vrrp_instance V{0} {{
    interface eth{0}
    virtual_router_id 7
    virtual_ipaddress {{
        10.2.{1}.{2}/32
    }}
}}
"""
VMAC = MULTICAST.replace("virtual_router_id", "use_vmac own{0}\n    virtual_router_id")
SCRIPT = """\
vrrp_script S{0} {{
    script "/usr/bin/check {0}"
}}
"""
UNKNOWN = "nonsense {0}\n"


def calls(path: Path, block: str, count: int) -> int:
    """How many functions are called to check a file with so many blocks."""
    file = path / "keepalived.conf"
    file.write_text("".join(block.format(number, number >> 8, number & 255) for number in range(count)))
    called = 0

    def count_call(frame: object, event: str, argument: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        findings(str(file), "here")
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("block", [UNICAST, MULTICAST, SCRIPT, UNKNOWN], ids=lambda block: block.split()[0])
def test_twice_the_lines_are_twice_the_work(block: str, tmp_path: Path) -> None:
    calls(tmp_path, block, 200)  # what is made only once
    small, large = calls(tmp_path, block, 200), calls(tmp_path, block, 400)
    assert small < large < 2.1 * small


def test_vmacs_are_compared_only_with_those_of_one_vrid(tmp_path: Path) -> None:
    block = VMAC.replace("virtual_router_id 7", "virtual_router_id {2}")
    calls(tmp_path, block, 100)
    small, large = calls(tmp_path, block, 100), calls(tmp_path, block, 200)
    assert small < large < 2.1 * small
