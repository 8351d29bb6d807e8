"""Whom commands run as: names of users and groups to numbers."""

import grp
import os
import pwd
from dataclasses import dataclass

from keepalived_py.model.command import DEFAULT_ACCOUNT, Account


class AccountError(LookupError):
    """A user or group that this machine does not have."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The numbers that a process runs with."""

    uid: int
    gid: int
    supplementary: frozenset[int] = frozenset()
    """More groups; none unless they are asked for."""


def own_credentials() -> Credentials:
    return Credentials(os.geteuid(), os.getegid())


def resolve(account: Account) -> Credentials:
    """The numbers of an account; the group is the user's own unless one is named.

    Names win over decimal ids. A colon before the group, or alone, asks for the user's supplementary
    groups. Raises AccountError for what does not exist.
    """
    user = _user(account.user)
    group = account.group or ""
    if group.removeprefix(":"):
        gid = _group(group.removeprefix(":"))
    elif user.gid is None:
        raise AccountError(f"User {account.user} has no group")
    else:
        gid = user.gid
    if group.startswith(":") and user.gid is not None:
        return Credentials(user.uid, gid, frozenset(os.getgrouplist(account.user, user.gid)))
    return Credentials(user.uid, gid)


def resolve_default(script_user: Account | None) -> Credentials:
    """Who runs commands without an account of their own: `script_user`, else `keepalived_script` if
    there is such an account, else whoever we are.

    Raises AccountError if `script_user` does not exist.
    """
    if script_user is not None:
        return resolve(script_user)
    try:
        return resolve(DEFAULT_ACCOUNT)
    except AccountError:
        return own_credentials()


@dataclass(frozen=True, slots=True)
class _User:
    uid: int
    gid: int | None


def _user(name: str) -> _User:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        if not name.isdecimal():
            raise AccountError(f"Script user '{name}' does not exist") from None
        try:
            entry = pwd.getpwuid(int(name))
        except KeyError:
            return _User(int(name), None)
    return _User(entry.pw_uid, entry.pw_gid)


def _group(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        if name.isdecimal():
            return int(name)
        raise AccountError(f"Script group '{name}' does not exist") from None
