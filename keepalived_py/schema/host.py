"""What a configuration refers to that only the machine knows."""

from collections.abc import Sequence
from enum import Enum, Flag, auto
from typing import NamedTuple, Protocol

from keepalived_py.model.command import Account, Command
from keepalived_py.model.units import Interface


class ScriptState(Flag):
    """What is found where a command should be."""

    NONE = 0
    SCRIPT = auto()
    """There is a file."""
    EXECUTABLE = auto()
    """Who is to run it may."""
    NOT_FOUND = auto()
    INHIBITED = auto()
    """It is not to be run."""
    INSECURE = auto()
    """Others than root can change what root would run."""


class VlanKind(Enum):
    """What an interface that an instance has for itself must be."""

    MACVLAN = auto()
    """In private mode."""
    IPVLAN = auto()
    """In L2 mode."""


class Secret(NamedTuple):
    """A file that holds a key; without content it cannot be read."""

    content: bytes | None
    exposed: bool = False
    """Others than its owner may use it."""


class Host(Protocol):
    """A machine to check a configuration against."""

    def has_interface(self, name: str) -> bool:
        """Whether there is a network interface of this name."""

    def has_other(self, name: str, kind: VlanKind) -> bool:
        """Whether there is an interface of this name that is not of this kind."""

    def own_addresses(self, interface: str) -> tuple[Interface, ...]:
        """The addresses that an interface has for itself; not those that are virtual, as far as that
        can be seen."""

    def has_account(self, user: str, group: str | None) -> bool:
        """Whether the user, and the group if one is named, exist."""

    def has_address(self, name: str) -> bool:
        """Whether a host name has an address, or is one."""

    def has_directory(self, path: str) -> bool:
        """Whether the directory that holds `path` exists."""

    def tells_of_files(self, path: str) -> bool:
        """Whether the kernel tells of changes in the directory that holds `path`, and it can be written."""

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        """What the command is; without an account of its own it runs as `default`, and with
        `secure` what is insecure must not run."""

    def routing_names(self, file: str, directories: Sequence[str]) -> list[tuple[int, str]] | None:
        """The entries of a file of iproute2, in the first of these directories that has it, and of
        those that add to it; None if the host is not known."""

    def secret(self, path: str) -> Secret | None:
        """The start of a file that holds a key; None if the host is not known."""

    def uptime_us(self) -> int:
        """Microseconds since the boot."""

    def online_cpus(self) -> int | None:
        """How many processors there are; None if the host is not known."""

    def ip_protocol(self, name: str) -> int | str | None:
        """The number of an IP protocol; the name itself if the host is not known."""


class AnyHost:
    """A machine that has everything: for checks offline, of files meant for another machine."""

    def has_interface(self, name: str) -> bool:
        return True

    def has_other(self, name: str, kind: VlanKind) -> bool:
        return False

    def own_addresses(self, interface: str) -> tuple[Interface, ...]:
        return ()

    def has_account(self, user: str, group: str | None) -> bool:
        return True

    def has_address(self, name: str) -> bool:
        return True

    def has_directory(self, path: str) -> bool:
        return True

    def tells_of_files(self, path: str) -> bool:
        return True

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        return ScriptState.EXECUTABLE

    def routing_names(self, file: str, directories: Sequence[str]) -> list[tuple[int, str]] | None:
        return None

    def ip_protocol(self, name: str) -> int | str | None:
        return name

    def uptime_us(self) -> int:
        return 0

    def online_cpus(self) -> int | None:
        return None

    def secret(self, path: str) -> Secret | None:
        return None
