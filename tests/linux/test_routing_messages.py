"""Routes and rules in octets: what the kernel reports of ours is known again, and nothing else."""

import sys
from dataclasses import replace
from ipaddress import IPv4Address, ip_address, ip_interface

import pytest

from keepalived_py.linux.attributes import attributes, split
from keepalived_py.linux.route_message import read_route, route_body
from keepalived_py.linux.rule_message import read_rule, rule_body
from keepalived_py.model.route import (
    Encapsulation,
    IlaEncapsulation,
    IpEncapsulation,
    MplsEncapsulation,
    Range,
    Route,
    Rule,
    RuleAction,
)

INDEXES = {"eth0": 2, "eth1": 3}
ROUTE = Route(destination=ip_interface("10.1.0.0/16"), device="eth0", gateway=ip_address("10.0.0.254"))
RULE = Rule(priority=100, action=RuleAction.LOOKUP, table=100, source=ip_interface("10.2.0.0/16"))


def report(route: Route, **changes: object) -> bool:
    """Whether a report of the changed route is taken for one of the route."""
    told = read_route(route_body(replace(route, **changes), INDEXES.__getitem__))
    return told.may_be(read_route(route_body(route, INDEXES.__getitem__)))


def test_attributes_are_found_again() -> None:
    values = {1: b"\x01", 15: b"12345", 0x8000 | 9: b""}
    assert split(attributes(values)) == {1: b"\x01", 15: b"12345", 9: b""}


def test_cut_off_attributes_do_no_harm() -> None:
    octets = attributes({1: b"1234", 2: b"5678"})
    assert [list(split(octets[:length])) for length in (3, 8, 10, 15)] == [[], [1], [1], [1, 2]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("destination", ip_interface("10.1.0.0/17")),
        ("table", 100),
        ("table", 70000),
        ("tos", 8),
        ("metric", 7),
        ("device", "eth1"),
        ("gateway", ip_address("10.0.0.253")),
    ],
)
def test_another_route_is_not_ours(field: str, value: object) -> None:
    assert report(ROUTE)
    assert not report(ROUTE, **{field: value})


def test_where_our_route_names_no_way_any_is_its_way() -> None:
    assert report(replace(ROUTE, device=None), device="eth1")
    assert report(replace(ROUTE, gateway=None), gateway=ip_address("10.0.0.253"))


def test_ipv6_route_without_metric_is_reported_with_one() -> None:
    route = Route(destination=ip_interface("fd01::/64"), device="eth0")
    assert report(route, metric=1024)
    assert not report(route, metric=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ip_interface("10.2.0.0/17")),
        ("destination", ip_interface("10.0.0.0/8")),
        ("priority", 101),
        ("table", 70000),
        ("action", RuleAction.BLACKHOLE),
        ("inverted", True),
        ("tos", 8),
        ("firewall_mark", 1),
        ("input_device", "eth0"),
        ("suppress_prefix_length", 0),
        ("suppress_group", 0),
        ("uids", Range(0, 0xFFFF)),
        ("source_ports", Range(0, 1)),
    ],
)
def test_another_rule_is_not_ours(field: str, value: object) -> None:
    assert read_rule(rule_body(RULE)) == read_rule(rule_body(replace(RULE, protocol=None)))
    assert read_rule(rule_body(RULE)) != read_rule(rule_body(replace(RULE, **{field: value})))


def test_a_mark_without_mask_is_reported_with_one() -> None:
    rule = replace(RULE, firewall_mark=5)
    assert read_rule(rule_body(rule)) == read_rule(rule_body(replace(rule, firewall_mask=0xFFFFFFFF)))


@pytest.mark.skipif(sys.byteorder == "big", reason="the octets are those of a little-endian machine")
@pytest.mark.parametrize(
    ("encapsulation", "kind", "octets"),
    [
        (MplsEncapsulation((100, 200)), 1, "0c00010000064000000c8100"),
        (IlaEncapsulation((1, 2, 3, 4)), 3, "0c0001000001000200030004"),
        (
            IpEncapsulation(family=4, id=7, destination=IPv4Address("10.0.0.9"), tos=4, ttl=9, flags=1),
            2,
            "0c0001000000000000000007080002000a000009050005000400000005000400090000000600060001000000",
        ),
    ],
    ids=["mpls", "ila", "ip"],
)
def test_encapsulations(encapsulation: Encapsulation, kind: int, octets: str) -> None:
    """MPLS and ILA are not in every kernel to be tried with; these octets are those of keepalived."""
    body = route_body(replace(ROUTE, encapsulation=encapsulation), INDEXES.__getitem__)
    values = split(body[12:])
    assert int.from_bytes(values[21], sys.byteorder) == kind
    assert values[22].hex() == octets
