"""The same files and events in the simulator and in this world: the same changes of state, in the same order.

A scenario is what `keepalived-py simulate --scenario` takes, without times: each event is waited for until
all that the simulator says of it has happened here. On each node the changes must be the same, one after the
other; across nodes those must come in the simulator's order that are further apart there than ORDER_US.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from conformance.conftest import needs
from conformance.events import DEFINITIONS, Events
from conformance.lab import Host, Lan, wait_until
from conformance.nginx_pair import kill_nginx, start_nginx
from conformance.routers import OURS, C, Program, Router, vrrp_instance
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.schema.load import load
from keepalived_py.simulate.outcome import simulate
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.steps import parse_steps

VIP = "10.0.0.101"
APART_SECONDS = 30
"""Between events in the simulator, which come to rest in less."""
ORDER_US: Microseconds = 300_000
"""This machine may be so busy that changes closer together are seen in either order."""

SCRIPT = 'vrrp_script chk {{\n    script "/usr/bin/pgrep nginx"\n    interval 1\n    weight {}\n}}\n'
TRACK = ("track_script {", "    chk", "}")


class Scenario(NamedTuple):
    """`weight` of a script that asks for nginx; None: there is no script."""

    weight: int | None
    events: tuple[str, ...]


class Change(NamedTuple):
    at_us: Microseconds
    node: str
    state: str


SCENARIOS = {
    "nginx": Scenario(0, ("A kill nginx", "A start nginx")),
    "weight": Scenario(-230, ("A kill nginx", "A start nginx")),
    "link": Scenario(None, ("A down eth0", "A up eth0")),
    "stop": Scenario(None, ("A stop", "A boot")),
    "cut": Scenario(None, ("cut A", "heal A")),
    "delete": Scenario(None, (f"A delete {VIP}",)),
}
PAIRS = ((OURS, OURS), (C, C))


def configuration(scenario: Scenario, priority: int) -> str:
    """Of a node. The priorities are so far apart that the skew times are, too."""
    script, body = ("", ()) if scenario.weight is None else (SCRIPT.format(scenario.weight), TRACK)
    security = DEFINITIONS.replace("}", "    script_user root\n}")
    return security + script + vrrp_instance(*body, priority=priority, interval=0.5, addresses=(VIP,))


def simulated(files: dict[str, Path], events: list[str]) -> Iterator[list[Change]]:
    """What each event leads to."""
    nodes = {name: load(str(path)).configuration for name, path in files.items()}
    steps: list[Step] = []
    for number, event in enumerate(events):
        steps += parse_steps(f"{number * APART_SECONDS}s {event}", nodes)
    moments = simulate(nodes, steps, duration_us=len(events) * APART_SECONDS * SECOND).moments
    for number in range(len(events)):
        from_us = number * APART_SECONDS * SECOND
        within = range(from_us, from_us + APART_SECONDS * SECOND)
        yield [Change(it.at_us, it.node, it.after) for it in moments if it.after and it.at_us in within]


class Reality:
    """The hosts and what their routers have told so far, with the time when it was seen."""

    def __init__(self, routers: dict[str, Router], events: dict[str, Events]) -> None:
        self._routers = routers
        self._events = events
        self._seen = dict.fromkeys(events, 0)
        self.changes: list[Change] = []

    def look(self) -> None:
        now_us = time.monotonic_ns() // 1000
        for node, events in self._events.items():
            lines = events.lines[self._seen[node] :]
            self._seen[node] += len(lines)
            self.changes += [Change(now_us, node, line.split()[2]) for line in lines]

    def do(self, event: str) -> None:
        """Let an event of a scenario happen."""
        words = event.split()
        node, verb = (words[1], words[0]) if words[1] in self._routers else (words[0], words[1])
        router = self._routers[node]
        host, last = router.host, words[-1]
        actions: dict[str, Callable[[], object]] = {
            "boot": router.start,
            "stop": router.stop,
            "kill": lambda: kill_nginx(host),
            "start": lambda: start_nginx(host),
            "down": lambda: host.plumb(f"ip link set {last} down"),
            "up": lambda: host.plumb(f"ip link set {last} up"),
            "cut": host.cut_off,
            "heal": host.reconnect,
            "delete": lambda: host.plumb(f"ip address del {last}/32 dev eth0"),
        }
        actions[verb]()

    def await_changes(self, count: int, event: str) -> list[Change]:
        """The changes, once there are so many."""

        def are_there() -> bool:
            self.look()
            return len(self.changes) >= count

        wait_until(are_there, f"{count} changes after {event}, there are {self.changes}")
        changes, self.changes = self.changes, []
        return changes


def by_node(changes: list[Change]) -> dict[str, list[str]]:
    return {node: [it.state for it in changes if it.node == node] for node in "AB"}


def are_in_order(expected: list[Change], actual: list[Change]) -> bool:
    """Whether what is clearly one after the other there is not the other way round here."""
    pending = list(actual)
    when: list[Microseconds] = []
    for change in expected:
        found = next(it for it in pending if it[1:] == change[1:])
        pending.remove(found)
        when.append(found.at_us)
    return all(
        here <= there
        for (one, here), (other, there) in combinations(zip(expected, when, strict=True), 2)
        if other.at_us - one.at_us > ORDER_US
    )


def prepare(stack: ExitStack, host: Host, program: Program) -> tuple[Router, Events]:
    router = stack.enter_context(Router(program, host))
    return router, stack.enter_context(Events(host))


@pytest.mark.parametrize("programs", PAIRS, ids=lambda pair: "-".join(map(str, pair)))
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_the_simulator_says_what_happens(
    programs: tuple[Program, Program], scenario: Scenario, lan: Lan, tmp_path: Path
) -> None:
    needs(*programs)
    with ExitStack() as stack:
        routers: dict[str, Router] = {}
        events: dict[str, Events] = {}
        files: dict[str, Path] = {}
        for program, priority in zip(programs, (250, 50), strict=True):
            host = lan.host()
            text = configuration(scenario, priority)
            files[host.name] = tmp_path / f"{host.name}.conf"
            files[host.name].write_text(text)
            routers[host.name], events[host.name] = prepare(stack, host, program)
            routers[host.name].configure(text)
            if scenario.weight is not None:
                start_nginx(host)
        reality = Reality(routers, events)
        story = ["A boot", "B boot", *scenario.events, "A stop", "B stop"]
        for event, expected in zip(story, simulated(files, story), strict=True):
            reality.do(event)
            actual = reality.await_changes(len(expected), event)
            assert by_node(actual) == by_node(expected), event
            assert are_in_order(expected, actual), (event, expected, actual)
