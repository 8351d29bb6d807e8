"""SIGUSR1 and `-d`: the configuration and what runs, in the words of keepalived's dump files.

Only what we have is there: no sockets, kernel interfaces and build options. What is of the moment
and not of the configuration is left out when the dump goes to the log.
"""

import time
from collections.abc import Iterable, Iterator

from keepalived_py.daemon.dump_instance import address_line, instance_lines
from keepalived_py.daemon.dump_values import (
    Accounts,
    notify_lines,
    seconds,
    tracked_lines,
    weight,
    words,
    yes,
)
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import Fifo, GlobalDefinitions
from keepalived_py.model.tracking import ParameterMatch, Tracked
from keepalived_py.model.units import SECOND, format_seconds
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.scripts import Run, Script

FILE_NAME = "keepalived.data"
PARENT_FILE_NAME = "keepalived_parent.data"

_RUNS = {
    Run.IDLE: "idle",
    Run.RUNNING: "running",
    Run.TERMINATING: "requested termination",
    Run.KILLING: "forcing termination",
}


def global_lines(definitions: GlobalDefinitions) -> Iterator[str]:
    """The section "Global definitions", which is all that the parent has to tell."""
    it = definitions
    accounts = Accounts(it.script_account)
    yield "------< Global definitions >------"
    yield f" Network namespace = {it.net_namespace or '(default)'}"
    if it.instance:
        yield f" Instance name = {it.instance}"
    if it.router_id:
        yield f" Router ID = {it.router_id}"
    if it.mail.server:
        yield f" Smtp server = {it.mail.server}"
        yield f" Smtp server port = {it.mail.port}"
    if it.mail.helo_name:
        yield f" Smtp HELO name = {it.mail.helo_name}"
    if it.mail.server:
        yield f" Smtp server connection timeout = {it.mail.connect_timeout_us // SECOND}"
    if it.mail.sender:
        yield f" Email notification from = {it.mail.sender}"
        yield " Email notification to:"
        yield from (f"   {recipient}" for recipient in it.mail.recipients)
    yield f" Default smtp_alert = {'unset' if it.smtp_alert is None else 'on' if it.smtp_alert else 'off'}"
    yield f" Dynamic interfaces = {yes(it.dynamic_interfaces)}"
    yield f" Default interface = {it.default_interface}"
    yield from _fifo_lines(it.notify_fifo, "Global", accounts)
    yield from _fifo_lines(it.vrrp_notify_fifo, "VRRP", accounts)
    yield f" Gratuitous ARP interval = {it.garp_interval_us / SECOND:f}"
    yield f" Gratuitous NA interval = {it.gna_interval_us / SECOND:f}"
    yield f" VRRP process priority = {it.vrrp_process.nice}"
    yield f" VRRP don't swap = {yes(it.vrrp_process.no_swap)}"
    yield f" VRRP realtime priority = {it.vrrp_process.realtime_priority}"
    yield f" Script security {'enabled' if it.script_security else 'disabled'}"
    yield f" Default script uid:gid {accounts.of(None)}"
    if it.umask is not None:
        yield f" umask = 0{it.umask:o}"
    if it.startup_delay_us:
        yield f" vrrp_startup_delay = {format_seconds(it.startup_delay_us)}"
    if it.log_unknown_vrids:
        yield " log_unknown_vrids"


