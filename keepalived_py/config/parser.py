"""The whole way from files to a tree of statements."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from keepalived_py.config.diagnostic import Findings
from keepalived_py.config.grammar import TABLE
from keepalived_py.config.include import Check, adjust_checks
from keepalived_py.config.reader import Reader
from keepalived_py.config.statement import Block, Entry
from keepalived_py.config.structure import END, STATEMENT, Shape, Structure, Token


def parse(
    pattern: str,
    root: Mapping[str, Shape],
    findings: Findings,
    config_id: str | None = None,
    checks: Check = Check.NONE,
    texts: Mapping[str, bytes] | None = None,
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The top-level entries of a configuration, and the files that were read.

    `root` says which keywords have blocks. What is wrong with the text is added to `findings`.
    `texts` are read instead of what the files of these paths hold.
    Raises ConfigurationError if there is no main file to read.
    """
    reader = Reader(findings, config_id, checks, texts)

    def tokens() -> Iterator[Token]:
        for token in Structure(root, findings).tokens(reader.read(pattern)):
            yield token
            kind, statement = token
            if kind is STATEMENT and statement.words[0] == "include_check":
                reader.checks = adjust_checks(reader.checks, statement.words[1:])

    return entries_of(tokens()), tuple(reader.files)


def entries_of(tokens: Iterable[Token]) -> tuple[Entry, ...]:
    """Shift and reduce as the table says; the tokens always parse."""
    states: list[Any] = [0]
    values: list[Any] = []
    for kind, statement in chain(tokens, ((END, None),)):
        while isinstance(action := TABLE[states[-1]].get(kind), tuple):
            symbol, count = action
            start = len(values) - count
            values[start:] = (_reduce(symbol, values[start:]),)
            states[start + 1 :] = (TABLE[states[start]][symbol],)
        values.append(statement)
        states.append(action)
    entries: tuple[Entry, ...] = values[0]
    return entries


def _reduce(symbol: str, values: list[Any]) -> Any:
    match symbol, values:
        case "entries", [entries, entry]:
            entries.append(entry)
            return entries
        case "entries", []:
            return []
        case "block", [head, _, entries, end]:
            return Block(head, tuple(entries), end)
        case _, [entries]:
            return tuple(entries)
