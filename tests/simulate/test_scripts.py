"""How simulated scripts behave, and what an engine makes of it."""

import itertools
from collections.abc import Sequence
from ipaddress import IPv4Address
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackScript
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds
from keepalived_py.simulate.daemon import DEATH_US
from keepalived_py.simulate.machines import world_of
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.scripts import Behaviour
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.actions import Transition
from keepalived_py.vrrp.state import State

TIMEOUT_US = 700 * MILLISECOND


def fault_us(behaviour: Behaviour) -> Microseconds:
    """When an instance with a script that behaves so goes to FAULT."""
    script = TrackScript(name="check", command=Command(("/bin/check",)), timeout_us=TIMEOUT_US)
    router = VirtualRouter(name="VI", vrid=1, interface="eth0", track_scripts=(Tracked(name="check"),))
    world = World(Random(0))
    configuration = Configuration(scripts={"check": script}, routers={"VI": router})
    node = world.add_node("A", configuration, {"eth0": ("lan", [IPv4Address("10.0.0.1")])})
    node.behaviours["check"] = behaviour
    world.start_daemon("A")
    world.run_until(10 * SECOND)
    return next(
        entry.at_us
        for entry in world.timeline
        if isinstance(entry.what, Transition) and entry.what.after is State.FAULT
    )


def test_a_failing_script_counts_when_it_ends() -> None:
    assert fault_us(Behaviour(status=1, duration_us=300 * MILLISECOND)) == 300 * MILLISECOND


def test_a_hanging_script_is_terminated_at_its_timeout() -> None:
    assert fault_us(Behaviour(status=None)) == TIMEOUT_US + DEATH_US


def test_a_script_that_succeeds_too_late_has_failed() -> None:
    assert fault_us(Behaviour(status=0, duration_us=900 * MILLISECOND)) == TIMEOUT_US + DEATH_US


def test_a_script_that_ignores_sigterm_is_killed_two_seconds_later() -> None:
    stubborn = Behaviour(status=None, obeys_sigterm=False)
    assert fault_us(stubborn) == TIMEOUT_US + 2 * SECOND + DEATH_US


def verdicts(
    script: TrackScript, steps: Sequence[Step], *, early_runs: bool
) -> tuple[list[str], list[Microseconds]]:
    """What the script amounts to in turn, and when, in a world where these things happen."""
    router = VirtualRouter(name="VI", vrid=1, interface="eth0", track_scripts=(Tracked(name="check"),))
    configuration = Configuration(scripts={"check": script}, routers={"VI": router})
    world = world_of({"A": configuration})
    world.early_runs = early_runs
    schedule(world, (Step(0, "boot", "A"), *steps))
    world.run_until(steps[-1].at_us + longest_wait_us(script))
    told = [
        (entry.what.reason, entry.at_us)
        for entry in world.timeline
        if isinstance(entry.what, Transition) and entry.what.reason.startswith("script")
    ]
    return [reason for reason, _ in told], [at_us for _, at_us in told]


def longest_wait_us(script: TrackScript) -> Microseconds:
    """How long it can take until a change has been a verdict, without early runs."""
    return (max(script.rise, script.fall) + 1) * script.interval_us


@given(
    interval_ms=st.integers(100, 5000),
    rise=st.integers(1, 4),
    fall=st.integers(1, 4),
    pauses=st.lists(st.integers(0, 10_000), min_size=1, max_size=6),
)
def test_early_runs_bring_the_same_verdicts_sooner(
    interval_ms: int, rise: int, fall: int, pauses: list[int]
) -> None:
    command = Command(("/usr/bin/pidof", "nginx"))
    interval_us = interval_ms * MILLISECOND
    script = TrackScript(name="check", command=command, interval_us=interval_us, rise=rise, fall=fall)
    at_us, steps = 0, []
    for pause, verb in zip(pauses, itertools.cycle(("kill", "start"))):
        at_us += longest_wait_us(script) + pause * MILLISECOND
        steps.append(Step(at_us, verb, "A", "nginx"))
    early, early_at_us = verdicts(script, steps, early_runs=True)
    late, late_at_us = verdicts(script, steps, early_runs=False)
    assert len(late) == 1 + len(steps)
    assert early == late
    # A run that was under way ends first: early runs have moved it there.
    run_us = Behaviour().duration_us
    assert all(mine <= other + run_us for mine, other in zip(early_at_us, late_at_us, strict=True))
