"""What must hold for every edge of the state machine."""

import itertools

import pytest

from keepalived_py.vrrp.effects import EFFECTS
from keepalived_py.vrrp.machine import TABLE, Edge, Effect, Input
from keepalived_py.vrrp.state import State

RUNNING = (State.INIT, State.BACKUP, State.MASTER, State.FAULT)
EDGES = [(state, what, TABLE[state][what]) for state, what in itertools.product(RUNNING, Input)]


def edges(before: State | None = None, after: State | None = None) -> list[Edge]:
    """Edges that change the state, from or to the states given."""
    return [
        edge
        for state, _, edge in EDGES
        if state is not edge.target and before in (None, state) and after in (None, edge.target)
    ]


def test_the_table_is_total() -> None:
    assert set(TABLE) == set(RUNNING)
    for state in RUNNING:
        assert set(TABLE[state]) == set(Input), state


def test_every_effect_is_carried_out_and_used() -> None:
    assert set(EFFECTS) == set(Effect)
    assert {effect for _, _, edge in EDGES for effect in edge.effects} == set(Effect)


def test_who_becomes_master_adverts_then_takes_the_addresses_then_announces_then_tells() -> None:
    order = (Effect.SEND_ADVERT, Effect.SET_ADDRESSES, Effect.ANNOUNCE, Effect.NOTIFY)
    for edge in edges(after=State.MASTER):
        assert tuple(effect for effect in edge.effects if effect in order) == order
        assert Effect.ADVERT_TIMER in edge.effects


def test_who_stops_being_master_lets_go_of_the_addresses_before_telling() -> None:
    for edge in edges(before=State.MASTER):
        assert edge.effects.index(Effect.REMOVE_ADDRESSES) < edge.effects.index(Effect.NOTIFY)


def test_addresses_are_touched_only_where_the_master_changes() -> None:
    for state, what, edge in EDGES:
        touched = {Effect.SET_ADDRESSES, Effect.REMOVE_ADDRESSES} & set(edge.effects)
        assert bool(touched) == ((state is State.MASTER) != (edge.target is State.MASTER)), (state, what)


@pytest.mark.parametrize("state", [State.BACKUP, State.FAULT])
def test_every_way_into_a_state_sets_its_timer(state: State) -> None:
    timers = {
        State.BACKUP: {Effect.DOWN_TIMER, Effect.SKEW_TIMER, Effect.NO_WAIT_TIMER},
        State.FAULT: {Effect.NO_TIMER},
    }[state]
    for edge in edges(after=state):
        assert len(timers & set(edge.effects)) == 1


def test_every_change_of_state_is_told_but_the_owners_first_moment_as_backup_and_a_fault_before_any() -> None:
    silent = [
        (state, what)
        for state, what, edge in EDGES
        if state is not edge.target and Effect.NOTIFY not in edge.effects
    ]
    # Who waits for a script as keepalived does is in FAULT already, and has told nobody.
    assert silent == [(State.INIT, Input.START_OWNER), (State.INIT, Input.GROUP_FAULT)]
