"""`track_file`: a file with a number in it."""

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.tracking import (
    TrackFile,
    Weight,
)
from keepalived_py.schema.arguments import (
    INT_MAX,
    Integer,
    Words,
)
from keepalived_py.schema.draft import FileDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of, place_of
from keepalived_py.schema.tracking.weight import bind_weight


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


def begin(scope: Scope, head: Statement) -> FileDraft:
    return FileDraft(head.words[1], head, place_of(head, 1))


def end(scope: Scope, file: FileDraft) -> None:
    if file.path is None:
        message = f"No file set for track_file {file.name} - ignoring"
        scope.error(file.head, "no-file", message, word=1, help="add: file PATH")
        return
    if not scope.host.has_directory(file.path):
        message = f"realpath() error 2 (No such file or directory) for {file.name}"
        scope.error(file.head, "no-directory", message, word=1)
        return
    if not scope.host.tells_of_files(file.path):
        message = f"The filesystem of {file.path} is read only or cannot be monitored - ignoring"
        scope.error(file.head, "unwatchable", message, word=1)
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
        bind=bind_weight,
        default="1",
    ),
    Row(
        name="init_file",
        doc="Make the file at start if it is missing, or always.",
        argument=Words("[<INT>] [overwrite]"),
        bind=_bind_init_file,
    ),
)
