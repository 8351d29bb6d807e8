"""Simulated `vrrp_script` commands: what decides about their outcome, and how long they take."""

from dataclasses import dataclass

from keepalived_py.model.command import Command
from keepalived_py.model.units import MILLISECOND, Microseconds

SUCCESS = 0
FAILURE = 1


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a command behaves. `status` None: it hangs until a signal ends it."""

    status: int | None = SUCCESS
    duration_us: Microseconds = 10 * MILLISECOND
    obeys_sigterm: bool = True


def followed_process(command: Command) -> str | None:
    """The program whose running a command asks about, if it is one of the usual ways to ask."""
    match command.arguments:
        case (asker, *_, program) if asker.rpartition("/")[2] in {"pidof", "pgrep"}:
            return program
        case (killall, "-0", program) if killall.rpartition("/")[2] == "killall":
            return program
        case (systemctl, "is-active", *_, program) if systemctl.rpartition("/")[2] == "systemctl":
            return program.removesuffix(".service")
        case _:
            return None
