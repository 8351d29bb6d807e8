"""The tools, for people: `keepalived-py check …`."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from keepalived_py.check import report
from keepalived_py.check.nodes import NodeSource, node_sources
from keepalived_py.daemon.settings import DEFAULT_CONFIGURATION_FILE

tools = typer.Typer(
    no_args_is_help=True,
    help="Tools around keepalived.conf. Without a command, keepalived-py is the daemon: see --help.",
)


class TimelineFormat(Enum):
    """How what happened is written."""

    TEXT = "text"
    JSON = "json"


ConfigId = Annotated[
    str | None, typer.Option("--config-id", "-i", help="The id for lines that begin with @.")
]


@tools.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Configuration files; with --cluster, FILE or NAME=FILE each.")
    ] = None,
    config_ids: Annotated[
        list[str] | None,
        typer.Option(
            "--config-id", "-i", help="The id for lines that begin with @; with --cluster, NAME=ID each."
        ),
    ] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="Compare the files, which are those of the nodes of a cluster.")
    ] = False,
    output: Annotated[
        report.Format, typer.Option("--format", help="How to write what is found.")
    ] = report.Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 with warnings, too.")] = False,
    on_this_host: Annotated[
        bool,
        typer.Option(
            "--on-this-host", help="Look for interfaces, accounts, scripts and addresses on this machine."
        ),
    ] = False,
) -> None:
    """Validate configuration files, offline: exit 0 clean or warnings, 1 errors, 2 unreadable."""
    if cluster:
        if on_this_host:
            raise typer.BadParameter("--on-this-host is about one node, --cluster about several")
        sources = _node_sources(files or [], config_ids or [])
        raise typer.Exit(report.check_cluster(sources, output=output, strict=strict))
    if config_ids and len(config_ids) > 1:
        raise typer.BadParameter("one --config-id is enough without --cluster")
    status = report.check(
        files or [DEFAULT_CONFIGURATION_FILE],
        config_ids[0] if config_ids else None,
        output=output,
        strict=strict,
        on_this_host=on_this_host,
    )
    raise typer.Exit(status)


@tools.command()
def simulate(
    files: Annotated[list[str], typer.Argument(help="The nodes' configurations: FILE or NAME=FILE each.")],
    config_ids: Annotated[
        list[str] | None, typer.Option("--config-id", "-i", help="NAME=ID, for lines that begin with @.")
    ] = None,
    events: Annotated[
        list[str] | None,
        typer.Option(
            "--at", help="What happens, such as '10s A kill nginx'; see README.md for all. Repeatable."
        ),
    ] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", help="A file of such events.")] = None,
    duration: Annotated[
        str | None, typer.Option("--for", help="How long; by default until all has come to rest.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="What decides about chance, such as loss.")] = 0,
    output: Annotated[TimelineFormat, typer.Option("--format")] = TimelineFormat.TEXT,
    explore: Annotated[
        bool, typer.Option("--explore", help="Try every fault and every pair; exit 1 if one does harm.")
    ] = False,
    budget: Annotated[int, typer.Option("--budget", help="How many stories to try.")] = 1000,
) -> None:
    """Simulate what these files do when something dies, on a virtual clock: no root, no network."""
    from keepalived_py.cli.simulation import run_exploration, run_simulation
    from keepalived_py.simulate.scenario import parse_time

    sources = _node_sources(files, config_ids or [])
    as_json = output is TimelineFormat.JSON
    if explore:
        if events or scenario or duration:
            raise typer.BadParameter("--explore chooses its own events and times")
        raise typer.Exit(run_exploration(sources, budget, seed=seed, as_json=as_json))
    try:
        duration_us = parse_time(duration) if duration else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    status = run_simulation(
        sources, events or [], scenario, duration_us=duration_us, seed=seed, as_json=as_json
    )
    raise typer.Exit(status)


@tools.command()
def why(
    instance: Annotated[str | None, typer.Argument(help="Only this vrrp_instance.")] = None,
    vrrp_pid: Annotated[
        Path | None, typer.Option("--vrrp_pid", "-r", help="The daemon's option of that name, if it has it.")
    ] = None,
    output: Annotated[TimelineFormat, typer.Option("--format")] = TimelineFormat.TEXT,
) -> None:
    """Say what the running daemon did lately and why: exit 1 if none runs, 2 if that cannot be read."""
    from keepalived_py.cli.why import why

    raise typer.Exit(why(instance, vrrp_pid, as_json=output is TimelineFormat.JSON))


def _node_sources(files: list[str], config_ids: list[str]) -> list[NodeSource]:
    try:
        return node_sources(files, config_ids)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@tools.command()
def fmt(
    files: Annotated[list[str], typer.Argument(help="Configuration files; what they include is left.")],
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Replace the files.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 if a file would change.")] = False,
    config_id: ConfigId = None,
) -> None:
    """Print configuration files in their canonical layout, which means the same: this is proven, or
    the file is left alone, with exit 2."""
    from keepalived_py.check.fmt import Output, fmt

    chosen = [one for one in Output if {"diff": diff, "write": write, "check": check}.get(one.value)]
    if len(chosen) > 1:
        raise typer.BadParameter("choose one of --diff, --write and --check")
    raise typer.Exit(fmt(files, chosen[0] if chosen else Output.PRINT, config_id))


@tools.command()
def explain(
    keyword: Annotated[str, typer.Argument(help="A keyword, option or directive.")],
    context: Annotated[str, typer.Argument(help="The block it is in, such as real_server.")] = "",
) -> None:
    """Say what a keyword means: its contexts, arguments and default. Exit 1 if there is none such."""
    from keepalived_py.check.explain import explain

    raise typer.Exit(explain(keyword, context))
