"""The files of SIGUSR1 and SIGUSR2, compared with keepalived's for the same configuration."""

import re
import signal
from pathlib import Path

import pytest

from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Router, vrrp_instance

CONFIGURATION = """
global_defs {
    router_id lab
    enable_script_security
    script_user root
}
vrrp_script chk {
    script "/usr/bin/true -x 'a b'"
    interval 2
    timeout 1
    weight 20
    rise 2
    fall 3
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
    notify "/usr/bin/true group"
}
""" + "".join(
    [
        vrrp_instance(
            "track_interface {",
            "    lo",
            "}",
            "notify_master /usr/bin/true",
            "garp_master_refresh 10",
            version=2,
            interval=1,
            addresses=("10.0.0.101/32 dev eth0 scope link no_track", "10.0.0.102/24 brd + label eth0:1"),
        ),
        vrrp_instance("unicast_peer {", "    10.0.0.9", "}", name="VI_2", vrid=52, addresses=("10.0.0.103",)),
        vrrp_instance("track_script {", "    chk", "}", name="VI_3", vrid=53, addresses=("10.0.0.104",)),
    ]
)

OF_THE_MOMENT = re.compile(r"Last (transition|advert sent) = .*|Read timeout = .*")


def report(router: Router, number: int, name: str) -> Path:
    """Ask for a report, and wait until it is complete."""
    path = router.host.path(f"/tmp/{name}")
    path.unlink(missing_ok=True)
    router.signal(number)
    wait_until(lambda: path.exists() and path.read_text().endswith("\n"), f"{name} of {router}")
    return path


def instances(text: str) -> list[list[str]]:
    """The parts of a data file that are about instances, line by line."""
    topology = text.partition("------< VRRP Topology >------")[2].partition("------<")[0]
    return [part.splitlines() for part in topology.split(" VRRP Instance = ")[1:]]


def test_what_we_dump_of_an_instance_is_what_keepalived_dumps(lan: Lan) -> None:
    needs(C)
    version = lan.host().attempt(C.path, "-v").stderr
    if "Keepalived v2.4" not in version:
        pytest.skip("the words are those of keepalived 2.4")
    dumps = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.start(CONFIGURATION)
            for address in ("10.0.0.101", "10.0.0.103", "10.0.0.104"):
                router.host.await_address(address)
            text = report(router, signal.SIGUSR1, "keepalived.data").read_text()
            dumps.append(instances(re.sub(rf"\b{router.host.address}\b", "OWN", text)))
            assert router.stop() == 0
    ours, theirs = dumps
    assert len(ours) == len(theirs) == 3
    for our_lines, their_lines in zip(ours, theirs, strict=True):
        rest = iter(OF_THE_MOMENT.sub("", line) for line in their_lines)
        for line in our_lines:
            assert OF_THE_MOMENT.sub("", line) in rest, f"{line!r} is not keepalived's, or not in its place"


def test_the_statistics_have_the_same_lines(lan: Lan) -> None:
    needs(C)
    files = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.start(vrrp_instance())
            router.host.await_address("10.0.0.101")
            path = report(router, signal.SIGUSR2, "keepalived.stats")
            assert path.stat().st_mode & 0o777 == 0o600
            files.append(re.sub(r"\d+$", "N", path.read_text(), flags=re.MULTILINE))
    ours, theirs = files
    if "Extension" not in theirs:  # older than 2.4
        ours = re.sub(r"  Authentication Extension Errors:\n(    .*\n)*", "", ours)
    assert ours == theirs
