"""A line of text that knows, for each character, where in a file it comes from."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter
from typing import TypeAlias

from keepalived_py.config.diagnostic import Span


class Source:
    """A file as it was opened, with its text; `via` says by which `include` lines, innermost first.
    `name` is what keepalived calls it: as the pattern matched it, in the directory of the including file."""

    __slots__ = ("_lines", "directory", "file", "name", "text", "via")

    def __init__(
        self, file: str, directory: str, text: str, via: tuple[str, ...] = (), name: str = ""
    ) -> None:
        self.file = file
        self.name = name or file
        self.directory = directory
        self.text = text
        self.via = via
        self._lines: list[str] | None = None

    def quote(self, number: int) -> str:
        """A line as it stands in the file; only a file with findings is divided again for that."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number - 1]


Segment: TypeAlias = tuple[int, int, int]
"""A part of a text: where it begins in it, the column that it comes from, and how many columns it stands
for as a whole, 0 if each character stands for its own."""


class Line:
    """Text on its way from a file to statements.

    As long as the text is a plain piece of the line in the file, `offset` says where it begins.
    Once characters were removed or expanded, `segments` do.
    """

    __slots__ = ("number", "offset", "segments", "source", "text", "via")

    def __init__(
        self,
        text: str,
        source: Source,
        number: int,
        offset: int = 0,
        segments: tuple[Segment, ...] | None = None,
        via: tuple[str, ...] = (),
    ) -> None:
        self.text = text
        self.source = source
        self.number = number
        self.offset = offset
        self.segments = segments
        self.via = via

    def __str__(self) -> str:
        return self.text

    @property
    def reported_at(self) -> tuple[str, int]:
        """The file and line that keepalived names."""
        return self.source.name, self.number

    def slice(self, start: int, end: int | None = None) -> "Line":
        """The part of the text from `start` up to `end`."""
        text = self.text[start:end]
        segments = self.segments and tuple(self._part(start, start + len(text), 0))
        return Line(text, self.source, self.number, self.offset + start, segments, self.via)

    def replace(self, start: int, end: int, text: str, via: str | None = None) -> "Line":
        """`text` instead of the characters from `start` to `end`, of which there is at least one; it is
        said to stand where they did."""
        column, end_column = self.columns(start, end)
        segments = list(self._part(0, start, 0))
        if text:
            _append(segments, (start, column, end_column - column))
        for segment in self._part(end, len(self.text), start + len(text)):
            _append(segments, segment)
        chain = self.via if via is None or via in self.via else (via, *self.via)
        text = self.text[:start] + text + self.text[end:]
        return Line(text, self.source, self.number, self.offset, tuple(segments), chain)

    def with_text(self, text: str, via: str) -> "Line":
        """Another text that this line as a whole gave rise to."""
        return self.replace(0, len(self.text), text, via)

    def characters(self, start: int = 0, end: int | None = None) -> Span:
        """Where the characters from `start` to `end` stand."""
        column, end_column = self.columns(start, len(self.text) if end is None else end)
        quoted = self.source.quote(self.number)
        return Span(self.source.file, self.number, column, end_column, quoted, (*self.via, *self.source.via))

    def columns(self, start: int, end: int) -> tuple[int, int]:
        """The column of the first of these characters, and the one after the last."""
        if not self.segments:
            return self.offset + 1 + start, self.offset + 1 + max(start, end)
        length = len(self.text)
        if start >= length:
            after = self._column(length - 1)[1]
            return after, after
        column = self._column(start)[0]
        return column, max(column, self._column(max(start, min(end, length) - 1))[1])

    def _column(self, place: int) -> tuple[int, int]:
        """The columns where one character begins and ends."""
        segments = self.segments or ((0, self.offset + 1, 0),)
        begin, column, width = segments[max(0, bisect_right(segments, place, key=itemgetter(0)) - 1)]
        return (column, column + width) if width else (column + place - begin, column + place - begin + 1)

    def _part(self, start: int, end: int, moved: int) -> Iterator[Segment]:
        """The segments from `start` to `end`, to begin at `moved`."""
        segments = self.segments or ((0, self.offset + 1, 0),)
        ends = (*(begin for begin, _, _ in segments[1:]), len(self.text))
        for (begin, column, width), segment_end in zip(segments, ends, strict=True):
            first = max(begin, start)
            if first < min(end, segment_end):
                yield first - start + moved, column if width else column + first - begin, width


def _append(segments: list[Segment], segment: Segment) -> None:
    """What was expanded again still stands for the same columns, and needs no segment of its own."""
    if not (segments and segment[2] and segments[-1][1:] == segment[1:]):
        segments.append(segment)
