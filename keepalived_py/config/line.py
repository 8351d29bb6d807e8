"""A line of text that knows, for each character, where in a file it comes from."""

from keepalived_py.config.diagnostic import Span


class Source:
    """A file as it was opened, with its text; `via` says by which `include` lines, innermost first."""

    __slots__ = ("_lines", "directory", "file", "text", "via")

    def __init__(self, file: str, directory: str, text: str, via: tuple[str, ...] = ()) -> None:
        self.file = file
        self.directory = directory
        self.text = text
        self.via = via
        self._lines: list[str] | None = None

    def quote(self, number: int) -> str:
        """A line as it stands in the file; only a file with findings is divided again for that."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number - 1]


class Line:
    """Text on its way from a file to statements.

    As long as the text is a plain piece of the line in the file, `offset` says where it begins.
    Once characters were removed or expanded, `starts` and `ends` hold a column pair for each.
    """

    __slots__ = ("ends", "number", "offset", "source", "starts", "text", "via")

    def __init__(
        self,
        text: str,
        source: Source,
        number: int,
        offset: int = 0,
        starts: list[int] | None = None,
        ends: list[int] | None = None,
        via: tuple[str, ...] = (),
    ) -> None:
        self.text = text
        self.source = source
        self.number = number
        self.offset = offset
        self.starts = starts
        self.ends = ends
        self.via = via

    def __str__(self) -> str:
        return self.text

    def slice(self, start: int, end: int | None = None) -> "Line":
        """The part of the text from `start` up to `end`."""
        end = len(self.text) if end is None else end
        line = Line(self.text[start:end], self.source, self.number, self.offset + start, via=self.via)
        if self.starts is not None and self.ends is not None:
            line.starts, line.ends = self.starts[start:end], self.ends[start:end]
        return line

    def replace(self, start: int, end: int, text: str, via: str | None = None) -> "Line":
        """`text` instead of the characters from `start` to `end`; it is said to stand where they did."""
        starts, ends = self._marks()
        if end > start:
            columns = starts[start], ends[end - 1]
        else:
            column = starts[start] if start < len(starts) else self.offset + len(self.text) + 1
            columns = column, column
        chain = self.via if via is None or via in self.via else (via, *self.via)
        return Line(
            self.text[:start] + text + self.text[end:],
            self.source,
            self.number,
            starts=starts[:start] + [columns[0]] * len(text) + starts[end:],
            ends=ends[:start] + [columns[1]] * len(text) + ends[end:],
            via=chain,
        )

    def with_text(self, text: str, via: str) -> "Line":
        """Another text that this line as a whole gave rise to."""
        return (
            self.replace(0, len(self.text), text, via)
            if self.text
            else Line(
                text,
                self.source,
                self.number,
                starts=[1] * len(text),
                ends=[1] * len(text),
                via=(via,),
            )
        )

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where the characters from `start` to `end` stand."""
        end = len(self.text) if end is None else end
        if self.starts is None or self.ends is None:
            column, end_column = self.offset + start + 1, self.offset + end + 1
        elif start < len(self.starts):
            column, end_column = self.starts[start], self.ends[max(start, min(end, len(self.ends)) - 1)]
        else:
            column = end_column = self.ends[-1] if self.ends else 1
        return Span(
            self.source.file,
            self.number,
            column,
            max(column, end_column),
            self.source.quote(self.number),
            (*self.via, *self.source.via),
        )

    def _marks(self) -> tuple[list[int], list[int]]:
        if self.starts is not None and self.ends is not None:
            return self.starts, self.ends
        first = self.offset + 1
        return (
            list(range(first, first + len(self.text))),
            list(range(first + 1, first + 1 + len(self.text))),
        )
