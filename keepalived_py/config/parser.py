"""The whole way from files to a tree of statements."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer
from lark.lexer import Lexer

from keepalived_py.config.diagnostic import Findings
from keepalived_py.config.include import Check, adjust_checks
from keepalived_py.config.reader import Reader
from keepalived_py.config.statement import Block, Entry
from keepalived_py.config.structure import STATEMENT, Shape, Structure, Token


def parse(
    pattern: str,
    root: Mapping[str, Shape],
    findings: Findings,
    take: Callable[[Entry], None],
    config_id: str | None = None,
    checks: Check = Check.NONE,
    texts: Mapping[str, bytes] | None = None,
) -> tuple[str, ...]:
    """The files that were read; each top-level entry of the configuration goes to `take` as soon as the
    line after it is read, so that nobody needs to hold all of them.

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

    parse_tokens(tokens(), take)
    return tuple(reader.files)


def parse_tokens(tokens: Iterable[Token], take: Callable[[Entry], None]) -> None:
    """Hand over the top-level entries that tokens amount to; the tokens always parse."""
    grammar, tree = _grammar()
    tree.take = take
    try:
        grammar.parse(tokens)
    finally:
        del tree.take


class _Given:
    """A token for Lark. Its own has a place in a text, and makes a text of what it stands for."""

    __slots__ = ("type", "value")

    start_pos = end_pos = line = column = end_line = end_column = None

    def __init__(self, token: Token) -> None:
        self.type, self.value = token


class _Lexer(Lexer):
    """A lexer for what is made of tokens already."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, data: Iterable[Token]) -> Iterator[_Given]:  # type: ignore[override]
        return map(_Given, data)


class _Tree(Transformer[_Given, None]):
    """Makes entries of what the rules match, while Lark parses."""

    take: Callable[[Entry], None]
    """What becomes of those of the top level."""

    def configuration(self, children: list[Any]) -> None:
        if children:
            entry = children[1]
            self.take(entry if isinstance(entry, Block) else entry.value)

    def entries(self, children: list[Any]) -> list[Entry]:
        if not children:
            return []
        entries, entry = children
        entries.append(entry if isinstance(entry, Block) else entry.value)
        return entries  # type: ignore[no-any-return]

    def block(self, children: list[Any]) -> Block:
        head, _, entries, end = children
        return Block(head.value, tuple(entries), end.value)


@cache
def _grammar() -> tuple[Lark, _Tree]:
    text = Path(__file__).with_name("keepalived.lark").read_text()
    tree = _Tree()
    return Lark(text, start="configuration", parser="lalr", lexer=_Lexer, transformer=tree), tree