def data_lines(engine: Engine, *, transient: bool) -> Iterator[str]:
    """The whole dump of the VRRP process."""
    configuration = engine.configuration
    accounts = Accounts(configuration.definitions.script_account)
    yield from global_lines(configuration.definitions)
    # Times inside are of the monotonic clock, people want those on the wall.
    wall_offset_us = (time.time_ns() - time.monotonic_ns()) // 1000 if transient else None
    sections: tuple[tuple[str, Iterable[Iterable[str]]], ...] = (
        ("Static Addresses", ([address_line(it, None, transient)] for it in configuration.static_addresses)),
        (
            "VRRP Topology",
            (instance_lines(it, accounts, wall_offset_us) for it in engine.instances.values()),
        ),
        ("VRRP Sync groups", (_group_lines(it, accounts) for it in engine.groups.values())),
        ("VRRP Scripts", (_script_lines(it, configuration, accounts) for it in engine.scripts.values())),
        (
            "VRRP Track processes",
            (_process_lines(it, configuration, transient) for it in engine.processes.values()),
        ),
    )
    for title, entries in sections:
        lines = [line for entry in entries for line in entry]
        if lines:
            yield f"------< {title} >------"
            yield from lines


def _fifo_lines(fifo: Fifo, kind: str, accounts: Accounts) -> Iterator[str]:
    if fifo.path is None:
        return
    yield f" {kind} notify fifo = {fifo.path}, uid:gid {accounts.of(fifo.owner)}"
    if fifo.reader:
        command = accounts.command(fifo.reader, fifo.path)
        yield f" {kind} notify fifo script = {command}"


def _group_lines(group: Group, accounts: Accounts) -> Iterator[str]:
    config = group.config
    yield f" VRRP Sync Group = {group.name}, {group.state.name}"
    faults = sum(bool(member.faults) for member in group.members)
    awaited = sum(bool(member.awaited) for member in group.members)
    yield f"   Num member fault {faults}, num member init {awaited}"
    yield "   VRRP member instances :"
    yield from (f"     {member.name}" for member in group.members)
    if config.tracking_weight:
        yield "   sync group tracking weight set"
    yield f"   Using smtp notification = {yes(bool(config.notify.smtp_alert), 'yes', 'no')}"
    yield from tracked_lines("interfaces", config.track_interfaces, "")
    yield from tracked_lines("scripts", config.track_scripts, "")
    yield from tracked_lines("files", config.track_files, ",")
    yield from tracked_lines("process", config.track_processes, ",")
    yield from notify_lines(config.notify, accounts)


def _script_lines(script: Script, configuration: Configuration, accounts: Accounts) -> Iterator[str]:
    config = script.config
    yield f" VRRP Script = {script.name}"
    yield f"   Command = {words(config.command)}"
    yield f"   Interval = {seconds(config.interval_us)} sec"
    yield f"   Timeout = {seconds(config.timeout_us or 0)} sec"
    yield f"   Weight = {weight(config.weight)}"
    yield f"   Rise = {config.rise}"
    yield f"   Fall = {config.fall}"
    yield f"   Result = {script.score}"
    yield f"   Init state = {'INIT' if script.ok is None else 'unknown'}"
    yield f"   Status = {'GOOD' if script.ok else 'BAD'}"
    yield f"   Script uid:gid = {accounts.of(config.command.account)}"
    yield "   VRRP instances :"
    yield from _users(configuration, "track_scripts", script.name)
    yield f"   State = {_RUNS[script.run]}"


def _process_lines(process: Process, configuration: Configuration, transient: bool) -> Iterator[str]:
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
    yield f"   Have quorum = {yes(process.has_quorum)}"
    yield f"   Weight = {weight(config.weight)}"
    yield f"   Terminate delay = {config.terminate_delay_us / SECOND:f}s"
    yield f"   Fork delay = {config.fork_delay_us / SECOND:f}s"
    yield f"   Full command = {yes(config.full_command)}"
    yield from _users(configuration, "track_processes", process.name)


def _users(configuration: Configuration, kind: str, name: str) -> Iterator[str]:
    """The instances that track something, themselves or through their group."""
    yield "   Tracking instances :"
    for router in configuration.routers.values():
        owners = [router, *(group for group in configuration.groups.values() if router.name in group.members)]
        entries: list[Tracked] = [it for owner in owners for it in getattr(owner, kind) if it.name == name]
        yield from (f"     {router.name}, weight {weight(it.weight)}" for it in entries)
