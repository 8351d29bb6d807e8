"""Policy rules in octets (`struct fib_rule_hdr` and its attributes, linux/fib_rules.h).

family | dst_len | src_len | tos | table | 0 | 0 | action (1 each) | flags (4)
"""

import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from socket import AF_INET, AF_INET6

from keepalived_py.linux.attributes import attributes, be64, flow, name, optional, packed, split, u8, u16, u32
from keepalived_py.model.route import Range, Rule, RuleAction

RTM_NEWRULE, RTM_DELRULE = 32, 33

_HEADER = struct.Struct("=BBBBBBBBI")
_FAMILIES = {4: AF_INET, 6: AF_INET6}
_INVERT = 2

_DST, _SRC, _IIFNAME, _GOTO, _PRIORITY, _FWMARK, _FLOW, _TUN_ID = 1, 2, 3, 4, 6, 10, 11, 12
_SUPPRESS_IFGROUP, _SUPPRESS_PREFIXLEN, _TABLE, _FWMASK, _OIFNAME = 13, 14, 15, 16, 17
_L3MDEV, _UID_RANGE, _PROTOCOL, _IP_PROTO, _SPORT_RANGE, _DPORT_RANGE = 19, 20, 21, 22, 23, 24
_ALL = u32(0xFFFFFFFF)
_SUPPRESSORS = (_SUPPRESS_IFGROUP, _SUPPRESS_PREFIXLEN)
_SELECTORS = (
    *(_DST, _SRC, _IIFNAME, _OIFNAME, _GOTO, _PRIORITY, _FWMARK, _FWMASK, _FLOW, _TUN_ID),
    *(_L3MDEV, _UID_RANGE, _IP_PROTO, _SPORT_RANGE, _DPORT_RANGE),
)
"""For all of them zeros are as if they were not there."""


def rule_body(rule: Rule) -> bytes:
    """The message that adds or removes a rule."""
    table = int(rule.table) if rule.action is RuleAction.LOOKUP and not rule.l3mdev else 0
    header = _HEADER.pack(
        _FAMILIES[rule.family],
        rule.destination.network.prefixlen if rule.destination else 0,
        rule.source.network.prefixlen if rule.source else 0,
        int(rule.tos),
        table if table < 256 else 0,
        0,
        0,
        rule.action,
        _INVERT if rule.inverted else 0,
    )
    values = {
        _DST: packed(rule.destination),
        _SRC: packed(rule.source),
        _IIFNAME: name(rule.input_device) if rule.input_device else None,
        _OIFNAME: name(rule.output_device) if rule.output_device else None,
        _GOTO: u32(rule.goto) if rule.action is RuleAction.GOTO else None,
        _PRIORITY: u32(rule.priority),
        _TABLE: u32(table) if table else None,
        _FWMARK: optional(u32, rule.firewall_mark),
        _FWMASK: optional(u32, rule.firewall_mask),
        _FLOW: flow(rule.realms),
        _TUN_ID: be64(rule.tunnel_id) if rule.tunnel_id else None,
        _SUPPRESS_IFGROUP: optional(u32, rule.suppress_group),
        _SUPPRESS_PREFIXLEN: optional(u32, rule.suppress_prefix_length),
        _L3MDEV: u8(1) if rule.l3mdev else None,
        _UID_RANGE: _range(u32, rule.uids),
        _PROTOCOL: optional(u8, rule.protocol),
        _IP_PROTO: optional(u8, rule.ip_protocol),
        _SPORT_RANGE: _range(u16, rule.source_ports),
        _DPORT_RANGE: _range(u16, rule.destination_ports),
    }
    return header + attributes(values)


def _range(encode: Callable[[int], bytes], it: Range | None) -> bytes | None:
    return None if it is None else encode(it.first) + encode(it.last)


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What a rule does with which packets, of the kernel's report or of our message that adds it."""

    header: bytes
    """Family, prefix lengths and TOS."""
    action: int
    inverted: bool
    table: int
    selectors: frozenset[tuple[int, bytes]]


def read_rule(body: bytes) -> RuleReport:
    """Raises ValueError if it is too short."""
    if len(body) < _HEADER.size:
        raise ValueError("truncated fib_rule_hdr")
    *_, table, _, _, action, flags = _HEADER.unpack_from(body)
    values = split(body[_HEADER.size :])
    if any(values.get(_FWMARK, b"")):
        values.setdefault(_FWMASK, _ALL)
    selectors = {(kind, value) for kind in _SELECTORS if any(value := values.get(kind, b""))}
    selectors |= {(kind, values[kind]) for kind in _SUPPRESSORS if values.get(kind, _ALL) != _ALL}
    wide_table = int.from_bytes(values.get(_TABLE, b""), sys.byteorder)
    return RuleReport(body[:4], action, bool(flags & _INVERT), wide_table or table, frozenset(selectors))
