"""`startup_script` and `shutdown_script`: before everything, after everything, and not for ever."""

import pytest

from conformance.lab import wait_until
from conformance.routers import Router, vrrp_instance

VIP = "10.0.0.101"
NOTE = """#!/bin/sh
echo "$0 $*: $(id -un), $(ip -o -4 address show | grep -c 10.0.0.101) VIP" >>/tmp/notes
"""
ENDLESS = """#!/bin/sh
echo begins >>/tmp/notes
trap 'echo ended >>/tmp/notes; exit' TERM
while :; do sleep 0.05; done
"""


def configuration(*lines: str) -> str:
    return "global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n" + vrrp_instance()


def notes(router: Router) -> list[str]:
    path = router.host.path("/tmp/notes")
    return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def script_user(router: Router) -> str:
    """Whom a script can be run as; a new file is left to all."""
    router.host.write("/tmp/notes", "", mode=0o666)
    return "nobody"


def test_they_run_before_and_after_everything(router: Router, script_user: str) -> None:
    for name in ("up", "down"):
        router.host.write(f"/etc/keepalived/{name}", NOTE, mode=0o755)
    router.start(
        configuration(
            f"script_user {script_user}",
            'startup_script "/etc/keepalived/up one two"',
            'shutdown_script "/etc/keepalived/down" root',
        )
    )
    router.host.await_address(VIP)
    assert notes(router) == ["/etc/keepalived/up one two: nobody, 0 VIP"]
    assert router.stop() == 0
    assert notes(router)[1:] == ["/etc/keepalived/down : root, 0 VIP"]
    assert router.log.index("Running startup script") < router.log.index("Starting VRRP child process")
    assert router.log.index("Stopping") < router.log.index("Running shutdown script")
    assert router.log.count("script succeeded") == 2


def test_one_that_fails_is_logged_and_stops_nothing(router: Router) -> None:
    router.start(configuration("script_user root", 'startup_script "/usr/bin/false"'))
    router.host.await_address(VIP)
    assert "startup script script failed, status 1" in router.log


def test_one_that_takes_too_long_is_ended(router: Router) -> None:
    router.host.write("/etc/keepalived/endless", ENDLESS, mode=0o755)
    limit = ("startup_script /etc/keepalived/endless", "startup_script_timeout 1")
    router.start(configuration("script_user root", *limit))
    router.host.await_address(VIP)
    assert "startup script timed out" in router.log
    assert notes(router) == ["begins", "ended"]


def test_a_daemon_that_is_stopped_meanwhile_does_not_start(router: Router) -> None:
    router.host.write("/etc/keepalived/endless", ENDLESS, mode=0o755)
    router.start(configuration("script_user root", "startup_script /etc/keepalived/endless"))
    wait_until(lambda: notes(router) == ["begins"], "the script runs")
    assert router.stop() == 0
    wait_until(lambda: notes(router) == ["begins", "ended"], "the script has ended")
    assert "Starting VRRP child process" not in router.log
    wait_until(lambda: not router.host.processes(), "all has ended")


def test_no_signal_is_blocked_for_them(router: Router) -> None:
    show = "#!/bin/sh\ngrep -E '^Sig(Blk|Ign)' /proc/self/status >>/tmp/notes\n"
    router.host.write("/etc/keepalived/show", show, mode=0o755)
    router.start(configuration("script_user root", "startup_script /etc/keepalived/show"))
    router.host.await_address(VIP)
    of_libc = 1 << 31 | 1 << 32  # its own two signals, which only it can touch
    assert {int(line.split()[1], 16) & ~of_libc for line in notes(router)} == {0}
