"""The canonical layout: what changes, and what does not."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepalived_py.check.fmt import same_meaning
from keepalived_py.config.layout import layout

CORPUS = (
    Path(os.environ.get("KEEPALIVED_PY_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "files"
)
PIECES = st.sampled_from(
    [
        *("vrrp_instance a", "virtual_ipaddress", "priority 10", "10.0.0.1", "router_id", "global_defs"),
        *("{", "}", "{", "}", '"', '"x  y"', "'", "\\", "# c", "!", "$X", "${X}", "${X", "$X=a", "$X={ b"),
        *("$X=\\", "@a", "@^a", "~SEQ(X,1,3)", "include x", "\n", "\n", "\n", "\n", " ", "\t", "\r\n"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{\nb\n}", "a {\n    b\n}\n"),
        ("a\n{\nb  c\n}", "a {\n    b c\n}\n"),
        ("a { b { c } } d", "a {\n    b {\n        c\n    }\n}\nd\n"),
        ("a # one\n# two\n\n{ # three\nb\n}", "a {  # one\n    # two\n    # three\n    b\n}\n"),
        ("a {\n\n\nb\n\n\n\nc\n\n}\n\n\n", "a {\n    b\n\n    c\n}\n"),
        ("a { b } # c", "a {\n    b\n}  # c\n"),
        ("\t# c\n a b# c\r\n", "# c\na b  # c\n"),
        ('a  "b   {c}"  d', 'a "b   {c}" d\n'),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_layout_of_statements_and_comments(text: str, expected: str) -> None:
    assert layout(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {\n$X=b   c { d }\n}", "a {\n    $X=b   c { d }\n}\n"),
        ("$X=\\\n  a { \\\n\tb }\n c", "$X=\\\n  a { \\\n\tb }\nc\n"),
        ("@x   a  { b }\nc", "@x   a  { b }\nc\n"),
        ("a {\n~SEQ(i, 2)   b   $i\n}", "a {\n    ~SEQ(i, 2)   b   $i\n}\n"),
        ("a { include  b*.conf }", "a {\n    include  b*.conf }\n"),
        ("a $X  {\nb\n}", "a $X  {\n    b\n}\n"),
        ("a ${X}\n{ b\n}", "a ${X}\n{\n    b\n}\n"),
        ('a "b  c', 'a "b  c\n'),
        ("script  'a   b'", "script  'a   b'\n"),
        ("a \\  # b", "a \\  # b\n"),
        ("a b\\#c  d", "a b\\#c  d\n"),
    ],
)
def test_what_the_text_pass_decides_about_stays_as_it_is_written(text: str, expected: str) -> None:
    assert layout(text) == expected


def test_a_name_that_is_plain_words_is_as_good_as_words() -> None:
    assert layout("$X=1\na ${X}{ b   $X }") == "$X=1\na ${X} {\n    b $X\n}\n"


def test_braces_of_conditional_lines_indent_once() -> None:
    text = "@a vrrp_instance A {\n@b vrrp_instance B {\npriority 1\n}\nc"
    assert layout(text) == "@a vrrp_instance A {\n@b vrrp_instance B {\n    priority 1\n}\nc\n"


def test_a_line_that_is_nearly_too_long_is_left_alone() -> None:
    text = "a {\n" + "b" * 1000 + "\n}\n"
    assert layout(text) == text


@settings(deadline=None, max_examples=300)
@given(text=st.lists(PIECES, max_size=40).map(" ".join) | st.lists(PIECES, max_size=40).map("".join))
def test_a_second_time_changes_nothing_and_the_meaning_stays(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "keepalived.conf"
    path.touch()
    formatted = layout(text)
    assert layout(formatted) == formatted
    assert same_meaning(str(path), text.encode(), formatted.encode(), "a")


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}; see KEEPALIVED_PY_CORPUS")
def test_files_of_the_corpus_keep_their_meaning() -> None:
    files = sorted(CORPUS.glob("*.conf"))[::7]
    assert files
    for file in files:
        before = file.read_bytes()
        formatted = layout(before.decode("utf-8", "surrogateescape"))
        assert layout(formatted) == formatted, file
        after = formatted.encode("utf-8", "surrogateescape")
        assert same_meaning(str(file), before, after, "here"), file
