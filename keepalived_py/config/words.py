"""How keepalived divides a line into words: the general lexer, and a second one for commands."""

import re
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import NamedTuple

BLANKS = " \t"
WHITE_SPACE = " \t\f\n\r\v"

_COMMENT_OR_ESCAPE = re.compile(r"[#!\\]")
_SIGNS = re.compile(r'\\.?|["#!]', re.DOTALL)
_PLAIN_WORD = re.compile(f"[^{WHITE_SPACE}]+")
_WORD = re.compile(f'"([^"]*)"|([^{WHITE_SPACE}"]+)|".*', re.DOTALL)
_ESCAPES = {"a": "\a", "b": "\b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WITHOUT_BRACE = re.compile(r'(?:[^{}"]++|"[^"]*+")*+')
_NUMERIC_ESCAPE = re.compile(r"x([0-9A-Fa-f]{1,2})|([0-7]{1,3})")


class UnmatchedQuoteError(ValueError):
    """A quote of a command is not closed; `quote` is the character."""

    def __init__(self, quote: str) -> None:
        super().__init__(f"missing terminating {quote}")
        self.quote = quote


class Comment(NamedTuple):
    """Where a comment begins in a line, its length if there is none; `escapes` are the backslashes before
    it that keep a `#` or `!` from beginning one, `quoted` is whether a double quote is left open, and
    `continued` whether the line ends in a backslash."""

    place: int
    escapes: list[int]
    quoted: bool
    continued: bool


def find_comment(text: str) -> Comment:
    """Look for the first `#` or `!` outside of double quotes and not after a backslash."""
    quoted = False
    escapes: list[int] = []
    for match in _SIGNS.finditer(text):
        sign = match[0]
        if sign == '"':
            quoted = not quoted
        elif sign == "\\":
            return Comment(len(text), escapes, quoted, continued=True)
        elif quoted:
            pass
        elif len(sign) == 1:
            return Comment(match.start(), escapes, quoted, continued=False)
        elif sign[1] in "#!":
            escapes.append(match.start())
    return Comment(len(text), escapes, quoted, continued=False)


def decomment(text: str) -> tuple[str, list[int], bool]:
    """What is left of a line without its comment and trailing blanks.

    Returns the text, the places in the original text of the characters that were taken out of its
    middle, and whether a double quote is left open: the backslashes that keep a comment from beginning,
    and blanks before a final backslash.
    """
    if not _COMMENT_OR_ESCAPE.search(text):
        return text.rstrip(BLANKS), [], _has_open_quote(text)
    comment = find_comment(text)
    removed = comment.escapes
    kept = text[: comment.place - comment.continued].rstrip(BLANKS)
    if comment.continued:
        removed = [*removed, *range(len(kept), len(text) - 1)]
        kept = text
    for place in reversed(removed):
        kept = kept[:place] + kept[place + 1 :]
    return kept, removed, comment.quoted


@lru_cache(maxsize=1024)
def split(text: str) -> tuple[tuple[str, ...], bool, str]:
    """The words of a line, whether a quote in it is not closed, the word behind which is dropped, and the
    line itself.

    Lines recur, as large files are mostly the same blocks with other names and numbers: what is
    returned of such lines is one and the same, which saves memory.
    """
    if '"' not in text:
        return tuple(map(intern, _PLAIN_WORD.findall(text))), False, text
    return tuple(word for word, _, _ in _located(text)), _has_open_quote(text), text


def positions(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a line begin and end, quotes included."""
    return ((start, end) for _, start, end in _located(text))


def _located(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        word = match[2] if match[1] is None else match[1]
        if word is not None:  # else a quote that is not closed
            yield word, match.start(), match.end()


def _has_open_quote(text: str) -> bool:
    return text.count('"') % 2 == 1


def brace_at(text: str) -> int | None:
    """The place of the first brace outside of double quotes; a lone quote hides what follows it."""
    match = _WITHOUT_BRACE.match(text)
    assert match
    place = match.end()
    return place if text[place : place + 1] in ("{", "}") else None


def split_command(text: str, *, escapes: bool) -> list[str]:
    """The words of a command line: single and double quotes group and may be joined to a word.

    With `escapes`, a backslash and what follows it mean a character; without, both are kept.
    Raises UnmatchedQuoteError.
    """
    words: list[str] = []
    word: list[str] = []
    quote = ""
    begun = False
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\\" and position < len(text):
            begun = True
            if escapes:
                value, position = _escape(text, position)
            else:
                value, position = text[position - 1 : position + 1], position + 1
            word.append(value)
        elif quote:
            if character == quote:
                quote = ""
            else:
                word.append(character)
        elif character in "\"'":
            quote, begun = character, True
        elif character in WHITE_SPACE:
            if begun:
                words.append("".join(word))
                word, begun = [], False
        else:
            word.append(character)
            begun = True
    if quote:
        raise UnmatchedQuoteError(quote)
    if begun:
        words.append("".join(word))
    return words


def _escape(text: str, position: int) -> tuple[str, int]:
    """The character that the escape at `position`, after its backslash, means, and where it ends."""
    if match := _NUMERIC_ESCAPE.match(text, position):
        return chr(int(match[1], 16) if match[1] else int(match[2], 8) & 0xFF), match.end()
    if text[position] == "c" and position + 1 < len(text):
        return chr(ord(text[position + 1]) & 0x1F), position + 2
    return _ESCAPES.get(text[position], text[position]), position + 1
