"""Messages for nf_tables (linux/netfilter/nf_tables.h): tables, chains, sets, rules and what is in sets.

A message is a netlink header, `struct nfgenmsg` and attributes, whose numbers are in network byte order.
A transaction is messages between one that begins a batch and one that ends it: all take effect, or none.
The numbers of attributes are those of the enumerations NFTA_…. pyroute2 knows too few of them.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from keepalived_py.linux.attributes import attribute, attributes, name, u32

IPV4, IPV6 = 2, 10
"""The families, as nf_tables calls them (NFPROTO_…)."""
_SUBSYSTEM = 10
_CREATE, _APPEND = 0x400, 0x800
_NESTED = 0x8000
_LIST_ELEMENT = 1
_GENERAL = struct.Struct("!BBH")
ELEMENTS_MAX = 1000
"""Of one message: their attribute cannot be longer than 64 KiB."""


class Kind(IntEnum):
    """What a message is about (NFNL_MSG_BATCH_…, NFT_MSG_…)."""

    BATCH_BEGIN = 0x10
    BATCH_END = 0x11
    NEW_TABLE = _SUBSYSTEM << 8 | 0
    GET_TABLE = _SUBSYSTEM << 8 | 1
    DELETE_TABLE = _SUBSYSTEM << 8 | 2
    NEW_CHAIN = _SUBSYSTEM << 8 | 3
    NEW_RULE = _SUBSYSTEM << 8 | 6
    NEW_SET = _SUBSYSTEM << 8 | 9
    NEW_ELEMENTS = _SUBSYSTEM << 8 | 12
    DELETE_ELEMENTS = _SUBSYSTEM << 8 | 14


@dataclass(frozen=True, slots=True)
class Message:
    """`flags` are those of its netlink header, besides those of every request."""

    kind: Kind
    body: bytes
    flags: int = 0


BATCH_BEGIN = Message(Kind.BATCH_BEGIN, _GENERAL.pack(0, 0, _SUBSYSTEM))
BATCH_END = Message(Kind.BATCH_END, _GENERAL.pack(0, 0, _SUBSYSTEM))


def _message(kind: Kind, family: int, body: dict[int, bytes], flags: int = 0) -> Message:
    return Message(kind, _GENERAL.pack(family, 0, 0) + attributes(body), flags)


def _be32(value: int) -> bytes:
    return struct.pack("!I", value & 0xFFFFFFFF)


def _value(octets: bytes) -> bytes:
    """NFTA_DATA_VALUE."""
    return attribute(1, octets)


# Tables and chains


def new_table(family: int, table: str) -> Message:
    return _message(Kind.NEW_TABLE, family, {1: name(table)}, _CREATE)


def get_table(family: int, table: str) -> Message:
    return _message(Kind.GET_TABLE, family, {1: name(table)})


def delete_table(family: int, table: str) -> Message:
    return _message(Kind.DELETE_TABLE, family, {1: name(table)})


class Hook(IntEnum):
    """NF_INET_LOCAL_…"""

    INPUT = 1
    OUTPUT = 3


def new_chain(family: int, table: str, chain: str) -> Message:
    """A chain that others lead to."""
    return _message(Kind.NEW_CHAIN, family, {1: name(table), 3: name(chain)}, _CREATE)


def new_base_chain(family: int, table: str, chain: str, hook: Hook, priority: int) -> Message:
    """A filter that accepts what no rule of it decides."""
    hooked = attributes({1: _be32(hook), 2: _be32(priority)})
    body = {
        1: name(table),
        3: name(chain),
        4 | _NESTED: hooked,
        5: _be32(_ACCEPT),
        7: name("filter"),
    }
    return _message(Kind.NEW_CHAIN, family, body, _CREATE)


# Sets


class Type(IntEnum):
    """What nft takes an element for, to show it; the kernel does not mind."""

    IPV4_ADDRESS = 7
    IPV6_ADDRESS = 8
    INTERFACE_INDEX = 20
    ICMPV6_TYPE = 29
    INTERFACE_NAME = 41


_OCTETS = {
    Type.IPV4_ADDRESS: 4,
    Type.IPV6_ADDRESS: 16,
    Type.INTERFACE_INDEX: 4,
    Type.ICMPV6_TYPE: 1,
    Type.INTERFACE_NAME: 16,
}
_TYPE_BITS = 6
_CONSTANT, _MAP = 2, 8
_HOST_ORDER, _NETWORK_ORDER = 1, 2
_SET_NUMBER = 1
"""Must be given; nobody asks for a set by its number if it has a name."""


@dataclass(frozen=True, slots=True)
class Set:
    """A set of values of a type, or of types after one another; a map to `data`. Its rules do not change
    what is in it if it is `constant`."""

    family: int
    name: str
    key: tuple[Type, ...]
    data: Type | None = None
    constant: bool = False


def new_set(table: str, it: Set) -> Message:
    key_type = 0
    for part in it.key:
        key_type = key_type << _TYPE_BITS | part
    addresses = it.key in ((Type.IPV4_ADDRESS,), (Type.IPV6_ADDRESS,))
    user_data = _user_data(0, _NETWORK_ORDER if addresses else _HOST_ORDER)
    body = {
        1: name(table),
        2: name(it.name),
        3: _be32((_CONSTANT if it.constant else 0) | (_MAP if it.data else 0)),
        4: _be32(key_type),
        5: _be32(sum(_OCTETS[part] for part in it.key)),
    }
    if it.data:
        body |= {6: _be32(it.data), 7: _be32(_OCTETS[it.data])}
        user_data += _user_data(1, _HOST_ORDER)
    body |= {10: _be32(_SET_NUMBER), 13: user_data}
    return _message(Kind.NEW_SET, it.family, body, _CREATE)


def _user_data(kind: int, value: int) -> bytes:
    """What nft keeps with a set to show it: the byte order of what is in it."""
    return bytes([kind, 4]) + u32(value)


@dataclass(frozen=True, slots=True)
class Element:
    """What is in a set: the octets of a key, and of what a map has for it."""

    key: bytes
    data: bytes | None = None


def new_elements(table: str, it: Set, elements: Sequence[Element]) -> list[Message]:
    return _elements(Kind.NEW_ELEMENTS, table, it, elements, _CREATE)


def delete_elements(table: str, it: Set, elements: Sequence[Element]) -> list[Message]:
    return _elements(Kind.DELETE_ELEMENTS, table, it, elements, 0)


def _elements(kind: Kind, table: str, it: Set, elements: Sequence[Element], flags: int) -> list[Message]:
    return [
        _message(
            kind,
            it.family,
            {
                1: name(table),
                2: name(it.name),
                3 | _NESTED: b"".join(map(_element, elements[start : start + ELEMENTS_MAX])),
            },
            flags,
        )
        for start in range(0, len(elements), ELEMENTS_MAX)
    ]


def _element(it: Element) -> bytes:
    body = attribute(1 | _NESTED, _value(it.key))
    if it.data is not None:
        body += attribute(2 | _NESTED, _value(it.data))
    return attribute(_LIST_ELEMENT | _NESTED, body)


# Rules

_ACCEPT, _DROP, _GOTO = 1, 0, -4
_VERDICT_REGISTER = 0


class Meta(IntEnum):
    """What is known of a packet besides its octets (NFT_META_…)."""

    INPUT_INDEX = 4
    OUTPUT_INDEX = 5
    INPUT_NAME = 6
    OUTPUT_NAME = 7
    PROTOCOL = 16
    OUTPUT_KIND = 27


class Base(IntEnum):
    """Where octets of a packet are counted from."""

    NETWORK = 1
    TRANSPORT = 2


def _expression(kind: str, body: dict[int, bytes]) -> bytes:
    inner = attributes({1: name(kind), 2 | _NESTED: attributes(body)})
    return attribute(_LIST_ELEMENT | _NESTED, inner)


def payload(base: Base, offset: int, length: int, register: int = 1) -> bytes:
    """Octets of the packet."""
    body = {1: _be32(register), 2: _be32(base), 3: _be32(offset), 4: _be32(length)}
    return _expression("payload", body)


def meta(key: Meta, register: int = 1) -> bytes:
    return _expression("meta", {1: _be32(register), 2: _be32(key)})


def equal(octets: bytes, register: int = 1) -> bytes:
    return _expression("cmp", {1: _be32(register), 2: _be32(0), 3 | _NESTED: _value(octets)})


def masked(mask: bytes, register: int = 1) -> bytes:
    body = {
        1: _be32(register),
        2: _be32(register),
        3: _be32(len(mask)),
        4 | _NESTED: _value(mask),
        5 | _NESTED: _value(bytes(len(mask))),
    }
    return _expression("bitwise", body)


def is_in(set_name: str, register: int = 1) -> bytes:
    return _expression("lookup", {1: name(set_name), 2: _be32(register)})


def mapped(map_name: str, register: int) -> bytes:
    return _expression("lookup", {1: name(map_name), 2: _be32(register), 3: _be32(register)})


def duplicate(address_register: int, device_register: int) -> bytes:
    """Send a copy of the packet to an address, through an interface."""
    return _expression("dup", {1: _be32(address_register), 2: _be32(device_register)})


def counter() -> bytes:
    return _expression("counter", {})


def drop() -> bytes:
    return _verdict({1: _be32(_DROP)})


def accept() -> bytes:
    return _verdict({1: _be32(_ACCEPT)})


def go_to(chain: str) -> bytes:
    return _verdict({1: _be32(_GOTO), 2: name(chain)})


def _verdict(body: dict[int, bytes]) -> bytes:
    data = attribute(2 | _NESTED, attributes(body))
    return _expression("immediate", {1: _be32(_VERDICT_REGISTER), 2 | _NESTED: data})


def new_rule(family: int, table: str, chain: str, expressions: Iterable[bytes]) -> Message:
    """A rule after those that a chain has."""
    body = {1: name(table), 2: name(chain), 4 | _NESTED: b"".join(expressions)}
    return _message(Kind.NEW_RULE, family, body, _CREATE | _APPEND)
