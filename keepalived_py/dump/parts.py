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
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.process import Process
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.vrrp.engine import Engine


def part_lines(configuration: Configuration, machine: Machine, process: Process) -> Iterator[str]:
    """The part of one process; the parent has none."""
    yield f"=====[ {process.name} ]====="
    view = View(machine, script_account=configuration.definitions.script_account)
    view = replace(view, shows_script_user=_needs_script_user(configuration))
    match process:
        case Process.CHECKER:
            view = replace(view, defaulted=False, shows_script_user=False)
            yield from global_lines(configuration, process, view)
            yield from checker_lines(configuration, view)
        case Process.VRRP:
            yield from data_lines(Engine(configuration), view)
        case Process.BFD:
            yield from global_lines(configuration, process, view)
            yield from bfd_lines(configuration)


def _needs_script_user(configuration: Configuration) -> bool:
    """Whether any script of the VRRP process names no account of its own."""
    definitions: GlobalDefinitions = configuration.definitions
    routers, groups = configuration.routers.values(), configuration.groups.values()
    blocks: list[VirtualRouter | SyncGroup] = [*routers, *groups]
    commands = [script.command for script in configuration.scripts.values()]
    commands += [it for block in blocks for it in block.notify.commands]
    commands += [it.reader for it in (definitions.notify_fifo, definitions.vrrp_notify_fifo) if it.reader]
    commands += [it.command for it in (definitions.startup_script, definitions.shutdown_script) if it]
    return any(command.account is None for command in commands)
