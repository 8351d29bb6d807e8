"""Strings of virtual servers and checkers, and their commands."""

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import CommandLine, Words
from keepalived_py.schema.commands import notify_command
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, head_of


def text_row(name: str, doc: str, what: str, label: str = "", missing: str = "", default: str = "") -> Row:
    """A keyword with a word that may be given again; `label` is what it is called then."""

    def bind(scope: Scope, row: Row, entry: Entry) -> None:
        statement = head_of(entry)
        value = statement.words[1]
        earlier = getattr(scope.block, name)
        if earlier is not None:
            message = f"Duplicate {label or name} - overwriting {earlier} with {value}"
            scope.error(statement, "duplicate", message, word=1, help="the last one counts")
        setattr(scope.block, name, value)

    argument = Words(f"<{what}>", 1)
    return Row(name=name, doc=doc, argument=argument, field=name, missing=missing, default=default, bind=bind)


def script_row(name: str, doc: str, kind: str) -> Row:
    """A notification of a virtual or real server: the first of its kind counts."""

    def bind(scope: Scope, row: Row, entry: Entry) -> None:
        statement = head_of(entry)
        if getattr(scope.block, name) is None:
            setattr(scope.block, name, notify_command(scope, statement, kind))
        elif len(statement.words) < 2:
            scope.missing(statement, 0)
        else:
            group = scope.block.server.group or "(null)"
            message = f"({group}) {name} script already specified - ignoring {statement.words[1]}"
            scope.error(statement, "duplicate", message, help="one command; call the others from it")

    return Row(name=name, doc=doc, argument=CommandLine(), field=name, bind=bind)
