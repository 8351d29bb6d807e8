"""What a reload changes, and above all what it leaves alone."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import GratuitousArp, SyncGroup, UnicastPeer, VirtualRouter
from keepalived_py.model.tracking import Tracked, TrackProcess, TrackScript, Weight
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    Announce,
    Log,
    Notify,
    NotifyEvent,
    RemoveAddresses,
    RunScript,
    SendAdvert,
    SignalScript,
    Subject,
    VrrpEvent,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, ProcessesCounted, ScriptExited, SourceAddressChanged
from keepalived_py.vrrp.state import State

SECOND = 1_000_000


def vip(last: int) -> IpAddress:
    return IpAddress(interface=IPv4Interface(f"10.0.0.{last}"))


def router(name: str, vrid: int, *addresses: int) -> VirtualRouter:
    return VirtualRouter(name=name, vrid=vrid, interface="eth0", virtual_addresses=tuple(map(vip, addresses)))


def configuration(*routers: VirtualRouter, **parts: object) -> Configuration:
    return replace(Configuration(routers={router.name: router for router in routers}), **parts)  # type: ignore[arg-type]


def running(config: Configuration, until_s: int = 5) -> Engine:
    """An engine that has been alone until then: all that can be master is."""
    engine = Engine(config)
    engine.handle(LinkChanged("eth0", True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")), 0)
    engine.start(0)
    advance(engine, until_s)
    return engine


def advance(engine: Engine, until_s: float) -> list[Action]:
    actions: list[Action] = []
    while (due := engine.next_deadline()) is not None and due <= until_s * SECOND:
        actions += engine.expire(due)
    return actions


def effects(actions: list[Action]) -> list[Action]:
    return [action for action in actions if not isinstance(action, Log)]


def test_the_same_configuration_changes_nothing() -> None:
    config = configuration(router("A", 1, 101), router("B", 2, 102))
    engine = running(config)
    due = engine.next_deadline()
    assert effects(engine.reload(config, 5 * SECOND)) == []
    assert engine.next_deadline() == due


def test_an_unchanged_master_keeps_its_rhythm_while_others_come_and_go() -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a, router("B", 2, 102)))
    actions = engine.reload(configuration(a, router("C", 3, 103)), 5 * SECOND)
    touched = [
        action for action in actions if getattr(action, "instance", getattr(action, "name", "")) == "A"
    ]
    assert touched == []
    adverts = [x for x in advance(engine, 6.7) if isinstance(x, SendAdvert) and x.instance == "A"]
    assert len(adverts) == 2
    assert engine.instances["A"].state is State.MASTER
    assert engine.instances["C"].state is State.BACKUP


def test_a_removed_master_says_so_and_lets_go() -> None:
    engine = running(configuration(router("A", 1, 101)))
    actions = effects(engine.reload(configuration(router("B", 2, 102)), 5 * SECOND))
    assert actions[:3] == [
        SendAdvert("A", 0, IPv4Address("10.0.0.1")),
        RemoveAddresses("A", "eth0", (vip(101),)),
        Notify(Subject.INSTANCE, "A", State.FAULT, 100),
    ]
    assert "A" not in engine.instances
    assert not any(isinstance(x, SendAdvert) and x.instance == "A" for x in advance(engine, 12))


def test_a_removed_instance_is_reported_as_deleted_where_that_is_asked_for() -> None:
    a = replace(router("A", 1, 101), notify=NotifyScripts(report_deleted=True))
    engine = running(configuration(a))
    actions = engine.reload(configuration(router("B", 2, 102)), 5 * SECOND)
    assert Notify(Subject.INSTANCE, "A", State.DELETED, 100) in actions


def test_a_master_gains_and_loses_only_the_addresses_that_differ() -> None:
    engine = running(configuration(router("A", 1, 101, 102)))
    actions = effects(engine.reload(configuration(router("A", 1, 102, 103)), 5 * SECOND))
    assert RemoveAddresses("A", "eth0", (vip(101),)) in actions
    assert AddAddresses("A", "eth0", (vip(103),)) in actions
    assert not any(isinstance(action, Notify) for action in actions)
    assert {action.address for action in actions if isinstance(action, Announce)} == {
        IPv4Address("10.0.0.102"),
        IPv4Address("10.0.0.103"),
    }


def test_an_address_moves_between_the_two_lists_without_leaving_the_interface() -> None:
    a = router("A", 1, 101, 102)
    engine = running(configuration(a))
    moved = replace(a, virtual_addresses=(vip(101),), excluded_addresses=(vip(102),))
    actions = engine.reload(configuration(moved), 5 * SECOND)
    assert not any(isinstance(action, RemoveAddresses | AddAddresses) for action in actions)


def test_a_renamed_instance_goes_on_under_its_new_name() -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a))
    actions = effects(engine.reload(configuration(replace(a, name="Z")), 5 * SECOND))
    assert not any(isinstance(action, Notify | RemoveAddresses) for action in actions)
    assert engine.instances["Z"].state is State.MASTER
    assert any(isinstance(x, SendAdvert) and x.instance == "Z" for x in advance(engine, 6))


def test_two_instances_may_exchange_their_names() -> None:
    a, b = router("A", 1, 101), router("B", 2, 102)
    engine = running(configuration(a, b))
    engine.instances["B"].counters.adverts_received = 7
    engine.reload(configuration(replace(b, name="A"), replace(a, name="B")), 5 * SECOND)
    assert engine.instances["A"].config.vrid == 2
    assert engine.instances["A"].counters.adverts_received == 7
    sent = [x.instance for x in advance(engine, 6.6) if isinstance(x, SendAdvert)]
    assert {"A", "B"} == set(sent)


def test_a_new_priority_is_told_at_once_and_shortens_the_wait_of_a_backup() -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a))
    engine.reload(configuration(replace(a, priority=50)), 5 * SECOND)
    assert [x.priority for x in advance(engine, 5) if isinstance(x, SendAdvert)] == [50]
    assert engine.instances["A"].state is State.MASTER

    engine = running(configuration(a), until_s=1)
    engine.reload(configuration(replace(a, priority=200)), 1 * SECOND)
    assert engine.next_deadline() == 1 * SECOND + 3 * SECOND + 56 * SECOND // 256


def script(name: str, *words: str, interval_s: int = 2) -> TrackScript:
    return TrackScript(name=name, command=Command(words), interval_us=interval_s * SECOND)


def test_a_script_keeps_its_result_and_its_rhythm() -> None:
    a = replace(router("A", 1, 101), track_scripts=(Tracked(name="chk"),))
    config = configuration(a, scripts={"chk": script("chk", "true")})
    engine = running(config, until_s=0)
    engine.handle(ScriptExited("chk", 0), 1)
    actions = engine.reload(replace(config, routers={**config.routers, "B": router("B", 2, 102)}), 1 * SECOND)
    assert not any(isinstance(action, RunScript) for action in actions)
    assert engine.instances["A"].state is State.BACKUP
    assert any(isinstance(action, RunScript) for action in advance(engine, 2))


def test_another_command_under_the_same_name_starts_anew_and_the_state_stays() -> None:
    a = replace(router("A", 1, 101), track_scripts=(Tracked(name="chk"),))
    engine = running(configuration(a, scripts={"chk": script("chk", "true")}), until_s=0)
    engine.handle(ScriptExited("chk", 0), 1)
    advance(engine, 2)  # the second run is under way
    actions = engine.reload(configuration(a, scripts={"chk": script("chk", "false")}), int(2.5 * SECOND))
    assert SignalScript("chk", 9) in actions
    assert engine.instances["A"].state is State.BACKUP
    assert not effects(engine.handle(ScriptExited("chk", None, 9), int(2.6 * SECOND)))
    assert any(isinstance(action, RunScript) for action in advance(engine, 5))


def test_a_new_member_of_a_group_joins_without_disturbing_the_others() -> None:
    a, b = router("A", 1, 101), router("B", 2, 102)
    engine = running(configuration(a, groups={"G": SyncGroup(name="G", members=("A",))}))
    actions = engine.reload(
        configuration(a, b, groups={"G": SyncGroup(name="G", members=("A", "B"))}), 5 * SECOND
    )
    assert not any(isinstance(x, RemoveAddresses) and x.instance == "A" for x in actions)
    advance(engine, 15)
    assert [engine.instances[name].state for name in "AB"] == [State.MASTER, State.MASTER]
    assert engine.groups["G"].state is State.MASTER


def test_without_its_sync_group_an_instance_is_in_fault_only_for_its_own_sake() -> None:
    a, b = router("A", 1, 101), replace(router("B", 2, 102), interface="eth1")
    engine = running(configuration(a, b, groups={"G": SyncGroup(name="G", members=("A", "B"))}))
    assert [engine.instances[name].state for name in "AB"] == [State.FAULT, State.FAULT]
    engine.reload(configuration(a, b), 5 * SECOND)
    assert [engine.instances[name].state for name in "AB"] == [State.BACKUP, State.FAULT]


def test_a_process_that_is_newly_tracked_counts_as_it_was_counted_before() -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a))
    engine.handle(ProcessesCounted("web", 3), 5 * SECOND)
    tracking = replace(a, track_processes=(Tracked(name="web"),))
    web = TrackProcess(name="web", path="nginx")
    engine.reload(configuration(tracking, processes={"web": web}), 5 * SECOND)
    assert engine.instances["A"].state is State.MASTER
    engine.handle(ProcessesCounted("web", 0), 6 * SECOND)
    assert engine.instances["A"].state is State.FAULT


def test_of_a_new_priority_only_what_trackers_make_of_it_is_told() -> None:
    plain = replace(router("A", 1, 1), notify_priority_changes=True)
    tracking = replace(
        router("B", 2, 2),
        notify_priority_changes=True,
        track_interfaces=(Tracked(name="eth0", weight=Weight(5)), Tracked(name="lo", weight=Weight(5))),
    )
    engine = running(configuration(plain, tracking))
    engine.handle(LinkChanged("lo", True), 5 * SECOND)
    changed = [replace(it, priority=110) for it in (plain, tracking)]
    actions = engine.reload(configuration(*changed), 6 * SECOND)
    assert [x for x in actions if isinstance(x, NotifyEvent)] == [
        NotifyEvent("B", VrrpEvent.MASTER_PRIORITY, 115)
    ]
    assert [x.text for x in actions if isinstance(x, Log)] == [
        "(B) Changing effective priority from 110 to 115"
    ]


def test_states_are_told_again_on_request_but_not_of_masters() -> None:
    routers = (
        router("A", 1, 1),
        router("B", 2, 2),
        replace(router("C", 3, 3), advert_interval_us=9 * SECOND),
    )
    group = SyncGroup(name="G", members=("A", "B"))
    config = configuration(*routers, groups={"G": group})
    engine = running(config)
    assert not [x for x in engine.reload(config, 6 * SECOND) if isinstance(x, Notify)]
    asked = replace(config, definitions=GlobalDefinitions(fifo_write_vrrp_states_on_reload=True))
    assert [x for x in engine.reload(asked, 7 * SECOND) if isinstance(x, Notify)] == [
        Notify(Subject.GROUP, "G", State.MASTER, 0, again=True),
        Notify(Subject.INSTANCE, "C", State.BACKUP, 100, again=True),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"vrid": 2},
        {"interface": "eth1"},
        {"multicast_group": IPv4Address("224.0.0.19")},
        {"unicast_peers": (UnicastPeer(address=IPv4Address("10.0.0.2")),)},
        {"use_vmac_addr": True},
    ],
    ids=str,
)
def test_what_makes_it_another_instance(change: dict[str, object]) -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a))
    actions = engine.reload(configuration(replace(a, **change)), 5 * SECOND)  # type: ignore[arg-type]
    assert SendAdvert("A", 0, IPv4Address("10.0.0.1")) in actions


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Z"},
        {"priority": 50},
        {"version": 3},
        {"source_address": IPv4Address("10.0.0.7")},
        {"nopreempt": True},
        {"advert_interval_us": 2 * SECOND},
    ],
    ids=str,
)
def test_what_leaves_it_the_same_instance(change: dict[str, object]) -> None:
    a = router("A", 1, 101)
    engine = running(configuration(a))
    engine.reload(configuration(replace(a, **change)), 5 * SECOND)  # type: ignore[arg-type]
    [instance] = engine.instances.values()
    assert instance.state is State.MASTER


def test_a_unicast_instance_is_known_by_the_address_it_sends_from() -> None:
    peers = (UnicastPeer(address=IPv4Address("10.0.0.2")),)
    a = replace(router("A", 1, 101), unicast_peers=peers)
    for source, state in (("10.0.0.1", State.MASTER), ("10.0.0.7", State.BACKUP)):
        engine = running(configuration(a))
        named = replace(a, source_address=IPv4Address(source))
        engine.reload(configuration(named), 5 * SECOND)
        assert engine.instances["A"].state is state


@pytest.mark.parametrize(
    ("before", "score", "after", "carried"),
    [
        ((1, 1), 1, (3, 4), 6),  # the best
        ((1, 1), 0, (3, 4), 0),  # the worst
        ((2, 4), 3, (5, 4), 6),  # one failure above the change
        ((2, 9), 9, (2, 3), 4),
        ((5, 2), 3, (2, 2), 0),
        ((5, 2), 4, (3, 2), 2),  # one success below the change
    ],
)
def test_a_script_stays_as_near_to_its_next_change(
    before: tuple[int, int], score: int, after: tuple[int, int], carried: int
) -> None:
    a = replace(router("A", 1, 101), track_scripts=(Tracked(name="chk"),))

    def with_limits(rise: int, fall: int) -> Configuration:
        limits = replace(script("chk", "true"), rise=rise, fall=fall)
        return configuration(a, scripts={"chk": limits})

    engine = running(with_limits(*before), until_s=0)
    engine.handle(ScriptExited("chk", 0), 1)
    engine.scripts["chk"].score = score
    engine.scripts["chk"].ok = score >= before[0]
    actions = engine.reload(with_limits(*after), 1 * SECOND)
    assert engine.scripts["chk"].score == carried
    told = "successful" if score >= before[0] else "unsuccessful"
    assert Log(f"VRRP_Script(chk) considered {told} on reload") in actions


def announced(actions: list[Action]) -> list[str]:
    return [str(action.address) for action in actions if isinstance(action, Announce)]


def with_garp(base: VirtualRouter, **fields: int) -> VirtualRouter:
    return replace(base, garp=GratuitousArp(master_repeat=1, **fields))


def test_a_new_address_is_announced_with_all_others_and_once_more_later() -> None:
    engine = running(configuration(with_garp(router("A", 1, 101))), until_s=20)
    actions = engine.reload(configuration(with_garp(router("A", 1, 101, 102))), 20 * SECOND)
    assert announced(actions) == ["10.0.0.101", "10.0.0.102"]
    assert announced(advance(engine, 24)) == []
    assert announced(advance(engine, 26)) == ["10.0.0.101", "10.0.0.102"]


def test_who_refreshes_announces_at_a_reload_and_an_interval_later() -> None:
    config = configuration(with_garp(router("A", 1, 101), master_delay_us=0, master_refresh_us=10 * SECOND))
    engine = running(config)
    assert announced(engine.reload(config, 6 * SECOND)) == ["10.0.0.101"]
    assert announced(advance(engine, 15)) == []
    assert announced(advance(engine, 17)) == ["10.0.0.101"]


def test_who_no_longer_refreshes_announces_no_more() -> None:
    before = with_garp(router("A", 1, 101), master_delay_us=0, master_refresh_us=SECOND)
    engine = running(configuration(before))
    engine.reload(configuration(with_garp(router("A", 1, 101), master_delay_us=0)), 6 * SECOND)
    assert announced(advance(engine, 20)) == []


@pytest.mark.parametrize(("seconds", "master_at"), [(20, 23.609), (5, 8.609), (3, 7.609), (0, 7.609)])
def test_another_delay_of_the_start_counts_as_from_the_start(seconds: int, master_at: float) -> None:
    """One that would be over by now is over; the wait of a backup begins anew with it."""

    def delayed(seconds: int) -> Configuration:
        definitions = GlobalDefinitions(startup_delay_us=seconds * SECOND)
        return configuration(router("A", 1, 101), definitions=definitions)

    engine = running(delayed(10), until_s=4)
    engine.reload(delayed(seconds), 4 * SECOND)
    advance(engine, master_at - 0.1)
    assert engine.instances["A"].state is State.BACKUP
    advance(engine, master_at + 0.1)
    assert engine.instances["A"].state is State.MASTER
