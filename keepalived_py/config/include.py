"""The `include` family: which files a pattern means, and which failures count."""

import os
import re
import stat
from collections.abc import Sequence
from enum import Flag, auto
from typing import NamedTuple

_DIRECTIVE = re.compile(r"include([rmwba]?)[ \t\n\v\f\r][ \t]*(.*)", re.DOTALL)
_MAGIC = re.compile(r"[*?\[]")
_ALTERNATIVES_MAX = 1000


class Check(Flag):
    """Failures to include something that make keepalived refuse to start."""

    NONE = 0
    READ = auto()
    """A file is not readable, a directory, or executable."""
    MATCH = auto()
    """A file that is named does not exist."""
    WILDCARD_MATCH = auto()
    """A wildcard matches nothing."""
    BRACE_MATCH = auto()
    """An alternative in braces does not exist."""
    ALL = READ | MATCH | WILDCARD_MATCH | BRACE_MATCH


_CHECKS = {
    "": Check.NONE,
    "r": Check.READ,
    "m": Check.READ | Check.MATCH,
    "w": Check.READ | Check.MATCH | Check.WILDCARD_MATCH,
    "b": Check.READ | Check.BRACE_MATCH,
    "a": Check.ALL,
}
CHECK_WORDS = {
    "read": Check.READ,
    "match": Check.MATCH,
    "wildcard_match": Check.WILDCARD_MATCH,
    "brace_match": Check.BRACE_MATCH,
}


class IncludeFailure(NamedTuple):
    """Something that could not be included: keepalived's message, and the check that makes it count."""

    check: Check
    message: str


class Matches(NamedTuple):
    """The files that a pattern means, as matched and in keepalived's order, and what went wrong."""

    files: tuple[str, ...]
    failures: tuple[IncludeFailure, ...] = ()


def directive(text: str) -> tuple[Check, str] | None:
    """The checks and the pattern of an `include` line; None if it is not one."""
    match = _DIRECTIVE.fullmatch(text) if text.startswith("include") else None
    return (_CHECKS[match[1]], match[2]) if match else None


def adjust_checks(current: Check, words: Sequence[str]) -> Check:
    """What the global keyword `include_check` with these words makes of the checks in force."""
    if not words:
        return Check.ALL
    for number, word in enumerate(words):
        check = CHECK_WORDS.get(word[1:] if word[:1] in ("+", "-") else word, Check.NONE)
        if word.startswith("+"):
            current |= check
        elif word.startswith("-"):
            current &= ~check
        elif number == 0:
            current = Check.READ | check if check else Check.NONE
    return current


def find(pattern: str, directory: str, checks: Check) -> Matches:
    """Look for the files of a pattern, relative to a directory, as glob(3) with GLOB_BRACE does."""
    files: list[str] = []
    missing = wildcards = False
    for alternative in _alternatives(pattern):
        path = os.path.join(directory, alternative)
        if magic := _MAGIC.search(path, len(path) - len(alternative)):
            import glob  # slow to import, and most files need none

            wildcards = True
            found = sorted(glob.glob(alternative, root_dir=directory))
            missing |= not found and not os.path.isdir(os.path.dirname(path[: magic.start()]))
            files += found
        elif os.path.lexists(path):
            files.append(alternative)
        else:
            missing = True
    if not files:
        if missing:
            check = Check.BRACE_MATCH if "{" in pattern else Check.MATCH
            return Matches((), (IncludeFailure(check, f"Config files missing '{pattern}'."),))
        if wildcards and checks & Check.WILDCARD_MATCH:
            message = f"No config files matched '{pattern}'."
            return Matches((), (IncludeFailure(Check.WILDCARD_MATCH, message),))
        return Matches(())
    failures: list[IncludeFailure] = []
    if missing:
        failures.append(IncludeFailure(Check.BRACE_MATCH, f'Some config files missing: "{pattern}".'))
        if checks & Check.BRACE_MATCH:
            return Matches((), tuple(failures))
    usable: list[str] = []
    for file in files:
        if failure := _unusable(file, os.path.join(directory, file)):
            failures.append(failure)
        else:
            usable.append(file)
    return Matches(tuple(usable), tuple(failures))


def _unusable(file: str, path: str) -> IncludeFailure | None:
    """Why keepalived does not read a file: only regular files without execute permission are."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        mode = 0
    if stat.S_ISDIR(mode):
        return IncludeFailure(Check.READ, f"Configuration file '{file}/' is a directory - skipping")
    if not stat.S_ISREG(mode) or mode & 0o111:
        message = f"Configuration file '{file}' is not a regular non-executable file - skipping"
        return IncludeFailure(Check.READ, message)
    return None


def _alternatives(pattern: str) -> list[str]:
    """A pattern for each choice among the words in braces; too many choices are none."""
    patterns = [pattern]
    expanded: list[str] = []
    while patterns and len(patterns) + len(expanded) <= _ALTERNATIVES_MAX:
        candidate = patterns.pop(0)
        choices = _first_braces(candidate)
        if choices is None:
            expanded.append(candidate)
        else:
            patterns = choices + patterns
    return expanded


def _first_braces(pattern: str) -> list[str] | None:
    """The pattern with its first pair of braces replaced by each alternative in it."""
    start = pattern.find("{")
    if start < 0:
        return None
    depth = 0
    commas = [start]
    for position in range(start, len(pattern)):
        character = pattern[position]
        if character == "{":
            depth += 1
        elif character == "," and depth == 1:
            commas.append(position)
        elif character == "}":
            depth -= 1
            if depth == 0:
                ends = [*commas[1:], position]
                words = [pattern[begin + 1 : end] for begin, end in zip(commas, ends, strict=True)]
                return [pattern[:start] + word + pattern[position + 1 :] for word in words]
    return None
