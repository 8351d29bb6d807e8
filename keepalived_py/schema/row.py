"""The form of a keyword table: one row says all there is to say of a keyword."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from keepalived_py.schema.arguments import Argument, Nothing

if TYPE_CHECKING:
    from keepalived_py.config.statement import Entry, Statement
    from keepalived_py.schema.scope import Scope

Bind: TypeAlias = "Callable[[Scope, Row, Entry], None]"
Table: TypeAlias = "Mapping[str, Row]"


NOTHING = Nothing()


class Keep:
    """The type of `KEEP`: a rejected argument leaves the field as it was."""


KEEP = Keep()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A keyword in its context.

    `argument` says what follows it, with range and unit. The value goes to `field` of the draft of
    the block, `sets` for a keyword without an argument; where that is not all, `bind` is called.

    What keepalived says: `invalid` if the argument is rejected, after which `fallback` is set;
    `missing` if it is not there, empty where keepalived stops; `zero` if it is 0, which becomes 1.
    `{name}`, `{value}` and `{keyword}` in them are the name of the block, the word, the keyword.
    """

    name: str
    doc: str
    argument: Argument = NOTHING
    field: str = ""
    sets: object = True
    bind: "Bind | None" = None
    default: str = ""
    invalid: str = ""
    fallback: Any = KEEP
    missing: str = ""
    zero: str = ""
    renamed_to: str = ""
    """The present name of a keyword that is kept under an old one."""
    deprecated: str = ""
    """What keepalived says when it is used."""
    since: str = ""
    """The version of keepalived that first knew it; empty for what 2.2.7 knows."""
    repeats: bool = False
    """Whether it may be given several times in one block, each adding to what was said before."""
    rows: "Table | None" = None
    """The keywords of its block."""
    begin: "Callable[[Scope, Statement], Any] | None" = None
    """Makes the draft that the block fills; None if the block is to be skipped."""
    end: "Callable[[Scope, Any], None] | None" = None
    """Called with the draft when the block is closed."""
    subsystem: str = ""
    """The process that a top-level block needs: vrrp, checker or bfd."""
    entries: bool = False
    """Whether it has a block of values."""
    named: bool = False
    """Whether a block of values has a name before its brace."""
    runs: bool = True
    """False: understood, but nothing acts on it yet."""

    @property
    def relexed(self) -> bool:
        return self.argument.relexed


def table(*rows: Row) -> "dict[str, Row]":
    """The rows of a context by name; each name stands once."""
    by_name = {row.name: row for row in rows}
    assert len(by_name) == len(rows), "a keyword stands twice"
    return by_name
