"""Steps as people write them, held against what there is: `10s A kill nginx`, `20s loss 30%`, `30s cut A`."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from ipaddress import ip_address

from keepalived_py.model.configuration import Configuration
from keepalived_py.simulate.machines import interfaces_of, programs_of
from keepalived_py.simulate.scenario import Step, parse_time
from keepalived_py.simulate.verbs import KEEPALIVED, VERBS

NOTHING = frozenset(("boot", "crash", "stop", "suspend", "resume"))
"""Verbs without an argument."""
PROGRAMS = frozenset(("kill", "start"))
SCRIPTS = frozenset(("fail", "pass", "hang"))
INTERFACES = frozenset(("up", "down", "forget"))
CONDITIONS = {"loss": "%", "corrupt": "%", "delay": "ms"}
"""Verbs of the whole network, and the unit of their argument."""
SEPARATIONS = frozenset(("cut", "mute", "deafen", "heal"))
"""Verbs that may stand before their node; `heal` without one heals all."""


def parse_steps(text: str, nodes: Mapping[str, Configuration]) -> list[Step]:
    """Read one line, which may be about all nodes. Raises ValueError that says what there is instead."""
    time, *words = text.split()
    at_us = parse_time(time)
    if words == ["heal"]:
        return [Step(at_us, "heal", node) for node in nodes]
    if words and words[0] in CONDITIONS:
        return [_condition(at_us, *words)]
    if len(words) > 1 and words[0] in SEPARATIONS:
        words[:2] = words[1::-1]
    if len(words) < 2:
        raise ValueError(
            f"'{text}' is no event: write TIME NODE ACTION [ARGUMENT], such as '10s A kill nginx'"
        )
    node, verb, argument = words[0], words[1], " ".join(words[2:])
    _choose("node", node, nodes)
    _choose("action", verb, VERBS.keys() - CONDITIONS.keys())
    _check_argument(verb, argument, node, nodes[node])
    return [Step(at_us, verb, node, argument)]


def _condition(at_us: int, verb: str, argument: str = "", *more: str) -> Step:
    unit = CONDITIONS[verb]
    if more or not argument.endswith(unit) or not argument.removesuffix(unit).isdecimal():
        raise ValueError(f"'{' '.join((verb, argument, *more)).strip()}': write {verb} 30{unit}")
    return Step(at_us, verb, argument=argument)


def _check_argument(verb: str, argument: str, node: str, configuration: Configuration) -> None:
    if verb in NOTHING and argument:
        raise ValueError(f"{verb} needs nothing but a node, and has '{argument}'")
    if verb in PROGRAMS:
        programs = (KEEPALIVED, *programs_of(configuration))
        _choose(f"program that keepalived on {node} asks about", argument, programs)
    elif verb in SCRIPTS:
        _choose(f"script on {node}", argument, configuration.scripts)
    elif verb in INTERFACES:
        _choose(f"interface of {node}", argument, interfaces_of(configuration))
    elif verb == "delete":
        routers = configuration.routers.values()
        addresses = [str(virtual.address) for router in routers for virtual in router.all_addresses]
        _choose(f"virtual address of {node}", _normalised(argument), addresses)


def _normalised(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        return address


def _choose(kind: str, word: str, known: Collection[str]) -> None:
    if word in known:
        return
    close = get_close_matches(word, known, 1)
    hint = f"did you mean {close[0]}?" if close else f"there is {', '.join(sorted(known)) or 'none'}"
    raise ValueError(f"no {kind} is '{word}': {hint}" if word else f"{kind}: {hint}")
