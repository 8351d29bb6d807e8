"""The types of arguments: how each is written, what is out of range, and keepalived's words for it.

`read` gives the value, or None for a word that is rejected and has been reported.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from keepalived_py.config.statement import Statement
    from keepalived_py.schema.scope import Scope

INT_MAX = 2**31 - 1
UINT_MAX = 2**32 - 1
SECONDS_MAX = UINT_MAX // 1_000_000
"""The longest time that fits keepalived's unsigned microseconds."""

_BLANKS = " \t\n\v\f\r"
_INTEGER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+")
_TRUE = frozenset(("true", "on", "yes"))
_FALSE = frozenset(("false", "off", "no"))


class Argument:
    """What may follow a keyword."""

    __slots__ = ()

    written: ClassVar[bool] = True
    """Whether there is anything to read."""
    relexed: ClassVar[bool] = False
    """Whether the line is read again by the lexer for commands."""
    most: ClassVar[int | None] = None
    """So many words may follow the keyword; None where only the row knows."""

    @property
    def least(self) -> int:
        """So many words must follow the keyword."""
        return 0

    @property
    def one(self) -> Any:
        """The value that stands for one unit."""
        return 1

    def read(self, scope: "Scope", statement: "Statement", index: int) -> Any:
        return None

    def describe(self) -> str:
        """How it is written in the reference."""
        return "[...]"


