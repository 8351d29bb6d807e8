"""Scripts that ask for a process run when it ends or begins, long before their interval has passed."""

import subprocess

import pytest

from conformance.lab import PATIENCE_SECONDS, Host, Lan
from conformance.routers import OURS, Router, vrrp_instance

PROGRAM = "a-service"
INTERVAL_SECONDS = 600


def script(name: str, command: str, interval_seconds: int) -> str:
    return f'vrrp_script {name} {{\nscript "{command}"\ninterval {interval_seconds}\n}}\n'


def configuration(command: str) -> str:
    return script("check", command, INTERVAL_SECONDS) + vrrp_instance("track_script {", "check", "}")


def start_program(host: Host) -> "subprocess.Popen[bytes]":
    """Under a parent that waits for its end: pgrep finds the dead, too."""
    host.run("cp", "/usr/bin/sleep", f"/run/{PROGRAM}")
    return subprocess.Popen(host.inside(f"/run/{PROGRAM}", "4444"))


def end_program(host: Host, program: "subprocess.Popen[bytes]") -> None:
    host.run("pkill", "-KILL", "-x", PROGRAM)
    program.wait()


@pytest.mark.parametrize(
    "command", [f"pidof {PROGRAM}", f"/usr/bin/pgrep -x {PROGRAM}", f"pgrep -f '{PROGRAM} 4444'"]
)
def test_the_end_and_the_return_of_a_process_are_noticed_at_once(lan: Lan, command: str) -> None:
    assert PATIENCE_SECONDS < INTERVAL_SECONDS
    host = lan.host()
    program = start_program(host)
    with Router(OURS, host) as router:
        router.start(configuration(command))
        router.await_log("Entering MASTER STATE")
        end_program(host, program)
        router.await_log("VRRP_Script(check) failed (exited with status 1)")
        host.await_no_address("10.0.0.101")
        program = start_program(host)
        router.await_log("VRRP_Script(check) succeeded", count=2)
        assert router.stop() == 0
        end_program(host, program)


def test_nothing_is_noticed_early_on_request(lan: Lan) -> None:
    host = lan.host()
    program = start_program(host)
    flag = "/run/flag"
    host.write(flag, "")
    scripts = script("check", f"pidof {PROGRAM}", INTERVAL_SECONDS) + script(
        "other", f"/usr/bin/test -e {flag}", 1
    )
    with Router(OURS, host) as router:
        router.start(scripts + vrrp_instance("track_script {", "check", "other", "}"), "--no-early-runs")
        router.await_log("Entering MASTER STATE")
        end_program(host, program)
        host.run("rm", flag)
        router.await_log("VRRP_Script(other) failed")
        assert "VRRP_Script(check) failed" not in router.log
