"""Sync groups and what is tracked, in a dump."""

from collections.abc import Iterator

from keepalived_py.dump.bfd import tracked_bfd_lines
from keepalived_py.dump.view import Moment, View, notify_lines, quoted, seconds, tracked_lines, weight, yes
from keepalived_py.model.bfd import TrackBfd
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.model.tracking import ParameterMatch, TrackFile, Weight
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.scripts import Run, Script
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.turn import Timer

_RUNS = {
    Run.IDLE: "idle",
    Run.RUNNING: "running",
    Run.TERMINATING: "requested termination",
    Run.KILLING: "forcing termination",
}


def group_lines(group: Group, view: View) -> Iterator[str]:
    config = group.config
    state = _intended(group, view) if view.moment is Moment.BEFORE_START else group.state
    yield f" VRRP Sync Group = {group.name}, {state.name}"
    faults = sum(bool(member.faults) for member in group.members)
    awaited = sum(bool(member.awaited) for member in group.members)
    yield f"   Num member fault {faults}, num member init {awaited}"
    if group.members:
        yield "   VRRP member instances :"
    yield from (f"     {member.name}" for member in group.members)
    if config.tracking_weight:
        yield "   sync group tracking weight set"
    yield f"   Using smtp notification = {yes(config.notify.smtp_alert, 'yes', 'no')}"
    if config.notify_priority_changes is not None:
        yield f"   Notify priority changes = {yes(config.notify_priority_changes, 'yes', 'no')}"
    yield from tracked_lines("interfaces", config.track_interfaces, "")
    yield from tracked_lines("scripts", config.track_scripts, "")
    yield from tracked_lines("files", config.track_files, ",")
    yield from tracked_lines("process", config.track_processes, ",")
    yield from tracked_lines("BFDs", config.track_bfds, ":")
    yield from notify_lines(config.notify, view)


def static_group_lines(group: StaticTrackGroup) -> Iterator[str]:
    yield f" Static Track Group = {group.name}"
    if group.members:
        yield "   VRRP member instances :"
    yield from (f"     {member}" for member in group.members)


def script_lines(script: Script, configuration: Configuration, view: View) -> Iterator[str]:
    config = script.config
    name, path = view.program(config.command)
    yield f" VRRP Script = {script.name}"
    yield f"   Command = {quoted(name, *config.command.arguments[1:])}"
    if path:
        yield f"   Path = {path}"
    yield f"   Interval = {seconds(config.interval_us)} sec"
    yield f"   Timeout = {seconds(config.timeout_us or 0)} sec"
    yield f"   Weight = {weight(config.weight)}"
    yield f"   Rise = {config.rise}"
    yield f"   Fall = {config.fall}"
    yield f"   Result = {script.score}"
    yield "   Insecure = no"
    initial = "unknown" if script.ok is not None else "INIT/FAILED" if config.init_fail else "INIT"
    yield f"   Init state = {initial}"
    yield f"   Status = {'GOOD' if script.ok else 'BAD'}"
    yield f"   Script uid:gid = {view.owner(config.command.account)}"
    yield "   VRRP instances :"
    yield from _user_lines(configuration, "track_scripts", script.name)
    yield f"   State = {_RUNS[script.run]}"


def file_lines(file: TrackFile, value: int | None, configuration: Configuration, view: View) -> Iterator[str]:
    """A tracked file, with the number that is in it, or None before it was read."""
    yield f" Track file = {file.name}"
    yield f"   File = {file.path}"
    yield f"   Status = {0 if view.moment is Moment.BEFORE_START else value or 0}"
    yield f"   Weight = {weight(file.weight)}"
    yield from _user_lines(configuration, "track_files", file.name)


def process_lines(
    process: Process, engine: Engine, configuration: Configuration, view: View
) -> Iterator[str]:
    config = process.config
    yield f" VRRP Track process = {process.name}"
    yield f"   Process = {config.path}"
    if config.parameters is not None:
        yield f"   Parameters = {' '.join(config.parameters)}"
        exact = config.parameter_match is ParameterMatch.EXACT
        yield "   Param match" + ("" if exact else f" = {config.parameter_match.value}")
    yield f"   Min processes = {config.quorum}"
    if config.quorum_max is not None:
        yield f"   Max processes = {config.quorum_max}"
    yield f"   Current processes = {process.count}"
    yield f"   Have quorum = {yes(process.has_quorum and view.moment is not Moment.BEFORE_START)}"
    yield f"   Weight = {weight(config.weight)}"
    yield f"   Terminate delay = {config.terminate_delay_us / SECOND:f}s"
    yield f"   Fork delay = {config.fork_delay_us / SECOND:f}s"
    if view.transient:
        is_deciding = engine.deadlines.get((Timer.PROCESS_QUORUM, process.name)) is not None
        yield f"   Fork delay timer {yes(is_deciding and not process.has_quorum, '', 'not ')}running"
        yield f"   Terminate delay timer {yes(is_deciding and process.has_quorum, '', 'not ')}running"
    yield f"   Full command = {yes(config.full_command)}"
    yield from _user_lines(configuration, "track_processes", process.name)


def bfd_lines(bfd: TrackBfd, configuration: Configuration) -> Iterator[str]:
    yield from tracked_bfd_lines(bfd)
    yield from _user_lines(configuration, "track_bfds", bfd.name)


def _intended(group: Group, view: View) -> State:
    if not group.members:
        return State.INIT
    return State.MASTER if group.name in view.reading.owner_groups else State.BACKUP


def _user_lines(configuration: Configuration, kind: str, name: str) -> Iterator[str]:
    """The instances that track something, themselves or then through their group."""
    weights: dict[str, Weight] = {}
    routers = configuration.routers
    owners: list[tuple[VirtualRouter | SyncGroup, tuple[str, ...]]] = [
        *((router, (router.name,)) for router in routers.values()),
        *((group, group.members) for group in configuration.groups.values()),
    ]
    for owner, members in owners:
        for tracked in getattr(owner, kind):
            if tracked.name == name:
                weights |= {member: tracked.weight for member in members if member not in weights}
    if weights:
        yield "   Tracking instances :"
        yield from (f"     {member}, weight {weight(it)}" for member, it in weights.items())
