"""The `track_*` lists of instances and groups."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.tracking import (
    Tracked,
    Weight,
)
from keepalived_py.schema.arguments import Integer, Words
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, body_of, place_of
from keepalived_py.schema.tracking.weight import SCRIPT_WEIGHT, TRACKED_WEIGHT


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
    weight: Integer = TRACKED_WEIGHT
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
    "track_bfd": _Wording(
        field="bfds",
        defined=lambda scope: scope.drafts.tracked_bfds,
        unknown="({owner}) track bfd {name} not found, ignoring...",
        duplicate="({owner}) duplicate track_bfd {name} - ignoring",
        option="({owner}) unknown track bfd {name} option {value} - ignoring",
        no_value="({owner}) weight without value specified for track bfd {name} - ignoring",
        range="({owner}) weight for track bfd {name} must be in [-253..253] inclusive. Ignoring...",
        weight_option="({owner}) unknown track bfd {name} weight option {value} - ignoring",
        weight=SCRIPT_WEIGHT,
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
        number = wording.weight.read(scope, statement, 2)
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
    )
    for name, doc in (
        ("track_interface", "Interfaces whose state counts; the instance's own always does."),
        ("track_script", "Scripts whose result counts."),
        ("track_process", "Processes whose number counts."),
        ("track_file", "Files whose number counts."),
        ("track_bfd", "BFD sessions whose state counts."),
    )
)
