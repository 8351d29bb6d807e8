"""How the kernel sees the processes: names, priorities, processors, memory, limits, and what scripts get."""

import os
import re
import signal
from pathlib import Path

import pytest

from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Router, vrrp_instance

REPORT = "/etc/keepalived/report"
"""A script that tells what it runs with."""


def global_defs(*lines: str) -> str:
    return "\n".join(["global_defs {", *(f"    {line}" for line in lines), "}", ""])


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limit(text: str, name: str) -> tuple[str, str]:
    """Soft and hard limit, from the text of /proc/PID/limits."""
    found = re.search(rf"^Max {name} +(\S+) +(\S+)", text, re.MULTILINE)
    assert found
    return found[1], found[2]


def start(router: Router, configuration: str, *options: str) -> int:
    """Start it, and wait until it is master, which it is only after all is set up; the VRRP process."""
    router.start(configuration, *options)
    router.await_log("Entering MASTER STATE")
    return router.vrrp_child


def names(router: Router) -> list[str]:
    return [Path(f"/proc/{pid}/comm").read_text().strip() for pid in (router.pid, router.vrrp_child)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("process_names",), ["keepalived", "keepalived_vrrp"]),
        (("process_name boss", "vrrp_process_name worker"), ["boss", "worker"]),
        (("process_name boss",), ["boss", "boss"]),
        (("process_name a_very_long_name_of_a_process",), ["a_very_long_nam"] * 2),
    ],
    ids=str,
)
def test_names(router: Router, lines: tuple[str, ...], expected: list[str]) -> None:
    start(router, global_defs(*lines) + vrrp_instance())
    assert names(router) == expected


def test_a_reload_changes_names_and_priorities(router: Router) -> None:
    child = start(router, global_defs("process_names", "vrrp_priority -7") + vrrp_instance())
    assert os.getpriority(os.PRIO_PROCESS, child) == -7
    router.configure(global_defs("process_name boss", "vrrp_rt_priority 3", "vrrp_no_swap") + vrrp_instance())
    router.signal(signal.SIGHUP)
    wait_until(lambda: os.sched_getscheduler(child) & os.SCHED_RR, "realtime priority")
    wait_until(lambda: names(router) == ["boss", "keepalived"], "names")
    assert os.getpriority(os.PRIO_PROCESS, child) == 0
    wait_until(lambda: status(child)["VmLck"] != "0 kB", "locked memory")
    router.configure(vrrp_instance())
    router.signal(signal.SIGHUP)
    wait_until(lambda: os.sched_getscheduler(child) == os.SCHED_OTHER, "no realtime priority")
    wait_until(lambda: status(child)["VmLck"] == "0 kB", "no locked memory")
    assert router.vrrp_child == child


def test_nice_processors_and_memory(router: Router) -> None:
    lines = ("vrrp_priority -5", "vrrp_cpu_affinity 0", "vrrp_no_swap")
    child = start(router, global_defs(*lines) + vrrp_instance())
    assert os.getpriority(os.PRIO_PROCESS, child) == -5
    assert os.sched_getaffinity(child) == {0}
    assert status(child)["VmLck"] != "0 kB"
    assert os.getpriority(os.PRIO_PROCESS, router.pid) == 0
    assert status(router.pid)["VmLck"] == "0 kB"


def test_realtime_comes_with_a_limit(router: Router) -> None:
    """Ours is killed later than keepalived: see DIVERGENCES.md."""
    lines = ("vrrp_rt_priority 20", "vrrp_rlimit_rttime 50000")
    child = start(router, global_defs(*lines) + vrrp_instance())
    assert os.sched_getscheduler(child) == os.SCHED_RR | os.SCHED_RESET_ON_FORK
    assert os.sched_getparam(child).sched_priority == 20
    soft, hard = limit(Path(f"/proc/{child}/limits").read_text(), "realtime timeout")
    assert soft == "25000"
    assert hard == ("50000" if router.program is C else "1000000")


def test_core_dumps_are_for_the_daemon_alone(router: Router) -> None:
    router.host.write(REPORT, "#!/bin/sh\ncat /proc/$$/limits > /tmp/limits\n", mode=0o755)
    child = start(router, vrrp_instance(f"notify_master {REPORT}"), "-m")
    for pid in (router.pid, child):
        assert limit(Path(f"/proc/{pid}/limits").read_text(), "core file size") == ("unlimited",) * 2
    limits = router.host.path("/tmp/limits")
    wait_until(lambda: limits.exists() and "realtime timeout" in limits.read_text(), "the script has run")
    before = limit(Path("/proc/self/limits").read_text(), "core file size")
    assert limit(limits.read_text(), "core file size") == before


def test_a_core_pattern_is_lent(lan: Lan) -> None:
    """keepalived writes it in a way that kernels since 4.5 ignore: see DIVERGENCES.md."""
    pattern = Path("/proc/sys/kernel/core_pattern")
    before = pattern.read_text()
    with Router(OURS, lan.host()) as router:
        start(router, vrrp_instance(), "--core-dump-pattern=/tmp/core.%p")
        assert pattern.read_text() == "/tmp/core.%p\n"
        assert router.stop() == 0
    assert pattern.read_text() == before


def test_a_script_has_the_priority_that_keepalived_was_started_with(router: Router) -> None:
    report = "#!/bin/sh\nnice > /tmp/nice\n"
    router.host.write(REPORT, report, mode=0o755)
    start(router, global_defs("vrrp_priority -5") + vrrp_instance(f"notify_master {REPORT}"))
    nice = router.host.path("/tmp/nice")
    wait_until(lambda: nice.exists() and nice.read_text(), "the script has run")
    assert nice.read_text() == "0\n"


def test_a_script_ends_with_a_daemon_that_is_killed(router: Router) -> None:
    router.host.write(REPORT, "#!/bin/sh\nexec sleep 4545\n", mode=0o755)
    start(router, vrrp_instance(f"notify_master {REPORT}"))
    wait_until(lambda: "sleep 4545" in router.host.processes().values(), "the script runs")
    router.kill()
    wait_until(lambda: not router.host.processes(), "nothing is left")
