"""Every keyword of the VRRP side that acts has a case in the table of conformance/README.md, and every case
exists and has the keyword in it."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from keepalived_py.config.diagnostic import Findings
from keepalived_py.config.parser import parse
from keepalived_py.config.statement import Block, Entry
from keepalived_py.schema.keywords import ROOT, contexts

PROJECT = Path(__file__).parent.parent
CONFORMANCE = PROJECT / "conformance"
NOT_VRRP = ("virtual_server", "SSL", "bfd_instance")
ROW = re.compile(r"\| (`.*`|) \| (`.*`) \| `(.*)` \|")


def keywords() -> Iterator[tuple[str, str]]:
    """Context and name of every keyword that has to have a case."""
    for context, row in contexts():
        of_vrrp = not (context or row.name).startswith(NOT_VRRP) and not row.name.startswith(("lvs_", "bfd_"))
        if row.runs and of_vrrp:
            yield context, row.name


def table() -> Iterator[tuple[str, str, str]]:
    """Context, keyword and case of each line of the table."""
    text = (CONFORMANCE / "README.md").read_text()
    for context, names, case in ROW.findall(text.partition("\n## Keywords\n")[2]):
        for name in names.split(", "):
            yield context.strip("`"), name.strip("`"), case


CASES = tuple(table())


def test_every_keyword_has_one_line() -> None:
    assert sorted((context, name) for context, name, _ in CASES) == sorted(keywords())


@pytest.mark.parametrize("case", sorted({case for _, _, case in CASES}))
def test_the_case_has_its_keywords(case: str) -> None:
    wanted = {(context, name) for context, name, it in CASES if it == case}
    path, _, test = case.partition("::")
    if test:
        found = CONFORMANCE / path
        assert test in functions(found)
        text = found.read_text()
        assert not [name for _, name in wanted if not re.search(rf"\b{re.escape(name)}\b", text)]
    elif path.endswith(".conf"):
        assert f'"{Path(path).stem}"' in (CONFORMANCE / "test_keywords.py").read_text()
        assert wanted <= set(used(CONFORMANCE / path))
    else:
        assert wanted <= set(used(PROJECT / path))


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@cache
def used(path: Path) -> frozenset[tuple[str, str]]:
    """The keywords of a configuration, with their contexts; in a scenario it ends at three hyphens."""
    text = path.read_text().partition("\n---\n")[0].encode()
    entries: list[Entry] = []
    parse(str(path), ROOT, Findings(), entries.append, texts={str(path): text})
    return frozenset(_used(entries, ""))


def _used(entries: Iterable[Entry], context: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        head = entry.head if isinstance(entry, Block) else entry
        yield context, head.keyword
        if isinstance(entry, Block):
            yield from _used(entry.entries, f"{context}/{head.keyword}" if context else head.keyword)
