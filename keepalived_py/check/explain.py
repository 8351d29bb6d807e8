"""`explain`: what a keyword means, from the same tables that read it."""

import sys
import textwrap
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TextIO

from keepalived_py.check.render import Style
from keepalived_py.schema.reference import Known, default, known, options_of, usage
from keepalived_py.schema.row import Row

EXIT_EXPLAINED, EXIT_UNKNOWN = 0, 1
_WIDTH = 100
_NAME_COLOUR, _LABEL_COLOUR = "36", "32"


def explain(keyword: str, context: str = "", stream: TextIO | None = None) -> int:
    """Write what a keyword, option or directive means in each of its contexts.

    `context` limits that to contexts whose blocks end in it, such as `real_server/HTTP_GET`, or to the
    options in the entries of a keyword, such as `virtual_routes`.
    Returns the exit status: 0, or 1 if there is no such keyword there.
    """
    out = stream or sys.stdout
    style = Style.of(out)
    everywhere = [one for one in known() if one.row.name == keyword]
    found = [one for one in everywhere if _within(one, context)]
    if not found:
        print(_unknown(keyword, context, everywhere), file=sys.stderr)
        return EXIT_UNKNOWN
    print("\n\n".join(_description(group, style) for group in _alike(found)), file=out)
    return EXIT_EXPLAINED


def _within(one: Known, context: str) -> bool:
    return not context or context in one.keywords or f"/{one.context}".endswith(f"/{context}")


def _place(one: Known) -> str:
    return f"{one.context}, in entries of {', '.join(one.keywords)}" if one.keywords else one.context


def _alike(found: Iterable[Known]) -> Iterable[list[Known]]:
    """Together what would be described with the same words."""
    groups: dict[tuple[object, ...], list[Known]] = {}
    for one in found:
        row = one.row
        key = (usage(row), row.doc, row.default, row.since, row.renamed_to, row.runs, _block(row))
        groups.setdefault(key, []).append(one)
    return groups.values()


def _description(group: list[Known], style: Style) -> str:
    row = group[0].row
    facts = [
        ("in", ", ".join(map(_place, group))),
        ("default", default(row)),
        ("since", row.since),
        ("same as", row.renamed_to),
        ("block of", _block(row)),
        *((f"options of {options.what}", " ".join(options.rows)) for options in options_of(row.name)),
    ]
    lines = [style.paint(usage(row), _NAME_COLOUR), textwrap.indent(textwrap.fill(row.doc, _WIDTH), "  ")]
    for label, text in facts:
        if text:
            lines.append(_fact(label, text, style))
    if not row.runs:
        lines.append("  It is understood, but nothing acts on it yet.")
    return "\n".join(lines)


def _fact(label: str, text: str, style: Style) -> str:
    first, *more = textwrap.wrap(text, _WIDTH - len(label), break_on_hyphens=False)
    indent = " " * (len(label) + 4)
    return "\n".join(
        [f"  {style.paint(f'{label}:', _LABEL_COLOUR)} {first}", *(indent + one for one in more)]
    )


def _block(row: Row) -> str:
    return " ".join(row.rows or ())


def _unknown(keyword: str, context: str, elsewhere: list[Known]) -> str:
    if elsewhere:
        return f"'{keyword}' is not in {context}, but in {', '.join(map(_place, elsewhere))}"
    there = sorted({one.row.name for one in known() if _within(one, context)})
    if not there:
        return f"there is no context '{context}'"
    close = get_close_matches(keyword, there, n=3) or get_close_matches(keyword.lower(), there, n=3)
    advice = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"there is no keyword '{keyword}'{f' in {context}' if context else ''}{advice}"
