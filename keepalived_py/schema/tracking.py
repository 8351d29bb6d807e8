"""`vrrp_script`, `vrrp_track_process`, `track_file`, and the `track_*` lists that refer to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.command import Command
from keepalived_py.model.tracking import (
    ParameterMatch,
    Tracked,
    TrackFile,
    TrackProcess,
    TrackScript,
    Weight,
)
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    CommandLine,
    Decimal,
    Integer,
    Words,
)
from keepalived_py.schema.draft import FileDraft, ProcessDraft, ScriptDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, head_of, place_of

SCRIPT_WEIGHT = Integer(-253, 253)
TRACKED_WEIGHT = Integer(-254, 254)


# vrrp_script


def _bind_script_command(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = commands.command_words(scope, statement)
    if arguments := commands.arguments_of(scope, statement, words):
        scope.block.arguments = arguments
    if len(words) > 2:
        scope.warning(
            statement,
            "unquoted-arguments",
            f"'{' '.join(words[2:])}' is ignored: the command is one word",
            word=2,
            help=f'quote the command as a whole: script "{" ".join(words[1:])}"',
            consequence=Consequence.SILENT,
        )


def _bind_script_user(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    account = commands.account(statement.words, 1)
    script: ScriptDraft = scope.block
    script.removed = account is None or not commands.known_account(scope, account)
    if script.removed:
        message = f"Unable to set uid/gid for script {' '.join(script.arguments)}"
        scope.error(statement, "unknown-account", message, word=1, help="the script is not run")
    script.account = account


def _bind_weight(scope: Scope, row: Row, entry: Entry) -> None:
    """`weight N [reverse]` of a script, a process or a file."""
    statement = head_of(entry)
    block: ScriptDraft | ProcessDraft | FileDraft = scope.block
    if isinstance(block, ScriptDraft):
        weight = SCRIPT_WEIGHT.read(scope, statement, 1)
        if weight is None:
            message = f"vrrp_script {block.name} weight {statement.words[1]} must be in [-253, 253]"
            scope.error(statement, "bad-number", message, word=1)
            weight = 0
        kind = "vrrp_script"
    else:
        default = 1 if isinstance(block, FileDraft) else 0
        kind, noun = ("track_file", "track file") if default else ("vrrp_track_process", "track process")
        if len(statement.words) < 2:
            message = f"No weight specified for {noun} {block.name} - ignoring"
            scope.error(statement, "missing-argument", message)
            return
        if block.weight != default:
            message = f"Weight already set for {noun} {block.name} - ignoring {statement.words[1]}"
            scope.error(statement, "duplicate", message)
            return
        weight = TRACKED_WEIGHT.read(scope, statement, 1)
        if weight is None:
            message = (
                f"Weight ({statement.words[1]}) for {kind} {block.name} must be between "
                "[-254..254] inclusive. Ignoring..."
            )
            scope.error(statement, "bad-number", message, word=1)
            if not default:
                return
            weight = default
    block.weight = weight
    if len(statement.words) > 2:
        if statement.words[2] == "reverse":
            block.reverse = True
        else:
            message = f"{kind} {block.name} unknown weight option {statement.words[2]}"
            scope.error(statement, "unknown-option", message, word=2, help="reverse")


def begin_script(scope: Scope, head: Statement) -> ScriptDraft:
    return ScriptDraft(head.words[1], head, place_of(head, 1))


def end_script(scope: Scope, script: ScriptDraft) -> None:
    if not script.arguments:
        scope.error(
            script.head,
            "no-script",
            f"No script set for vrrp_script {script.name} - removing",
            word=1,
            help='add: script "/path/to/command"',
        )
        return
    if script.removed or script.name in scope.drafts.scripts:
        return
    scope.drafts.script_heads[script.name] = script.head
    scope.drafts.scripts[script.name] = TrackScript(
        name=script.name,
        command=Command(script.arguments, script.account),
        interval_us=script.interval_us,
        timeout_us=script.timeout_us,
        weight=Weight(script.weight, script.reverse),
        rise=script.rise,
        fall=script.fall,
        init_fail=script.init_fail,
        place=script.place,
    )


_SCRIPT_SECONDS = Decimal(0, SECONDS_MAX * 1000, decimals=3, scale=1000)

SCRIPT = table(
    Row(
        name="script",
        doc="Command whose exit status 0 means that all is well; with arguments it is quoted as a whole.",
        argument=CommandLine(),
        bind=_bind_script_command,
        default="required",
    ),
    Row(
        name="interval",
        doc="Seconds between two runs.",
        argument=_SCRIPT_SECONDS,
        field="interval_us",
        default="1",
        invalid=f"({{name}}): vrrp script interval '{{value}}' must be between "
        f"0.001 and {SECONDS_MAX} - ignoring",
        zero="({name}): vrrp script interval must be greater than 0, setting to 1",
    ),
    Row(
        name="timeout",
        doc="Seconds after which a run is killed and counts as a failure.",
        argument=_SCRIPT_SECONDS,
        field="timeout_us",
        default="the interval",
        invalid="({name}): vrrp script timeout '{value}' invalid - ignoring",
        zero="({name}): vrrp script timeout must be greater than 0, setting to 1",
    ),
    Row(
        name="weight",
        doc="Added to the priority while it succeeds, or subtracted while it fails; 0 puts a failing "
        "instance into FAULT.",
        argument=Words("<INT:-253..253> [reverse]", 1),
        bind=_bind_weight,
        default="0",
    ),
    Row(
        name="rise",
        doc="Successes in a row that make it up.",
        argument=Integer(1, INT_MAX, "runs"),
        field="rise",
        default="1",
        invalid="({name}): vrrp script rise value '{value}' invalid, defaulting to 1",
        fallback=1,
    ),
    Row(
        name="fall",
        doc="Failures in a row that make it down.",
        argument=Integer(1, INT_MAX, "runs"),
        field="fall",
        default="1",
        invalid="({name}): vrrp script fall value '{value}' invalid, defaulting to 1",
        fallback=1,
    ),
    Row(
        name="user",
        doc="User, and group, that the command runs as.",
        argument=Words("<USER> [<GROUP>]", 1),
        bind=_bind_script_user,
        default="script_user",
    ),
    Row(
        name="init_fail",
        doc="Assume that it fails until it has run; without effect once an instance tracks it.",
        field="init_fail",
        default="off",
    ),
)


# vrrp_track_process


def _bind_process(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process: ProcessDraft = scope.block
    if process.path is not None:
        message = f"Process already set for track process {process.name} - ignoring {statement.words[1]}"
        scope.error(statement, "duplicate", message)
        return
    process.path = statement.words[1]
    if len(statement.words) > 2:
        process.parameters = tuple(statement.words[2:])
        process.parameter_match = process.parameter_match or ParameterMatch.EXACT
        process.full_command = True


def _bind_parameter_match(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    word = statement.words[1] if len(statement.words) > 1 else "exact"
    if word not in ("initial", "partial") and len(statement.words) > 1:
        message = f"Invalid param_match type {word} - ignoring"
        scope.error(
            statement, "unknown-option", message, word=1, help="initial or partial; nothing for exact"
        )
        return
    scope.block.parameter_match = ParameterMatch(word)
    scope.block.full_command = True


def _bind_quorum(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    process: ProcessDraft = scope.block
    maximum = row.name == "quorum_max"
    number = Integer(0 if maximum else 1, 65535, "processes").read(scope, statement, 1)
    if number is None:
        message = (
            f"{'quorum_max' if maximum else 'Quorum'} ({statement.words[1]}) for vrrp_track_process "
            f"{process.name} must be between [{0 if maximum else 1}..65535] inclusive. Ignoring..."
        )
        scope.error(statement, "bad-number", message, word=1)
    elif maximum:
        if (number or process.quorum > 1) and number < process.quorum:
            scope.error(statement, "quorum", "quorum_max is less than quorum - ignoring", word=1)
            return
        process.quorum_max = number
        process.quorum = 0 if number == 0 else process.quorum or 1
    elif process.quorum_max is not None and number > process.quorum_max:
        scope.error(statement, "quorum", "Quorum is greater than quorum_max - ignoring", word=1)
    else:
        process.quorum = number


def _bind_process_delay(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    delay = PROCESS_DELAY.read(scope, statement, 1)
    if delay is None:
        message = (
            f"{row.name} ({statement.words[1]}) for vrrp_track_process {scope.block.name} must be between "
            "[0.000001..3600] inclusive. Ignoring..."
        )
        scope.error(statement, "bad-number", message, word=1)
        return
    for name in ("terminate_delay", "fork_delay"):
        if row.name in (name, "delay"):
            setattr(scope.block, f"{name}_us", delay)


def begin_process(scope: Scope, head: Statement) -> ProcessDraft:
    return ProcessDraft(head.words[1], head, place_of(head, 1))


def end_process(scope: Scope, process: ProcessDraft) -> None:
    if process.path is None:
        message = f"track process '{process.name}' process name not specified"
        scope.error(process.head, "no-process", message, word=1, help="add: process NAME")
        return
    scope.drafts.processes.setdefault(
        process.name,
        TrackProcess(
            name=process.name,
            path=process.path,
            # Parameters that are to be compared, but none given: there must be none.
            parameters=process.parameters if process.parameters or not process.parameter_match else (),
            parameter_match=process.parameter_match or ParameterMatch.EXACT,
            full_command=process.full_command,
            weight=Weight(process.weight, process.reverse),
            quorum=process.quorum,
            quorum_max=process.quorum_max,
            terminate_delay_us=process.terminate_delay_us,
            fork_delay_us=process.fork_delay_us,
            place=process.place,
        ),
    )


PROCESS_DELAY = Decimal(1, 3600 * 1_000_000)

PROCESS = table(
    Row(
        name="process",
        doc="Path or name of the process; parameters after it are compared, too.",
        argument=Words("<PATH or NAME> [<ARG>...]", 1),
        bind=_bind_process,
        default="required",
    ),
    Row(
        name="param_match",
        doc="How the parameters are compared; nothing means exactly.",
        argument=Words("[initial|partial]"),
        bind=_bind_parameter_match,
    ),
    Row(
        name="weight",
        doc="Added to the priority while there is a quorum, or subtracted while there is none; 0 is FAULT.",
        argument=Words("<INT:-254..254> [reverse]"),
        bind=_bind_weight,
        default="0",
    ),
    Row(
        name="quorum",
        doc="So many processes must run.",
        argument=Words("<INT:1..65535>", 1),
        bind=_bind_quorum,
        default="1",
    ),
    Row(
        name="quorum_max",
        doc="So many processes may run.",
        argument=Words("<INT:0..65535>", 1),
        bind=_bind_quorum,
        default="unlimited",
    ),
    *(
        Row(
            name=name,
            doc=doc,
            argument=Words(PROCESS_DELAY.describe(), 1),
            bind=_bind_process_delay,
            default="0",
        )
        for name, doc in (
            ("delay", "Seconds before a quorum that is lost or gained counts."),
            ("terminate_delay", "Seconds before a quorum that is lost counts."),
            ("fork_delay", "Seconds before a quorum that is gained counts."),
        )
    ),
    Row(
        name="full_command",
        doc="Compare with the whole command line instead of the process name.",
        field="full_command",
        default="off",
    ),
)


# track_file


def _bind_file_path(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    file: FileDraft = scope.block
    if len(statement.words) < 2:
        scope.error(statement, "missing-argument", "track file file name missing")
    elif file.path is not None:
        message = f"File already set for track file {file.name} - ignoring {statement.words[1]}"
        scope.error(statement, "duplicate", message)
    else:
        file.path = statement.words[1]


def _bind_init_file(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    file: FileDraft = scope.block
    file.initial_value = 0
    for index, word in enumerate(statement.words[1:], 1):
        if word[:1].isdigit() or word.startswith("-"):
            value = Integer(-INT_MAX - 1, INT_MAX).read(scope, statement, index)
            if value is None:
                message = f"Track file {file.name} init value {word} is invalid"
                scope.error(statement, "bad-number", message, word=index)
            elif not -254 <= value <= 254:
                message = f"Track file {file.name} init value {value} is outside sensible range [-254, 254]"
                scope.error(statement, "bad-number", message, word=index)
            file.initial_value = value or 0
        elif word == "overwrite":
            file.overwrite = True
        else:
            message = f"Unknown track file init option {word}"
            scope.error(statement, "unknown-option", message, word=index, help="a number, overwrite")


def begin_file(scope: Scope, head: Statement) -> FileDraft:
    return FileDraft(head.words[1], head, place_of(head, 1))


def end_file(scope: Scope, file: FileDraft) -> None:
    if file.path is None:
        message = f"No file set for track_file {file.name} - ignoring"
        scope.error(file.head, "no-file", message, word=1, help="add: file PATH")
        return
    if not scope.host.has_directory(file.path):
        message = f"realpath() error 2 (No such file or directory) for {file.name}"
        scope.error(file.head, "no-directory", message, word=1)
        return
    scope.drafts.files.setdefault(
        file.name,
        TrackFile(
            name=file.name,
            path=file.path,
            weight=Weight(file.weight, file.reverse),
            initial_value=file.initial_value,
            overwrite=file.overwrite,
            place=file.place,
        ),
    )


FILE = table(
    Row(
        name="file",
        doc="The file to read and watch.",
        argument=Words("<PATH>"),
        bind=_bind_file_path,
        default="required",
    ),
    Row(
        name="weight",
        doc="The number in the file times this is added to the priority; 0: other than 0 is FAULT.",
        argument=Words("<INT:-254..254> [reverse]"),
        bind=_bind_weight,
        default="1",
    ),
    Row(
        name="init_file",
        doc="Make the file at start if it is missing, or always.",
        argument=Words("[<INT>] [overwrite]"),
        bind=_bind_init_file,
    ),
)


# Lists that refer to them


@dataclass(frozen=True, slots=True)
class _Wording:
    """keepalived's words for the entries of a list; they differ from list to list."""

    field: str
    defined: Callable[[Scope], dict[str, Any]]
    unknown: str
    duplicate: str
    option: str
    no_value: str
    range: str
    weight_option: str
    noreverse: bool = True
    limited: bool = False
    """Whether 254 is taken for 253."""
    skips: bool = False
    """Whether a wrong option of the weight loses the entry."""


