"""The command line, read as keepalived reads it."""

import os
import shutil
import subprocess
import sys

import pytest

from keepalived_py.cli.options import OPTIONS, CommandLine, Task, parse

KEEPALIVED = next(
    (path for path in ("/opt/keepalived-2.4.3/sbin/keepalived", shutil.which("keepalived")) if path
     and os.access(path, os.X_OK)),
    None,
)  # fmt: skip


def test_short_options_may_be_bundled() -> None:
    settings = parse(["-nlDG"]).settings
    assert settings.foreground
    assert settings.log_console
    assert settings.log_detail
    assert not settings.log_syslog


@pytest.mark.parametrize("arguments", [["-f", "x"], ["-fx"], ["-nfx"], ["--use-file", "x"], ["--use-file=x"]])
def test_an_argument_is_attached_or_follows(arguments: list[str]) -> None:
    assert parse(arguments).settings.configuration_file == "x"


@pytest.mark.parametrize(
    ("arguments", "log"),
    [
        (["-t"], None),
        (["-tlog"], "log"),
        (["--config-test"], None),
        (["--config-test=log"], "log"),
        (["-t", "log"], None),
    ],
)
def test_an_optional_argument_has_to_be_attached(arguments: list[str], log: str | None) -> None:
    line = parse(arguments)
    assert line.task is Task.CONFIG_TEST
    assert line.config_test_log == log


def test_a_long_option_may_be_shortened_while_unambiguous() -> None:
    assert parse(["--dont-f"]).settings.foreground
    assert parse(["--use", "x"]).settings.configuration_file == "x"


def test_an_exact_name_wins_over_longer_ones() -> None:
    line = parse(["--check"])
    assert line.task is Task.CHECK
    assert line.settings.run_vrrp


def test_options_and_words_mix_until_two_dashes() -> None:
    line = parse(["--check", "a", "-i", "id", "--", "-b"])
    assert line.words == ["a", "-b"]
    assert line.settings.config_id == "id"


def test_the_subsystems_to_run() -> None:
    assert not parse(["-C"]).settings.run_vrrp
    assert not parse(["-P"]).settings.run_checkers
    assert not parse(["-B"]).settings.run_bfd
    assert parse(["-C", "--all"]).settings.run_vrrp


@pytest.mark.parametrize(
    ("text", "umask"), [("0x1f", 0o37), ("022", 0o22), ("18", 18), ("9999", None), ("08", None), ("x", None)]
)
def test_a_umask_is_a_number_of_c(text: str, umask: int | None) -> None:
    assert parse(["-u", text]).settings.umask == umask


@pytest.mark.parametrize(
    ("text", "facility"),
    [("3", "local3"), ("local7", "local7"), ("user", "user"), ("local9", "daemon"), ("mail", "daemon")],
)
def test_facilities(text: str, facility: str) -> None:
    assert parse(["-S", text]).settings.log_facility == facility


def test_every_wrong_option_is_told_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse(["-nZ", "--bogus=1", "--vrrp=1", "--dont", "--pid=", "-f"])
    assert exit_.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        "Unknown option -Z",
        "Unknown option --bogus=1",
        "Unknown option --vrrp=1",
        "Unknown option --dont",
        "Missing parameter for option --pid",
        "Missing parameter for option -f",
    ]


def test_what_is_not_built_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    line = parse(["-x", "-n"])
    assert line.settings.foreground
    assert "--snmp is not built yet" in capsys.readouterr().err


def test_what_keepalived_says_to_itself_is_taken() -> None:
    """keepalived's own reload_check_config starts it with this."""
    assert parse(["-t", "--config-fd=5"]).task is Task.CONFIG_TEST


def test_letters_and_names_are_unique() -> None:
    for names in ([it.short for it in OPTIONS if it.short], [it.long for it in OPTIONS if it.long]):
        assert len(set(names)) == len(names)


def test_the_defaults_are_those_of_an_empty_command_line() -> None:
    assert parse([]) == CommandLine()


SAME_AS_KEEPALIVED = [
    "-h",
    "--vers",
    "--signum=STOP",
    "--sig STATS_CLEAR",
    "--signum=stop",
    "--signum FOO",
    "-Q --signum=STOP",
    "-S foo --signum=STOP",
    "-S 3 --signum=STOP",
    "-u 0x1f --signum=STOP",
    "word --signum=STOP",
    "-nlDGRVXaPCme --signum=STOP",
    "-p x -r y -c z -s ns -i id --signum=STOP",
    "--vrrp=foo",
    "-nlZDY -f",
    "--use-file=",
    "-t -f /nonexistent/keepalived.conf",
    "-nG -f /nonexistent/keepalived.conf",
]


@pytest.mark.skipif(KEEPALIVED is None, reason="needs keepalived itself to compare with")
@pytest.mark.parametrize("arguments", SAME_AS_KEEPALIVED)
def test_exit_status_and_standard_output_are_keepaliveds(arguments: str) -> None:
    assert KEEPALIVED
    ours = [sys.executable, "-m", "keepalived_py"]
    words = arguments.split()
    if words[0] == "word":
        words = [*words[1:], words[0]]  # a first word that is no option is for the tools
    results = [
        # As bytes: without its parameter --signum makes keepalived print some of its memory.
        subprocess.run([*command, *words], capture_output=True, timeout=30, check=False)
        for command in (ours, [KEEPALIVED])
    ]
    assert results[0].returncode == results[1].returncode
    assert results[0].stdout == results[1].stdout
