"""This machine, for checks of what a configuration refers to."""

import grp
import os
import pwd
import re
import socket
import stat
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from keepalived_py.check.filesystem import can_be_watched
from keepalived_py.model.command import DEFAULT_ACCOUNT, Account, Command
from keepalived_py.model.units import Interface
from keepalived_py.schema.host import ScriptState, Secret, VlanKind
from keepalived_py.schema.routing.names import c_number

_OPENABLE = re.compile(r"<[ \t]*/")
"""A pseudo-script that tests whether a file can be opened."""


class Ids(NamedTuple):
    uid: int
    gid: int


_FIT = {VlanKind.MACVLAN: "VMAC type private", VlanKind.IPVLAN: "IPVLAN type L2 "}
"""How the interfaces are described that an instance can have for itself."""


class ThisHost:
    """Looks names up where the check runs."""

    def has_interface(self, name: str) -> bool:
        try:
            socket.if_nametoindex(name)
        except (OSError, UnicodeEncodeError, ValueError):
            return False
        return True

    def has_other(self, name: str, kind: VlanKind) -> bool:
        from keepalived_py.check.links import read_links  # only what knows the host pays for it

        link = next((link for link in read_links() if link.name == name), None)
        return link is not None and not link.vlan.startswith(_FIT[kind])

    def own_addresses(self, interface: str) -> tuple[Interface, ...]:
        return tuple(address for name, address in _own_addresses() if name == interface)

    def has_account(self, user: str, group: str | None) -> bool:
        return ids_of(Account(user, group)) is not None

    def has_address(self, name: str) -> bool:
        try:
            return bool(socket.getaddrinfo(name, None))
        except (OSError, UnicodeError):
            return False

    def has_directory(self, path: str) -> bool:
        return os.path.exists(os.path.dirname(path) or ".")

    def tells_of_files(self, path: str) -> bool:
        return can_be_watched(os.path.dirname(path) or ".")

    def routing_names(self, file: str, directories: Sequence[str]) -> list[tuple[int, str]] | None:
        paths = [os.path.join(directory, file) for directory in directories]
        wanted = [next((path for path in paths if os.path.isfile(path)), "")]
        added: dict[str, str] = {}
        for path in paths:
            for name in _listed(f"{path}.d"):
                if name.endswith(".conf") and not name.startswith("."):
                    added.setdefault(name, f"{path}.d/{name}")
        return [entry for path in (*wanted, *added.values()) if path for entry in _routing_names(path)]

    def secret(self, path: str) -> Secret | None:
        try:
            with open(path, "rb") as file:
                exposed = bool(os.fstat(file.fileno()).st_mode & 0o077)
                return Secret(file.read(4096), exposed)
        except (OSError, ValueError):
            return Secret(None)

    def uptime_us(self) -> int:
        try:
            with open("/proc/uptime", encoding="ascii") as file:
                return int(float(file.read().split()[0]) * 1_000_000)
        except (OSError, ValueError, IndexError):
            return 0

    def online_cpus(self) -> int | None:
        return os.cpu_count()

    def ip_protocol(self, name: str) -> int | str | None:
        try:
            return socket.getprotobyname(name)
        except (OSError, ValueError):
            return None

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        """As keepalived finds a script: what root runs must be safe in every directory of its path,
        and no directory may be a symbolic link."""
        name = command.arguments[0]
        if _OPENABLE.match(name):
            return ScriptState.EXECUTABLE
        own = Ids(os.geteuid(), os.getegid())
        ids = ids_of(command.account or default or DEFAULT_ACCOUNT) or own
        path = name if "/" in name else self.find_program(name, ids, own)
        if path is None or not os.path.exists(path):
            return ScriptState.NOT_FOUND
        real = os.path.realpath(path)
        if not _reachable(real, ids):
            return ScriptState.NOT_FOUND
        status = os.stat(real)
        state = ScriptState.SCRIPT
        if not _executable(status, ids):
            return state
        state |= ScriptState.EXECUTABLE
        if _runs_as_root(status, ids):
            clean = os.path.normpath(os.path.join("/", path)) if path != real else path
            for walked in dict.fromkeys((clean, real)):
                state |= _path_state(walked, secure)
        return state

    def find_program(self, name: str, ids: Ids, own: Ids) -> str | None:
        """As keepalived looks in PATH, for its own user only: to be another one, it changes the user before
        the supplementary groups, and then may not change those any more."""
        return search(name, ids) if ids.uid == own.uid else None


def _listed(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


def _routing_names(path: str) -> Iterator[tuple[int, str]]:
    """The lines `NUMBER NAME` of a file."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.readlines()
    except OSError:
        return
    for line in lines:
        words = line.partition("#")[0].split()
        number = c_number(words[0]) if len(words) == 2 and not words[0].startswith("-") else None
        if number is not None:
            yield number, words[1]


@cache
def _own_addresses() -> tuple[tuple[str, Interface], ...]:
    from keepalived_py.check.links import read_addresses  # only what knows the host pays for it

    return tuple(read_addresses())


def ids_of(account: Account) -> Ids | None:
    """The numbers of an account; None if there is no such account."""
    try:
        user = pwd.getpwnam(account.user)
        group = (account.group or "").removeprefix(":")
        return Ids(user.pw_uid, grp.getgrnam(group).gr_gid if group else user.pw_gid)
    except (KeyError, UnicodeEncodeError, ValueError):
        return None


def search(name: str, ids: Ids) -> str | None:
    """The first file of this name in PATH that may be executed."""
    for directory in os.environ.get("PATH", os.defpath).split(":"):
        path = os.path.join(directory, name)
        try:
            status = os.stat(path)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and _executable(status, ids):
            return path
    return None


def _executable(status: os.stat_result, ids: Ids) -> bool:
    mode = status.st_mode
    if ids.uid == 0:
        return bool(mode & 0o111)
    if ids.uid == status.st_uid:
        return bool(mode & stat.S_IXUSR)
    return bool(mode & (stat.S_IXGRP if ids.gid == status.st_gid else stat.S_IXOTH))


def _reachable(path: str, ids: Ids) -> bool:
    """Whether every directory above may be entered."""
    parts = path.split("/")
    parents = ("/".join(parts[:count]) or "/" for count in range(1, len(parts)))
    return all(_executable(os.stat(parent), ids) for parent in parents)


def _runs_as_root(status: os.stat_result, ids: Ids) -> bool:
    mode = status.st_mode
    return (
        ids.uid == 0
        or ids.gid == 0
        or (status.st_uid == 0 and bool(mode & stat.S_ISUID))
        or (status.st_gid == 0 and bool(mode & stat.S_ISGID))
    )


def _path_state(path: str, secure: bool) -> ScriptState:
    """Whether someone else than root could change what is at the end of a path."""
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        last = count == len(parts)
        try:
            status = os.lstat("/".join(parts[:count]) or "/")
        except OSError:
            return ScriptState.NOT_FOUND
        mode = status.st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) if last else stat.S_ISDIR(mode)):
            return ScriptState.INHIBITED
        sticky_directory = stat.S_ISDIR(mode) and mode & stat.S_ISVTX
        writable = (mode & stat.S_IWGRP and status.st_gid) or mode & stat.S_IWOTH
        if status.st_uid or (writable and not sticky_directory and not stat.S_ISLNK(mode)):
            return ScriptState.INSECURE | (ScriptState.INHIBITED if secure else ScriptState.NONE)
    return ScriptState.NONE
