"""The form of a rule: a function that looks at a configuration or several, and a row that names it."""

from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from keepalived_py.check.lint.text import Text
from keepalived_py.config.diagnostic import Diagnostic, Related, Severity, Span
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
    """What a rule has found, where, what to do about it, and where else it shows."""

    span: Span
    message: str
    help: str = ""
    related: tuple[Related, ...] = ()


S = TypeVar("S")


class Rule(NamedTuple, Generic[S]):
    """A rule by its stable code; the docstring of its function is its documentation."""

    code: str
    severity: Severity
    find: Callable[[S], Iterator[Finding]]

    @property
    def documentation(self) -> str:
        return " ".join((self.find.__doc__ or "").split())

    def apply(self, subject: S) -> Iterator[Diagnostic]:
        """What it finds; none of it has a consequence in keepalived."""
        for finding in self.find(subject):
            yield Diagnostic(
                code=self.code,
                severity=self.severity,
                message=finding.message,
                span=finding.span,
                help=finding.help,
                related=finding.related,
            )


def rule(
    code: str, severity: Severity = Severity.WARNING
) -> Callable[[Callable[[S], Iterator[Finding]]], Rule[S]]:
    """Make a rule of a function."""
    return lambda find: Rule(code, severity, find)
