"""`vrrp_track_process`: processes that are counted."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.tracking import (
    ParameterMatch,
    TrackProcess,
    Weight,
)
from keepalived_py.schema.arguments import (
    Decimal,
    Integer,
    Words,
)
from keepalived_py.schema.draft import ProcessDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of, place_of
from keepalived_py.schema.tracking.weight import bind_weight


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


def begin(scope: Scope, head: Statement) -> ProcessDraft:
    return ProcessDraft(head.words[1], head, place_of(head, 1))


def end(scope: Scope, process: ProcessDraft) -> None:
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
        default="not compared; exact without a word",
    ),
    Row(
        name="weight",
        doc="Added to the priority while there is a quorum, or subtracted while there is none; 0 is FAULT.",
        argument=Words("<INT:-254..254> [reverse]"),
        bind=bind_weight,
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
