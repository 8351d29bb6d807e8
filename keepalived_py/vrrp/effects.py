"""What each effect of the state machine does to an instance, and which actions it asks for."""

from collections.abc import Callable
from typing import NamedTuple

from keepalived_py.model.router import AuthType
from keepalived_py.vrrp import rivalry
from keepalived_py.vrrp.actions import (
    AddAddresses,
    Notify,
    NotifyEvent,
    RemoveAddresses,
    SendAdvert,
    Subject,
    Transition,
    VrrpEvent,
)
from keepalived_py.vrrp.announcements import Announcer
from keepalived_py.vrrp.firewall import drop_no_packets, drop_packets
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance, Wait
from keepalived_py.vrrp.machine import TABLE, Effect, Input
from keepalived_py.vrrp.remark import Remark
from keepalived_py.vrrp.routing import remove_routing, set_routing
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.turn import Timer, Turn


class Scene(NamedTuple):
    """An instance, with what its effects need of the rest of the engine."""

    turn: Turn
    instance: Instance
    group: Group | None
    announcer: Announcer


def follow_edge(scene: Scene, what: Input, reason: str) -> bool:
    """Take the edge of the table for `what`; whether the state has changed by it."""
    instance, turn = scene.instance, scene.turn
    before = instance.state
    edge = TABLE[before][what]
    changed = edge.target is not before
    if changed:
        instance.remarked = Remark.NONE
        instance.settled = None
        instance.last_transition_us = turn.now_us
        enter(turn, instance, edge.target, reason)
        if before is State.MASTER:
            instance.counters.released_master += 1
            rivalry.leave(turn, instance)
        elif edge.target is State.MASTER:
            instance.counters.became_master += 1
    for effect in edge.effects:
        EFFECTS[effect](scene)
    return changed


def enter(turn: Turn, instance: Instance, state: State, reason: str) -> None:
    """Have an instance be in another state."""
    turn.do(Transition(instance.name, instance.state, state, reason, instance.effective_priority))
    instance.state = state


def send_advert(scene: Scene, priority: int | None = None) -> None:
    """Send an advert of the effective priority, or of another."""
    instance = scene.instance
    if instance.source_address is None:
        return
    if priority is None:
        priority = instance.effective_priority
    instance.counters.adverts_sent += 1
    instance.last_advert_us = scene.turn.now_us
    ah_sequence = instance.ah.next() if instance.config.auth_type is AuthType.AH else None
    old_checksum = instance.unicast_checksum.is_old
    scene.turn.do(SendAdvert(instance.name, priority, instance.source_address, ah_sequence, old_checksum))


def set_addresses(scene: Scene) -> None:
    """Put the addresses of an instance on their interfaces; then its routes and rules."""
    config = scene.instance.config
    drop_packets(scene.turn, config)
    for kind, addresses in (("VIPs", config.virtual_addresses), ("E-VIPs", config.excluded_addresses)):
        if addresses:
            scene.turn.log_detail(f"({config.name}) setting {kind}.")
            scene.turn.do(AddAddresses(config.name, config.interface, addresses))
    scene.instance.addresses_set = True
    set_routing(scene.turn, config)


def remove_addresses(scene: Scene) -> None:
    """Remove the rules and routes of an instance, take its addresses off their interfaces, and no longer
    announce them."""
    config = scene.instance.config
    remove_routing(scene.turn, config)
    scene.announcer.withdraw(scene.turn, scene.instance)
    for kind, addresses in (("VIPs", config.virtual_addresses), ("E-VIPs", config.excluded_addresses)):
        if addresses:
            scene.turn.log_detail(f"({config.name}) removing {kind}.")
            scene.turn.do(RemoveAddresses(config.name, config.interface, addresses))
    drop_no_packets(scene.turn, config)
    scene.instance.addresses_set = False


def notify(scene: Scene) -> None:
    """Tell of the state; a member that arrives where its group already is says nothing."""
    instance, group = scene.instance, scene.group
    if instance.has_notified and group is not None and instance.state is group.state:
        return
    instance.has_notified = True
    scene.turn.do(Notify(Subject.INSTANCE, instance.name, instance.state, instance.effective_priority))


def send_zero(scene: Scene) -> None:
    """Tell the others that we stop, so that they need not wait for our silence."""
    send_advert(scene, 0)
    scene.instance.counters.priority_zero_sent += 1
    scene.turn.log_detail(f"({scene.instance.name}) sent 0 priority")


