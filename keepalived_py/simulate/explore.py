"""Every single fault, and every pair of them, in order: after which of them is an address not served as it
should be?

A fault comes when the cluster is at rest, and the cluster is given the time to come to rest again, by the
protocol's own bounds. What is wrong then is wrong for longer than the protocol allows.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import combinations
from typing import NamedTuple

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.question import question
from keepalived_py.model.units import SECOND, Address, Microseconds
from keepalived_py.simulate.machines import interfaces_of, programs_of, world_of
from keepalived_py.simulate.outcome import beginning
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.serving import held_by, virtual_addresses
from keepalived_py.simulate.truth import Member, Survey, settling_time_us
from keepalived_py.simulate.verbs import schedule
from keepalived_py.simulate.world import World

FAULTS_MAX = 2
"""So many faults in a story, besides repairs."""
STORIES_MAX = 1000


class Trouble(Enum):
    """What can be wrong with an address while nothing happens; the value says it."""

    NOBODY = "is served by nobody"
    SEVERAL = "is served by several nodes at once"
    UNMOVED = "stays where a check has failed"
    FLAPPING = "moves again and again"


class Fault(NamedTuple):
    """Something that breaks, and what repairs it; None for what is over at once."""

    node: str
    verb: str
    argument: str
    repair: str | None

    def step(self, at_us: Microseconds) -> Step:
        return Step(at_us, self.verb, self.node, self.argument)

    def repair_step(self, at_us: Microseconds) -> Step:
        return Step(at_us, self.repair or "", self.node, self.argument)


class Finding(NamedTuple):
    """An address that is not served as it should be after these steps, how, and on which nodes: those
    that have it, or for NOBODY those that could."""

    steps: tuple[Step, ...]
    address: Address
    trouble: Trouble
    nodes: tuple[str, ...]


class Exploration(NamedTuple):
    """What was found, in how many stories; not `complete` if there were more than the budget."""

    findings: tuple[Finding, ...]
    stories: int
    complete: bool


class _Story(NamedTuple):
    """A way from the start to a state at rest: what was done, and what is broken in the end."""

    steps: tuple[Step, ...] = ()
    broken: frozenset[Fault] = frozenset()
    faults: int = 0


def faults_of(configurations: Mapping[str, Configuration]) -> tuple[Fault, ...]:
    """All that can break: programs, scripts that ask about no program, interfaces, nodes, the connection of
    a node to the others, and addresses that someone deletes.

    keepalived being killed is none of them: no configuration helps against the addresses that it leaves.
    """
    return tuple(
        Fault(node, *fault)
        for node, configuration in configurations.items()
        for fault in _breakable(configuration)
    )


def _breakable(configuration: Configuration) -> Iterator[tuple[str, str, str | None]]:
    for program in programs_of(configuration):
        yield "kill", program, "start"
    for script in configuration.scripts.values():
        if question(script.command) is None:
            yield "fail", script.name, "pass"
    for interface in interfaces_of(configuration):
        yield "down", interface, "up"
    for verb, repair in (("stop", "boot"), ("crash", "boot"), ("cut", "heal")):
        yield verb, "", repair
    for router in configuration.routers.values():
        for virtual in router.all_addresses:
            yield "delete", str(virtual.address), None


def explore(
    configurations: Mapping[str, Configuration], budget: int = STORIES_MAX, seed: int = 0
) -> Exploration:
    """Try all faults, then all pairs, from every state at rest that one fault and its repair lead to."""
    faults = faults_of(configurations)
    waiting: deque[_Story] = deque([_Story()])
    known: set[Hashable] = set()
    findings: list[Finding] = []
    stories = 0
    while waiting and stories < budget:
        story = waiting.popleft()
        stories += 1
        ending = _tell(configurations, story, seed)
        findings += _news(findings, ending.findings)
        state = (story.broken, ending.state)
        if state not in known:
            known.add(state)
            waiting += _continuations(story, faults, ending.rest_at_us)
    return Exploration(tuple(findings), stories, not waiting)


def _continuations(story: _Story, faults: Iterable[Fault], at_us: Microseconds) -> Iterator[_Story]:
    """What may happen next: what is broken is repaired, or something else breaks."""
    lost = {fault.node for fault in story.broken if fault.verb in ("stop", "crash")}
    for fault in story.broken:
        steps = (*story.steps, fault.repair_step(at_us))
        yield _Story(steps, story.broken - {fault}, story.faults)
    if story.faults < FAULTS_MAX:
        for fault in faults:
            if fault not in story.broken and fault.node not in lost:
                broken = story.broken | {fault} if fault.repair else story.broken
                yield _Story((*story.steps, fault.step(at_us)), broken, story.faults + 1)


def _news(known: Iterable[Finding], found: Iterable[Finding]) -> Iterator[Finding]:
    """Those that did not show already with fewer of the same steps."""
    actions = {(one.address, one.trouble, frozenset(step.action for step in one.steps)) for one in known}
    for finding in found:
        done = {step.action for step in finding.steps}
        if not any(
            (address, trouble) == (finding.address, finding.trouble) and before <= done
            for address, trouble, before in actions
        ):
            yield finding


class _Ending(NamedTuple):
    """How a story ends: the state of all instances, what is wrong, and when the next step may come."""

    state: Hashable
    findings: tuple[Finding, ...]
    rest_at_us: Microseconds


def _tell(configurations: Mapping[str, Configuration], story: _Story, seed: int) -> _Ending:
    world = world_of(configurations, seed)
    schedule(world, beginning(world, story.steps))
    schedule(world, story.steps)
    rest_us = -(-settling_time_us(world) // SECOND) * SECOND
    at_us = (story.steps[-1].at_us if story.steps else 0) + rest_us
    world.run_until(at_us)
    before = _holders(world)
    troubles = [*_troubles(world)]
    world.run_until(at_us + rest_us)
    after = _holders(world)
    troubles += [
        (address, Trouble.FLAPPING, tuple(sorted(before[address] | after[address])))
        for address in before
        if before[address] != after[address]
    ]
    state = tuple(
        (node.name, tuple(instance.state for instance in node.daemon.engine.instances.values()))
        for node in world.nodes.values()
        if node.daemon
    )
    return _Ending(state, tuple(Finding(story.steps, *trouble) for trouble in troubles), at_us)


def _holders(world: World) -> dict[Address, frozenset[str]]:
    held = {node.name: held_by(node) for node in world.nodes.values()}
    return {
        address: frozenset(name for name, addresses in held.items() if address in addresses)
        for address in virtual_addresses(world)
    }


def _troubles(world: World) -> Iterator[tuple[Address, Trouble, tuple[str, ...]]]:
    """What is wrong with which address now, and on which nodes."""
    survey = Survey(world)
    for address, holders in _holders(world).items():
        members = [
            member
            for member in survey.members
            if any(virtual.address == address for virtual in member.router.all_addresses)
        ]
        able = [member.node.name for member in members if member.is_healthy]
        serving = [member for member in members if member.node.name in holders]
        if not holders and able:
            yield address, Trouble.NOBODY, tuple(able)
        for one, other in combinations(serving, 2):
            if _are_connected(world, one, other):
                yield address, Trouble.SEVERAL, (one.node.name, other.node.name)
                break
        if len(serving) == 1 and serving[0].failed_checks and all(serving[0].failed_checks):
            (master,) = serving
            for member in members:
                if (
                    member.is_healthy
                    and not any(member.failed_checks)
                    and _are_connected(world, member, master)
                ):
                    yield address, Trouble.UNMOVED, (master.node.name,)
                    break


def _are_connected(world: World, one: Member, other: Member) -> bool:
    """Whether packets pass between them, whomever they are addressed to."""
    hears = world.network.hears
    return hears(one.port, other.port) and hears(other.port, one.port)
