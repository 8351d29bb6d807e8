"""Files that are read and written, and reloads."""

import os

from keepalived_py.config.include import CHECK_WORDS
from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import UINT_MAX, Integer, Text, Words
from keepalived_py.schema.draft import assign
from keepalived_py.schema.global_defs.forms import boolean, flag, listed, path, value
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

DEFAULT_RELOAD_FILE = ""
_UMASK_BITS = {
    f"I{letter}{who}": bit << shift
    for who, shift in (("USR", 6), ("GRP", 3), ("OTH", 0))
    for letter, bit in (("R", 4), ("W", 2), ("X", 1))
} | {"IRWXU": 0o700, "IRWXG": 0o070, "IRWXO": 0o007}


def _bind_include_check(scope: Scope, row: Row, entry: Entry) -> None:
    """The checks are in force while the files are read; what is left is to say what is wrong."""
    statement = head_of(entry)
    for index, word in enumerate(statement.words[1:], 1):
        adjusts = word[:1] in ("+", "-")
        if not adjusts and index > 1:
            message = f"Duplicate include_check '{word}' specified - ignoring"
            scope.error(statement, "duplicate", message, word=index, help=f"+{word}")
        elif (name := word[1:] if adjusts else word) not in CHECK_WORDS:
            message = f"Unknown include_check type '{name}' - ignoring"
            scope.error(statement, "unknown-option", message, word=index, help=", ".join(CHECK_WORDS))


def _bind_umask(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    if words[1][:1].isdigit():
        base = 16 if words[1][:2].lower() == "0x" else 8 if words[1].startswith("0") else 10
        try:
            mask = int(words[1], base)
        except ValueError:
            mask = -1
        if len(words) > 2:
            scope.error(statement, "extra-words", "Extra parameter(s) to umask option", word=2)
        elif not 0 <= mask <= 0o777:
            scope.error(statement, "bad-number", f"invalid umask value {words[1]}", word=1, help="0 to 0777")
        else:
            scope.block.umask = mask
        return
    mask = 0
    for bit in filter(None, "|".join(words[1:]).split("|")):
        if bit not in _UMASK_BITS:
            scope.error(
                statement, "unknown-option", f"Unknown umask bit {bit}", word=1, help=" ".join(_UMASK_BITS)
            )
            return
        mask |= _UMASK_BITS[bit]
    scope.block.umask = mask


def _bind_check(scope: Scope, row: Row, entry: Entry) -> None:
    words = head_of(entry).words
    assign(scope.block, row.field, words[1] if len(words) > 1 else os.devnull)


def _bind_reload_file(scope: Scope, row: Row, entry: Entry) -> None:
    words = head_of(entry).words
    assign(scope.block, row.field, words[1] if len(words) > 1 else DEFAULT_RELOAD_FILE)


FILES = table(
    Row(
        name="router_id",
        doc="Name of this node in mails and SNMP.",
        argument=Text(),
        field="router_id",
        default="host name",
        missing="routerid name missing - ignoring",
    ),
    Row(
        name="umask",
        doc="Mask of files that are made.",
        argument=Words("<OCTAL> or <IRUSR|IWUSR...>", 1),
        bind=_bind_umask,
        default="0177",
    ),
    Row(
        name="include_check",
        doc="Which failures of an include are errors; without a word all are.",
        argument=Words("[[+-]read|match|wildcard_match|brace_match]..."),
        bind=_bind_include_check,
        default="none",
    ),
    Row(
        name="random_seed",
        doc="Seed of _RANDOM, so that each start takes the same numbers.",
        argument=Integer(0, UINT_MAX),
        invalid="random_seed {value} invalid",
        runs=False,
        default="the time",
    ),
    listed(
        "reload_check_config",
        "Test the configuration before a reload, and write what is wrong to this file.",
        "[<LOGFILE>]",
        bind=_bind_check,
        field="reload.test_log",
        default="off",
        runs=True,
    ),
    path(
        "reload_time_file",
        "File with the time of a reload to come.",
        "reload.time_file",
        "reload_time_file invalid",
        default="none",
        runs=True,
    ),
    flag("reload_repeat", "Use reload_time_file again after a reload.", "reload.repeat", runs=True),
    listed(
        "reload_file",
        "File that exists while keepalived must not reload.",
        "[<PATH>]",
        bind=_bind_reload_file,
        field="reload.file",
        default="off",
        runs=True,
    ),
    value(
        "config_save_dir",
        "Directory for copies of the configuration as it was read.",
        Text("DIR"),
        "config_save_dir",
        default="none",
        runs=True,
    ),
    value(
        "tmp_config_directory",
        "Directory for the copy of the configuration that keepalived works with.",
        Text("DIR"),
        "tmp_config_directory",
        missing="{keyword} missing directory name",
        default="memory",
        runs=True,
    ),
    boolean(
        "data_use_instance",
        "Put the name of the instance into the names of dump files.",
        "data_use_instance",
        "Invalid value '{value}' for global date_use_instance specified",
        runs=True,
    ),
    value(
        "json_version",
        "Version of the format of the JSON dump.",
        Integer(1, 2),
        "json_version",
        "Invalid JSON version",
        missing="{keyword} requires version",
        default="1",
        since="2.2.8",
        runs=True,
    ),
    *(
        path(name, doc, name, "{keyword} requires path", "DIR", since="2.3.2")
        for name, doc in (
            ("iproute_usr_dir", "Where iproute2 has its tables of names."),
            ("iproute_etc_dir", "Where the machine has its own in their place."),
        )
    ),
    *(
        path(name, doc, name, "{keyword} requires a non-empty path", since="2.3.3", runs=runs)
        for name, doc, runs in (
            ("state_dump_file", "File that SIGUSR1 writes.", True),
            ("stats_dump_file", "Meant for SIGUSR2; keepalived does not use it.", False),
            ("json_dump_file", "Meant for the JSON dump; keepalived does not use it.", False),
        )
    ),
)
