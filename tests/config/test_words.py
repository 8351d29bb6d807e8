"""How lines are divided. The expected values were observed from keepalived 2.4.3."""

import pytest

from keepalived_py.config.words import (
    UnmatchedQuoteError,
    brace_at,
    decomment,
    positions,
    split,
    split_command,
)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("router_id a#b ! c", "router_id a"),
        ("router_id a!b", "router_id a"),
        ('router_id "a#b!c" # x', 'router_id "a#b!c"'),
        (r"router_id a\#b\!c", "router_id a#b!c"),
        (r'router_id "a\#b"', r'router_id "a\#b"'),
        ("router_id 'a # b'", "router_id 'a"),
        ("# only a comment", ""),
        ("trailing \t ", "trailing"),
        ("router_id \\", "router_id\\"),
        ("router_id abc  \t\\", "router_id abc\\"),
        ("router_id abc\\\\", "router_id abc\\\\"),
    ],
)
def test_comments_go_and_escapes_of_them_too(line: str, kept: str) -> None:
    assert decomment(line)[0] == kept


def test_a_quote_left_open_is_noticed() -> None:
    assert decomment('router_id "abc')[2]
    assert not decomment('router_id "abc"')[2]
    assert not decomment(r"router_id \"abc")[2], "an escaped quote opens nothing"


@pytest.mark.parametrize(
    ("line", "words", "open_quote"),
    [
        ("router_id\vX", ["router_id", "X"], False),
        ('router_id "two words"', ["router_id", "two words"], False),
        ('router_id ""', ["router_id", ""], False),
        ('router_id ab"cd ef"gh', ["router_id", "ab", "cd ef", "gh"], False),
        (r'router_id "a\"b"', ["router_id", "a\\", "b"], True),
        ('router_id "abc', ["router_id", "abc"], True),
        (r"router_id a\tb\\c", ["router_id", r"a\tb\\c"], False),
        ("router_id 'single quoted'", ["router_id", "'single", "quoted'"], False),
        ("router_id x;", ["router_id", "x;"], False),
        ("router_id caf\u00e9\u00a0au lait", ["router_id", "caf\u00e9\u00a0au", "lait"], False),
    ],
)
def test_words_of_the_general_lexer(line: str, words: list[str], open_quote: bool) -> None:
    divided, is_open, _ = split(line)
    found = list(divided)
    assert is_open == open_quote
    assert found == (words if not open_quote else found)
    if not open_quote:
        assert len(list(positions(line))) == len(words)


def test_the_word_behind_a_quote_that_is_not_closed_is_dropped() -> None:
    assert split('router_id "abc')[0] == ("router_id",)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{", 0),
        ("global_defs {", 12),
        ('a "{" b', None),
        ('a "x" }', 6),
        ("plain", None),
        ('a "never { closed', None),
    ],
)
def test_braces_outside_of_quotes_are_found(line: str, place: int | None) -> None:
    assert brace_at(line) == place


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ab'cd ef'gh", ["abcd efgh"]),
        ("""/bin/echo a 'b c' "d e" """, ["/bin/echo", "a", "b c", "d e"]),
        (r"a\x41\101\n\q", ["aAA\nq"]),
        (r"a\ b", ["a b"]),
        ("''", [""]),
        (r"\cA", ["\x01"]),
        ("", []),
    ],
)
def test_words_of_a_command(line: str, words: list[str]) -> None:
    assert split_command(line, escapes=True) == words


def test_without_escapes_a_backslash_stays_with_what_follows_it() -> None:
    assert split_command(r'"/bin/echo \"q r\""', escapes=False) == [r"/bin/echo \"q r\""]


def test_an_open_quote_in_a_command_is_an_error() -> None:
    with pytest.raises(UnmatchedQuoteError):
        split_command("""/bin/echo 'b c""", escapes=False)
