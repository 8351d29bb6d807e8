"""The reference of the language: complete, and current."""

from pathlib import Path

from keepalived_py.schema.addresses import BARE, VALUED
from keepalived_py.schema.options import OPTIONS
from keepalived_py.schema.reference import TOP_LEVEL, known, markdown

NAMES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("keywords.txt").read_text().splitlines()
    if not line.startswith("#")
]


def test_every_name_of_the_language_is_known_and_no_other() -> None:
    assert len(NAMES) == 674
    assert sorted((one.context, one.row.name) for one in known()) == sorted(NAMES)


def test_the_reference_is_current() -> None:
    page = Path(__file__).parents[2] / "grammar" / "KEYWORDS.md"
    assert page.read_text() == markdown(), "run: make grammar"


def test_the_reference_lists_every_name_once_in_its_context() -> None:
    listed: list[str] = []
    for section in markdown().split("\n## ")[1:]:
        title, _, table = section.partition("\n")
        context = TOP_LEVEL if title == "Top level" else title.partition(":")[0].strip("`").lower()
        rows = [line for line in table.splitlines() if line.startswith("| `")]
        listed += [f"{context}\t{row.split('`')[1]}" for row in rows]
    expected = [f"{context.lower()}\t{name}".replace("|", "\\|") for context, name in NAMES]
    assert sorted(listed) == sorted(expected)


def test_every_name_has_a_sentence() -> None:
    for one in known():
        assert one.row.doc.endswith("."), f"{one.context}/{one.row.name}: {one.row.doc!r}"
        assert one.row.doc[0].isupper(), one.row.doc


def test_an_old_name_has_its_present_one_beside_it() -> None:
    there = {(one.context, one.row.name) for one in known()}
    for context, row, _ in known():
        assert not row.renamed_to or (context, row.renamed_to) in there, row.name


def test_options_belong_to_keywords_that_exist() -> None:
    names = {one.row.name for one in known()}
    assert {keyword for options in OPTIONS for keyword in options.keywords} <= names


def test_the_options_of_an_address_are_those_that_are_read() -> None:
    (address,) = (options for options in OPTIONS if options.what == "ADDRESS")
    assert set(address.rows) - {"<IP>[/<LENGTH>]"} == {*VALUED, *BARE}
