"""`virtual_server_group`: addresses and firewall marks that virtual servers share."""

import re
from ipaddress import IPv4Address, ip_address

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.lvs import AddressRange, FirewallMark, VirtualServerGroup
from keepalived_py.model.units import Address
from keepalived_py.schema.arguments import UINT_MAX, Integer
from keepalived_py.schema.lvs.endpoints import PORT, parse_host, port_word
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, body_of, end_of, head_of, place_of

_MASK = re.compile(r"[+]?\d{1,4}", re.ASCII)
_LAST = {4: (re.compile(r"[+]?(\d+)?", re.ASCII), 10, 255), 6: (re.compile(r"([0-9A-Fa-f]+)?"), 16, 0xFFFF)}
"""The short form of the end of a range: its digits, their base, and the greatest."""


def bind_group(scope: Scope, row: Row, entry: Entry) -> None:
    head = head_of(entry)
    name = head.words[1]
    ranges: list[AddressRange] = []
    marks: list[FirewallMark] = []
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        if statement.words[0] == "fwmark":
            mark = _mark(scope, statement, name)
            marks += [mark] if mark else []
        else:
            found = _range(scope, statement)
            ranges += [found] if found else []
    group = VirtualServerGroup(name=name, ranges=tuple(ranges), marks=tuple(marks), place=place_of(head, 1))
    end = end_of(entry)
    scope.findings.ordinal = end.ordinal if end else head.ordinal
    scope.closing = end
    if not ranges and not marks:
        message = f"virtual server group {name} has no entries - removing"
        scope.error(head, "no-entries", message, word=1, help="ADDRESS PORT, or fwmark NUMBER")
    elif len(group.families) == 2 and any(mark.family is None for mark in marks):
        message = f"virtual server group {name} cannot have IPv4, IPv6 and fwmark without family - removing"
        scope.error(head, "family", message, word=1, help="fwmark NUMBER inet|inet6")
    else:
        scope.drafts.lvs.groups.append(group)
    scope.closing = None


def _mark(scope: Scope, statement: Statement, name: str) -> FirewallMark | None:
    words = statement.words
    if len(words) < 2:
        scope.missing(statement, 0)
        return None
    mark = Integer(0, UINT_MAX).read(scope, statement, 1)
    if mark is None:
        message = f"({name}): fwmark '{words[1]}' must be in [0, {UINT_MAX}] - ignoring"
        scope.error(statement, "bad-number", message, word=1)
        return None
    if len(words) == 2:
        return FirewallMark(mark=mark)
    family = {"inet": 4, "inet6": 6}.get(words[2])
    if family is None:
        message = f"({name}): fwmark '{mark}' family {words[2]} unknown - ignoring"
        scope.error(statement, "bad-value", message, word=2, help="inet or inet6")
        return None
    return FirewallMark(mark=mark, family=family)


def _range(scope: Scope, statement: Statement) -> AddressRange | None:
    """`ADDRESS`, `ADDRESS/LENGTH`, `ADDRESS-LAST` or `ADDRESS-ADDRESS`, and a port."""
    word = statement.words[0]
    port_text = port_word(statement, 1)
    port = PORT.read(scope, statement, 1) if port_text else 0
    first = parse_host(word)
    if first is None or port is None:
        shown = f"{word} /port/{port_text}" if port_text else f"{word} "
        message = f"Invalid virtual server group IP address {shown} - skipping"
        scope.error(statement, "bad-address", message)
        return None
    if "/" in word:
        last = _end_of_network(scope, statement, first)
    elif "-" in word and (":" if first.version == 6 else ".") in word.partition("-")[2]:
        last = _end_of_range(scope, statement, first)
    elif "-" in word:
        last = _short_end(scope, statement, first)
    else:
        last = first
    return AddressRange(first=first, last=last, port=port) if last else None


def _end_of_network(scope: Scope, statement: Statement, first: Address) -> Address | None:
    word = statement.words[0]
    text = word.partition("/")[2]
    bits = first.max_prefixlen
    length = int(text) if _MASK.fullmatch(text) else 0
    if not 0 < length <= bits:
        scope.error(statement, "bad-prefix", f"Invalid netmask - {word} - skipping", help=f"1 to {bits}")
        return None
    hosts = (1 << (bits - length)) - 1
    if int(first) & hosts:
        message = f"Address mask bits not empty - {word} - skipping"
        network = _of_family(int(first) & ~hosts, first)
        scope.error(statement, "bad-prefix", message, help=f"{network}/{length}")
        return None
    return _of_family(int(first) | hosts, first)


def _end_of_range(scope: Scope, statement: Statement, first: Address) -> Address | None:
    word = statement.words[0]
    last = parse_host(word.partition("-")[2])
    if last is None:
        problem = f"Invalid range end {word} - skipping"
    elif last.version != first.version:
        problem = f"Range address families do not match {word} - skipping"
    elif int(last) < int(first):
        problem = f"Address range end is less than address range start - {word} - skipping"
    else:
        return last
    scope.error(statement, "bad-range", problem)
    return None


def _short_end(scope: Scope, statement: Statement, first: Address) -> Address | None:
    """The end of a range whose last octet, or last group of digits, is given."""
    word = statement.words[0]
    text = word.partition("-")[2]
    digits, base, most = _LAST[first.version]
    match = digits.match(text)
    used = match[0] if match else ""
    if used != text:
        message = f"Virtual server group range '{word}' has extra characters at end '{text[len(used) :]}'"
        scope.error(statement, "bad-range", message)
        return None
    number = int(used, base) if match and match[1] else 0
    if number > most:
        message = f"Virtual server group range '{word}' end '{text}' too large"
        scope.error(statement, "bad-range", message, help="one octet, or one group of digits")
        return None
    if int(first) & most >= number:
        message = f"Address range end is not greater than address range start - {word} - skipping"
        scope.error(statement, "bad-range", message)
        return None
    return _of_family(int(first) & ~most | number, first)


def _of_family(number: int, like: Address) -> Address:
    return IPv4Address(number) if isinstance(like, IPv4Address) else ip_address(number.to_bytes(16, "big"))
