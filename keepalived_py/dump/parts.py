"""`-t -d`: what each process would tell of a configuration before it starts, one after the other."""

from collections.abc import Iterator

from keepalived_py.dump.bfd import bfd_lines
from keepalived_py.dump.checker import checker_lines
from keepalived_py.dump.globals import global_lines
from keepalived_py.dump.machine import Machine
from keepalived_py.dump.view import View
from keepalived_py.dump.vrrp import data_lines
from keepalived_py.model.checker import MiscCheck
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.process import Process
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.vmac import place_vmacs


def part_lines(configuration: Configuration, machine: Machine, process: Process) -> Iterator[str]:
    """The part of one process; the parent has none."""
    yield f"=====[ {process.name} ]====="
    commands = [*_parent_commands(configuration.definitions), *_checker_commands(configuration)]
    if process is not Process.CHECKER:
        commands += _vrrp_commands(configuration)
    view = View(
        machine,
        script_account=configuration.definitions.script_account,
        defaulted=process is not Process.CHECKER,
        shows_script_user=any(command.account is None for command in commands),
    )
    if process is Process.VRRP:
        yield from data_lines(Engine(place_vmacs(configuration)), view)
        return
    yield from global_lines(configuration, process, view)
    yield from checker_lines(configuration, view) if process is Process.CHECKER else bfd_lines(configuration)


def _parent_commands(it: GlobalDefinitions) -> Iterator[Command]:
    yield from (
        fifo.reader for fifo in (it.notify_fifo, it.vrrp_notify_fifo, it.lvs_notify_fifo) if fifo.reader
    )
    yield from (script.command for script in (it.startup_script, it.shutdown_script) if script)


def _checker_commands(configuration: Configuration) -> Iterator[Command]:
    for server in configuration.virtual_servers:
        yield from filter(None, (server.quorum_up, server.quorum_down))
        for real in server.real_servers:
            yield from filter(None, (real.notify_up, real.notify_down))
            yield from (it.command for it in real.checkers if isinstance(it, MiscCheck))


def _vrrp_commands(configuration: Configuration) -> Iterator[Command]:
    yield from (script.command for script in configuration.scripts.values())
    routers, groups = configuration.routers.values(), configuration.groups.values()
    for notify in (*(router.notify for router in routers), *(group.notify for group in groups)):
        yield from notify.commands
