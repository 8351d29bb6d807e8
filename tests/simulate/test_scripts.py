"""How simulated scripts behave, and what an engine makes of it."""

from ipaddress import IPv4Address
from random import Random

import pytest

from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackScript
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds
from keepalived_py.simulate.daemon import DEATH_US
from keepalived_py.simulate.scripts import Behaviour, followed_process
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.actions import Transition
from keepalived_py.vrrp.state import State

TIMEOUT_US = 700 * MILLISECOND


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ("pidof nginx", "nginx"),
        ("/usr/bin/pgrep -x haproxy", "haproxy"),
        ("/usr/bin/killall -0 nginx", "nginx"),
        ("systemctl is-active --quiet nginx.service", "nginx"),
        ("/usr/local/bin/check", None),
        ("killall nginx", None),
    ],
)
def test_the_usual_questions_for_a_process_follow_it(command: str, program: str | None) -> None:
    assert followed_process(Command(tuple(command.split()))) == program


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
