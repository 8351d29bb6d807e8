"""This machine, for dumps: names, accounts, programs and network interfaces."""

import os
import pwd
import socket
from functools import cached_property
from ipaddress import ip_address

from keepalived_py.check.host import Ids, ids_of, search
from keepalived_py.check.links import read_links
from keepalived_py.dump.machine import Link
from keepalived_py.model.command import DEFAULT_ACCOUNT, Account, Command

_LIBC_DEFAULT = socket.AI_V4MAPPED | socket.AI_ADDRCONFIG
"""What getaddrinfo(3) does where no hints are given."""


class ThisMachine:
    """The machine, and the network namespace, that the process is on."""

    def host_name(self) -> str:
        name = socket.gethostname()
        try:
            canonical = socket.getaddrinfo(name, None, flags=socket.AI_CANONNAME)[0][3]
        except OSError:
            return name
        return canonical or name

    def user_name(self) -> str:
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return str(os.getuid())

    def address_of(self, host: str) -> str:
        try:
            return str(ip_address(host))
        except ValueError:
            pass
        try:
            address, *_ = socket.getaddrinfo(host, None, flags=_LIBC_DEFAULT)[0][4]
        except (OSError, UnicodeError):
            return host
        return str(address)

    def credentials(self, account: Account | None, default: Account | None) -> tuple[int, int]:
        ids = self._ids(account, default)
        return ids.uid, ids.gid

    def program(self, command: Command, default: Account | None) -> tuple[str, str | None]:
        name = command.arguments[0]
        if name.startswith("<"):
            return name, None
        path = name if "/" in name else search(name, self._ids(command.account, default))
        if path is None or not os.path.exists(path):
            return name, None
        real, clean = os.path.realpath(path), os.path.normpath(path)
        return clean, None if real == clean else real

    def links(self) -> tuple[Link, ...]:
        return self._links

    @cached_property
    def _links(self) -> tuple[Link, ...]:
        return read_links()

    def _ids(self, account: Account | None, default: Account | None) -> Ids:
        own = Ids(os.geteuid(), os.getegid())
        return ids_of(account or default or DEFAULT_ACCOUNT) or own