def _begin_sequence(scene: Scene) -> None:
    scene.instance.ah.become_master()


def _log_state(scene: Scene) -> None:
    scene.turn.log(f"({scene.instance.name}) Entering {scene.instance.state.name} STATE")


def _log_initial_state(scene: Scene) -> None:
    scene.turn.log(f"({scene.instance.name}) Entering {scene.instance.state.name} STATE (init)")


def _send_zero_quietly(scene: Scene) -> None:
    source = scene.instance.source_address
    if source is not None and not source.is_unspecified:
        send_advert(scene, 0)


def _watch_rival(scene: Scene) -> None:
    rivalry.advert_sent(scene.turn, scene.instance)


def _announce(scene: Scene) -> None:
    scene.announcer.take_over(scene.turn, scene.instance)


def _announce_source(scene: Scene) -> None:
    if scene.instance.config.unicast and not scene.turn.earliest_us:
        scene.announcer.announce_source(scene.turn, scene.instance)


def _answer_lower(scene: Scene) -> None:
    instance, turn = scene.instance, scene.turn
    if not instance.config.lower_prio_no_advert:
        send_advert(scene)
        _advert_timer(scene)
    scene.announcer.lower_priority_heard(turn, instance)
    for other in scene.group.others(instance) if scene.group else ():
        scene.announcer.lower_priority_heard(turn, other)
    turn.do(NotifyEvent(instance.name, VrrpEvent.MASTER_RX_LOWER_PRI, instance.effective_priority))


def _forget_master(scene: Scene) -> None:
    instance = scene.instance
    own_us = instance.config.advert_interval_us
    if instance.master_advert_interval_us != own_us:
        scene.turn.log_detail(
            f"({instance.name}) changing advert interval from "
            f"{instance.master_advert_interval_us // 1000}ms to locally configured {own_us // 1000}ms"
        )
    instance.master_advert_interval_us = own_us
    instance.preempt_at_us = None
    instance.follows_master = False


def _advert_timer(scene: Scene) -> None:
    """The next advert keeps the rhythm of those before, unless this one is more than a beat late."""
    turn, interval_us = scene.turn, scene.instance.config.advert_interval_us
    last_us = turn.now_us if turn.due_us is None else turn.due_us
    if last_us + interval_us <= turn.now_us:
        last_us = turn.now_us
    turn.deadlines.set((Timer.STATE, scene.instance.name), last_us + interval_us)


def _down_timer(scene: Scene) -> None:
    scene.instance.wait = Wait.MASTER_DOWN
    scene.turn.wait(scene.instance.name, scene.instance.master_down_interval_us)


def _skew_timer(scene: Scene) -> None:
    scene.instance.wait = Wait.SKEW
    scene.turn.wait(scene.instance.name, scene.instance.skew_us)


def _no_wait_timer(scene: Scene) -> None:
    scene.instance.wait = Wait.NOTHING
    scene.turn.wait(scene.instance.name, 1)


def _no_timer(scene: Scene) -> None:
    scene.turn.cancel(Timer.STATE, scene.instance.name)


EFFECTS: dict[Effect, Callable[[Scene], None]] = {
    Effect.BEGIN_SEQUENCE: _begin_sequence,
    Effect.LOG_STATE: _log_state,
    Effect.LOG_INITIAL_STATE: _log_initial_state,
    Effect.SEND_ADVERT: send_advert,
    Effect.SEND_ZERO: send_zero,
    Effect.SEND_ZERO_QUIETLY: _send_zero_quietly,
    Effect.WATCH_RIVAL: _watch_rival,
    Effect.SET_ADDRESSES: set_addresses,
    Effect.REMOVE_ADDRESSES: remove_addresses,
    Effect.ANNOUNCE: _announce,
    Effect.ANNOUNCE_SOURCE: _announce_source,
    Effect.ANSWER_LOWER: _answer_lower,
    Effect.NOTIFY: notify,
    Effect.FORGET_MASTER: _forget_master,
    Effect.ADVERT_TIMER: _advert_timer,
    Effect.DOWN_TIMER: _down_timer,
    Effect.SKEW_TIMER: _skew_timer,
    Effect.NO_WAIT_TIMER: _no_wait_timer,
    Effect.NO_TIMER: _no_timer,
}
