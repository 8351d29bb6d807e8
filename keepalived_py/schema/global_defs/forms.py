"""The forms that many global keywords have."""

from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import Argument, Boolean, Text, Words
from keepalived_py.schema.draft import assign
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, head_of


def flag(name: str, doc: str, field: str, runs: bool = False, **more: Any) -> Row:
    return Row(name=name, doc=doc, field=field, runs=runs, default="off", **more)


def boolean(name: str, doc: str, field: str, invalid: str = "", *, runs: bool = False, **more: Any) -> Row:
    words = invalid or f"Invalid value '{{value}}' for global {name} specified"
    return Row(name=name, doc=doc, argument=Boolean(), field=field, invalid=words, runs=runs, **more)


def value(
    name: str, doc: str, argument: Argument, field: str, invalid: str = "", *, runs: bool = False, **more: Any
) -> Row:
    return Row(name=name, doc=doc, argument=argument, field=field, invalid=invalid, runs=runs, **more)


def path(
    name: str, doc: str, field: str, missing: str, what: str = "PATH", *, runs: bool = False, **more: Any
) -> Row:
    """One word and no more."""
    return Row(
        name=name,
        doc=doc,
        argument=Words(f"<{what}>"),
        field=field,
        invalid=missing,
        bind=_bind_path,
        runs=runs,
        **more,
    )


def once(name: str, doc: str, field: str, duplicate: str, *, runs: bool = False, **more: Any) -> Row:
    """A word, of which the first counts; `duplicate` is said of others."""
    return Row(
        name=name,
        doc=doc,
        argument=Text(),
        field=field,
        invalid=duplicate,
        bind=_bind_first,
        runs=runs,
        **more,
    )


def listed(name: str, doc: str, words: str, least: int = 0, *, runs: bool = False, **more: Any) -> Row:
    """Words that the row reads itself."""
    return Row(name=name, doc=doc, argument=Words(words, least), runs=runs, **more)


def _bind_path(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) != 2 or (not statement.words[1] and "non-empty" in row.invalid):
        scope.error(statement, "missing-argument", row.invalid.format(keyword=row.name))
        return
    assign(scope.block, row.field, statement.words[1])


def _bind_first(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    word = statement.words[1]
    known = getattr(scope.block, row.field)
    if known is None:
        assign(scope.block, row.field, word)
    else:
        message = row.invalid.format(value=word, known=known, keyword=row.name)
        scope.error(statement, "duplicate", message, word=1)
