"""The front doors: a first word that is no option is a command of the tools, all else is for the daemon.

What only reads configurations must not pay for what runs them, so each branch imports its own.
"""

import gc
import os
import sys

from keepalived_py.cli.options import CommandLine, Task, parse


def main() -> None:
    """Entry point of `keepalived-py`; exits with keepalived's codes."""
    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith("-"):
        from keepalived_py.cli.tools import tools

        tools()
    sys.exit(_run(parse(arguments)))


def _run(line: CommandLine) -> int:
    settings = line.settings
    if line.task in (Task.CHECK, Task.CONFIG_TEST):
        gc.disable()  # it would walk all that was read, and find nothing before the process ends
    match line.task:
        case Task.CHECK:
            from keepalived_py.check.report import check

            return check(line.words or [settings.configuration_file], settings.config_id, **line.check)
        case Task.CONFIG_TEST:
            from keepalived_py.check.config_test import config_test

            if line.config_test_log:
                _redirect_stderr(line.config_test_log)
            dump = sys.stdout if settings.dump_configuration else None
            return config_test(
                settings.configuration_file,
                settings.config_id,
                sys.stderr,
                dump,
                namespace=settings.namespace,
                enter=_enter_network_namespace,
            )
        case Task.GENHASH:
            from keepalived_py.cli.genhash import genhash

            return genhash(line.words)
        case Task.RUN:
            from keepalived_py.daemon.start import run

            return run(settings, sys.argv)


def _enter_network_namespace(name: str) -> None:
    from keepalived_py.daemon.process import enter_network_namespace  # only who names one pays for it

    enter_network_namespace(name)


def _redirect_stderr(path: str) -> None:
    try:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        os.dup2(os.open(path, flags, 0o644), sys.stderr.fileno())
    except OSError as error:
        print(f"Unable to open config-test log file {path}: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from error
