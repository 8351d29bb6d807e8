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

    def __init__(self, line: Line, text: str, line_words: tuple[str, ...], ordinal: int) -> None:
        super().__init__(text, line.source, line.number, line.offset, line.segments, line.via)
        self.words = line_words
        self.ordinal = ordinal

    @property
    def keyword(self) -> str:
        return self.words[0]

    def span(self, first: int = 0, last: int | None = None) -> Span:
        """Where the words from `first` to `last` stand, by default only the first; where a word
        would stand, if there is none."""
        return self.characters(*self._part_of(first, last))

    def columns_of(self, first: int = 0, last: int | None = None) -> tuple[int, int]:
        """The columns where these words begin, and where they end."""
        return self.columns(*self._part_of(first, last))

    def _part_of(self, first: int, last: int | None) -> tuple[int, int]:
        places = list(islice(words.positions(self.text), first, (first if last is None else last) + 1))
        return (places[0][0], places[-1][1]) if places else (len(self.text), len(self.text))


@dataclass(frozen=True, slots=True)
class Block:
    """A statement with a body; `end` is where it is closed."""

    head: Statement
    entries: tuple["Entry", ...]
    end: Statement


Entry: TypeAlias = Statement | Block
