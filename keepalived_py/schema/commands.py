"""Commands: scripts and notifications, and who runs them."""

from collections.abc import Sequence

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.config.words import UnmatchedQuoteError, split_command
from keepalived_py.model.command import Account, Command
from keepalived_py.schema.row import Row
from keepalived_py.schema.scope import Scope, head_of


def command_words(scope: Scope, statement: Statement) -> list[str]:
    """The words of a line that the lexer for commands reads, keyword included; none on a lone quote."""
    text = statement.text
    try:
        return split_command(text, escapes=False)
    except UnmatchedQuoteError as error:
        scope.error(
            statement,
            "unmatched-quote",
            f"String '{text}': missing terminating {error.quote}",
            word=None,
            help="close the quote",
        )
        return []


def arguments_of(scope: Scope, statement: Statement, words: list[str]) -> tuple[str, ...]:
    """The argument vector that the word after the keyword stands for."""
    if len(words) < 2:
        return ()
    try:
        return tuple(split_command(words[1], escapes=True))
    except UnmatchedQuoteError as error:
        scope.error(
            statement,
            "unmatched-quote",
            f"String '{words[1]}': missing terminating {error.quote}",
            word=1,
            help="close the quote",
        )
        return ()


def account(words: Sequence[str], index: int) -> Account | None:
    """The user and the group, if any, from `index` on."""
    if len(words) <= index:
        return None
    return Account(words[index], words[index + 1] if len(words) > index + 1 else None)


def known_account(scope: Scope, who: Account) -> bool:
    """Whether the machine knows user and group; a group may have a leading colon."""
    return scope.host.has_account(who.user, who.group.removeprefix(":") or None if who.group else None)


def notify_command(scope: Scope, statement: Statement, kind: str) -> Command | None:
    """The command of a `notify*` line; None if it is not usable."""
    words = command_words(scope, statement)
    arguments = arguments_of(scope, statement, words)
    if not arguments:
        return None
    who = account(words, 2)
    if who and not known_account(scope, who):
        scope.error(
            statement,
            "unknown-account",
            f"Invalid user/group for {kind} script {arguments[0]} - ignoring",
            word=2,
            help="a command with arguments is quoted as a whole; what follows is its user and group",
            consequence=Consequence.SILENT,
        )
        return None
    if who is None:
        scope.needs_script_user()
    return Command(arguments, who)


def bind_notify(scope: Scope, row: Row, entry: Entry) -> None:
    """`notify_master` and the like: the first of its kind counts."""
    statement = head_of(entry)
    notify = scope.block.notify
    if getattr(notify, row.field) is not None:
        value = statement.words[1] if len(statement.words) > 1 else ""
        scope.error(
            statement,
            "duplicate",
            row.invalid.format(name=scope.block.name, keyword=row.name, value=value),
            help="one command of each kind; call the others from it",
        )
        return
    setattr(notify, row.field, notify_command(scope, statement, "notify"))
