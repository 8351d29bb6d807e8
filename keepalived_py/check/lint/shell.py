"""The commands in a command line, as a shell would run them: as much of its language as checks have."""

import re
from typing import NamedTuple

SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"))
_OPERATORS = frozenset(("|", "||", "&&", ";", "&", "|&"))
_PREFIXES = frozenset(
    ("sudo", "env", "nice", "ionice", "nohup", "exec", "command", "then", "else", "do", "!")
)
_SUBSTITUTION = r"\$\([^()]*\)|`[^`]*`"


class SimpleCommand(NamedTuple):
    """A command without operators: the operator before it, its words, the script that it is a part of,
    and whether it is `limited` in time by timeout(1)."""

    operator: str
    words: list[str]
    script: str = ""
    limited: bool = False

    @property
    def name(self) -> str:
        return self.words[0].rpartition("/")[2]

    @property
    def piped(self) -> bool:
        return self.operator in ("|", "|&")

    def has(self, option: str) -> bool:
        """Whether a word is an option of this form."""
        return any(re.fullmatch(option, word) for word in self.words[1:])


def simple_commands(arguments: list[str]) -> list[SimpleCommand]:
    """The commands that an argument vector runs: itself, or those in the script of `sh -c`. Empty if that
    cannot be told."""
    script = _script(arguments)
    if script is None:
        return _commands([("", arguments)], "")
    import shlex  # few checks have a script

    lexer = shlex.shlex(re.sub(_SUBSTITUTION, "$OUTPUT", script), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    parts: list[tuple[str, list[str]]] = [("", [])]
    try:
        for word in lexer:
            if word in _OPERATORS:
                parts.append((word, []))
            else:
                parts[-1][1].append(word)
    except ValueError:  # a quote is not closed
        return []
    return _commands(parts, script)


def _script(arguments: list[str]) -> str | None:
    """What follows `-c` of a shell."""
    for index, word in enumerate(arguments[:-1]):
        if re.fullmatch("-[a-z]*c", word) and arguments[0].rpartition("/")[2] in SHELLS:
            return arguments[index + 1]
    return None


def _commands(parts: list[tuple[str, list[str]]], script: str) -> list[SimpleCommand]:
    found: list[SimpleCommand] = []
    for operator, words in parts:
        limited = False
        while words and (words[0].rpartition("/")[2] in {*_PREFIXES, "timeout"} or "=" in words[0]):
            if words[0].rpartition("/")[2] == "timeout":
                limited = True
                words = words[1:]
                while words and words[0].startswith("-"):
                    words = words[1:]
            words = words[1:]
        if words:
            found.append(SimpleCommand(operator, words, script, limited))
    return found
