"""What becomes of the routes and rules of a master when its configuration changes."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Nexthop, Route, Rule, RuleAction
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    AddRoutes,
    AddRules,
    Level,
    Log,
    RemoveAddresses,
    RemoveRoutes,
    RemoveRules,
    ReplaceRoute,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.routing import devices_of_static_groups, exchange
from keepalived_py.vrrp.state import State

SECOND = 1_000_000
OF_ROUTING = AddAddresses | RemoveAddresses | AddRoutes | RemoveRoutes | ReplaceRoute | AddRules | RemoveRules

ROUTE = Route(destination=IPv4Interface("10.1.0.0/16"), gateway=IPv4Address("10.0.0.254"))
OTHER = Route(destination=IPv4Interface("10.2.0.0/16"), gateway=IPv4Address("10.0.0.254"))
RULE = Rule(priority=100, action=RuleAction.LOOKUP, table=100)
ADDRESS = IpAddress(interface=IPv4Interface("10.0.0.101"))
ROUTER = VirtualRouter(
    name="VI",
    vrid=1,
    interface="eth0",
    virtual_addresses=(ADDRESS,),
    virtual_routes=(ROUTE, OTHER),
    virtual_rules=(RULE,),
)


def reloaded(**changes: object) -> list[Action]:
    """What a master does that is given another configuration."""
    engine = Engine(Configuration(routers={"VI": ROUTER}))
    engine.handle(LinkChanged("eth0", True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")), 0)
    engine.start(0)
    engine.expire(5 * SECOND)
    assert engine.instances["VI"].state is State.MASTER
    after = Configuration(routers={"VI": replace(ROUTER, **changes)})  # type: ignore[arg-type]
    return [action for action in engine.reload(after, 6 * SECOND) if isinstance(action, OF_ROUTING)]


def test_what_is_the_same_is_left_alone() -> None:
    assert reloaded() == []


def test_what_is_no_more_is_removed_before_the_addresses() -> None:
    new = IpAddress(interface=IPv4Interface("10.0.0.102"))
    assert reloaded(virtual_addresses=(new,), virtual_routes=(OTHER,), virtual_rules=()) == [
        RemoveRules("VI", (RULE,)),
        RemoveRoutes("VI", (ROUTE,)),
        RemoveAddresses("VI", "eth0", (ADDRESS,)),
        AddAddresses("VI", "eth0", (new,)),
        AddRoutes("VI", (OTHER,)),
    ]


def test_a_route_that_only_has_another_option_is_replaced() -> None:
    changed = replace(ROUTE, ecn=True)
    assert reloaded(virtual_routes=(changed, OTHER)) == [
        ReplaceRoute("VI", ROUTE, changed),
        AddRoutes("VI", (changed, OTHER)),
    ]


def test_a_route_that_leads_elsewhere_is_another_one() -> None:
    there = replace(ROUTE, gateway=None, nexthops=(Nexthop(gateway=IPv4Address("10.0.0.253")),))
    assert reloaded(virtual_routes=(there, OTHER)) == [
        RemoveRoutes("VI", (ROUTE,)),
        AddRoutes("VI", (there, OTHER)),
    ]


def test_a_rule_that_has_changed_is_another_one() -> None:
    changed = replace(RULE, table=200)
    assert reloaded(virtual_rules=(changed,)) == [
        RemoveRules("VI", (RULE,)),
        AddRoutes("VI", (ROUTE, OTHER)),
        AddRules("VI", (changed,)),
    ]


def test_static_entries_bind_the_instances_of_their_group() -> None:
    configuration = Configuration(
        static_track_groups={
            "one": StaticTrackGroup(name="one", members=("VI", "VJ")),
            "two": StaticTrackGroup(name="two", members=("VJ",)),
        },
        static_addresses=(replace(ADDRESS, track_group="one"), replace(ADDRESS, device="eth9")),
        static_routes=(
            replace(ROUTE, device="eth1", track_group="two"),
            replace(ROUTE, device="eth8", track_group="two", tracked=False),
        ),
        static_rules=(replace(RULE, input_device="eth2", output_device="eth7", track_group="one"),),
    )
    assert devices_of_static_groups(configuration) == {
        "VI": {"eth0", "eth2"},
        "VJ": {"eth0", "eth1", "eth2"},
    }


def test_of_what_is_removed_the_log_tells_as_keepalived_does() -> None:
    rule = replace(RULE, source=IPv4Interface("10.3.0.0/16"), destination=IPv4Interface("10.4.0.1/32"))
    some = exchange(((ROUTE, OTHER), (rule, RULE)), ((OTHER,), (RULE,)))
    assert some.log == (
        Log("ip rule from 10.3.0.0/16 to 10.4.0.1 removed", Level.DETAIL),
        Log("Removing route 10.1.0.0/16", Level.DETAIL),
    )
    everything = exchange(((ROUTE, OTHER), (rule, RULE)), ((), ()))
    assert everything.log == (
        Log("Removing a VirtualRule block"),
        Log("Removing a VirtualRoute block", Level.DETAIL),
    )


def test_a_rule_that_only_comes_into_a_track_group_stays() -> None:
    change = exchange(((), (RULE,)), ((), (replace(RULE, track_group="uplink"),)))
    assert (change.removed_rules, change.added_rules, change.log) == ((), (), ())
