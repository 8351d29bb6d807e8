"""The canonical layout of a configuration file: four spaces per level, one statement per line, `{` on
the line of its keyword, at most one empty line.

Only white space around logical lines and words changes. What the text pass decides about stays as it
is written: definitions, conditions, sequences, includes, references that may stand for anything but
plain words, and lines with backslashes, single quotes, or double quotes that are not closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from keepalived_py.config import words
from keepalived_py.config.definitions import LINE_BYTES_MAX

INDENT = " " * 4
COMMENT_GAP = "  "
_ADDED_BYTES_MAX = 64
"""Lines that would be too long with so many more bytes are left alone."""

_DIRECTIVE = re.compile(r"@|~SEQ|~LST|\$[A-Za-z_][A-Za-z0-9_]*=|include[rmwba]?(?:\s|\Z)", re.ASCII)
_DEFINITION = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.ASCII)
_REFERENCE = re.compile(r"\$\{?([A-Za-z0-9_]*)")
_BRACE = re.compile(r'"[^"]*"|\$\{[^{}]*\}|([{}])')
_BLANKS_BETWEEN = re.compile(r'("[^"]*")|[ \t]+')
_PLAIN_TEXT = re.compile(r'[^#!"\'\\${}@~]*')
_PREDEFINED = {"_PWD", "_INSTANCE", "_RANDOM"}


def layout(text: str) -> str:
    """The same configuration in its canonical layout; doing it again changes nothing."""
    result = _Layout()
    for line in _physical_lines(text):
        if line.verbatim:
            result.add_verbatim(line.text)
        elif line.as_is:
            result.add_as_is(line.text, line.comment)
        elif line.text:
            result.add_pieces(line.text, line.comment)
        elif line.comment:
            result.add("", line.comment)
        else:
            result.empty_line = True
    return "".join(f"{line}\n" for line in result.lines)


@dataclass(frozen=True, slots=True)
class _Physical:
    """A line of a file, its comment apart. `as_is`: its text may not be divided, joined or respaced;
    `verbatim`: nor indented."""

    text: str
    comment: str = ""
    as_is: bool = False
    verbatim: bool = False


def _physical_lines(text: str) -> Iterator[_Physical]:
    plain = _plain_names(text)
    defining = False
    lines = text.removesuffix("\n").split("\n") if text else []
    for raw in lines:
        whole = raw.rstrip("\r")
        too_long = len(raw.encode("utf-8", "surrogateescape")) > LINE_BYTES_MAX - _ADDED_BYTES_MAX
        if defining or too_long or "\0" in raw:
            defining = defining and _divide(whole.strip(words.BLANKS))[0].endswith("\\")
            yield _Physical(whole, verbatim=True)
            continue
        code, comment = _divide(whole.strip(words.BLANKS))
        defining = code.endswith("\\") and _DEFINITION.match(code) is not None
        as_is = (
            code.count('"') % 2 == 1
            or "\\" in code
            or "'" in code
            or _DIRECTIVE.match(code) is not None
            or not plain.issuperset(_REFERENCE.findall(code))
        )
        yield _Physical(code, comment, as_is=as_is)


def _plain_names(text: str) -> set[str]:
    """The names that this file defines, and always as plain words on one line."""
    plain: set[str] = set()
    other: set[str] = set()
    for line in text.split("\n"):
        code = _divide(line.strip(" \t\r"))[0]
        if not (match := _DEFINITION.search(code)):
            continue
        is_plain = match.start() == 0 and _PLAIN_TEXT.fullmatch(match[2])
        (plain if is_plain else other).add(match[1])
    return (plain | _PREDEFINED) - other


def _divide(text: str) -> tuple[str, str]:
    """A line without its comment, and the comment."""
    place = words.find_comment(text).place
    return text[:place].rstrip(words.BLANKS) if place < len(text) else text, text[place:]


@dataclass(slots=True)
class _Layout:
    """The lines of the result so far, and what matters for the next one."""

    lines: list[str] = field(default_factory=list)
    depth: int = 0
    empty_line: bool = False
    """Whether there was an empty line since."""
    block_begins: bool = False
    """Whether the last line opened a block."""
    statement: tuple[int, str, str] | None = None
    """The last statement, while a `{` may join it: its line in the result, text and comment."""
    condition: str = ""
    """In a run of conditional lines the braces of one condition count, the first,"""
    condition_depth: int = 0
    """and where it opened a block, the others open theirs."""

    def add(self, text: str, comment: str = "") -> None:
        """One line at the present depth."""
        if self.empty_line and not self.block_begins and self.lines and self.lines[-1] and text != "}":
            self.lines.append("")
        self.empty_line = self.block_begins = False
        self.lines.append(INDENT * self.depth + _joined(text, comment))

    def add_verbatim(self, text: str) -> None:
        self.statement = None
        self.empty_line = self.block_begins = False
        self.lines.append(text)

    def add_as_is(self, text: str, comment: str) -> None:
        self.statement = None
        condition = text.split()[0] if text.startswith("@") else ""
        if not condition or not self.condition:
            self.condition, self.condition_depth = condition, self.depth
        opens, closes = _braces(text) if condition or not _DIRECTIVE.match(text) else (0, 0)
        if condition != self.condition:
            depth, self.depth = self.depth, self.condition_depth if opens or closes else self.depth
            self.add(text, comment)
            self.depth = depth
        else:
            self.depth = max(0, self.depth - closes)
            self.add(text, comment)
            self.depth += opens

    def add_pieces(self, text: str, comment: str) -> None:
        """The logical lines of a line; its comment goes with the last."""
        self.condition = ""
        start = 0
        for match in _BRACE.finditer(text):
            if not match[1]:
                continue
            if _DIRECTIVE.match(rest := text[start:].strip(words.BLANKS)):
                self.add_as_is(rest, comment)
                return
            self._add_statement(text[start : match.start()].strip(words.BLANKS), "")
            start = match.end()
            last = not text[start:].strip(words.BLANKS)
            self._add_brace(match[1], comment if last else "")
        rest = text[start:].strip(words.BLANKS)
        if _DIRECTIVE.match(rest):
            self.add_as_is(rest, comment)
        else:
            self._add_statement(rest, comment)

    def _add_statement(self, text: str, comment: str) -> None:
        if text:
            self.add(text := _BLANKS_BETWEEN.sub(lambda match: match[1] or " ", text), comment)
            self.statement = len(self.lines) - 1, text, comment

    def _add_brace(self, brace: str, comment: str) -> None:
        if brace == "}":
            self.statement = None
            self.depth = max(0, self.depth - 1)
            self.add("}", comment)
            return
        if self.statement is None:
            self.add("{", comment)
            self.depth += 1
        else:
            line, text, own_comment = self.statement
            self.statement = None
            self.empty_line = False
            self.lines[line] = INDENT * self.depth + _joined(f"{text} {{", own_comment or comment)
            self.depth += 1
            between = [one.strip() for one in self.lines[line + 1 :]]
            del self.lines[line + 1 :]
            for moved in filter(None, [*between, comment if own_comment else ""]):
                self.add("", moved)
        self.block_begins = True


def _braces(text: str) -> tuple[int, int]:
    """How many blocks a line leaves open, and how many that were open it closes."""
    opens = closes = 0
    for match in _BRACE.finditer(text):
        if match[1] == "{":
            opens += 1
        elif match[1] and opens:
            opens -= 1
        elif match[1]:
            closes += 1
    return opens, closes


def _joined(text: str, comment: str) -> str:
    return f"{text}{COMMENT_GAP if text and comment else ''}{comment}"
