"""The nginx pair of the main job, in the other world: who serves when, to the microsecond."""

from ipaddress import IPv4Address, IPv4Interface
from random import Random

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import InitialState, VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackScript
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.simulate.network import Conditions
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.watch import Watch
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.actions import Transition
from keepalived_py.vrrp.state import State

VIP = IPv4Address("10.0.0.101")
SCRIPT_US = 10_000
"""How long `pidof nginx` takes."""
TRAVEL_US = 200
SKEW_A_US = (256 - 100) * SECOND // 256
SKEW_B_US = (256 - 90) * SECOND // 256
FIRST_ELECTION_US = SCRIPT_US + 3 * SECOND + SKEW_A_US


def configuration(state: InitialState, priority: int) -> Configuration:
    script = TrackScript(name="chk_nginx", command=Command(("pidof", "nginx")), interval_us=2 * SECOND)
    router = VirtualRouter(
        name="VI_1",
        vrid=51,
        interface="eth0",
        state=state,
        priority=priority,
        virtual_addresses=(IpAddress(interface=IPv4Interface(VIP)),),
        track_scripts=(Tracked(name="chk_nginx"),),
    )
    return Configuration(scripts={"chk_nginx": script}, routers={"VI_1": router})


@pytest.fixture
def pair() -> World:
    """A and B, just started, nginx running on both."""
    world = World(Random(0))
    world.network.conditions = Conditions(delay_us=TRAVEL_US)
    standing = {"A": (InitialState.MASTER, 100), "B": (InitialState.BACKUP, 90)}
    for host, (name, (state, priority)) in enumerate(standing.items(), start=1):
        address = IPv4Address(f"10.0.0.{host}")
        node = world.add_node(name, configuration(state, priority), {"eth0": ("lan", [address])})
        node.processes["nginx"] = 1
    schedule(world, [Step(0, "boot", "A"), Step(0, "boot", "B")])
    return world


def run(world: World, *steps: Step, until_us: Microseconds = 60 * SECOND) -> None:
    """Let the steps happen, and see to it that no invariant is violated."""
    watch = Watch(world)
    schedule(world, steps)
    world.run_until(until_us)
    assert watch.violations == []


def reached(world: World, node: str, state: State) -> list[Microseconds]:
    """When a node has come into a state."""
    return [
        entry.at_us
        for entry in world.timeline
        if entry.node == node and isinstance(entry.what, Transition) and entry.what.after is state
    ]


def holders(world: World) -> list[str]:
    return [name for name, node in world.nodes.items() if node.kernel.has_address("eth0", VIP)]


def test_the_higher_priority_serves(pair: World) -> None:
    run(pair)
    assert reached(pair, "A", State.MASTER) == [FIRST_ELECTION_US]
    assert reached(pair, "B", State.MASTER) == []
    assert holders(pair) == ["A"]


def test_without_nginx_the_address_moves_as_soon_as_the_script_has_noticed(pair: World) -> None:
    noticed_us = 11 * SECOND + SCRIPT_US
    run(pair, Step(11 * SECOND, "kill", "A", "nginx"))
    assert reached(pair, "A", State.FAULT) == [noticed_us]
    assert reached(pair, "B", State.MASTER) == [noticed_us + TRAVEL_US + SKEW_B_US]
    assert holders(pair) == ["B"]


def test_with_nginx_back_the_address_returns(pair: World) -> None:
    noticed_us = 29 * SECOND + SCRIPT_US
    run(pair, Step(11 * SECOND, "kill", "A", "nginx"), Step(29 * SECOND, "start", "A", "nginx"))
    assert reached(pair, "A", State.MASTER)[-1] == noticed_us + 3 * SECOND + SKEW_A_US
    assert reached(pair, "B", State.BACKUP)[-1] == reached(pair, "A", State.MASTER)[-1] + TRAVEL_US
    assert holders(pair) == ["A"]


def test_a_stopped_master_hands_over_within_the_skew_time(pair: World) -> None:
    run(pair, Step(20 * SECOND, "stop", "A"))
    assert reached(pair, "B", State.MASTER) == [20 * SECOND + TRAVEL_US + SKEW_B_US]
    assert holders(pair) == ["B"]


@pytest.mark.parametrize(
    ("verb", "argument"),
    [("crash", ""), ("kill", "keepalived"), ("suspend", ""), ("cut", ""), ("mute", "")],
)
def test_a_master_that_falls_silent_is_replaced_after_the_master_down_interval(
    pair: World, verb: str, argument: str
) -> None:
    at_us = 20 * SECOND
    run(pair, Step(at_us, verb, "A", argument))
    adverts = (at_us - FIRST_ELECTION_US) // SECOND
    last_heard_us = FIRST_ELECTION_US + adverts * SECOND + TRAVEL_US
    assert reached(pair, "B", State.MASTER) == [last_heard_us + 3 * SECOND + SKEW_B_US]


def test_a_killed_master_keeps_the_address_until_it_is_started_again(pair: World) -> None:
    run(pair, Step(20 * SECOND, "kill", "A", "keepalived"), until_us=30 * SECOND)
    assert holders(pair) == ["A", "B"]
    schedule(pair, [Step(30 * SECOND, "start", "A", "keepalived")])
    pair.run_until(30 * SECOND)
    assert holders(pair) == ["B"]
    pair.run_until(60 * SECOND)
    assert holders(pair) == ["A"]


def test_after_a_partition_the_lower_master_yields_to_the_first_advert(pair: World) -> None:
    healed_us = 40 * SECOND
    run(pair, Step(20 * SECOND, "cut", "B"), Step(healed_us, "heal", "B"))
    (yielded_us,) = reached(pair, "B", State.BACKUP)[1:]
    assert healed_us < yielded_us <= healed_us + SECOND + TRAVEL_US
    assert reached(pair, "A", State.MASTER) == [FIRST_ELECTION_US]
    assert holders(pair) == ["A"]


def test_a_master_that_stood_still_takes_back_from_the_lower_one_at_once(pair: World) -> None:
    resumed_us = 40 * SECOND
    run(pair, Step(20 * SECOND, "suspend", "A"), Step(resumed_us, "resume", "A"))
    assert reached(pair, "B", State.BACKUP)[1:] == [resumed_us + TRAVEL_US]
    assert holders(pair) == ["A"]


def test_lost_packets_move_nothing_as_long_as_one_of_three_arrives(pair: World) -> None:
    run(pair, Step(20 * SECOND, "cut", "B"), Step(22 * SECOND, "heal", "B"))
    assert reached(pair, "B", State.MASTER) == []


def test_a_deleted_address_returns_to_the_master_after_its_skew_time(pair: World) -> None:
    run(pair, Step(20 * SECOND, "delete", "A", str(VIP)))
    assert reached(pair, "A", State.MASTER)[-1] == 20 * SECOND + SKEW_A_US
    assert holders(pair) == ["A"]
