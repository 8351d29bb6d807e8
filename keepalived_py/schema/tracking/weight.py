"""Weights: what a tracked object does to the priority."""

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import (
    Integer,
)
from keepalived_py.schema.draft import FileDraft, ProcessDraft, ScriptDraft
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, head_of

SCRIPT_WEIGHT = Integer(-253, 253)


TRACKED_WEIGHT = Integer(-254, 254)


def bind_weight(scope: Scope, row: Row, entry: Entry) -> None:
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
