"""A test of the tests: engines with one small mistake each, and the invariant that notices."""

from dataclasses import replace

import pytest

from keepalived_py.model.units import Microseconds
from keepalived_py.simulate.replay import replay
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    AddRoutes,
    Announce,
    RemoveAddresses,
    RemoveRules,
)
from keepalived_py.vrrp.engine import EARLY_MAX_US, Engine
from keepalived_py.vrrp.events import AdvertReceived, Event, FileRead, LinkChanged, ProcessesCounted
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.machine import Input
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.turn import Turn

SEEDS = range(150)


class ForgetsAnAddress(Engine):
    """One of several addresses stays where a master yields to a better one."""

    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        return [
            replace(action, addresses=action.addresses[1:])
            if isinstance(action, RemoveAddresses) and isinstance(event, AdvertReceived)
            else action
            for action in super().handle(event, now_us)
        ]


class SetsTooFewAddresses(Engine):
    """A new master does not set the excluded addresses."""

    def expire(self, now_us: Microseconds) -> list[Action]:
        return [
            action
            for action in super().expire(now_us)
            if not (
                isinstance(action, AddAddresses)
                and action.addresses == self.instances[action.instance].config.excluded_addresses
            )
        ]


class IgnoresAdverts(Engine):
    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        return [] if isinstance(event, AdvertReceived) else super().handle(event, now_us)


class MasterIgnoresAdverts(Engine):
    """A master never yields."""

    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        if isinstance(event, AdvertReceived) and self.instances[event.instance].state is State.MASTER:
            return []
        return super().handle(event, now_us)


class MissesThatALinkReturned(Engine):
    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        if isinstance(event, LinkChanged) and event.up and self.started:
            return []
        return super().handle(event, now_us)


class MissesThatProcessesEnded(Engine):
    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        if isinstance(event, ProcessesCounted) and not event.count and self.started:
            return []
        return super().handle(event, now_us)


class ReadsFilesOnlyAtTheStart(Engine):
    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        return [] if isinstance(event, FileRead) and self.started else super().handle(event, now_us)


class DoesNotWaitAtTheStart(Engine):
    def start(self, now_us: Microseconds) -> list[Action]:
        definitions = replace(self.configuration.definitions, startup_delay_us=0)
        self.configuration = replace(self.configuration, definitions=definitions)
        return super().start(now_us)


class LeavesTheGroupBehind(Engine):
    """A member of a sync group becomes master alone."""

    def change(self, turn: Turn, instance: Instance, what: Input, reason: str) -> None:
        if what is Input.TIMEOUT:
            self.follow(turn, instance, what, reason)
        else:
            super().change(turn, instance, what, reason)


class LeavesWhatAnEarlierRunLeft(Engine):
    def start(self, now_us: Microseconds) -> list[Action]:
        return [action for action in super().start(now_us) if not isinstance(action, RemoveAddresses)]


class StopsWithoutCleaningUp(Engine):
    def stop(self, now_us: Microseconds, release: bool = True) -> list[Action]:
        return [action for action in super().stop(now_us) if not isinstance(action, RemoveAddresses)]


class AnnouncesNothing(Engine):
    def expire(self, now_us: Microseconds) -> list[Action]:
        return [action for action in super().expire(now_us) if not isinstance(action, Announce)]


class IsAlwaysDue(Engine):
    """Asks to be called for what it has just done."""

    def expire(self, now_us: Microseconds) -> list[Action]:
        actions = super().expire(now_us)
        self.last_us = now_us
        return actions

    def next_deadline(self) -> Microseconds | None:
        return getattr(self, "last_us", super().next_deadline())


class IsLate(Engine):
    """Every timer expires later than an advert may be early."""

    def next_deadline(self) -> Microseconds | None:
        deadline_us = super().next_deadline()
        return None if deadline_us is None else deadline_us + EARLY_MAX_US + 1


class ForgetsTheRules(Engine):
    """A master that yields keeps its policy rules."""

    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        return [action for action in super().handle(event, now_us) if not isinstance(action, RemoveRules)]


class SetsNoRoutes(Engine):
    def expire(self, now_us: Microseconds) -> list[Action]:
        return [action for action in super().expire(now_us) if not isinstance(action, AddRoutes)]


NOTICED_BY: dict[type[Engine], str] = {
    ForgetsAnAddress: "addresses_are_with_the_master",
    SetsTooFewAddresses: "addresses_are_with_the_master",
    IgnoresAdverts: "there_is_one_master",
    MasterIgnoresAdverts: "there_is_one_master",
    MissesThatALinkReturned: "the_unfit_do_not_serve",
    MissesThatProcessesEnded: "the_unfit_do_not_serve",
    ReadsFilesOnlyAtTheStart: "priorities_follow_the_trackers",
    DoesNotWaitAtTheStart: "nobody_is_early",
    LeavesTheGroupBehind: "groups_serve_as_a_whole",
    LeavesWhatAnEarlierRunLeft: "addresses_are_with_the_master",
    StopsWithoutCleaningUp: "nothing_is_left_behind",
    AnnouncesNothing: "addresses_were_announced",
    ForgetsTheRules: "routing_is_with_the_master",
    SetsNoRoutes: "routing_is_with_the_master",
    IsAlwaysDue: "engines_ask_for_what_makes_sense",
    IsLate: "masters_are_never_silent",
}


@pytest.mark.parametrize(
    ("engine_type", "invariant"),
    NOTICED_BY.items(),
    ids=[engine_type.__name__ for engine_type in NOTICED_BY],
)
def test_a_planted_bug_is_found(engine_type: type[Engine], invariant: str) -> None:
    found = (violation.invariant for seed in SEEDS for violation in replay(seed, engine_type).violations)
    assert invariant in found
