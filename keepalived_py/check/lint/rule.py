"""The form of a lint rule: a function that looks at a configuration, and a row that names it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from keepalived_py.check.lint.text import Text
from keepalived_py.config.diagnostic import Diagnostic, Severity, Span
from keepalived_py.model.configuration import Configuration
from keepalived_py.schema.host import AnyHost, Host

ANY_HOST = AnyHost()


class Subject(NamedTuple):
    """What a rule may look at: the meaning, the text, what was found already, and the machine that the
    configuration is for, as far as it is known."""

    configuration: Configuration
    text: Text
    found: tuple[Diagnostic, ...] = ()
    host: Host = ANY_HOST


class Finding(NamedTuple):
    """What a rule has found, where, and what to do about it."""

    span: Span
    message: str
    help: str = ""


Find: TypeAlias = Callable[[Subject], Iterator[Finding]]


class Rule(NamedTuple):
    """A rule by its stable code; the docstring of its function is its documentation."""

    code: str
    severity: Severity
    find: Find

    @property
    def documentation(self) -> str:
        return " ".join((self.find.__doc__ or "").split())


def rule(code: str, severity: Severity = Severity.WARNING) -> Callable[[Find], Rule]:
    """Make a rule of a function."""
    return lambda find: Rule(code, severity, find)