_WORDINGS = {
    "track_interface": _Wording(
        field="interfaces",
        defined=lambda scope: {},
        unknown="({owner}) tracked interface {name} doesn't exist",
        duplicate="({owner}) duplicate track_interface {name} - ignoring",
        option="({owner}) unknown track_interface {name} option {value} - ignoring",
        no_value="({owner}) weight without value specified for track_interface {name} - ignoring",
        range="({owner}) weight {value} for {name} must be between [-253..253] inclusive. Ignoring...",
        weight_option="({owner}) unknown track_interace {name} weight option {value} - ignoring",
        noreverse=False,
        limited=True,
    ),
    "track_script": _Wording(
        field="scripts",
        defined=lambda scope: scope.drafts.scripts,
        unknown="({owner}) track script {name} not found, ignoring...",
        duplicate="({owner}) duplicate track_script {name} - ignoring",
        option="({owner}) unknown track script option {value} - ignoring",
        no_value="({owner}) weight without value specified for track script {name} - ignoring",
        range="({owner}) track script {name}: weight must be between [-253..253] inclusive, ignoring...",
        weight_option="({owner}) unknown track_script {name} weight option {value} - ignoring",
        limited=True,
    ),
    "track_process": _Wording(
        field="processes",
        defined=lambda scope: scope.drafts.processes,
        unknown="({owner}) track process {name} not found, ignoring...",
        duplicate="({owner}) duplicate track_process {name} - ignoring",
        option="({owner}) unknown track process option {value} - ignoring",
        no_value="({owner}) weight without value specified for track process {name} - ignoring",
        range="({owner}) weight for track process {name} must be in [-254..254] inclusive. Ignoring...",
        weight_option="({owner}) unknown track_process {name} weight option {value} - ignoring",
    ),
    "track_file": _Wording(
        field="files",
        defined=lambda scope: scope.drafts.files,
        unknown="({owner}) track file {name} not found, ignoring...",
        duplicate="({owner}) duplicate track_file {name} - ignoring",
        option="({owner}) unknown track file option {value} - ignoring",
        no_value="({owner}) weight without value specified for track file {name} - ignoring",
        range="({owner}) weight for track file {name} must be in [-254..254] inclusive. Ignoring...",
        weight_option="({owner}) unknown track file {name} weight option {value} - ignoring",
        skips=True,
    ),
}


