"""What the grammar makes of a configuration: statements, and blocks of them."""

from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from keepalived_py.config import words
from keepalived_py.config.diagnostic import Span
from keepalived_py.config.line import Line


class Statement(Line):
    """A line of words, the first of which is the keyword; `ordinal` counts the logical lines.

    An entry of a list block is a statement, too, all words of which are values.
    """

    __slots__ = ("ordinal", "words")

    def __init__(self, line: Line, line_words: tuple[str, ...], ordinal: int) -> None:
        super().__init__(line.text, line.source, line.number, line.offset, line.segments, line.via)
        self.words = line_words
        self.ordinal = ordinal

    @property
    def keyword(self) -> str:
        return self.words[0]

    def span(self, first: int = 0, last: int | None = None) -> Span:
        """Where the words from `first` to `last` stand, by default only the first; where a word
        would stand, if there is none."""
        places = list(islice(words.positions(self.text), first, (first if last is None else last) + 1))
        if places:
            return self.characters(places[0][0], places[-1][1])
        end = len(self.text)
        return self.characters(end, end)


@dataclass(frozen=True, slots=True)
class Block:
    """A statement with a body; `end` is where it is closed."""

    head: Statement
    entries: tuple["Entry", ...]
    end: Statement


Entry: TypeAlias = Statement | Block
