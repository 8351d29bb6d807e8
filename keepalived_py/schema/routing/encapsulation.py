"""`encap` of a route or a nexthop: ip, ip6, mpls, ila."""

import re
from collections.abc import Callable
from typing import Any

from keepalived_py.model.route import Encapsulation, IlaEncapsulation, IpEncapsulation, MplsEncapsulation
from keepalived_py.schema.routing.names import TRAFFIC_CLASSES, c_number
from keepalived_py.schema.routing.words import SkippedError, Words

_LABEL_MAX = 2**20 - 1
_LABELS_MAX = 2
_LOCATOR = re.compile(r"[0-9a-fA-F]+")
_WORDS: dict[int, dict[str, str]] = {
    4: {
        "id": "encap id {} value is invalid",
        "dst": "Invalid encap ip dst {}",
        "src": "Invalid encap ip src {}",
        "tos": "dsfield {} not valid for ip encapsulation",
        "ttl": "ttl {} is not valid for ip encapsulation",
        "flags": "flags {} is not valid for ip encapsulation",
    },
    6: {
        "id": "id {} value invalid for IPv6 encapsulation",
        "dst": "Invalid encap ip6 dst {}",
        "src": "Invalid encap ip6 src {}",
        "tc": "tc value tc is invalid for ip6 encapsulation",
        "hoplimit": "Invalid hoplimit {} specified for ip6 encapsulation",
        "flags": "flags {} is not valid for ip6 encapsulation",
    },
}
_FIELDS = {
    "id": "id",
    "dst": "destination",
    "src": "source",
    "tos": "tos",
    "tc": "tos",
    "ttl": "ttl",
    "hoplimit": "ttl",
    "flags": "flags",
}
_HIGHEST = {"id": 2**64 - 1, "ttl": 255, "hoplimit": 255, "flags": 65535}


def read_encapsulation(words: Words) -> Encapsulation | None:
    """What follows `encap`; what is wrong in it is left out, and the line goes on."""
    kind = words.next()
    if kind is None:
        words.error("missing-argument", "Missing encap type")
        return None
    reader = KINDS.get(kind)
    if reader is None:
        words.error("unknown-option", f"Unknown encap type - {kind}", " ".join(KINDS))
        words.next()
        return None
    return reader(words)


def _ip(family: int) -> Callable[[Words], Encapsulation]:
    def read(words: Words) -> Encapsulation:
        values: dict[str, Any] = {}
        messages = _WORDS[family]
        try:
            while len(words.following) >= 2 and words.following[0] in messages:
                option = words.value()
                values[_FIELDS[option]] = _value(words, family, option, messages[option])
            if not {"destination", "id"} & values.keys():
                name = "ip" if family == 4 else "ip6"
                words.error("missing-argument", f"address or id missing for {name} encapsulation")
        except SkippedError:
            words.index -= 2  # keepalived goes on at the option, as one of the route
            values = {name: value for name, value in values.items() if name not in ("destination", "source")}
        return IpEncapsulation(family=family, **values)

    return read


def _value(words: Words, family: int, option: str, message: str) -> object:
    if option in ("dst", "src"):
        address = words.address(message)
        if address.version != family:
            other, name = (6, "ip") if family == 4 else (4, "ip6")
            words.skip("family", f"IPv{other} address {address} not valid for {name} encapsulation")
        return address
    if option in _HIGHEST:
        return words.number(_HIGHEST[option], message)
    return words.name(TRAFFIC_CLASSES, message)


def _mpls(words: Words) -> Encapsulation:
    word = words.next()
    if word is None:
        words.error("missing-argument", "missing address for MPLS encapsulation")
        return MplsEncapsulation()
    labels = [None if label[:1] in "- \t" else c_number(label) for label in word.split("/")]
    good = tuple(label for label in labels if label is not None and label <= _LABEL_MAX)
    if len(good) != len(labels) or len(good) > _LABELS_MAX:
        words.error("bad-number", f"invalid mpls address {word} for encapsulation", "LABEL/LABEL...")
        return MplsEncapsulation()
    return MplsEncapsulation(good)


def _ila(words: Words) -> Encapsulation:
    word = words.next()
    if word is None:
        words.error("missing-argument", "missing locator for ILA encapsulation")
        return IlaEncapsulation()
    groups = word.split(":")
    if len(groups) != 4 or not all(
        _LOCATOR.fullmatch(group) and int(group, 16) <= 0xFFFF for group in groups
    ):
        words.error("bad-address", f"invalid locator {word} for ila encapsulation", "four groups: 1:2:3:4")
        return IlaEncapsulation()
    return IlaEncapsulation(tuple(int(group, 16) for group in groups))


KINDS: dict[str, Callable[[Words], Encapsulation]] = {
    "ip": _ip(4),
    "ip6": _ip(6),
    "mpls": _mpls,
    "ila": _ila,
}
