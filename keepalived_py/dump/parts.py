"""`-t -d`: what each process would tell of a configuration before it starts, one after the other."""

from collections.abc import Iterator
from dataclasses import replace

from keepalived_py.dump.bfd import bfd_lines
from keepalived_py.dump.checker import checker_lines
from keepalived_py.dump.globals import global_lines
from keepalived_py.dump.machine import Machine
from keepalived_py.dump.view import View
from keepalived_py.dump.vrrp import data_lines
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.process import Process
from keepalived_py.model.reading import GivenUp, Reading
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.vmac import place_vmacs


def part_lines(
    configuration: Configuration, reading: Reading, machine: Machine, process: Process
) -> Iterator[str]:
    """The part of one process; the parent has none."""
    yield f"=====[ {process.name} ]====="
    given_up, user_from = reading.given_up, reading.script_user_from
    view = View(
        machine,
        script_account=configuration.definitions.script_account,
        defaulted=process is not Process.CHECKER and (given_up is None or given_up.begun),
        shows_script_user=user_from is not None and user_from <= process,
        finds_programs=process is not Process.VRRP or _has_looked_for_programs(configuration, given_up),
        reading=reading,
    )
    if given_up and process is not Process.CHECKER:
        configuration = _as_left(configuration, given_up)
    if process is Process.CHECKER:
        servers = configuration.virtual_servers[: reading.servers_read]
        configuration = replace(configuration, virtual_servers=servers)
    if process is Process.VRRP:
        yield from data_lines(Engine(place_vmacs(configuration).configuration), view)
        return
    yield from global_lines(configuration, process, view)
    yield from checker_lines(configuration, view) if process is Process.CHECKER else bfd_lines(configuration)


def _has_looked_for_programs(configuration: Configuration, given_up: GivenUp | None) -> bool:
    if given_up:
        return given_up.begun
    return bool(configuration.routers)


def _as_left(configuration: Configuration, given_up: GivenUp) -> Configuration:
    """What is set up of a configuration that keepalived gives up: no groups, that is."""
    return replace(
        configuration,
        routers=given_up.finished,
        groups={},
        scripts=given_up.scripts,
        static_track_groups={it.name: it for it in given_up.track_groups},
    )
