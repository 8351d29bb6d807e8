"""How keepalived writes single values in its dumps."""

from collections.abc import Iterator

from keepalived_py.linux.accounts import AccountError, resolve, resolve_default
from keepalived_py.model.command import Account, Command
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds


class Accounts:
    """Whom commands run as, in numbers."""

    def __init__(self, script_user: Account | None) -> None:
        self._script_user = script_user

    def of(self, account: Account | None) -> str:
        """`uid:gid`; the default is `script_user`."""
        try:
            it = resolve(account) if account else resolve_default(self._script_user)
        except AccountError as error:
            return str(error)
        return f"{it.uid}:{it.gid}"

    def command(self, command: Command, *extra: str) -> str:
        """A command and whom it runs as."""
        return f"{words(command, *extra)}, uid:gid {self.of(command.account)}"


def words(command: Command, *extra: str) -> str:
    return " ".join(f"'{word}'" for word in (*command.arguments, *extra))


def seconds(duration_us: Microseconds) -> str:
    """Seconds, with milliseconds if there are any."""
    whole, rest = divmod(duration_us, SECOND)
    return f"{whole}.{rest // MILLISECOND:03}" if rest else str(whole)


def yes(value: bool, true: str = "true", false: str = "false") -> str:
    return true if value else false


def weight(it: Weight) -> str:
    return f"{it.value} reverse" if it.reverse else str(it.value)


def tracked_lines(kind: str, entries: tuple[Tracked, ...], separator: str) -> Iterator[str]:
    if entries:
        yield f"   Tracked {kind} :"
        yield from (f"     {it.name}{separator} weight {weight(it.weight)}" for it in entries)


def notify_lines(notify: NotifyScripts, accounts: Accounts) -> Iterator[str]:
    scripts = {
        "Backup": notify.backup,
        "Master": notify.master,
        "Fault": notify.fault,
        "Stop": notify.stop,
        "Deleted": notify.deleted,
        "Generic": notify.any,
        "Master rx lower pri": notify.master_rx_lower_pri,
    }
    for kind, command in scripts.items():
        if command:
            yield f"   {kind} state transition script = {accounts.command(command)}"
