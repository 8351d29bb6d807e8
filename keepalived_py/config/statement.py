"""What the grammar makes of a configuration: statements, and blocks of them."""

from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from keepalived_py.config import words
from keepalived_py.config.diagnostic import Span
from keepalived_py.config.line import Line


class Statement:
    """A line of words, the first of which is the keyword; `ordinal` counts the logical lines.

    An entry of a list block is a statement, too, all words of which are values.
    """

    __slots__ = ("line", "ordinal", "words")

    def __init__(self, line: Line, line_words: list[str], ordinal: int) -> None:
        self.line = line
        self.words = line_words
        self.ordinal = ordinal

    def __str__(self) -> str:
        return self.line.text

    @property
    def keyword(self) -> str:
        return self.words[0]

    def span(self, first: int = 0, last: int | None = None) -> Span:
        """Where the words from `first` to `last` stand, by default only the first; where a word
        would stand, if there is none."""
        places = list(islice(words.positions(self.line.text), first, (first if last is None else last) + 1))
        if places:
            return self.line.span(places[0][0], places[-1][1])
        end = len(self.line.text)
        return self.line.span(end, end)


@dataclass(frozen=True, slots=True)
class Block:
    """A statement with a body; `end` is where it is closed."""

    head: Statement
    entries: tuple["Entry", ...]
    end: Statement


Entry: TypeAlias = Statement | Block
