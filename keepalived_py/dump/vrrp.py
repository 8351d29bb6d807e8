"""The dump of the VRRP process: the file of SIGUSR1, and what `-d` logs at the start."""

from collections.abc import Iterable, Iterator

from keepalived_py.dump.addresses import address_line
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
from keepalived_py.dump.view import View
from keepalived_py.model.process import Process
from keepalived_py.model.route_text import route_line, rule_line
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.scripts import Script


def data_lines(engine: Engine, view: View) -> Iterator[str]:
    """All that the process knows. Scripts that nothing tracks do not run, and stand as before the start."""
    configuration = engine.configuration
    yield from global_lines(configuration, Process.VRRP, view)
    scripts = (engine.scripts.get(name) or Script(it) for name, it in configuration.scripts.items())
    default_device = configuration.definitions.default_interface
    statics = configuration.static_addresses
    if configuration.interfaces:
        yield from garp_group_lines(configuration, view)
    sections: tuple[tuple[str, Iterable[Iterable[str]]], ...] = (
        (
            "Static Addresses",
            ([address_line(it, it.device or default_device, view.are_set)] for it in statics),
        ),
        ("Static Routes", ([f"     {route_line(it)}"] for it in configuration.static_routes)),
        ("Static Rules", ([f"     {rule_line(it)}"] for it in configuration.static_rules)),
        ("Static Track groups", map(static_group_lines, configuration.static_track_groups.values())),
        ("VRRP Topology", (instance_lines(it, view) for it in engine.instances.values())),
        ("VRRP Sync groups", (group_lines(it, view) for it in engine.groups.values())),
        ("VRRP Scripts", (script_lines(it, configuration, view) for it in scripts)),
        ("VRRP Track files", (file_lines(it, configuration) for it in configuration.files.values())),
        (
            "VRRP Track processes",
            (process_lines(it, configuration, view) for it in engine.processes.values()),
        ),
        ("VRRP Track BFDs", (bfd_lines(it, configuration) for it in configuration.tracked_bfds.values())),
        ("Interfaces", interface_lines(configuration, view)),
    )
    for title, entries in sections:
        lines = [line for entry in entries for line in entry]
        if lines:
            yield f"------< {title} >------"
            yield from lines
