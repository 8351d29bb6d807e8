"""The table of the grammar is the one that Lark makes of it, and is followed as Lark would."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Token, Tree

from grammar.compile import lark_parser, table
from keepalived_py.config.grammar import TABLE
from keepalived_py.config.line import Line, Source
from keepalived_py.config.parser import entries_of
from keepalived_py.config.statement import Block, Entry, Statement
from keepalived_py.config.structure import CLOSE, OPEN, STATEMENT

LARK = lark_parser()
SOURCE = Source("keepalived.conf", "/", "x")
NESTED = st.recursive(st.none(), lambda inner: st.lists(inner, max_size=4), max_leaves=20)


def kinds(nested: list[object] | None) -> list[str]:
    """The tokens of a statement, or of a block of what the list holds."""
    if nested is None:
        return [STATEMENT]
    return [STATEMENT, OPEN, *(kind for one in nested for kind in kinds(one)), CLOSE]  # type: ignore[arg-type]


def shape_of(entry: Entry) -> object:
    return [shape_of(one) for one in entry.entries] if isinstance(entry, Block) else entry.ordinal


def lark_shape(tree: Tree[Token]) -> list[object]:
    """The same of Lark's tree, whose rules `entries` nest to the left."""
    entries = tree.children[0] if tree.data == "configuration" else tree.children[2]
    found: list[object] = []
    while entries.children:
        entries, child = entries.children
        found.append(lark_shape(child) if isinstance(child, Tree) else int(child))
    return found[::-1]


def test_the_table_is_current() -> None:
    assert table() == TABLE, "run: make grammar"


@settings(deadline=None)
@given(nested=st.lists(NESTED, max_size=6))
def test_the_table_is_followed_as_lark_does(nested: list[list[object] | None]) -> None:
    sequence = [kind for one in nested for kind in kinds(one)]
    statements = [Statement(Line("x", SOURCE, 1), ["x"], number) for number in range(len(sequence))]
    ours = [shape_of(entry) for entry in entries_of(zip(sequence, statements, strict=True))]
    lark = LARK.parse([Token(kind, str(number)) for number, kind in enumerate(sequence)])  # type: ignore[arg-type]
    assert ours == lark_shape(lark)
