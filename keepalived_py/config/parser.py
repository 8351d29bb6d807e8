"""The whole way from files to a tree of statements."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.lexer import Lexer

from keepalived_py.config.diagnostic import Findings
from keepalived_py.config.include import Check, adjust_checks
from keepalived_py.config.reader import Reader
from keepalived_py.config.statement import Block, Entry
from keepalived_py.config.structure import STATEMENT, Shape, Structure


class _GivenTokens(Lexer):
    """A lexer for what is made of tokens already."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, data: Iterator[Token]) -> Iterator[Token]:  # type: ignore[override]
        return data


class _Tree(Transformer[Token, tuple[Entry, ...]]):
    def configuration(self, children: list[Any]) -> tuple[Entry, ...]:
        return tuple(_entry(child) for child in children)

    def block(self, children: list[Any]) -> Block:
        head, _, *entries, end = children
        return Block(head.value, tuple(_entry(entry) for entry in entries), end.value)


def _entry(child: Any) -> Entry:
    return child if isinstance(child, Block) else child.value


@cache
def _grammar() -> Lark:
    text = Path(__file__).with_name("keepalived.lark").read_text()
    return Lark(text, start="configuration", parser="lalr", lexer=_GivenTokens, transformer=_Tree())


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
            if token.type == STATEMENT and token.value.words[0] == "include_check":
                reader.checks = adjust_checks(reader.checks, token.value.words[1:])

    entries: tuple[Entry, ...] = _grammar().parse(tokens())  # type: ignore[assignment]
    return entries, tuple(reader.files)
