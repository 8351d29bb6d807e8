"""One accepted and one rejected example, at least, for each row of the tables."""

from pathlib import Path

import pytest

from keepalived_py.check.findings import findings
from keepalived_py.config.diagnostic import Diagnostic, Severity
from keepalived_py.schema.arguments import CommandLine, Entries, Nothing, Words
from keepalived_py.schema.keywords import contexts
from keepalived_py.schema.load import load
from keepalived_py.schema.row import Row
from tests.schema.examples import MISSING, NEVER_WRONG, SURROUNDINGS, Examples, examples_of

HEADS = {
    "vrrp_instance": "vrrp_instance NAME",
    "vrrp_sync_group": "vrrp_sync_group NAME",
    "vrrp_script": "vrrp_script NAME",
    "vrrp_track_process": "vrrp_track_process NAME",
    "track_file": "track_file NAME",
    "vrrp_track_file": "vrrp_track_file NAME",
    "virtual_server_group": "virtual_server_group NAME",
    "virtual_server": "virtual_server 10.0.0.1 80",
    "real_server": "real_server 10.0.0.2 80",
    "bfd_instance": "bfd_instance NAME",
    "track_group": "track_group NAME",
}
DEFINED = (
    "vrrp_script NAME {\nscript /bin/true\n}\n"
    "vrrp_track_process NAME {\nprocess nginx\n}\n"
    "track_file NAME {\nfile /run/weight\n}\n"
    "bfd_instance NAME {\nneighbor_ip 10.0.0.9\nsource_ip 10.0.0.8\n}\n"
)
"""What other blocks may refer to."""
EXPECTED_CODES = {"deprecated", "not-built"}
"""What may be said of an example that is accepted."""

ROWS = [(context, row) for context, row in contexts()]
PLAIN = [(context, row) for context, row in ROWS if row.rows is None]
NAMED_BLOCKS = [(context, row) for context, row in ROWS if row.begin is not None and row.name in HEADS]


def reads(row: Row) -> bool:
    """Whether anything looks at the argument: not so where nothing acts on the keyword yet."""
    free = isinstance(row.argument, Words | Entries | CommandLine)
    return bool(row.runs or row.bind or row.field or row.invalid) or not free


def findings_at(tmp_path: Path, context: str, row: Row, argument: str) -> tuple[str, list[Diagnostic]]:
    """The line of an example, and what is found at it."""
    text = argument.replace("«", "").replace("»", "")
    line = text if row.entries else f"{row.name} {text}".rstrip()
    blocks = [*filter(None, context.split("/")), *([row.name] if row.entries else [])]
    before = DEFINED if context and (row.name.startswith("track_") or "BFD" in context) else ""
    heads = "".join(f"{HEADS.get(block, block)} {{\n" for block in blocks)
    if not row.entries:
        heads += SURROUNDINGS.get(row.name, "")
    if row.entries and row.named:
        heads = heads.removesuffix(f"{row.name} {{\n") + f"{HEADS[row.name]} {{\n"
    file = tmp_path / "keepalived.conf"
    file.write_text(f"{before}{heads}{line}\n{'}' * len(blocks)}\n")
    number = (before + heads).count("\n") + 1
    found = load(str(file), config_id="here").diagnostics
    return line, [one for one in found if one.span.line == number]


def cases(kind: str) -> list[object]:
    return [
        pytest.param(context, row, argument, id=f"{context}/{row.name} {argument}")
        for context, row in PLAIN
        for argument in getattr(examples_of(context, row) or Examples(()), kind)
        if reads(row)
    ]


@pytest.mark.parametrize(("context", "row", "argument"), cases("accepted"))
def test_an_accepted_example_has_no_finding(tmp_path: Path, context: str, row: Row, argument: str) -> None:
    _, found = findings_at(tmp_path, context, row, argument)
    assert [one for one in found if one.code not in EXPECTED_CODES] == []


@pytest.mark.parametrize(("context", "row", "argument"), cases("rejected"))
def test_a_rejected_example_has_a_finding_at_the_word(
    tmp_path: Path, context: str, row: Row, argument: str
) -> None:
    line, found = findings_at(tmp_path, context, row, argument)
    if argument == MISSING:
        column, end = 1, len(row.name) + 1
    elif "«" not in argument:
        column, end = 1, len(line) + 1
    else:
        start = 0 if row.entries else len(row.name) + 1
        column = start + argument.index("«") + 1
        end = start + argument.index("»")
    errors = [one for one in found if one.severity is Severity.ERROR and one.code != "deprecated"]
    assert (column, end) in [(one.span.column, one.span.end_column) for one in errors], (line, found)


@pytest.mark.parametrize(
    ("context", "row"), NAMED_BLOCKS, ids=[f"{context}/{row.name}" for context, row in NAMED_BLOCKS]
)
def test_a_block_that_needs_a_name_is_reported_without(tmp_path: Path, context: str, row: Row) -> None:
    heads = "".join(f"{HEADS.get(block, block)} {{\n" for block in filter(None, context.split("/")))
    file = tmp_path / "keepalived.conf"
    file.write_text(f"{heads}{row.name} {{\n}}\n")
    number = heads.count("\n") + 1
    found = load(str(file), config_id="here").diagnostics
    assert [one for one in found if one.span.line == number and one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("context", "row"),
    [
        pytest.param(context, row, id=f"{context}/{row.name}")
        for context, row in PLAIN
        if isinstance(row.argument, Nothing)
    ],
)
def test_a_word_after_a_keyword_that_takes_none_has_a_finding(tmp_path: Path, context: str, row: Row) -> None:
    blocks = [*filter(None, context.split("/"))]
    heads = "".join(f"{HEADS.get(block, block)} {{\n" for block in blocks)
    file = tmp_path / "keepalived.conf"
    file.write_text(f"{heads}{row.name} nonsense\n{'}' * len(blocks)}\n")
    place = heads.count("\n") + 1, len(row.name) + 2, "ignored-words"
    assert place in [(one.span.line, one.span.column, one.code) for one in findings(str(file), "here")]


def test_no_row_is_without_examples() -> None:
    without = [
        f"{context}/{row.name}" for context, row in PLAIN if reads(row) and examples_of(context, row) is None
    ]
    assert without == []


def test_what_can_be_wrong_has_a_rejected_example() -> None:
    without = {
        f"{context}/{row.name}"
        for context, row in PLAIN
        if reads(row) and not isinstance(row.argument, Nothing)
        if not (found := examples_of(context, row)) or not found.rejected
    }
    assert {path for path in without if not {path, path.rpartition("/")[2]} & NEVER_WRONG} == set()
