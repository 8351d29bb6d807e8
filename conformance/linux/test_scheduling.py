"""Realtime priority and its limit. Each in a process of its own: priorities are of the whole process."""

import subprocess
import sys

BEGIN = """
import asyncio, os, time
from dataclasses import replace
from keepalived_py.linux.scheduling import own
from keepalived_py.model.definitions import ProcessSettings

said = []
SETTINGS = ProcessSettings(realtime_priority=5, realtime_limit_us=20_000)

def policy():
    return os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK
"""


def run(body: str) -> str:
    """What a program prints that begins with BEGIN."""
    command = [sys.executable, "-c", BEGIN + body]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_whoever_computes_for_too_long_lets_others_run_until_it_is_done() -> None:
    printed = run("""
async def main():
    own.yield_when_over_limit(asyncio.get_running_loop(), said.append)
    own.apply(SETTINGS, 0, said.append)
    print(policy() == os.SCHED_RR)
    for _ in range(2):
        while policy() == os.SCHED_RR:
            pass
        await asyncio.sleep(0.1)
        print(policy() == os.SCHED_RR, len(said))
    print(said[0])

asyncio.run(main())
""")
    assert printed.splitlines() == [
        "True",
        "True 1",
        "True 2",
        "VRRP process has used too much CPU time, vrrp_rlimit_rttime may need to be increased",
    ]


def test_whoever_is_late_takes_a_higher_priority_step_by_step() -> None:
    printed = run("""
own.apply(ProcessSettings(), 2, said.append)
for _ in range(3):
    own.hurry(1_500_000, said.append)
print(policy() == os.SCHED_RR, os.sched_getparam(0).sched_priority)
print(*said, sep="\\n")
own.relax()
print(policy() == os.SCHED_OTHER)
""")
    late = "A thread timer expired 1.500000 seconds ago"
    assert printed.splitlines() == [
        *("True 2", late, "Set realtime priority 1", late, "Set realtime priority 2", late),
        "True",
    ]


def test_without_leave_for_it_nobody_gets_realtime_priority_for_being_late() -> None:
    printed = run("""
own.apply(ProcessSettings(), 0, said.append)
own.hurry(1_500_000, said.append)
print(policy() == os.SCHED_OTHER, len(said))
""")
    assert printed.split() == ["True", "1"]


def test_scripts_have_the_descriptors_of_before() -> None:
    printed = run("""
import resource, subprocess
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200))
own.need_files(110)
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
with own.of_scripts():
    print(int(subprocess.check_output(["sh", "-c", "ulimit -n"])))
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
""")
    assert printed.splitlines() == ["110 200", "100", "110 200"]
