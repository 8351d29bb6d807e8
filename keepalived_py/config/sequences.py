"""`~SEQ` and `~LST`: a line that is repeated with other values of its variables."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keepalived_py.config.line import Line
from keepalived_py.config.words import BLANKS

_SEQUENCE = re.compile(r"~SEQ(x?)[ \t]*\([ \t]*([^ \t,)]*)[ \t]*,[ \t]*([^)]*)\)[ \t]*")
_BEGIN = re.compile(r"~SEQx?[ \t]*\(")
_INTEGER = re.compile(r"[ \t]*([+-]?(?:0[xX][0-9a-fA-F]+|[0-9]+))?[ \t]*")
_LIST_WORD = re.compile(r"[^ \t,})]*")


class SequenceError(ValueError):
    """A `~SEQ` or `~LST` that says nothing. The message is keepalived's, empty where it has none but that
    the specification is invalid."""


@dataclass(slots=True)
class Repetition:
    """The text to repeat, and what is still to come: one set of variables for each repetition."""

    line: Line
    assignments: Iterator[dict[str, str]]
    pending: dict[str, str] | None = None

    def __post_init__(self) -> None:
        self.pending = next(self.assignments, None)

    def take(self) -> dict[str, str]:
        """The variables for this time; `pending` is None after the last."""
        taken = self.pending or {}
        self.pending = next(self.assignments, None)
        return taken


def repetition(line: Line, substitute: Callable[[str], str]) -> Repetition:
    """Read a line that begins with `~SEQ` or `~LST`; `substitute` resolves definitions in the
    arguments of a sequence. Raises SequenceError."""
    return _sequence(line, substitute) if line.text.startswith("~SEQ") else _list(line)


def _integer(text: str) -> int:
    """As C reads it: base from the prefix, nothing is 0. Raises SequenceError."""
    match = _INTEGER.fullmatch(text)
    if not match:
        raise SequenceError("Invalid ~SEQ definition '{}'")
    digits = match[1] or "0"
    unsigned = digits.lstrip("+-")
    base = 16 if unsigned[:2].lower() == "0x" else 8 if unsigned.startswith("0") else 10
    try:
        return int(digits, base)
    except ValueError:
        raise SequenceError("Invalid ~SEQ definition '{}'") from None


def _sequence(line: Line, substitute: Callable[[str], str]) -> Repetition:
    if not _BEGIN.match(line.text):
        raise SequenceError
    match = _SEQUENCE.match(line.text)
    if not match or not match[2] or match[2].startswith("{"):
        missing = "," in line.text and ")" not in line.text
        raise SequenceError(
            f"~SEQ missing terminating ')' '{line}'" if missing else f"Invalid ~SEQ definition '{line}'"
        )
    try:
        numbers = [_integer(number) for number in substitute(match[3]).split(",")]
    except SequenceError as error:
        raise SequenceError(str(error).format(line)) from None
    match numbers:
        case [end]:
            start, step = (-1 if end < 0 else 1), (-1 if end < 1 else 1)
        case [start, end]:
            step = 1 if start <= end else -1
        case [start, step, end]:
            if not step or (start < end and step < 0) or (start > end and step > 0):
                raise SequenceError(f"Invalid ~SEQ values '{line}'")
        case _:
            raise SequenceError(f"Invalid ~SEQ definition '{line}'")
    if match[1] and (start < 0 or end < 0):
        raise SequenceError(f"~SEQx is only valid for positive numbers '{line}'")
    form = "{:x}" if match[1] else "{}"
    values = range(start, end + (1 if step > 0 else -1), step)
    return Repetition(line.slice(match.end()), ({match[2]: form.format(value)} for value in values))


class _ListScanner:
    """Reads `a` or `{a, b}` one after the other from the arguments of `~LST`."""

    def __init__(self, line: Line, position: int) -> None:
        self.line = line
        self.text = line.text
        self.position = position

    def skip(self, characters: str = "") -> str:
        """Skip one of these characters, if given, and blanks; return what comes next."""
        if characters:
            if self.text[self.position : self.position + 1] not in tuple(characters):
                raise SequenceError
            self.position += 1
        while self.text[self.position : self.position + 1] in tuple(BLANKS):
            self.position += 1
        return self.text[self.position : self.position + 1]

    def word(self) -> str:
        match = _LIST_WORD.match(self.text, self.position)
        assert match
        self.position = match.end()
        return match[0]

    def group(self) -> list[str]:
        """One word, or several between braces."""
        if self.skip() != "{":
            word = self.word()
            self.skip()
            return [word]
        self.skip("{")
        words = [self.word()]
        while self.skip() == ",":
            self.skip(",")
            words.append(self.word())
        self.skip("}")
        return words


def _list(line: Line) -> Repetition:
    scanner = _ListScanner(line, len("~LST"))
    scanner.skip()
    scanner.skip("(")
    names = scanner.group()
    sets: list[list[str]] = []
    while scanner.skip() == ",":
        scanner.skip(",")
        values = scanner.group()
        if len(values) > len(names):
            raise SequenceError(f"~LST specification has too many values '{line}'")
        sets.append(values + [""] * (len(names) - len(values)))
    scanner.skip(")")
    if not sets:
        raise SequenceError
    return Repetition(
        line.slice(scanner.position), (dict(zip(names, values, strict=True)) for values in sets)
    )
