"""What the steps of completing a configuration share: the drafts, and how to report."""

from dataclasses import dataclass, field

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Statement
from keepalived_py.model.command import Account
from keepalived_py.schema.draft import Drafts, GlobalDraft, InstanceDraft
from keepalived_py.schema.host import ScriptState
from keepalived_py.schema.scope import Scope


@dataclass(slots=True)
class Completion:
    """`halted`: keepalived has given up at this point, and says no more."""

    scope: Scope
    halted: bool = False
    heads: dict[str, Statement] = field(default_factory=dict)
    """Where the instances stand that are complete, or about to be."""
    programs: dict[tuple[str, Account | None], ScriptState] = field(default_factory=dict)
    """What the host said of programs, by who runs them."""

    @property
    def drafts(self) -> Drafts:
        return self.scope.drafts

    @property
    def definitions(self) -> GlobalDraft:
        return self.scope.drafts.definitions

    def error(
        self,
        statement: Statement,
        code: str,
        message: str,
        *,
        word: int = 1,
        help: str = "",  # noqa: A002
        warning: bool = False,
        silent: bool = False,
    ) -> None:
        report = self.scope.warning if warning else self.scope.error
        report(
            statement,
            code,
            message,
            word=word,
            help=help,
            located=False,
            consequence=Consequence.SILENT if self.halted or silent else Consequence.PROBLEM,
        )

    def say(self, statement: Statement, code: str, message: str, *, help: str = "") -> None:  # noqa: A002
        """Report what keepalived logs when it runs, but not in a test."""
        self.scope.warning(
            statement, code, message, word=1, help=help, located=False, consequence=Consequence.SILENT
        )

    def reset(self, draft: InstanceDraft, keyword: str, message: str, *, warning: bool = False) -> None:
        """Report a setting that is not possible here, where it stands, or at the instance."""
        statement = draft.said.get(keyword)
        text = f"({draft.name}) {message}"
        if statement:
            self.error(statement, "incompatible", text, word=0, help=f"remove {keyword}", warning=warning)
        else:
            self.error(draft.head, "incompatible", text, warning=warning)
