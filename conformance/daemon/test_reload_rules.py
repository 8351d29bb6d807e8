"""When a reload happens, what is checked before it, and what it refuses."""

import os
import signal
import time
from contextlib import suppress
from threading import Event, Thread

import pytest

from conformance.daemon.test_process import global_defs
from conformance.lab import wait_until
from conformance.routers import C, Router, vrrp_instance

VIP, OTHER = "10.0.0.101", "10.0.0.102"
TIME_FILE = "/tmp/reload-at"


def start(router: Router, *lines: str) -> None:
    router.start(global_defs(*lines) + vrrp_instance())
    router.host.await_address(VIP)


def local(in_seconds: float, form: str) -> str:
    return time.strftime(form, time.localtime(time.time() + in_seconds)) + "\n"


def version_2_2(router: Router) -> bool:
    return router.program is C and "v2.2" in router.host.attempt(router.program.path, "--version").stderr


def test_a_file_that_fails_the_check_is_not_reloaded(router: Router) -> None:
    start(router, "reload_check_config /tmp/check.log")
    router.configure(global_defs("reload_check_config /tmp/check.log") + vrrp_instance("bogus"))
    router.signal(signal.SIGHUP)
    router.await_log("New config failed validation, see /tmp/check.log for details")
    log = router.host.path("/tmp/check.log")
    assert log.read_text() == "(/etc/keepalived/keepalived.conf: Line 13) Unknown keyword 'bogus'\n"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "Reloading ..." not in router.log
    assert router.host.has(VIP)


def test_with_a_check_errors_are_not_tolerated_at_the_start_either(router: Router) -> None:
    router.start(global_defs("reload_check_config") + vrrp_instance("bogus"))
    assert router.wait() == 2


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("net_namespace other", "network namespace"),
        ("instance other", "instance name"),
        ("global_defs {\n    disable_local_igmp\n}", "disable_local_igmp"),
    ],
)
def test_changes_that_need_a_restart_are_refused(router: Router, line: str, refusal: str) -> None:
    if version_2_2(router) and refusal == "disable_local_igmp":
        pytest.skip("2.2 takes no notice")
    start(router, "router_id x")
    router.configure(f"{line}\n" + vrrp_instance(addresses=(VIP, OTHER)))
    router.signal(signal.SIGHUP)
    router.await_log(f"Cannot change {refusal} at a reload - please restart")
    router.configure(vrrp_instance())
    router.signal(signal.SIGHUP)
    router.await_log("Reload complete")
    assert router.host.addresses() == ["10.0.0.1", VIP]


def test_the_time_of_a_reload_is_read_changed_and_taken_back(router: Router) -> None:
    start(router, f"reload_time_file {TIME_FILE}")
    for text, said in (
        ("2040-01-01 00:00:00\n", "Scheduling reload for 2040-01-01 00:00:00"),
        ("40-01-02 00:00:00", "Reload time updated from 2040-01-01 00:00:00 to 2040-01-02 00:00:00"),
        ("noon", "Cancelling reload scheduled for 2040-01-02 00:00:00"),
        ("2020-01-01 00:00:00", "Reload time 2020-01-01 00:00:00 is in the past - ignoring"),
        ("2040-01-03 00:00:00", "Scheduling reload for 2040-01-03 00:00:00"),
    ):
        router.host.write(TIME_FILE, text)
        router.await_log(said)
    router.host.path(TIME_FILE).unlink()
    router.await_log("Cancelling reload scheduled for 2040-01-03 00:00:00")


@pytest.mark.parametrize("form", ["%H:%M:%S", "%Y-%m-%d %H:%M:%S"])
@pytest.mark.parametrize("repeat", [False, True])
def test_at_its_time_the_reload_comes(router: Router, form: str, repeat: bool) -> None:
    lines = (f"reload_time_file {TIME_FILE}", *["reload_repeat"] * repeat)
    start(router, *lines)
    router.configure(global_defs(*lines) + vrrp_instance(addresses=(OTHER,)))
    router.host.write(TIME_FILE, local(2, form))
    router.host.await_address(OTHER)
    assert "Scheduling reload for" in router.log
    stays = repeat and form == "%H:%M:%S"
    if stays:
        router.await_log("Scheduling reload for", count=2)
    assert router.host.path(TIME_FILE).exists() == stays


def test_a_file_exists_while_the_configuration_is_checked(router: Router) -> None:
    """keepalived makes it only for a check; ours also without one."""
    start(router, "reload_file /tmp/reloading", "reload_check_config")
    path, seen, enough = router.host.path("/tmp/reloading"), list[int](), Event()

    def watch() -> None:
        while not seen and not enough.is_set():
            with suppress(FileNotFoundError):
                seen.append(os.stat(path).st_mode & 0o777)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        # It is there for milliseconds, in which the watcher may not have its turn.
        for count in range(1, 21):
            router.signal(signal.SIGHUP)
            router.await_log("Reload complete", count=count)
            if seen:
                break
    finally:
        enough.set()
        watcher.join()
    assert seen == [0o644]
    wait_until(lambda: not path.exists(), "the file is gone")