def _bind_track_list(scope: Scope, row: Row, entry: Entry) -> None:
    wording = _WORDINGS[row.name]
    tracked: dict[str, Tracked] = getattr(scope.block.track, wording.field)
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        found = _track_entry(scope, wording, statement, tracked)
        if found:
            tracked[found.name] = found


def _track_entry(
    scope: Scope, wording: _Wording, statement: Statement, tracked: dict[str, Tracked]
) -> Tracked | None:
    words = statement.words
    name = words[0]

    def error(code: str, message: str, word: int, help: str = "") -> None:  # noqa: A002
        value = words[word] if word < len(words) else ""
        text = message.format(owner=scope.block.name, name=name, value=value)
        scope.error(statement, code, text, word=word, help=help)

    weight = Weight()
    if wording.field == "interfaces":
        if not scope.has_interface(name, statement):
            error("no-interface", wording.unknown, 0)
            return None
    elif name in (defined := wording.defined(scope)):
        weight = defined[name].weight
    else:
        error("unknown-name", wording.unknown, 0, "it must be defined, without error, earlier in the file")
        return None
    if name in tracked:
        error("duplicate", wording.duplicate, 0)
        return None
    if len(words) > 1 and words[1] != "weight":
        error("unknown-option", wording.option, 1, "weight NUMBER; one entry a line")
        return None
    if len(words) == 2:
        error("missing-argument", wording.no_value, 1, "weight NUMBER")
        return None
    value, reverse = weight.value, weight.reverse
    if len(words) > 2:
        number = TRACKED_WEIGHT.read(scope, statement, 2)
        if number is None:
            error("bad-number", wording.range, 2)
        elif wording.limited and abs(number) == 254:
            error("bad-number", "({owner}) weight for {name} cannot be +/-254. Setting to +/-253", 2)
            value = 253 if number > 0 else -253
        else:
            value = number
    if len(words) > 3:
        if words[3] == "reverse":
            reverse = True
        elif words[3] == "noreverse" and wording.noreverse:
            reverse = False
        else:
            error("unknown-option", wording.weight_option, 3, "reverse or noreverse")
            if wording.skips:
                return None
    return Tracked(name=name, weight=Weight(value, reverse), place=place_of(statement))


TRACK_LISTS = tuple(
    Row(
        name=name,
        doc=doc,
        argument=Words("{ <NAME> [weight <INT> [reverse|noreverse]]... }"),
        bind=_bind_track_list,
        entries=True,
        runs=name != "track_file",
    )
    for name, doc in (
        ("track_interface", "Interfaces whose state counts; the instance's own always does."),
        ("track_script", "Scripts whose result counts."),
        ("track_process", "Processes whose number counts."),
        ("track_file", "Files whose number counts."),
    )
)