class Nothing(Argument):
    """A keyword that says all by itself; words after it are ignored."""

    written: ClassVar[bool] = False
    most: ClassVar[int | None] = 0

    def describe(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Text(Argument):
    """One word."""

    most: ClassVar[int | None] = 1
    what: str = "STRING"

    @property
    def least(self) -> int:
        return 1

    def read(self, scope: "Scope", statement: "Statement", index: int) -> str:
        return statement.words[index]

    def describe(self) -> str:
        return f"<{self.what}>"


@dataclass(frozen=True, slots=True)
class Entries(Argument):
    """A block of values, one entry a line."""

    what: str

    def describe(self) -> str:
        return f"{{ <{self.what}>... }}"


@dataclass(frozen=True, slots=True)
class Words(Argument):
    """Words that the row reads itself, at least so many."""

    what: str
    needed: int = 0

    @property
    def least(self) -> int:
        return self.needed

    def describe(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class CommandLine(Argument):
    """A command with its arguments: one word, which is divided again, then user and group; for
    `whole_line` all that follows the keyword."""

    whole_line: bool = False
    relexed: ClassVar[bool] = True

    def describe(self) -> str:
        return "<COMMAND WITH ARGUMENTS>" if self.whole_line else "<COMMAND> [<USER> [<GROUP>]]"


@dataclass(frozen=True, slots=True)
class Boolean(Argument):
    """`true on yes` or `false off no`; nothing is true."""

    most: ClassVar[int | None] = 1

    def read(self, scope: "Scope", statement: "Statement", index: int) -> bool | None:
        if len(statement.words) <= index:
            return True
        word = statement.words[index]
        return True if word in _TRUE else False if word in _FALSE else None

    def describe(self) -> str:
        return "[<BOOL>]"


@dataclass(frozen=True, slots=True)
class Choice(Argument):
    """One of some words, each with its value; with `ignore_case` they stand here in capitals."""

    most: ClassVar[int | None] = 1
    values: tuple[tuple[str, Any], ...]
    ignore_case: bool = False

    @property
    def least(self) -> int:
        return 1

    def read(self, scope: "Scope", statement: "Statement", index: int) -> Any:
        word = statement.words[index]
        return dict(self.values).get(word.upper() if self.ignore_case else word)

    def describe(self) -> str:
        return "|".join(word for word, _ in self.values)


@dataclass(frozen=True, slots=True)
class Integer(Argument):
    """A decimal integer in a range; `scale` converts it to the unit of the field."""

    most: ClassVar[int | None] = 1
    low: int
    high: int
    unit: str = ""
    scale: int = 1

    @property
    def least(self) -> int:
        return 1

    @property
    def one(self) -> int:
        return self.scale

    def read(self, scope: "Scope", statement: "Statement", index: int) -> int | None:
        word = statement.words[index]
        problem = ""
        if self.low >= 0 and word.lstrip(_BLANKS).startswith("-"):
            problem = f"negative number '{word}'"
        elif not _INTEGER.fullmatch(word):
            problem = f"invalid number '{word}'"
        elif len(word) > 40 or not -INT_MAX - 1 <= int(word) <= self._representable:
            kind = "integer" if self.low < 0 else "unsigned integer"
            if self.high > UINT_MAX:
                kind = "unsigned 64 bit"
            problem = f"number '{word}' outside {kind} range"
        elif not self.low <= int(word) <= self.high:
            problem = f"number '{word}' outside range [{self.low}, {self.high}]"
        if problem:
            scope.error(statement, "bad-number", problem, word=index, help=self._help())
            return None
        return int(word) * self.scale

    @property
    def _representable(self) -> int:
        return INT_MAX if self.low < 0 else max(UINT_MAX, self.high)

    def describe(self) -> str:
        return f"<INT:{self.low}..{self.high}{' ' + self.unit if self.unit else ''}>"

    def _help(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.high >= INT_MAX:
            return f"a whole number of{unit or ' things'}, at least {self.low}"
        return f"a whole number{' of' + unit if unit else ''} from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Decimal(Argument):
    """A number of seconds with so many decimals at most; the value and the range are counted in the
    last of them, `scale` converts that to microseconds."""

    most: ClassVar[int | None] = 1
    low: int
    high: int
    decimals: int = 6
    scale: int = 1

    @property
    def least(self) -> int:
        return 1

    @property
    def one(self) -> int:
        one: int = 10**self.decimals
        return one * self.scale

    def read(self, scope: "Scope", statement: "Statement", index: int) -> int | None:
        return self.parse(scope, statement, index, statement.words[index])

    def parse(self, scope: "Scope", statement: "Statement", index: int, word: str) -> int | None:
        """The value of a part of the word at `index`."""
        if word.startswith("-"):
            scope.error(statement, "bad-number", f"negative number '{word}'", word=index, help=self._help())
            return None
        whole, _, fraction = word.lstrip(_BLANKS).partition(".")
        if len(fraction) > self.decimals:
            message = f"number '{word}' has too many decimal places"
            scope.error(statement, "bad-number", message, word=index, help=self._help())
        digits = whole + fraction[: self.decimals].ljust(self.decimals, "0")
        if not digits.isascii() or not digits.isdecimal() or len(digits) > 40:
            scope.error(statement, "bad-number", f"invalid number '{word}'", word=index, help=self._help())
            return None
        value = int(digits) + (fraction[self.decimals : self.decimals + 1] >= "5")
        if not self.low <= value <= self.high:
            message = f"number '{word}' outside range [{self._format(self.low)}, {self._format(self.high)}]"
            scope.error(statement, "bad-number", message, word=index, help=self._help())
            return None
        return value * self.scale

    def describe(self) -> str:
        return f"<SECONDS:{self._short(self.low)}..{self._short(self.high)}>"

    def _help(self) -> str:
        return f"a number of seconds from {self._short(self.low)} to {self._short(self.high)}"

    def _format(self, value: int) -> str:
        whole, fraction = divmod(value, 10**self.decimals)
        return f"{whole}.{fraction:0{self.decimals}}" if self.decimals else f"{whole}."

    def _short(self, value: int) -> str:
        return self._format(value).rstrip("0").rstrip(".")


def parse_endpoint(word: str) -> IPv4Address | IPv6Address | None:
    """An address of a socket: a mask after it is ignored."""
    return parse_address(word.partition("/")[0])


def parse_address(word: str) -> IPv4Address | IPv6Address | None:
    """An address as inet_pton reads it: no mask, no zone, no leading zeros."""
    try:
        return ip_address(word) if "%" not in word else None
    except ValueError:
        return None
