"""Rules about the text itself: characters, repetitions, words too many, words too new."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.check.lint.text import Keyword
from keepalived_py.config import words
from keepalived_py.config.diagnostic import Severity, Span
from keepalived_py.config.statement import Statement

OLDEST_IN_USE = "2.2.7"
"""What a keyword without a `since` exists in: the keepalived of Debian 12."""

_BLANK = "a blank", "type a plain blank instead; keepalived takes this one for a part of the word"
_INVISIBLE = "an invisible character", "delete it; keepalived takes it for a part of the word"
_QUOTE = "a typographic quote", "type a plain one; keepalived takes this one for a part of the word"
_DASH = "a typographic dash", "type a plain hyphen-minus; keepalived takes this one for a part of the word"
_ODD = (
    dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", _BLANK
    )
    | dict.fromkeys("\u205f\u3000", _BLANK)
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", _INVISIBLE)
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb", _QUOTE)
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", _DASH)
)
_NAMES = {
    "\u00a0": "a no-break space",
    "\ufeff": "a byte order mark",
    "\u200b": "a zero-width space",
    "\u3000": "an ideographic space",
}
_ODD_CHARACTER = "[" + "".join(_ODD) + "]"
_QUOTED = '"[^"]*"'


@rule("odd-character", Severity.ERROR)
def odd_character(subject: Subject) -> Iterator[Finding]:
    """A byte order mark, a no-break space, a typographic quote or dash: it came with a copy from a web
    page or a word processor, looks like what it is not, and makes another word of the word it is in.
    Inside double quotes it may be meant."""
    for statement in subject.text.statements():
        text = statement.text
        if text.isascii() or not (match := re.search(_ODD_CHARACTER, re.sub(_QUOTED, _blanked, text))):
            continue
        character = match.group()
        what, advice = _ODD[character]
        yield Finding(
            statement.characters(match.start(), match.end()),
            f"{_NAMES.get(character, what)} (U+{ord(character):04X})",
            advice,
        )


@rule("escaped-quote", Severity.ERROR)
def escaped_quote(subject: Subject) -> Iterator[Finding]:
    """A word begins with `\\"`: the file was written by a shell or a program that should have taken the
    backslash away. For keepalived the quote is a part of the word, and groups nothing."""
    for statement in subject.text.statements():
        if '\\"' in statement.text and (match := re.search(r'(?<=\s)\\"', statement.text)):
            yield Finding(
                statement.characters(match.start(), match.end()),
                "the backslash makes the quote a part of the word",
                "remove the backslash, before the quote at the end, too",
            )


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match.group())


@rule("repeated-keyword")
def repeated_keyword(subject: Subject) -> Iterator[Finding]:
    """A keyword that takes one value is given twice in a block, or together with its opposite
    (`accept` and `no_accept`). keepalived keeps the last one and says nothing."""
    reported = {(one.span.file, one.span.line) for one in subject.found if one.code == "duplicate"}
    for block in subject.text.blocks():
        given: dict[str, list[Keyword]] = {}
        for keyword in block:
            given.setdefault(_sets(keyword), []).append(keyword)
        given.pop("", None)
        for keywords in given.values():
            if len(keywords) < 2:
                continue
            for first, second in pairwise(one for one in keywords if _stands_there(one.statement)):
                statement, number = second.statement, first.statement.number
                name = second.row.name
                if (statement.source.file, statement.number) in reported:
                    continue
                if statement.source is not first.statement.source:  # an include may override on purpose
                    continue
                yield Finding(
                    statement.span(),
                    f"'{name}' is given twice; this one counts, not line {number}"
                    if first.row.name == name
                    else f"'{name}' overrides '{first.row.name}' in line {number}",
                    "keep one of them",
                )


def _stands_there(statement: Statement) -> bool:
    """Whether the keyword is in the file itself: a definition is made to be overridden."""
    column, end_column = statement.columns_of()
    return end_column - column == len(statement.keyword)


def _sets(keyword: Keyword) -> str:
    """What a statement sets once; empty for what may be said again."""
    row = keyword.row
    if row.rows is not None or row.entries or row.repeats:
        return ""
    return row.field if row.field and not row.argument.written else row.renamed_to or row.name


@rule("ignored-words")
def ignored_words(subject: Subject) -> Iterator[Finding]:
    """There are words after the last argument of a keyword. keepalived ignores them, so that
    `nopreempt false` still means `nopreempt`."""
    for block in subject.text.blocks():
        for row, statement in block:
            most = row.argument.most
            if most is None or row.rows is not None or row.entries or len(statement.words) <= most + 1:
                continue
            extra = " ".join(statement.words[most + 1 :])
            yield Finding(
                statement.span(most + 1, len(statement.words) - 1),
                f"'{extra}' is ignored: '{row.name}' takes {('no argument', 'one argument')[most]}",
                "one keyword a line" if most else f"remove it; to turn it off, remove '{row.name}'",
            )


_SECRETS = frozenset(("auth_pass", "password", "key"))


@rule("comment-in-password")
def comment_in_password(subject: Subject) -> Iterator[Finding]:
    """A password has a `!` or `#` in it, which begins a comment: the rest of it is lost. Quotes around
    the password prevent that, a backslash before the character does not."""
    for block in subject.text.blocks():
        for row, statement in block:
            if row.name in _SECRETS and len(statement.words) > 1:
                span = statement.span(len(statement.words) - 1)
                rest = span.quoted[span.end_column - 1 :]
                if rest.startswith(("!", "#", "\\!", "\\#")):
                    lost = rest.split()[0]
                    yield Finding(
                        span,
                        f"'{lost}' after this is a comment, not a part of the password",
                        "put the password into double quotes, on all nodes",
                    )


@rule("escaped-comment")
def escaped_comment(subject: Subject) -> Iterator[Finding]:
    """A backslash stands before a `#` or `!` that is not in double quotes. It keeps a comment from beginning
    where keepalived reads the file, and is gone in the copy that its processes read: there the comment
    begins, and the rest of the line is lost."""
    sources = {id(one.source): one.source.text for one in subject.text.statements()}
    escaping = {key for key, text in sources.items() if "\\#" in text or "\\!" in text}
    for block in subject.text.blocks():
        for row, statement in block:
            if id(statement.source) not in escaping:
                continue
            span = statement.span(len(statement.words) - 1)
            rest = span.quoted[span.end_column - 1 :].lstrip(" \t")
            if row.name not in _SECRETS and rest.startswith(("\\!", "\\#")):
                start = len(span.quoted) - len(rest) + 1
                yield Finding(
                    replace(span, column=start, end_column=start + 2),
                    f"'{rest.split()[0]}' and what follows is a comment, in spite of the backslash",
                    "put the word into double quotes",
                )


_NAME = r"\$(?:\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)"


@rule("undefined-name")
def undefined_name(subject: Subject) -> Iterator[Finding]:
    """A `$NAME` is left as it is: there is no such definition before it, or text follows it directly,
    where only `${NAME}` is replaced. Variables of the environment are not definitions."""
    for block in subject.text.blocks():
        for row, statement in block:
            text = statement.text
            if "$" not in text or row.name in _SECRETS or row.name == "regex":
                continue
            if match := re.search(_NAME, text):
                name = match.group().strip("${}")
                yield Finding(
                    statement.characters(*match.span()),
                    f"'{match.group()}' is not replaced",
                    f"define it before with ${name}=..., and write ${{{name}}} where text follows",
                )


@rule("newer-keyword", Severity.NOTE)
def newer_keyword(subject: Subject) -> Iterator[Finding]:
    """A keyword that keepalived 2.2.7, which Debian 12 has, does not know yet. On a machine that still
    runs an older keepalived, it is an unknown keyword."""
    told: set[str] = set()
    for block in subject.text.blocks():
        for row, statement in block:
            if row.since and row.name not in told:
                told.add(row.name)
                yield Finding(
                    statement.span(),
                    f"'{row.name}' needs keepalived {row.since} or later",
                    f"keepalived {OLDEST_IN_USE} does not know it",
                )


_PLACEHOLDER = r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|(?<=\s)<-*[A-Za-z][\w-]*>(?=\s|$)"


@rule("template-not-filled", Severity.ERROR)
def template_not_filled(subject: Subject) -> Iterator[Finding]:
    """There is a place of a template that nothing was put into, such as `{{ priority }}` or `<interface>`:
    this is not the file yet, but what it is made from."""
    sources = {id(one.source): one.source for one in subject.text.statements()}
    for source in sources.values():
        if not re.search(r"\{\{|\{%|<%|<-*[A-Za-z]", source.text):
            continue
        for number, line in enumerate(source.text.split("\n"), 1):
            text = re.sub(_QUOTED, _blanked, line)
            text = text[: len(words.decomment(text)[0])]
            if match := re.search(_PLACEHOLDER, text):
                yield Finding(
                    Span(source.file, number, match.start() + 1, match.end() + 1, line, source.via),
                    f"'{match.group()}' is a place in a template",
                    "check the file that is made from the template",
                )
