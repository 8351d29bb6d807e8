"""Where the binding of keywords stands: what was read so far, the block in progress, and how to
report a finding."""

from dataclasses import dataclass, field
from typing import Any

from keepalived_py.config.diagnostic import Consequence, Diagnostic, Findings, Severity
from keepalived_py.config.statement import Block, Entry, Statement
from keepalived_py.model.place import Place
from keepalived_py.model.process import Process
from keepalived_py.schema.draft import Drafts
from keepalived_py.schema.host import Host


@dataclass(slots=True)
class Scope:
    """The state of binding; `block` is the draft that the rows of the present context fill."""

    findings: Findings
    host: Host
    drafts: Drafts = field(default_factory=Drafts)
    block: Any = None
    suggestions_left: int = 100
    """Searching for similar keywords takes time; nobody reads that many."""
    routing_names: dict[str, dict[str, int] | None] = field(default_factory=dict)
    """What was read of iproute2's files, by file."""
    closing: Statement | None = None
    """The `}` of the block whose end is being bound: the line that keepalived then names."""

    def error(
        self,
        statement: Statement,
        code: str,
        message: str,
        *,
        word: int | None = 0,
        help: str = "",  # noqa: A002
        consequence: Consequence = Consequence.PROBLEM,
        severity: Severity = Severity.ERROR,
        located: bool = True,
    ) -> None:
        """Report something about a word of a statement, or with `word` None about all of them.

        Not `located`: keepalived says it at the end, without file and line.
        """
        span = statement.span(0, len(statement.words) - 1) if word is None else statement.span(word)
        self.findings.add(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                span=span,
                help=help,
                consequence=consequence,
                reader=self.findings.reader,
                reported_at=self._reported_at(statement) if located else None,
            )
        )

    def warning(
        self,
        statement: Statement,
        code: str,
        message: str,
        *,
        word: int | None = 0,
        help: str = "",  # noqa: A002
        consequence: Consequence = Consequence.PROBLEM,
        located: bool = True,
    ) -> None:
        """Report something that works, but hardly as meant."""
        self.error(
            statement,
            code,
            message,
            word=word,
            help=help,
            consequence=consequence,
            severity=Severity.WARNING,
            located=located,
        )

    def missing(self, statement: Statement, index: int) -> None:
        """Report that the word after `index` is missing, on which keepalived exits."""
        message = (
            f"*** Configuration line starting `{statement.words[0]}` is missing a parameter "
            f"after keyword `{statement.words[index]}` at word position {index + 2}"
        )
        self.error(
            statement,
            "missing-argument",
            message,
            word=index,
            help="keepalived does not start with this",
            consequence=Consequence.STOP,
        )
        drafts, reader = self.drafts, self.findings.reader
        if drafts.stopped is None or reader < drafts.stopped:
            drafts.stopped = reader
            read = drafts.lvs.servers if reader is Process.CHECKER else drafts.instances
            drafts.read_before_stop = len(read)

    def needs_script_user(self) -> None:
        """Take note of a command that has no account of its own."""
        known, reader, stopped = self.drafts.script_user_from, self.findings.reader, self.drafts.stopped
        if stopped is not None and stopped <= reader:
            return
        self.drafts.script_user_from = reader if known is None else min(known, reader)

    def has_interface(self, name: str, statement: Statement) -> bool:
        """Whether an interface exists, or may come later."""
        if self.drafts.definitions.dynamic_interfaces or self.host.has_interface(name):
            return True
        self.drafts.missing_interface = self.drafts.missing_interface or statement
        return False

    def _reported_at(self, statement: Statement) -> tuple[str, int] | None:
        """At the end of a block its `}`; nowhere, where the end of the files closes it."""
        if self.closing is None:
            return statement.reported_at
        return self.closing.reported_at if self.closing.keyword == "}" else None


def head_of(entry: Entry) -> Statement:
    """The statement itself, or the one that heads a block."""
    return entry.head if isinstance(entry, Block) else entry


def body_of(entry: Entry) -> tuple[Statement, ...]:
    """The lines of a block of values."""
    if isinstance(entry, Block):
        return tuple(line for line in entry.entries if isinstance(line, Statement))
    return ()


def end_of(entry: Entry) -> Statement | None:
    """Where a block is closed."""
    return entry.end if isinstance(entry, Block) else None


def place_of(statement: Statement, word: int = 0) -> Place:
    """The place of a word, for the model."""
    return Place(statement.source.file, statement.number, statement.columns_of(word)[0])
