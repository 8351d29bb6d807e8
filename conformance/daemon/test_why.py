"""`keepalived-py why`: what a running daemon tells of its changes of state."""

import json
import signal

import pytest

from conformance.lab import Host, Lan, wait_until
from conformance.routers import OURS, Router, vrrp_instance

FLAG = "/tmp/well"
CONFIGURATION = (
    f'vrrp_script chk {{\n    script "/usr/bin/test -e {FLAG}"\n    interval 1\n    fall 2\n}}\n'
    "global_defs {\n    script_user root\n}\n"
    + vrrp_instance("track_script {", "    chk", "}", priority=150)
    + vrrp_instance(name="VI_2", vrid=52, addresses=("10.0.0.102",))
)
FAILED = "script chk failed (exited with status 1), 2 times in a row"


@pytest.fixture
def host(lan: Lan) -> Host:
    return lan.host()


def why(host: Host, *arguments: str) -> tuple[int, str, str]:
    end = host.attempt(OURS.path, "why", *arguments)
    return end.returncode, end.stdout, end.stderr


def test_it_tells_what_happened_and_why(host: Host) -> None:
    nobody = (1, "", "keepalived-py why: no keepalived-py runs VRRP here\n")
    assert why(host) == nobody
    with Router(OURS, host) as router:
        host.write(FLAG, "")
        router.start(CONFIGURATION)
        host.await_address("10.0.0.101")
        host.path(FLAG).unlink()
        host.await_no_address("10.0.0.101")
        router.await_log(f"(VI_1) MASTER → FAULT, priority 150: {FAILED}")
        wait_until(lambda: FAILED in why(host, "VI_1")[1], "why tells of the failure")
        timeline = json.loads(why(host, "VI_1", "--format", "json")[1])["timeline"]
        router.signal(signal.SIGHUP)
        wait_until(lambda: "── reload" in why(host)[1], "why tells of the reload")
        both = why(host)[1]
        unprivileged = host.attempt("setpriv", "--reuid=65534", "--clear-groups", OURS.path, "why")
        assert router.stop() == 0
    assert [(one["event"], one["to"], one["reason"]) for one in timeline] == [
        ("start", None, None),
        ("transition", "BACKUP", "script chk succeeded"),
        ("transition", "MASTER", "no master heard for 0.68 s = 3 × 0.2 s + 0.083 s"),
        ("transition", "FAULT", FAILED),
    ]
    assert timeline[0]["t"] <= timeline[1]["t"] < timeline[2]["t"] < timeline[3]["t"]
    assert {line.split()[3] for line in both.splitlines()[1:] if "→" in line} == {"VI_1", "VI_2"}
    assert (unprivileged.returncode, unprivileged.stdout) == (2, "")
    assert "only root may know" in unprivileged.stderr
    assert why(host) == nobody
    assert not list(host.path("/run").glob("*.history"))


def test_of_one_that_was_killed_the_last_changes_are_there(host: Host) -> None:
    with Router(OURS, host) as router:
        router.start(vrrp_instance(), "-r", "/run/other.pid")
        wait_until(lambda: "MASTER" in why(host, "-r", "/run/other.pid")[1], "why tells of the master")
        router.kill()
        status, told, said = why(host, "-r", "/run/other.pid")
    assert (status, "BACKUP → MASTER" in told) == (1, True)
    assert "has died" in said
