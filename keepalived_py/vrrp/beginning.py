"""The first state of instances and sync groups: at the start, and for what a reload adds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from keepalived_py.vrrp import reasons
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.machine import Input
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.tracking import CONFIG_ERROR
from keepalived_py.vrrp.turn import Turn

if TYPE_CHECKING:
    from keepalived_py.vrrp.engine import Engine


def begin(engine: Engine, turn: Turn, instances: Iterable[Instance], groups: Iterable[Group]) -> None:
    """Find the first state of instances and groups that have none yet."""
    instances = list(instances)
    engine.find_sources(instances)
    for instance in instances:
        verdict = engine.judge(turn, instance)
        for line in verdict.fault_lines:
            turn.log(f"({instance.name}){line}")
    for group in groups:
        group.agree()
        if faulty := [member.name for member in group.members if member.faults]:
            turn.log(f"VRRP_Group({group.name}): Syncing {faulty[0]} to FAULT state")
            group.state = State.FAULT
    faulty_instances = [instance for instance in instances if _begins_faulty(engine, instance)]
    for instance in faulty_instances:
        if instance.faults != {CONFIG_ERROR}:
            instance.wanted = State.FAULT
        turn.log(f"({instance.name}) entering FAULT state")
        reason = reasons.faulty(instance, engine.group_of(instance))
        engine.follow(turn, instance, Input.START_FAULT, reason)
    for group in groups:
        if group.state is State.FAULT:
            engine.move_group(turn, group, State.FAULT)
        elif group.is_healthy and not group.is_owner and not group.has_master:
            engine.move_group(turn, group, State.BACKUP)
    for instance in instances:
        if instance not in faulty_instances:
            _begin_instance(engine, turn, instance)


def _begins_faulty(engine: Engine, instance: Instance) -> bool:
    group = engine.group_of(instance)
    return bool(instance.faults) or (group is not None and group.state is State.FAULT)


def _begin_instance(engine: Engine, turn: Turn, instance: Instance) -> None:
    group = engine.group_of(instance)
    if instance.awaited or (group and not group.is_healthy):
        return
    if instance.config.is_owner and instance.wanted is State.MASTER:
        engine.follow(turn, instance, Input.START_OWNER, reasons.OWNER)
    else:
        engine.follow(turn, instance, Input.START, reasons.START)
