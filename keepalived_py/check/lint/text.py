"""The statements of a configuration, found by their place or by their keyword."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple, TypeVar

from keepalived_py.config.diagnostic import Span
from keepalived_py.config.statement import Block, Entry, Statement
from keepalived_py.config.words import UnmatchedQuoteError, split_command
from keepalived_py.model.place import Place
from keepalived_py.schema.arguments import CommandLine
from keepalived_py.schema.keywords import ROOT
from keepalived_py.schema.row import Row, Table
from keepalived_py.schema.scope import head_of, place_of

E = TypeVar("E", bound=Entry)


class Keyword(NamedTuple):
    """A statement whose keyword is known where it stands."""

    row: Row
    statement: Statement


class CommandStatement(NamedTuple):
    """A line with a command: the words that follow the keyword, and the argument vector that the first
    of them stands for."""

    statement: Statement
    words: list[str]
    arguments: list[str]


class Text:
    """The tree of statements; what is looked up by place is indexed on first use."""

    __slots__ = ("_blocks", "_blocks_by_line", "_by_line", "_commands", "entries")

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._blocks: list[list[Keyword]] = []
        self._commands: list[CommandStatement] | None = None
        self._by_line: dict[int, list[Entry]] = {}
        self._blocks_by_line: dict[int, list[Block]] = {}

    def blocks(self) -> list[list[Keyword]]:
        """The known keywords of each block of keywords, the top level first."""
        if not self._blocks:
            _collect_blocks(self.entries, ROOT, self._blocks)
        return self._blocks

    def commands(self) -> list[CommandStatement]:
        """Each line with a command that can be divided into words."""
        if self._commands is None:
            self._commands = [*_commands(self.blocks())]
        return self._commands

    def statements(self) -> Iterator[Statement]:
        """Every statement, known or not, and every entry of a list."""
        yield from _statements(self.entries)

    def listed(self, keyword: str) -> Iterator[Statement]:
        """The entries of all lists of this keyword."""
        for entry in _entries(self.entries):
            if isinstance(entry, Block) and entry.head.keyword == keyword:
                yield from (head_of(inner) for inner in entry.entries)

    def span(self, place: Place) -> Span:
        """The word that a place of the model means."""
        for statement in self._on_line(place):
            for word in range(len(statement.words)):
                if place_of(statement, word) == place:
                    return statement.span(word)
        return Span(place.file, place.line, place.column, place.column + 1)

    def at(self, place: Place) -> Statement | None:
        """The statement that begins at a place of the model."""
        return next((one for one in self._on_line(place) if place_of(one) == place), None)

    def _on_line(self, place: Place) -> Iterator[Statement]:
        if not self._by_line:
            self._by_line = _index(_entries(self.entries))
        return (head_of(entry) for entry in self._by_line.get(place.line, ()))

    def keyword(self, block: Place, *path: str) -> Statement | None:
        """The last statement with a keyword in the block whose name, or whose keyword where it has none, is
        at this place; a longer path leads through inner blocks."""
        if not self._blocks_by_line:
            self._blocks_by_line = _index(_keyword_blocks(self.entries, ROOT))
        entries = next(
            (
                entry.entries
                for entry in self._blocks_by_line.get(block.line, ())
                if block in (place_of(entry.head), place_of(entry.head, 1))
            ),
            (),
        )
        return _last(entries, *path)

    def top_keyword(self, *path: str) -> Statement | None:
        """The last statement with a keyword in a block without a name, e.g. `global_defs`."""
        return _last(self.entries, *path)


def _index(entries: Iterable[E]) -> dict[int, list[E]]:
    """What begins on each line, whatever the file."""
    by_line: dict[int, list[E]] = {}
    for entry in entries:
        by_line.setdefault(head_of(entry).number, []).append(entry)
    return by_line


def _commands(blocks: Iterable[Iterable[Keyword]]) -> Iterator[CommandStatement]:
    for block in blocks:
        for row, statement in block:
            if isinstance(row.argument, CommandLine):
                with suppress(UnmatchedQuoteError):
                    words = split_command(statement.text, escapes=False)[1:]
                    if arguments := split_command(words[0], escapes=True) if words else []:
                        yield CommandStatement(statement, words, arguments)


def _last(entries: tuple[Entry, ...], *path: str) -> Statement | None:
    keyword, *inner = path
    for entry in reversed(entries):
        if head_of(entry).keyword != keyword:
            continue
        if not inner:
            return head_of(entry)
        if isinstance(entry, Block) and (found := _last(entry.entries, *inner)):
            return found
    return None


def _collect_blocks(entries: tuple[Entry, ...], rows: Table, blocks: list[list[Keyword]]) -> None:
    known: list[Keyword] = []
    blocks.append(known)
    for entry in entries:
        head = head_of(entry)
        if row := rows.get(head.words[0]):
            known.append(Keyword(row, head))
            if isinstance(entry, Block) and row.rows:
                _collect_blocks(entry.entries, row.rows, blocks)


def _keyword_blocks(entries: tuple[Entry, ...], rows: Table) -> Iterator[Block]:
    for entry in entries:
        row = rows.get(entry.head.words[0]) if isinstance(entry, Block) else None
        if isinstance(entry, Block) and row and row.rows:
            yield entry
            yield from _keyword_blocks(entry.entries, row.rows)


def _entries(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        if isinstance(entry, Block):
            yield from _entries(entry.entries)


def _statements(entries: tuple[Entry, ...]) -> Iterator[Statement]:
    return (head_of(entry) for entry in _entries(entries))
