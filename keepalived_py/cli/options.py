"""The daemon's command line: keepalived's options, read as getopt_long(3) reads them.

Short options may be bundled (`-nlD`), their arguments attached or not; long ones may be shortened
as far as they stay unambiguous; options and other words may be mixed. An option that is not known
does not stop the reading, so that one run tells all that is wrong.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, NamedTuple, NoReturn, TypeAlias

from keepalived_py.daemon.settings import (
    DEFAULT_CONFIGURATION_FILE,
    DEFAULT_LOG_FILE,
    FACILITY_CODES,
    Settings,
    temporary_directory,
)
from keepalived_py.daemon.signals import NUMBERS
from keepalived_py.daemon.version import version_text


class Task(Enum):
    """What the command line wants to be done."""

    RUN = auto()
    CHECK = auto()
    CONFIG_TEST = auto()
    GENHASH = auto()


@dataclass(slots=True)
class CommandLine:
    """What was understood so far, and what was not."""

    settings: Settings = field(default_factory=Settings)
    task: Task = Task.RUN
    config_test_log: str | None = None
    """The file that `-t` appends to; None: standard error."""
    check: dict[str, Any] = field(default_factory=dict)
    """How to check, by the parameters of `check.report.check`."""
    words: list[str] = field(default_factory=list)
    """What is no option."""
    wrong: bool = False

    def set(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]

    def complain(self, text: str, *, fatal: bool = True) -> None:
        print(text, file=sys.stderr)
        self.wrong |= fatal


Effect: TypeAlias = Callable[[CommandLine, str], None]
"""What an option does; its argument is "" where there is none."""


class Argument(Enum):
    """Whether an option has one. A MAYBE is only there if it is attached: `-tFILE`, `--config-test=FILE`."""

    NO = ""
    YES = "={}"
    MAYBE = "[={}]"


class Option(NamedTuple):
    """One row of the table; what is not built has no `help`, and `--help` does not show it."""

    short: str
    long: str
    effect: Effect
    help: str
    argument: Argument = Argument.NO
    metavar: str = ""


def parse(arguments: list[str]) -> CommandLine:
    """Understand a command line; `--help`, `--version` and `--signum` print at once and exit 0.

    Raises SystemExit(1), for `--check` SystemExit(2), after all of it was read if something was wrong.
    """
    line = CommandLine()
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            line.words.extend(rest)
        elif word.startswith("--"):
            _long(line, word, rest)
        elif word.startswith("-") and word != "-":
            _bundle(line, word, rest)
        else:
            line.words.append(word)
        if line.task is Task.GENHASH:  # all that follows is for it
            if word is not arguments[0]:
                line.complain(
                    f"Warning -- `{word}` not used as first option, previous options ignored", fatal=False
                )
            line.words = list(rest)
            return line
    if line.words and line.task is not Task.CHECK:
        print("Unexpected argument(s):", *line.words)
    if line.wrong:
        raise SystemExit(2 if line.task is Task.CHECK else 1)
    return line


def _long(line: CommandLine, word: str, rest: Iterator[str]) -> None:
    name, has_value, value = word.removeprefix("--").partition("=")
    option = _LONG.get(name)
    if option is None:
        candidates = [row for long, row in _LONG.items() if long.startswith(name)]
        option = candidates[0] if len(candidates) == 1 else None
    if option is None or (has_value and option.argument is Argument.NO):
        line.complain(f"Unknown option {word}")
        return
    if option.argument is Argument.YES and not has_value:
        value = next(rest, "")
    if option.argument is Argument.YES and not value:
        line.complain(f"Missing parameter for option --{option.long}")
    else:
        option.effect(line, value)


def _bundle(line: CommandLine, word: str, rest: Iterator[str]) -> None:
    for position, letter in enumerate(word[1:], start=1):
        option = _SHORT.get(letter)
        if option is None:
            line.complain(f"Unknown option -{letter}")
            continue
        if option.argument is Argument.NO:
            option.effect(line, "")
            continue
        value: str | None = word[position + 1 :]
        if option.argument is Argument.YES and not value:
            value = next(rest, None)
        if value is None:
            line.complain(f"Missing parameter for option -{letter}")
        else:
            option.effect(line, value)
        return


def _sets(**changes: object) -> Effect:
    return lambda line, value: line.set(**changes)


def _stores(name: str) -> Effect:
    return lambda line, value: line.set(**{name: value})


def _always(line: CommandLine, value: str) -> None:
    """For what is so without the option too, or is for a part that has said that it is not built."""


def _not_built(option: str) -> Effect:
    """For what keepalived can do and we cannot; the rest goes on without it."""
    return lambda line, value: line.complain(f"{option} is not built yet", fatal=False)


def _check(line: CommandLine, value: str) -> None:
    line.task = Task.CHECK


def _check_format(line: CommandLine, value: str) -> None:
    from keepalived_py.check.report import Format

    if value in {one.value for one in Format}:
        line.check["output"] = Format(value)
    else:
        line.complain(f"Invalid --format option {value}")


def _checks(**how: bool) -> Effect:
    return lambda line, value: line.check.update(how)


def _config_test(line: CommandLine, value: str) -> None:
    line.task = Task.CONFIG_TEST
    line.config_test_log = value or None


def _genhash(line: CommandLine, value: str) -> None:
    line.task = Task.GENHASH


def _umask(line: CommandLine, value: str) -> None:
    try:
        umask = _c_integer(value)
    except ValueError:
        umask = -1
    if 0 <= umask <= 0o777:
        line.set(umask=umask)
    else:
        line.complain(f"Invalid --umask option {value}", fatal=False)


def _c_integer(text: str) -> int:
    """A number as strtol(3) with base 0 reads it: 0x1f, 037, 31."""
    digits = text.lstrip("+-")
    octal = len(digits) > 1 and digits.startswith("0") and digits[1].isdecimal()
    return int(text, 8 if octal else 0)


def _log_file(line: CommandLine, value: str) -> None:
    line.set(log_file=value or DEFAULT_LOG_FILE)


def _core_pattern(line: CommandLine, value: str) -> None:
    line.set(core_dump=True, core_dump_pattern=value or "core")


def _facility(line: CommandLine, value: str) -> None:
    name = f"local{value}" if value.isdecimal() else value
    if name in FACILITY_CODES:
        line.set(log_facility=name)
    else:
        line.complain(f"Invalid log facility '{value}'", fatal=False)


def _signal_number(line: CommandLine, value: str) -> NoReturn:
    if value not in NUMBERS:
        line.complain(f"Unknown sigfunc {value}")
        raise SystemExit(1)
    print(int(NUMBERS[value]))
    raise SystemExit(0)


def _version(line: CommandLine, value: str) -> NoReturn:
    print(version_text(), file=sys.stderr)
    raise SystemExit(0)


def _help(line: CommandLine, value: str) -> NoReturn:
    print(help_text(), file=sys.stderr)
    raise SystemExit(0)


YES, MAYBE = Argument.YES, Argument.MAYBE

OPTIONS: tuple[Option, ...] = (
    Option("f", "use-file", _stores("configuration_file"),
           f"Use the specified configuration file\n default '{DEFAULT_CONFIGURATION_FILE}'", YES, "FILE"),
    Option("", "check", _check,
           "Validate the configuration file, or the files named, offline, and exit\n"
           " 0: clean or warnings, 1: errors, 2: unreadable"),
    Option("", "format", _check_format, "With --check: how to write what is found", YES,
           "(text|json|sarif|github)"),
    Option("", "strict", _checks(strict=True), "With --check: exit 1 with warnings, too"),
    Option("", "on-this-host", _checks(on_this_host=True),
           "With --check: look for interfaces, accounts, scripts and\n addresses on this machine"),
    Option("P", "vrrp", _sets(run_checkers=False), "Only run with VRRP subsystem"),
    Option("C", "", _sets(run_vrrp=False), "Only run with Health-checker subsystem"),
    Option("B", "no_bfd", _sets(run_bfd=False), "Don't run BFD subsystem"),
    Option("", "all", _sets(run_vrrp=True, run_checkers=True, run_bfd=True, run_all=True),
           "Force all child processes to run, even if have no configuration"),
    Option("l", "log-console", _sets(log_console=True), "Log messages to local console"),
    Option("D", "log-detail", _sets(log_detail=True), "Detailed log messages"),
    Option("S", "log-facility", _facility,
           "Set syslog facility to LOG_LOCAL[0-7], user or daemon (default)",
           YES, "([0-7]|local[0-7]|user|daemon)"),
    Option("g", "log-file", _log_file,
           f"Also log to FILE (default {temporary_directory()}/{DEFAULT_LOG_FILE})", MAYBE, "FILE"),
    Option("", "flush-log-file", _always, "Flush log file on write"),
    Option("G", "no-syslog", _sets(log_syslog=False), "Don't log via syslog"),
    Option("u", "umask", _umask, "umask for file creation (in numeric form)", YES, "MASK"),
    Option("X", "release-vips", _always, "Drop VIP on transition from signal."),
    Option("V", "dont-release-vrrp", _sets(release_vrrp=False),
           "Don't remove VRRP VIPs and VROUTEs on daemon stop"),
    Option("I", "dont-release-ipvs", _always, "Don't remove IPVS topology on daemon stop"),
    Option("R", "dont-respawn", _sets(respawn=False), "Don't respawn child processes"),
    Option("n", "dont-fork", _sets(foreground=True), "Don't fork the daemon process"),
    Option("d", "dump-conf", _sets(dump_configuration=True), "Dump the configuration data"),
    Option("p", "pid", _stores("pid_file"), "Use specified pidfile for parent process", YES, "FILE"),
    Option("r", "vrrp_pid", _stores("vrrp_pid_file"),
           "Use specified pidfile for VRRP child process", YES, "FILE"),
    Option("c", "checkers_pid", _stores("checkers_pid_file"),
           "Use specified pidfile for checkers child process", YES, "FILE"),
    Option("b", "bfd_pid", _stores("bfd_pid_file"),
           "Use specified pidfile for BFD child process", YES, "FILE"),
    Option("a", "address-monitoring", _sets(log_addresses=True),
           "Report all address additions/deletions notified via netlink"),
    Option("", "no-early-runs", _sets(early_runs=False),
           "Run scripts at their interval only, not also when a process that\n"
           " they ask for has ended or begun"),
    Option("T", "genhash", _genhash,
           "Enter into genhash utility mode (this should be the first option used)."),
    Option("x", "snmp", _not_built("--snmp"), ""),
    Option("A", "snmp-agent-socket", _always, "Use the specified socket for master agent", YES, "FILE"),
    Option("s", "namespace", _stores("namespace"),
           "Run in network namespace NAME (overrides config)", YES, "NAME"),
    Option("m", "core-dump", _sets(core_dump=True), "Produce core dump if terminate abnormally"),
    Option("M", "core-dump-pattern", _core_pattern,
           "Also set /proc/sys/kernel/core_pattern to PATN (default 'core')", MAYBE, "PATN"),
    Option("e", "all-config", _sets(include_check=True),
           "Error if any configuration file missing (same as includet)"),
    Option("i", "config-id", _stores("config_id"),
           "Skip any configuration lines beginning '@' that don't match id\n"
           " or any lines beginning @^ that do match.\n"
           " The config-id defaults to the node name if option not used", YES, "ID"),
    Option("", "ignore-sigint", _sets(ignore_sigint=True),
           "ignore SIGINT (default means terminate) - used for debugging with GDB"),
    Option("", "signum", _signal_number, f"Return signal number for {', '.join(NUMBERS)}", YES, "SIGFUNC"),
    Option("t", "config-test", _config_test,
           "Check the configuration for obvious errors, output to\n stderr by default", MAYBE, "LOG_FILE"),
    Option("", "config-fd", _always, "", YES, "FD"),  # keepalived's own, from parent to child
    Option("v", "version", _version, "Display the version number"),
    Option("h", "help", _help, "Display this help message"),
)  # fmt: skip

_SHORT = {option.short: option for option in OPTIONS if option.short}
_LONG = {option.long: option for option in OPTIONS if option.long}


def help_text() -> str:
    """`--help`, in keepalived's layout."""
    lines = ["Usage: keepalived-py [OPTION...]", *map(_help_of, filter(lambda row: row.help, OPTIONS))]
    return "\n".join(lines)


def _help_of(option: Option) -> str:
    short = f"-{option.short}" if option.short else ""
    long = f"--{option.long}" if option.long else ""
    separator = ", " if short and long else "  "
    head = f"  {short:<2}{separator}{long}{option.argument.value.format(option.metavar)}"
    indent = 31
    first, *more = option.help.split("\n")
    start = f"{head:<{indent}}" if len(head) < indent else f"{head}\n{'':<{indent}}"
    return "\n".join([start + first, *(f"{'':<{indent}}{text}" for text in more)])
