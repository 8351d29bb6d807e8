"""Script security (`enable_script_security`): may this command run?

A command that runs as root must be safe: nobody but root can change or replace it, or a directory or
link on the way to it. With `enable_script_security` unsafe commands are refused, without they are
warned of. As in keepalived a command that cannot run at all is refused at once.
"""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from keepalived_py.linux.accounts import Credentials
from keepalived_py.linux.spawn import tests_a_file
from keepalived_py.model.command import Command

MAXIMUM_LINKS = 40
"""As many symbolic links as the kernel follows on one path."""

_PROGRAM_MAGIC = (b"#!", b"\x7fELF")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a command may run; remarks are for the log, in keepalived's words."""

    remarks: tuple[str, ...] = ()
    found: bool = True
    """False: there is no such file, or it cannot be executed."""
    safe: bool = True
    """Nobody else can make root run something else; or it is not run by root."""
    is_script: bool = True
    """Something is executed; `< file` only is a test."""


def examine(command: Command, credentials: Credentials) -> Verdict:
    """Judge a command that is to be run with `credentials`, on this machine as it is now."""
    name = command.arguments[0]
    if tests_a_file(name):
        return Verdict(is_script=False)
    remarks: list[str] = []
    path = shutil.which(name) if "/" not in name else os.path.abspath(name)
    if path is None:
        return Verdict((f"Cannot find script {name} in path - disabling",), found=False)
    if "/" not in name:
        remarks.append(f"WARNING - script `{name}` resolved by path search to `{path}`.")
    try:
        status = os.stat(path)
    except OSError as error:
        return Verdict((f"Script {name} cannot be accessed - {error.strerror}",), found=False)
    if not _may_execute(status, credentials):
        who = f"uid:gid {credentials.uid}:{credentials.gid}"
        remark = f"WARNING - script '{name}' is not executable for {who} - disabling."
        return Verdict((*remarks, remark), found=False)
    if not _is_program(path):
        remarks.append(f"Please add a #! shebang to script {name}")
    culprit = _unsafe_component(path) if _runs_as_root(status, credentials) else None
    if culprit is not None:
        remarks.append(f"Unsafe permissions found for script '{name}': others may change {culprit}.")
    return Verdict(tuple(remarks), safe=culprit is None)


def _may_execute(status: os.stat_result, credentials: Credentials) -> bool:
    mode = status.st_mode
    if not stat.S_ISREG(mode):
        return False
    if credentials.uid == 0:
        return bool(mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))
    if credentials.uid == status.st_uid:
        return bool(mode & stat.S_IXUSR)
    if credentials.gid == status.st_gid:
        return bool(mode & stat.S_IXGRP)
    return bool(mode & stat.S_IXOTH)


def _runs_as_root(status: os.stat_result, credentials: Credentials) -> bool:
    set_user = status.st_uid == 0 and status.st_mode & stat.S_ISUID
    set_group = status.st_gid == 0 and status.st_mode & stat.S_ISGID
    return 0 in (credentials.uid, credentials.gid) or bool(set_user or set_group)


def _is_program(path: str) -> bool:
    """Whether the kernel knows how to execute a file; what we may not read is believed to be one."""
    try:
        with open(path, "rb") as file:
            return file.read(4).startswith(_PROGRAM_MAGIC)
    except PermissionError:
        return True


def _unsafe_component(path: str) -> Path | None:
    """The first file, directory or link on the way along `path` that others than root may change."""
    ahead = list(reversed(Path(path).parts))
    here = Path("/")
    links = 0
    while ahead:
        step = here / ahead.pop()
        status = step.lstat()
        if status.st_uid != 0 or _others_may_write(status):
            return step
        if not stat.S_ISLNK(status.st_mode):
            here = step.parent.parent if step.name == ".." else step
            continue
        links += 1
        if links > MAXIMUM_LINKS:
            return step
        ahead += reversed(step.readlink().parts)  # an absolute target begins with "/" again
    return None


def _others_may_write(status: os.stat_result) -> bool:
    """Links have no permissions of their own; in a sticky directory one cannot replace what is root's."""
    mode = status.st_mode
    if stat.S_ISLNK(mode) or (stat.S_ISDIR(mode) and mode & stat.S_ISVTX):
        return False
    return bool(mode & stat.S_IWOTH or (mode & stat.S_IWGRP and status.st_gid != 0))
