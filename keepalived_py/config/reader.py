"""Reading: from files to logical lines, in which nothing is left to expand.

A logical line is a lone `{` or `}`, or text without braces outside of double quotes. What a line
says is decided by the text pass that keepalived makes, in its order: comments go, a definition that
is open takes the line, `@id` lets it pass or not, `$NAME=` and `~SEQ` are kept for later, `$NAME`
is replaced, `include` opens files, and braces are cut off.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from keepalived_py.config import include, sequences, words
from keepalived_py.config.definitions import LINE_BYTES_MAX, Definition, Definitions, SubstitutionError
from keepalived_py.config.diagnostic import Consequence, Diagnostic, Findings, Severity, Span
from keepalived_py.config.include import Check
from keepalived_py.config.line import Line, Source

EXPANSIONS_MAX = 100_000
"""So many lines at most come out of definitions and sequences, and references in them are replaced."""

EXPANDED_CHARACTERS_MAX = 16_000_000
"""And so much text, which a few seconds suffice to read."""

UTF_8_BYTES_MAX = 4
"""A character has at most so many bytes."""

INCLUDE_DEPTH_MAX = 100
INCLUDED_FILES_MAX = 10_000

_SPECIAL = re.compile(r'[#!"\\$@~\r]|include')
"""What a line has that may mean more than its words and braces."""
_COMMENT_OR_QUOTE = re.compile(r'[#!"\\]')


class ConfigurationError(Exception):
    """The main configuration cannot be read at all; `path` is what was asked for."""

    def __init__(self, path: str, message: str, errno: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.errno = errno


class _OpenFile(NamedTuple):
    """A file that is being read, and the matches of its pattern that come after it."""

    source: Source
    path: str
    lines: Iterator[Line]
    later: tuple[str, ...]
    check: Check
    checks_before: Check


class _Expansion(NamedTuple):
    """What is left of a multi-line definition that is being used."""

    lines: list[str]
    line: Line
    via: str
    depth_before: int


class Reader:
    """Reads the files of one configuration; `files` are the paths that were opened, in order.

    `config_id` is what `@id` lines are compared with, by default the host name up to its first dot.
    `texts` are read instead of what the files of these paths hold.
    Raises ConfigurationError from `read` if there is no main file to read.
    """

    def __init__(
        self,
        findings: Findings,
        config_id: str | None = None,
        checks: Check = Check.NONE,
        texts: Mapping[str, bytes] | None = None,
    ) -> None:
        self.files: list[str] = []
        self.checks = checks
        self._texts = texts or {}
        self._findings = findings
        self._config_id = os.uname().nodename.partition(".")[0] if config_id is None else config_id
        self._definitions = Definitions(self._config_id)
        self._open: list[_OpenFile] = []
        self._residue: Line | None = None
        self._repetitions: list[sequences.Repetition] = []
        self._repetition_depth = 0
        self._expansions: list[_Expansion] = []
        self._defining: Definition | None = None
        self._expanded = 0
        self._expanded_characters = 0
        self._unclosed: list[Line] = []
        """The `{` of the blocks that are open."""
        self._ordinal = 0

    def read(self, pattern: str) -> Iterator[Line]:
        """The logical lines of the files that a pattern matches, each with its number in `ordinal`
        of the findings; what is wrong with the text of a line is reported before the line comes."""
        self._open_main(pattern)
        while (line := self._next()) is not None:
            self._count_line()
            if self._defining or _SPECIAL.search(line.text):
                processed = self._process(line)
                if processed is None or self._include(processed):
                    continue
                line = processed
            if line.text:
                yield self._cut(line)
        self._count_line()
        if self._unclosed:
            self._findings.add(
                Diagnostic(
                    code="missing-close-brace",
                    severity=Severity.ERROR,
                    message=f"There are {len(self._unclosed)} missing '}}'s or extra '{{'s",
                    span=self._unclosed[0].characters(),
                    help="this is never closed: a '}' is missing in the block or at its end",
                    consequence=Consequence.PROBLEM,
                )
            )

    def _count_line(self) -> None:
        self._ordinal += 1
        self._findings.ordinal = self._ordinal

    # Where the next line comes from

    def _next(self) -> Line | None:
        """The next line of text, from what is most urgent; outer blanks and comments are gone."""
        if self._residue is not None:
            residue, self._residue = self._residue, None
            return residue
        if len(self._repetitions) > self._repetition_depth:
            return self._repeat(self._repetitions[-1])
        if self._expansions:
            return self._expand(self._expansions[-1])
        while self._open:
            line = next(self._open[-1].lines, None)
            if line is not None:
                return line
            self._close_file()
        return None

    def _repeat(self, repetition: sequences.Repetition) -> Line | None:
        for name, value in repetition.take().items():
            self._definitions.set(name, value, f"${name} = {value}")
        if repetition.pending is None:
            self._repetitions.pop()
        return repetition.line if self._count_expanded(repetition.line) else None

    def _expand(self, expansion: _Expansion) -> Line | None:
        text = expansion.lines.pop(0)
        if not expansion.lines:
            self._expansions.pop()
            self._repetition_depth = expansion.depth_before
        line = expansion.line.with_text(text, expansion.via)
        return line if self._count_expanded(line) else None

    def _count_expanded(self, line: Line) -> bool:
        """Whether to go on: definitions and sequences may not multiply without end."""
        self._expanded += 1
        self._expanded_characters += len(line.text)
        if self._expanded + self._definitions.replacements > EXPANSIONS_MAX:
            limit = f"more than {EXPANSIONS_MAX} times"
        elif self._expanded_characters > EXPANDED_CHARACTERS_MAX:
            limit = f"to more than {EXPANDED_CHARACTERS_MAX} characters"
        else:
            return True
        self._count_line()
        self._report(
            line,
            "expansion-limit",
            f"definitions and sequences are expanded {limit}",
            help="a definition that uses itself never ends; reading stops here",
        )
        self._expansions.clear()
        self._repetitions.clear()
        self._open.clear()
        return False

    # What a line says

    def _process(self, line: Line) -> Line | None:
        """Everything that happens to the text of a line before it is cut at braces; None if the
        line is used up."""
        line = self._decomment(line, from_file=line.segments is None)
        if self._defining:
            self._continue_definition(self._defining, line)
            return None
        if line.text.startswith("@"):
            conditional = self._conditional(line)
            if conditional is None:
                return None
            line = conditional
        if line.text.startswith("$") and (definition := self._definitions.assign(line)):
            self._defining = definition if definition.multiline else None
            return None
        if line.text.startswith(("~SEQ", "~LST")):
            self._begin_repetition(line)
            return None
        if line.text.startswith("~") or "$" not in line.text:
            return line
        return self._substitute(line)

    def _decomment(self, line: Line, *, from_file: bool = False) -> Line:
        """The line without its comment.

        What keepalived's processes read is a copy of the files that has no comments any more, and no
        backslashes before a `#` or `!` either: these begin a comment in the copy.
        """
        text = line.text.rstrip("\r\n")
        indent = len(text) - len(text.lstrip(words.BLANKS))
        if not _COMMENT_OR_QUOTE.search(text):
            return line.slice(indent, max(indent, len(text.rstrip(words.BLANKS))))
        kept, removed, open_quote = words.decomment(text[indent:])
        if open_quote:
            self._report(
                line.slice(indent + kept.rfind('"'), indent + len(kept)) if kept else line,
                "unterminated-quote",
                f"Unterminated quote '{kept}'",
                help='a double quote opens a word that ends at the next one; there is no \\"',
            )
        line = line.slice(indent, len(text))
        for place in reversed(removed):
            line = line.replace(place, place + 1, "")
        line = line.slice(0, len(kept))
        again = from_file and removed and words.find_comment(kept).place < len(kept)
        return self._decomment(line) if again else line

    def _continue_definition(self, definition: Definition, line: Line) -> None:
        text = line.text
        if text.endswith("\\"):
            text = text[:-1].rstrip(words.BLANKS)
        else:
            self._defining = None
        if text:
            definition.lines.append(text)
        if not self._defining and not definition.lines:
            definition.multiline = False

    def _conditional(self, line: Line) -> Line | None:
        """The rest of an `@id` line, if it is for us."""
        inverted = line.text.startswith("@^")
        match = re.match(r"@\^?([^ \t]*)[ \t]+", line.text)
        if match and (match[1] == self._config_id) != inverted:
            return line.slice(match.end())
        return None

    def _begin_repetition(self, line: Line) -> None:
        def substitute(text: str) -> str:
            return self._definitions.substitute(line.with_text(text, "")).line.text

        try:
            repetition = sequences.repetition(line, substitute)
        except (sequences.SequenceError, SubstitutionError) as error:
            for message in filter(None, (str(error), f"Invalid {line.text[:4]} specification '{line}'")):
                self._report(
                    line,
                    "bad-sequence",
                    message,
                    help="~SEQ(var, [start, [step,]] end) or ~LST(var, value...)",
                )
            return
        if repetition.pending is not None:
            self._repetitions.append(repetition)

    def _substitute(self, line: Line) -> Line | None:
        try:
            found = self._definitions.substitute(line)
        except SubstitutionError as error:
            self._report(line, "bad-substitution", str(error), help="the line is ignored")
            return None
        for problem in found.problems:
            self._report(line, "bad-substitution", problem, help="the reference stays as it is")
        if found.following:
            depth_before = self._repetition_depth if self._expansions else 0
            self._expansions.append(_Expansion(found.following, line, found.place, depth_before))
            self._repetition_depth = len(self._repetitions)
        return line if found.line is line else self._decomment(found.line)

    def _cut(self, line: Line) -> Line:
        """The line up to its first brace; what follows is read next."""
        text = line.text
        if "{" not in text and "}" not in text:
            return line
        brace = words.brace_at(text)
        if brace is None:
            return line
        if brace > 0:
            self._residue = line.slice(brace)
            return line.slice(0, len(text[:brace].rstrip(words.BLANKS)))
        rest = text[1:].lstrip(words.BLANKS)
        if rest:
            self._residue = line.slice(len(text) - len(rest))
            line = line.slice(0, 1)
        self._count_brace(line)
        return line

    def _count_brace(self, brace: Line) -> None:
        if brace.text == "{":
            self._unclosed.append(brace)
        elif self._unclosed:
            self._unclosed.pop()
        else:
            self._report(brace, "extra-close-brace", "Extra '}' found", help="no block is open here")

    # Files

    def _open_main(self, pattern: str) -> None:
        directory = _working_directory()
        if os.path.isfile(pattern) and not os.access(pattern, os.R_OK):
            raise ConfigurationError(pattern, f"Unable to read configuration file {pattern}", 13)
        matches = include.find(pattern, directory, Check.NONE)
        if not matches.files:
            message = (
                matches.failures[0].message
                if matches.failures
                else f"Unable to find configuration file {pattern}"
            )
            raise ConfigurationError(pattern, message, None if os.path.lexists(pattern) else 2)
        for file in matches.files:
            if not os.access(file, os.R_OK):
                raise ConfigurationError(pattern, f"Unable to read configuration file {file}", 13)
        if len(matches.files) > 1:
            self._findings.add(
                Diagnostic(
                    code="several-files",
                    severity=Severity.WARNING,
                    message=f"WARNING, multiple configuration file matches of {pattern}, "
                    f"starting with {matches.files[0]}",
                    span=Span(matches.files[0], 1, 1, 1),
                    consequence=Consequence.PROBLEM,
                )
            )
        self._open_file(matches.files, directory, (), Check.READ | Check.MATCH | Check.WILDCARD_MATCH, None)

    def _include(self, line: Line) -> bool:
        """Whether the line is an `include`; if so, what it names is read next."""
        found = include.directive(line.text)
        if not found:
            return False
        check, pattern = found
        checks = self.checks | check
        line = line.slice(len(line.text) - len(pattern)) if pattern else line
        matches = include.find(pattern, line.source.directory, checks)
        for failure in matches.failures:
            self._report_include(line, failure.check, failure.message, checks)
        if len(self._open) >= INCLUDE_DEPTH_MAX or len(self.files) >= INCLUDED_FILES_MAX:
            self._report(line, "include-loop", f"too many files are included; '{pattern}' is not")
        elif matches.files:
            via = f"included from {line.source.file}:{line.number}"
            self._open_file(matches.files, line.source.directory, (via, *line.source.via), check, line)
        return True

    def _open_file(
        self, files: tuple[str, ...], directory: str, via: tuple[str, ...], check: Check, line: Line | None
    ) -> None:
        """Open the first of these files that can be; the others are read after it."""
        for number, file in enumerate(files):
            path = os.path.join(directory, file)
            if any(os.path.realpath(path) == opened.path for opened in self._open):
                if line:
                    self._report(
                        line, "include-loop", f"'{file}' includes itself", help="the file is not read again"
                    )
                continue
            try:
                data = self._texts[file] if file in self._texts else _contents(path)
            except OSError as error:
                if line is None:
                    raise ConfigurationError(
                        file, f"Unable to read configuration file {file}", error.errno
                    ) from error
                message = f"Configuration file '{file}' open problem ({error.strerror}) - skipping"
                self._report_include(line, Check.READ, message, self.checks | check)
                continue
            shown = path if via else file
            text = data.decode("utf-8", "surrogateescape")
            source = Source(shown, os.path.dirname(os.path.realpath(path)), text, via, name=file)
            self.files.append(shown)
            self._open.append(
                _OpenFile(
                    source,
                    os.path.realpath(path),
                    self._physical_lines(source),
                    files[number + 1 :],
                    check,
                    self.checks,
                )
            )
            return

    def _close_file(self) -> None:
        closed = self._open.pop()
        self.checks = closed.checks_before
        if closed.later:
            directory = self._open[-1].source.directory if self._open else _working_directory()
            self._open_file(closed.later, directory, closed.source.via, closed.check, None)

    def _physical_lines(self, source: Source) -> Iterator[Line]:
        """The lines of a file, without outer blanks; those that do not fit keepalived's buffer, and
        those with a NUL, are reported and left out."""
        last = source.text.count("\n") + 1
        for number, raw in enumerate(_pieces(source.text), 1):
            if "\0" in raw or (len(raw) >= LINE_BYTES_MAX // UTF_8_BYTES_MAX and not _fits(raw)):
                piece = raw.encode("utf-8", "surrogateescape")
                yield from self._odd_line(piece, source, number, at_end=number == last)
                continue
            text = raw.rstrip("\r").strip(words.BLANKS)
            if text or self._defining:
                yield Line(text, source, number, raw.find(text))

    def _odd_line(self, piece: bytes, source: Source, number: int, *, at_end: bool) -> Iterator[Line]:
        offset = 0
        while True:
            chunk = piece[offset : offset + LINE_BYTES_MAX]
            whole = offset + len(chunk) == len(piece) and len(chunk) < LINE_BYTES_MAX
            text = chunk.decode("utf-8", "surrogateescape")
            line = Line(text, source, number, len(piece[:offset].decode("utf-8", "surrogateescape")))
            if not whole and b"\0" not in chunk:
                self._count_line()
                self._report(
                    line,
                    "line-too-long",
                    "line too long - ignoring",
                    help=f"a line has at most {LINE_BYTES_MAX - 1} bytes; the rest is read as another line",
                )
            elif b"\0" in chunk and not (whole and at_end):
                self._count_line()
                self._report(
                    line,
                    "embedded-nul",
                    "configuration appears to have embedded NULs - ignoring line",
                    help="this is not a text file",
                )
            else:
                text = text.partition("\0")[0].rstrip("\r")
                stripped = text.strip(words.BLANKS)
                if stripped:
                    yield line.slice(text.find(stripped), text.find(stripped) + len(stripped))
            offset += len(chunk)
            if whole or not chunk:
                return

    def _report(self, line: Line, code: str, message: str, help: str = "") -> None:  # noqa: A002
        self._findings.add(
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message,
                span=line.characters(),
                help=help,
                consequence=Consequence.PROBLEM,
                reported_at=line.reported_at,
            )
        )

    def _report_include(self, line: Line, check: Check, message: str, checks: Check) -> None:
        counts = bool(check & checks)
        self._findings.add(
            Diagnostic(
                code="include",
                severity=Severity.ERROR if counts else Severity.WARNING,
                message=message,
                span=line.characters(),
                help="the pattern is relative to the directory of the including file; quotes are part of it",
                consequence=Consequence.INCLUDE if counts else Consequence.SAID,
                reported_at=line.reported_at,
            )
        )


def _pieces(text: str) -> Iterator[str]:
    """What `text.split("\\n")` gives, one after the other: all of them need much memory."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _fits(text: str) -> bool:
    return len(text.encode("utf-8", "surrogateescape")) < LINE_BYTES_MAX


def _contents(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _working_directory() -> str:
    """Where relative names start; it may have been removed, which matters only to such names."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return "/"
