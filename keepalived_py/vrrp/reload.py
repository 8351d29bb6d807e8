"""Exchanging the configuration of a running engine (keepalived's SIGHUP)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import TrackScript
from keepalived_py.vrrp import reasons
from keepalived_py.vrrp.actions import AddAddresses, Notify, RemoveAddresses, Subject
from keepalived_py.vrrp.beginning import begin
from keepalived_py.vrrp.effects import enter, remove_addresses, send_zero
from keepalived_py.vrrp.firewall import drop_new_packets, drop_no_old_packets
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.routing import add_new_routing, exchange, remove_old_routing
from keepalived_py.vrrp.scripts import Script, tracked_scripts
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.tracking import Facts
from keepalived_py.vrrp.turn import Timer, Turn

if TYPE_CHECKING:
    from keepalived_py.vrrp.engine import Engine


def identity(router: VirtualRouter, facts: Facts) -> Hashable:
    """What makes a virtual router the same one before and after: not its name."""
    where: Hashable = facts.source_of(router)
    if not router.unicast:
        where = router.multicast_group, router.vmac is not None, router.use_vmac_addr
    return router.vrid, router.family, router.interface, router.unicast, where


def reload(engine: Engine, turn: Turn, configuration: Configuration) -> None:
    """Give the engine another configuration.

    Instances that are in both keep their state, timers and counts; a master only loses and gains the
    addresses that differ. Scripts whose command is the same keep their results.
    """
    old_groups = engine.groups
    running = {identity(instance.config, engine.facts): instance for instance in engine.instances.values()}
    wanted = {identity(router, engine.facts) for router in configuration.routers.values()}
    for key, instance in running.items():
        if key not in wanted:
            _retire(engine, turn, instance)

    scripts = _scripts(engine, turn, configuration)
    instances: dict[str, Instance] = {}
    kept: list[tuple[Instance, VirtualRouter]] = []
    for name, router in configuration.routers.items():
        known = running.get(identity(router, engine.facts))
        instances[name] = known or Instance(router)
        if known:
            kept.append((known, known.config))
    timers = {instance.name: _take_timers(turn, instance.name) for instance, _ in kept}
    for name, instance in instances.items():
        old_name, instance.config = instance.name, configuration.routers[name]
        for timer, due_us in timers.get(old_name, {}).items():
            turn.deadlines.set((timer, name), due_us)

    before_us = engine.configuration.definitions.startup_delay_us
    engine.adopt(configuration, instances, scripts)
    if engine.delay.change(turn, before_us, configuration.definitions.startup_delay_us):
        for instance, _ in kept:
            if instance.state is State.BACKUP:
                turn.wait(instance.name, instance.master_down_interval_us)
    for instance, before in kept:
        if instance.config != before:
            _amend(engine, turn, instance, before)
        if instance.state is State.MASTER:
            added = bool(_without(instance.config.all_addresses, before.all_addresses))
            engine.announcer.reloaded(turn, instance, added=added)
    kept_instances = {id(instance) for instance, _ in kept}
    new = [instance for instance in instances.values() if id(instance) not in kept_instances]
    for instance in new:
        remove_addresses(engine.scene(turn, instance))
    begin(engine, turn, new, _groups_to_begin(engine, old_groups))
    engine.judge_all(turn, reasons.RELOAD)
    for instance, _ in kept:
        if instance.state is State.FAULT and instance.is_healthy:  # as its sync group was before
            engine.recover(turn, instance, reasons.RELOAD)
    for name, script in scripts.items():
        if turn.deadlines.get((Timer.RUN_SCRIPT, name)) is None:
            script.start(turn)
    if configuration.definitions.fifo_write_vrrp_states_on_reload:
        _tell_again(engine, turn)


def _retire(engine: Engine, turn: Turn, instance: Instance) -> None:
    """An instance is no longer configured; without `notify_deleted` it is reported as FAULT."""
    scene = engine.scene(turn, instance)
    if instance.state is State.MASTER:
        send_zero(scene)
        remove_addresses(scene)
    _take_timers(turn, instance.name)
    reports_deleted = instance.config.notify.report_deleted
    if reports_deleted or instance.state is not State.FAULT:
        state = State.DELETED if reports_deleted else State.FAULT
        turn.do(Notify(Subject.INSTANCE, instance.name, state, instance.effective_priority))
    enter(turn, instance, State.DELETED, reasons.RETIRED)


def _scripts(engine: Engine, turn: Turn, configuration: Configuration) -> dict[str, Script]:
    scripts: dict[str, Script] = {}
    for name in tracked_scripts(configuration):
        config, script = configuration.scripts[name], engine.scripts.get(name)
        if script is None:
            scripts[name] = Script(config)
            continue
        if script.config.command != config.command:
            script.abandon(turn)
            script = Script(config, run=script.run, discard=script.discard)
            turn.cancel(Timer.RUN_SCRIPT, name)
        elif script.config.interval_us != config.interval_us:
            turn.cancel(Timer.RUN_SCRIPT, name)
        if script.ok is not None:
            script.score = _carried_score(script, config)
            turn.log(f"VRRP_Script({name}) considered {'' if script.ok else 'un'}successful on reload")
        script.config = config
        scripts[name] = script
    for name, script in engine.scripts.items():
        if name not in scripts:
            script.abandon(turn)
            turn.cancel(Timer.RUN_SCRIPT, name)
            turn.cancel(Timer.SCRIPT_TIMEOUT, name)
    return scripts


def _carried_score(script: Script, config: TrackScript) -> int:
    """The score under another `rise` and `fall`: as far from the change to come, or from the best or
    worst, as it was."""
    before = script.config
    best = config.rise + config.fall - 1
    if script.score == before.rise + before.fall - 1:
        return best
    if script.score >= before.rise:
        return min(config.rise + script.score - before.rise, best)
    return max(config.rise - before.rise + script.score, 0) if script.score else 0


def _amend(engine: Engine, turn: Turn, instance: Instance, before: VirtualRouter) -> None:
    """Bring an instance that goes on from its old configuration to its new one."""
    config = instance.config
    priority = engine.trackers.judge(instance, engine.group_of(instance)).priority
    if priority != instance.effective_priority:
        # Only what trackers make of the new priority is a change that is told.
        instance.effective_priority = config.priority
    instance.master_advert_interval_us = config.advert_interval_us
    if config.unicast_checksum is not before.unicast_checksum:
        instance.unicast_checksum = config.unicast_checksum
    if instance.state is State.BACKUP:
        turn.wait(instance.name, instance.master_down_interval_us)
    if instance.state is not State.MASTER:
        return
    routing = exchange(
        (before.virtual_routes, before.virtual_rules), (config.virtual_routes, config.virtual_rules)
    )
    remove_old_routing(turn, instance.name, routing)
    drop_new_packets(turn, before, config)
    for old, new in (
        (before.virtual_addresses, config.virtual_addresses),
        (before.excluded_addresses, config.excluded_addresses),
    ):
        if gone := _without(old, config.all_addresses):
            turn.do(RemoveAddresses(instance.name, before.interface, gone))
        if added := _without(new, before.all_addresses):
            turn.do(AddAddresses(instance.name, config.interface, added))
    drop_no_old_packets(turn, before, config)
    add_new_routing(turn, config, routing)
    turn.in_time(Timer.STATE, instance.name, 0)  # the others learn of the change at once


def _without(addresses: Iterable[IpAddress], others: tuple[IpAddress, ...]) -> tuple[IpAddress, ...]:
    return tuple(address for address in addresses if address not in others)


def _take_timers(turn: Turn, name: str) -> dict[Timer, int]:
    """Take out the timers of an instance, which a new name may need to get back."""
    taken: dict[Timer, int] = {}
    for timer in (
        Timer.STATE,
        Timer.RIVAL,
        Timer.DELAYED_ARP,
        Timer.REFRESH_ARP,
        Timer.EXTRA_ARP,
        Timer.LOWER_PRIORITY_ARP,
    ):
        due_us = turn.deadlines.get((timer, name))
        if due_us is not None:
            taken[timer] = due_us
            turn.cancel(timer, name)
    return taken


def _tell_again(engine: Engine, turn: Turn) -> None:
    """Tell FIFOs of states that are as they were; keepalived does not of instances that are master."""
    told = {(it.subject, it.name) for it in turn.actions if isinstance(it, Notify)}
    states = [(Subject.GROUP, it.name, it.state, 0) for it in engine.groups.values()]
    states += [
        (Subject.INSTANCE, it.name, it.state, it.effective_priority)
        for it in engine.instances.values()
        if it.state is not State.MASTER
    ]
    for subject, name, state, priority in states:
        if (subject, name) not in told and state is not State.INIT:
            turn.do(Notify(subject, name, state, priority, again=True))


def _groups_to_begin(engine: Engine, old_groups: dict[str, Group]) -> list[Group]:
    """Groups keep their state while their members are the same, or else have that of their members."""
    to_begin: list[Group] = []
    for name, group in engine.groups.items():
        old = old_groups.get(name)
        states = {member.state for member in group.members}
        if old is not None and set(old.members) == set(group.members):
            group.state = old.state
        elif states == {State.MASTER}:
            group.state = State.MASTER
        else:
            to_begin.append(group)
    return to_begin
