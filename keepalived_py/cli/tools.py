"""The tools, for people: `keepalived-py check …`."""

from typing import Annotated

import typer

from keepalived_py.check import report
from keepalived_py.daemon.settings import DEFAULT_CONFIGURATION_FILE

tools = typer.Typer(
    no_args_is_help=True,
    help="Tools around keepalived.conf. Without a command, keepalived-py is the daemon: see --help.",
)


@tools.callback()
def _several_commands() -> None:
    """Keeps `check` a word of its own while it is the only command."""


@tools.command()
def check(
    files: Annotated[list[str] | None, typer.Argument(help="Configuration files.")] = None,
    config_id: Annotated[
        str | None, typer.Option("--config-id", "-i", help="The id for lines that begin with @.")
    ] = None,
) -> None:
    """Validate configuration files, offline: exit 0 clean or warnings, 1 errors, 2 unreadable."""
    raise typer.Exit(report.check(files or [DEFAULT_CONFIGURATION_FILE], config_id))
