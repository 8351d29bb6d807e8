"""Random stories: what befalls a cluster. In the end all is repaired, comes to rest, and is stopped."""

from collections.abc import Callable, Iterator
from random import Random

from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds
from keepalived_py.simulate.cluster import FILES, PROGRAMS, SEGMENTS, Cluster, address_of, build
from keepalived_py.simulate.scenario import Step
from keepalived_py.simulate.truth import settling_time_us
from keepalived_py.simulate.verbs import KEEPALIVED, routing_name

ON_A_NODE: dict[str, tuple[str, ...]] = {
    "stop": ("",),
    "crash": ("",),
    "boot": ("", ""),
    "kill": (KEEPALIVED, *PROGRAMS),
    "start": (KEEPALIVED, KEEPALIVED, *PROGRAMS),
    "fail": ("chk_1",),
    "hang": ("chk_0", "chk_1"),
    "pass": ("chk_0", "chk_1"),
    "write": tuple(f"{file}={number}" for file in FILES for number in (0, 1, 20, -20, 300)),
    "down": tuple(SEGMENTS),
    "up": tuple(SEGMENTS),
    "cut": ("", *SEGMENTS.values()),
    "mute": ("", *SEGMENTS.values()),
    "deafen": ("", *SEGMENTS.values()),
    "heal": ("", "", ""),
    "reload": ("first", "second"),
    "suspend": ("",),
    "resume": ("", ""),
    "forget": tuple(SEGMENTS),
}
"""Verbs for a random node, and their arguments; what stands twice happens twice as often."""

ON_THE_NETWORK: dict[str, tuple[str, ...]] = {
    "loss": ("5%", "30%", "70%", "0%", "0%"),
    "corrupt": ("10%", "100%", "0%", "0%"),
    "delay": ("0ms", "1ms", "20ms"),
}


FAULTS = (1, 1, 2, 2, 3, 3, 4, 8)
"""How many there are in a story: many clusters find more in the same time than long stories."""


def draw_story(cluster: Cluster) -> list[Step]:
    """The story of a cluster's seed, in order of time."""
    random = Random(f"story {cluster.seed}")
    rest_us = settling_time_us(build(cluster)) + SECOND
    steps = list(_beginning(cluster, random))
    now_us = steps[-1].at_us
    for _ in range(random.choice(FAULTS)):
        now_us += _pause_us(random, rest_us)
        steps.append(_fault(cluster, random, now_us))
    now_us += _pause_us(random, rest_us)
    steps += _repair(cluster, now_us)
    now_us += rest_us
    for node in cluster.files:
        now_us += random.randint(0, SECOND)
        steps.append(Step(now_us, "stop", node))
    return steps


def _beginning(cluster: Cluster, random: Random) -> Iterator[Step]:
    now_us: Microseconds = 0
    for node in random.sample(list(cluster.files), len(cluster.files)):
        now_us += random.choice((0, 0, random.randint(0, 5 * SECOND)))
        yield Step(now_us, "boot", node)


def _pause_us(random: Random, rest_us: Microseconds) -> Microseconds:
    """A moment, a while, or until all has come to rest."""
    pauses: tuple[Callable[[], Microseconds], ...] = (
        lambda: random.randint(0, 2 * MILLISECOND),
        lambda: random.randint(0, SECOND),
        lambda: random.randint(0, 12 * SECOND),
        lambda: rest_us,
    )
    return random.choice(pauses)()


def _fault(cluster: Cluster, random: Random, at_us: Microseconds) -> Step:
    verb = random.choice((*ON_A_NODE, *ON_THE_NETWORK, "delete", "unroute", "remember"))
    if verb in ON_THE_NETWORK:
        return Step(at_us, verb, argument=random.choice(ON_THE_NETWORK[verb]))
    node = random.choice(list(cluster.files))
    if verb in ON_A_NODE:
        return Step(at_us, verb, node, random.choice(ON_A_NODE[verb]))
    if verb == "remember":
        return Step(at_us, verb, node, random.choice(list(_own_addresses(node))))
    routers = cluster.files[node]["first"].routers.values()
    if verb == "unroute":
        names = [routing_name(route) for router in routers for route in router.virtual_routes]
        names += [routing_name(rule) for router in routers for rule in router.virtual_rules]
        return Step(at_us, verb, node, random.choice(names or [""]))
    addresses = [str(virtual.address) for router in routers for virtual in router.all_addresses]
    return Step(at_us, verb, node, random.choice(addresses))


def _own_addresses(node: str) -> Iterator[str]:
    for interface in SEGMENTS:
        yield from (f"{interface}={address_of(node, interface, family)}" for family in (4, 6))


def _repair(cluster: Cluster, at_us: Microseconds) -> Iterator[Step]:
    yield Step(at_us, "loss", argument="0%")
    yield Step(at_us, "corrupt", argument="0%")
    for node in cluster.files:
        yield Step(at_us, "heal", node)
        yield from (Step(at_us, "up", node, interface) for interface in SEGMENTS)
        yield from (Step(at_us, "remember", node, address) for address in _own_addresses(node))
        yield from (Step(at_us, "start", node, program) for program in PROGRAMS)
        yield from (Step(at_us, "write", node, f"{file}=0") for file in FILES)
        yield from (Step(at_us, "pass", node, script) for script in cluster.behaviours)
        yield Step(at_us, "resume", node)
        yield Step(at_us, "boot", node)
