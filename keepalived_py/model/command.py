"""A command that the configuration asks to be run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """The user, and the group if it is named, that a command runs as; names or decimal ids."""

    user: str
    group: str | None = None


DEFAULT_ACCOUNT = Account("keepalived_script")
"""Used where neither the command nor `script_user` names an account, if it exists."""


@dataclass(frozen=True, slots=True)
class Command:
    """An argument vector, and who runs it.

    `arguments[0]` is the name exactly as it was written. A name without a slash is looked up in
    PATH when the command runs, and executed under that name, never via a resolved symlink.
    Without an account the command runs as `script_user`, else as `keepalived_script` if that
    account exists, else as the daemon itself.
    """

    arguments: tuple[str, ...]
    account: Account | None = None

    def __str__(self) -> str:
        return " ".join(self.arguments)

    @property
    def quoted(self) -> str:
        """Each word in single quotes, as a shell would read it."""
        return " ".join("'" + word.replace("'", "'\\''") + "'" for word in self.arguments)
