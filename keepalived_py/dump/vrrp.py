"""The dump of the VRRP process: the file of SIGUSR1, and what `-d` logs at the start."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keepalived_py.dump.globals import global_lines
from keepalived_py.dump.instance import instance_lines
from keepalived_py.dump.interfaces import garp_group_lines, interface_lines
from keepalived_py.dump.tracking import (
    bfd_lines,
    file_lines,
    group_lines,
    process_lines,
    script_lines,
    static_group_lines,
)
from keepalived_py.dump.view import Moment, View
from keepalived_py.model.address_text import address_line
from keepalived_py.model.process import Process
from keepalived_py.model.reading import UnfinishedRouter
from keepalived_py.model.route_text import rule_line
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.scripts import Script
from keepalived_py.vrrp.state import State


def data_lines(engine: Engine, view: View) -> Iterator[str]:
    """All that the process knows. Scripts that nothing tracks are forgotten at the start."""
    configuration = engine.configuration
    yield from global_lines(configuration, Process.VRRP, view)
    scripts = engine.scripts
    if view.moment is Moment.BEFORE_START:
        scripts = {name: scripts.get(name) or Script(it) for name, it in configuration.scripts.items()}
    default_device = configuration.definitions.default_interface
    statics = configuration.static_addresses
    instances, groups, trackers = engine.instances, [*engine.groups.values()], configuration
    unfinished: list[Instance] = []
    if given_up := view.reading.given_up:
        unfinished = [_unfinished(it) for it in given_up.unfinished]
        known = instances | {it.name: it for it in unfinished}
        groups = [Group(it, tuple(known[name] for name in it.members)) for it in given_up.groups]
        for group in groups:
            for member in group.members:
                member.group = group.name
        tracking = {name: it for name, it in configuration.routers.items() if name != given_up.untracked}
        trackers = replace(configuration, routers=tracking)
    yield from garp_group_lines(configuration, view)
    sections: tuple[tuple[str, Iterable[Iterable[str]]], ...] = (
        (
            "Static Addresses",
            ([f"     {address_line(it, it.device or default_device, view.are_set)}"] for it in statics),
        ),
        ("Static Routes", ([f"     {view.route(it)}"] for it in configuration.static_routes)),
        ("Static Rules", ([f"     {rule_line(it)}"] for it in configuration.static_rules)),
        ("Static Track groups", map(static_group_lines, configuration.static_track_groups.values())),
        (
            "VRRP Topology",
            (
                *(instance_lines(it, engine, view) for it in instances.values()),
                *(instance_lines(it, engine, view, is_placed=False) for it in unfinished),
            ),
        ),
        ("VRRP Sync groups", (group_lines(it, view) for it in groups)),
        ("VRRP Scripts", (script_lines(it, trackers, view) for it in scripts.values())),
        (
            "VRRP Track files",
            (
                file_lines(it, engine.facts.files.get(it.name), trackers, view)
                for it in configuration.files.values()
            ),
        ),
        (
            "VRRP Track processes",
            (process_lines(it, engine, trackers, view) for it in engine.processes.values()),
        ),
        ("VRRP Track BFDs", (bfd_lines(it, trackers) for it in configuration.tracked_bfds.values())),
        ("Interfaces", interface_lines(configuration, view)),
    )
    for title, entries in sections:
        lines = [line for entry in entries for line in entry]
        if lines:
            yield f"------< {title} >------"
            yield from lines


def _unfinished(router: UnfinishedRouter) -> Instance:
    """An instance that was not set up, as if it ran."""
    instance = Instance(router.config)
    instance.effective_priority = 0
    instance.wanted = State[router.wanted.name] if router.wanted else State.INIT
    return instance
