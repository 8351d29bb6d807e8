"""From statements to drafts: each keyword is looked up in the table of its context, and read as its
row says."""

from collections.abc import Iterable
from typing import Any

from keepalived_py.config.diagnostic import Consequence, Severity
from keepalived_py.config.statement import Block, Entry, Statement
from keepalived_py.schema.draft import assign
from keepalived_py.schema.keywords import ROOT, homes
from keepalived_py.schema.readers import reader_of
from keepalived_py.schema.row import KEEP, Row, Table
from keepalived_py.schema.scope import Scope, head_of


def bind(scope: Scope, entry: Entry) -> None:
    """Read a top-level entry into the drafts of the scope."""
    scope.block = scope.drafts.definitions
    scope.findings.reader = reader_of(head_of(entry).words[0])
    _bind_all(scope, (entry,), ROOT, "")


def _bind_all(scope: Scope, entries: Iterable[Entry], rows: Table, context: str) -> None:
    for entry in entries:
        statement = head_of(entry)
        scope.findings.ordinal = statement.ordinal
        row = rows.get(statement.words[0])
        if row is None:
            _unknown(scope, statement, rows, context)
            continue
        if scope.block is None:  # a keyword has given up the block
            continue
        _mark(scope, statement, row)
        if isinstance(entry, Block) and row.rows is not None:
            _bind_block(scope, row, entry)
        else:
            _bind_keyword(scope, row, entry)


def _bind_block(scope: Scope, row: Row, block: Block) -> None:
    outer = scope.block
    if row.subsystem:
        scope.drafts.subsystems.add(row.subsystem)
    if not _has_arguments(scope, row, block.head):
        return
    if not row.runs and row.begin is None:
        _check_names(scope, block.entries, row.rows or {}, row.name)
        return
    if row.begin is not None:
        scope.block = row.begin(scope, block.head)
    if scope.block is not None:
        _bind_all(scope, block.entries, row.rows or {}, row.name)
        scope.findings.ordinal = block.end.ordinal
        if row.end is not None and scope.block is not None:
            scope.closing = block.end
            row.end(scope, scope.block)
            scope.closing = None
    scope.block = outer


def _check_names(scope: Scope, entries: Iterable[Entry], rows: Table, context: str) -> None:
    """All that is looked at in a block that nothing acts on: whether its keywords exist."""
    for entry in entries:
        statement = head_of(entry)
        scope.findings.ordinal = statement.ordinal
        row = rows.get(statement.words[0])
        if row is None:
            _unknown(scope, statement, rows, context)
            continue
        _deprecated(scope, statement, row)
        if isinstance(entry, Block) and row.rows is not None:
            _check_names(scope, entry.entries, row.rows, row.name)


def _bind_keyword(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if row.subsystem:
        scope.drafts.subsystems.add(row.subsystem)
    if not _has_arguments(scope, row, statement):
        return
    said = getattr(scope.block, "said", None)
    if said is not None:
        said[row.name] = statement
    if row.field and not row.bind:
        _set(scope, row, statement)
    elif row.bind:
        if row.field and not row.argument.written:
            assign(scope.block, row.field, row.sets)
        row.bind(scope, row, entry)
    elif row.invalid:
        _read(scope, row, statement)


def _has_arguments(scope: Scope, row: Row, statement: Statement) -> bool:
    """Whether the words are there that keepalived cannot do without."""
    needed = row.argument.least
    if len(statement.words) > needed:
        return True
    if row.missing:
        scope.error(
            statement,
            "missing-argument",
            _words(scope, row, row.missing, statement),
            help=f"{row.name} {row.argument.describe()}",
        )
    else:
        scope.missing(statement, len(statement.words) - 1)
    return False


def _set(scope: Scope, row: Row, statement: Statement) -> None:
    value = _read(scope, row, statement) if row.argument.written else row.sets
    if value is not KEEP:
        assign(scope.block, row.field, value)


def _read(scope: Scope, row: Row, statement: Statement) -> Any:
    """The value of the argument, or what is set instead of one that is rejected."""
    value = row.argument.read(scope, statement, 1)
    if value is None:
        if row.invalid:
            word = 1 if len(statement.words) > 1 else 0
            scope.error(statement, "bad-value", _words(scope, row, row.invalid, statement), word=word)
        return row.fallback
    if value == 0 and row.zero:
        scope.error(statement, "bad-value", _words(scope, row, row.zero, statement), word=1)
        return row.argument.one
    return value


def _words(scope: Scope, row: Row, template: str, statement: Statement) -> str:
    value = statement.words[1] if len(statement.words) > 1 else ""
    return template.format(name=getattr(scope.block, "name", ""), value=value, keyword=row.name)


def _mark(scope: Scope, statement: Statement, row: Row) -> None:
    """Say that a keyword is old, or that nothing acts on it."""
    _deprecated(scope, statement, row)
    if not row.runs:
        scope.warning(
            statement,
            "not-built",
            f"'{row.name}' is known, but nothing acts on it yet",
            consequence=Consequence.SILENT,
        )


def _deprecated(scope: Scope, statement: Statement, row: Row) -> None:
    if not row.renamed_to:
        return
    scope.error(
        statement,
        "deprecated",
        _words(scope, row, row.deprecated, statement) if row.deprecated else f"'{row.name}' is deprecated",
        help=f"'{row.name}' is the old name of '{row.renamed_to}'",
        severity=Severity.WARNING,
        consequence=Consequence.PROBLEM if row.deprecated else Consequence.SILENT,
    )


def _unknown(scope: Scope, statement: Statement, rows: Table, context: str) -> None:
    word = statement.words[0]
    where = f"in {context}" if context else "at the top level"
    code = "unknown-keyword"
    if word == "}":
        advice = "no block is open here"
    elif places := homes().get(word):
        names = dict.fromkeys(place.rpartition("/")[2] or "the top level" for place in places)
        code = "misplaced-keyword"
        advice = (
            f"'{word}' belongs in {', '.join([*names][:3])}, not {where}; is a brace missing or too many?"
        )
    elif (close := _similar(scope, word, rows)) in rows:
        advice = f"did you mean '{close}'?"
    elif close:
        place = homes()[close][0].rpartition("/")[2]
        advice = f"did you mean '{close}'? It belongs {f'in {place}' if place else 'at the top level'}"
    else:
        advice = f"there is no such keyword {where}"
    scope.error(statement, code, f"Unknown keyword '{word}'", help=advice)


def _similar(scope: Scope, word: str, rows: Table) -> str:
    """The keyword that is most like this word, of those that belong here before others that are not
    much more like it; empty if none is."""
    scope.suggestions_left -= 1
    if scope.suggestions_left < 0 or len(word) > 50:
        return ""
    from difflib import get_close_matches  # only a file with mistakes pays for it

    for keywords, cutoff in ((rows, 0.8), (homes(), 0.8), (rows, 0.6), (homes(), 0.6)):
        for spelling in dict.fromkeys((word, word.lower())):
            if close := get_close_matches(spelling, keywords, n=1, cutoff=cutoff):
                return close[0]
    return ""
