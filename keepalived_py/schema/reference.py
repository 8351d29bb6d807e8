"""The reference of the language, from the tables: `python -m keepalived_py.schema.reference`."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keepalived_py.schema.arguments import Boolean, Nothing
from keepalived_py.schema.directives import DIRECTIVES
from keepalived_py.schema.keywords import contexts
from keepalived_py.schema.options import OPTIONS, Options
from keepalived_py.schema.row import Row

TOP_LEVEL = "the top level"
EVERYWHERE = "anywhere"

_HEAD = """\
# Keywords of keepalived.conf

Generated from the tables in `keepalived_py/schema` by `make grammar`; {count} keywords, options and
directives. `<...>` stands for a value, `[...]` may be left out, `a|b` is a choice, `...` repeats,
`{{ }}` is a block. BOOL is `true`, `on`, `yes` or `false`, `off`, `no`; ranges are inclusive.
A default that is itself a keyword of `global_defs` means: what that says. All times are in seconds.
A version after the meaning is the first that knows the keyword; all others are in 2.2.7.
"""


class Known(NamedTuple):
    """A word of the language, and where it stands: the blocks around it, from the outside in, or for
    an option what has it, and the keywords whose entries those are."""

    context: str
    row: Row
    keywords: tuple[str, ...] = ()


def known() -> Iterator[Known]:
    """Everything that has a name: directives, keywords in each of their contexts, options."""
    yield from (Known(EVERYWHERE, row) for row in DIRECTIVES.values())
    yield from (Known(context or TOP_LEVEL, row) for context, row in contexts())
    yield from (
        Known(options.what, row, options.keywords) for options in OPTIONS for row in options.rows.values()
    )


def options_of(keyword: str) -> tuple[Options, ...]:
    """What may stand in the entries of a block of values, or after an argument."""
    return tuple(options for options in OPTIONS if keyword in options.keywords)


def usage(row: Row) -> str:
    """How it is written: the name and what follows it, or for some directives around it."""
    form = row.argument.describe()
    if row.name in form and DIRECTIVES.get(row.name) is row:
        return form
    return f"{row.name} {form}".rstrip()


def default(row: Row) -> str:
    """What holds where the keyword is not given; flags are off, unless the row knows better."""
    is_flag = isinstance(row.argument, Nothing | Boolean) and bool(row.field or row.bind)
    return row.default or ("off" if is_flag and row.sets is True and not row.renamed_to else "")


def markdown() -> str:
    """The whole reference, by context, in the order of the tables."""
    everything = list(known())
    parts = [_HEAD.format(count=len(everything))]
    titles = {options.what: options for options in OPTIONS}
    by_context: dict[str, list[Row]] = {}
    for context, row, _ in everything:
        by_context.setdefault(context, []).append(row)
    for context, rows in by_context.items():
        parts.append(f"## {_title(context, titles.get(context))}\n\n{_table(rows)}\n")
    return "\n".join(parts)


def _title(context: str, options: Options | None) -> str:
    if options:
        return f"{options.what}: in {', '.join(f'`{keyword}`' for keyword in options.keywords)}"
    if context == EVERYWHERE:
        return "Anywhere: what is done to the text"
    return "Top level" if context == TOP_LEVEL else f"`{context}`"


def _table(rows: Iterable[Row]) -> str:
    lines = ["| keyword | arguments | default | meaning |", "|---|---|---|---|"]
    for row in rows:
        cells = (_code(row.name), _code(row.argument.describe()), _cell(default(row)), _meaning(row))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _meaning(row: Row) -> str:
    notes = [row.doc]
    if row.renamed_to and row.renamed_to not in row.doc:
        notes.append(f"Old name of `{row.renamed_to}`.")
    if row.since:
        notes.append(f"({row.since})")
    return _cell(" ".join(notes))


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(markdown(), end="")
