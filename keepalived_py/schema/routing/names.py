"""Names for numbers of routing: keepalived's own, and those of iproute2's files on the host."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from keepalived_py.model.route import Number, RouteType
from keepalived_py.schema.arguments import UINT_MAX
from keepalived_py.schema.scope import Scope

ETC_DIRECTORY = "/etc/iproute2"
USR_DIRECTORY = "/usr/share/iproute2"

_C_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))")
_ULONG_MAX = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Names:
    """A file of iproute2, the highest number in it, and what its numbers are called without it."""

    file: str
    highest: int
    builtin: Mapping[str, int] = field(default_factory=dict)


TABLES = Names("rt_tables", UINT_MAX, {"default": 253, "main": 254, "local": 255})
SCOPES = Names("rt_scopes", 255, {"global": 0, "nowhere": 255, "host": 254, "link": 253, "site": 200})
PROTOCOLS = Names(
    "rt_protos",
    255,
    {
        "none": 0,
        "redirect": 1,
        "kernel": 2,
        "boot": 3,
        "static": 4,
        "gated": 8,
        "ra": 9,
        "mrt": 10,
        "zebra": 11,
        "bird": 12,
        "babel": 42,
        "dnrouted": 13,
        "xorp": 14,
        "ntk": 15,
        "dhcp": 16,
    },
)
TRAFFIC_CLASSES = Names("rt_dsfield", 255)
REALMS = Names("rt_realms", 255)
GROUPS = Names("group", 2**31 - 1)

ROUTE_TYPES = {kind.name.lower(): kind for kind in RouteType} | {"brd": RouteType.BROADCAST}


def c_number(word: str) -> int | None:
    """A number as strtoul reads it in base 8, 10 or 16, cut to 32 bits; None if it is none."""
    found = _C_NUMBER.fullmatch(word) if len(word) <= 40 else None
    if found is None:
        return None
    sign, hexadecimal, octal, decimal = found.groups()
    value = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(decimal)
    value = min(value, _ULONG_MAX)
    return (-value if sign == "-" else value) & UINT_MAX


def resolve(scope: Scope, names: Names, word: str) -> Number | None:
    """The number that a word stands for, the word itself if that depends on a host that is not known,
    None if there is no such name or number."""
    number = c_number(word)
    if number is not None:
        return number if number <= names.highest else None
    on_host = _on_host(scope, names)
    if on_host is None:
        return names.builtin.get(word, word)
    return on_host.get(word)


def _on_host(scope: Scope, names: Names) -> Mapping[str, int] | None:
    if names.file not in scope.routing_names:
        scope.routing_names[names.file] = _read(scope, names)
    return scope.routing_names[names.file]


def _read(scope: Scope, names: Names) -> dict[str, int] | None:
    """The names on the host, and keepalived's for the numbers that have none there."""
    definitions = scope.drafts.definitions
    directories = (definitions.iproute_etc_dir or ETC_DIRECTORY, definitions.iproute_usr_dir or USR_DIRECTORY)
    found = scope.host.routing_names(names.file, directories)
    if found is None:
        return None
    entries = [(name, number) for number, name in found if number <= names.highest]
    numbers = {number for _, number in entries}
    missing = [(name, number) for name, number in names.builtin.items() if number not in numbers]
    return dict(reversed(entries + missing))


def route_type(word: str) -> int | None:
    """The type of a route, by name or number."""
    kind = ROUTE_TYPES.get(word)
    if kind is not None:
        return kind
    number = None if word.startswith("-") else c_number(word)
    return number if number is not None and number <= 255 else None
