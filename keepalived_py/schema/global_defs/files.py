"""Files that are read and written, and reloads."""

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import (
    Text,
    Words,
)
from keepalived_py.schema.global_defs.forms import boolean, flag, other
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

_UMASK_BITS = {
    f"I{letter}{who}": bit << shift
    for who, shift in (("USR", 6), ("GRP", 3), ("OTH", 0))
    for letter, bit in (("R", 4), ("W", 2), ("X", 1))
} | {"IRWXU": 0o700, "IRWXG": 0o070, "IRWXO": 0o007}


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
        doc="Which failures of an include are errors.",
        argument=Words("[[+-]read] [match] [wildcard_match] [brace_match]"),
    ),
    other("random_seed", "Seed of _RANDOM.", "<INT>", 1),
    other("reload_check_config", "Test the configuration before a reload.", "[<LOGFILE>]"),
    other("reload_time_file", "File with the time of a reload.", "<PATH>"),
    flag("reload_repeat", "Use reload_time_file again."),
    other("reload_file", "File that exists while reloading.", "[<PATH>]"),
    other("config_save_dir", "Directory for copies of the configuration.", "<DIR>", 1),
    other("tmp_config_directory", "Directory for the copy of the configuration.", "<DIR>"),
    boolean("data_use_instance", "Instance name in names of dump files."),
    other("json_version", "Version of the JSON dump.", "<INT:1..2>", since="2.2.8"),
    other("iproute_usr_dir", "Directory of iproute2's tables.", "<DIR>", since="2.3.2"),
    other("iproute_etc_dir", "Directory of iproute2's tables.", "<DIR>", since="2.3.2"),
    other("state_dump_file", "File for SIGUSR1.", "<PATH>", since="2.3.3"),
    other("stats_dump_file", "File for SIGUSR2.", "<PATH>", since="2.3.3"),
    other("json_dump_file", "File for the JSON dump.", "<PATH>", since="2.3.3"),
)
