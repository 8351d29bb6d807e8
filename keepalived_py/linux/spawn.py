"""Run the commands of a configuration as keepalived does: each in a process group of its own, with
default signals and nothing on its standard streams, as the account that the configuration names, and
ended with us.

Nothing here waits: the end of a child is told by a callback from the event loop.
"""

import errno
import os
import shlex
import shutil
import stat
import subprocess
from asyncio import AbstractEventLoop
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from keepalived_py.linux import scheduling
from keepalived_py.linux.accounts import AccountError, Credentials, own_credentials, resolve, resolve_default
from keepalived_py.model.command import Account, Command
from keepalived_py.model.question import question
from keepalived_py.vrrp.actions import Log

OnExit: TypeAlias = Callable[[int | None, int | None], None]
"""Called once with the exit status or else the number of the signal that ended the command."""

STATUS_NOT_EXECUTED = 127
SHELL = "/bin/sh"
_DANGEROUS_VARIABLES = {"IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"}


class Child:
    """A command that was started; `pid` is None if it could not be executed."""

    def __init__(self, process: "subprocess.Popen[bytes] | None") -> None:
        self._process = process

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def signal_group(self, signal: int) -> None:
        """Send a signal to the command and all that it has started.

        That works until `on_exit` has returned, and is no error later.
        """
        if self._process and self._process.returncode is None:
            os.killpg(self._process.pid, signal)


class Spawner:
    """Starts commands. `default_account` (`script_user`) is for those without an account."""

    def __init__(
        self, loop: AbstractEventLoop, default_account: Account | None, log: Callable[[Log], None]
    ) -> None:
        self._loop = loop
        self._log = log
        self._environment = {
            name: value for name, value in os.environ.items() if name not in _DANGEROUS_VARIABLES
        }
        self._resolve = cache(resolve)
        self._resolve_default = cache(lambda: resolve_default(default_account))

    def start(self, command: Command, on_exit: OnExit, extra: tuple[str, ...] = ()) -> Child:
        """Run a command, `extra` appended to its arguments.

        A command that cannot be executed is logged and ends with status 127; `on_exit` is called
        from the loop then too, never before this returns.
        """
        try:
            launcher = () if question(command) else _launcher()
            process = self._execute(command.arguments + extra, launcher, self._credentials(command))
        except (AccountError, OSError) as error:
            self._log(Log(f"Error exec-ing command '{command.arguments[0]}': {_reason(error)}"))
            self._loop.call_soon(on_exit, STATUS_NOT_EXECUTED, None)
            return Child(None)
        self._watch(process, on_exit)
        return Child(process)

    def _credentials(self, command: Command) -> Credentials:
        return self._resolve(command.account) if command.account else self._resolve_default()

    def _execute(
        self, arguments: tuple[str, ...], launcher: tuple[str, ...], credentials: Credentials
    ) -> "subprocess.Popen[bytes]":
        if _tests_a_file(arguments[0]):
            script = " ".join((arguments[0], *map(shlex.quote, arguments[1:])))
            return self._popen((SHELL, "-c", script), SHELL, credentials)
        # which() does not resolve symlinks: a program may behave by the name it is called by, as
        # pidof does, which on Debian is a link to killall5.
        path = shutil.which(arguments[0], path=self._environment.get("PATH"))
        executable = path or arguments[0]
        if launcher:
            _check_executable(executable, credentials)
            return self._popen((*launcher, *arguments), launcher[0], credentials)
        try:
            return self._popen(arguments, executable, credentials)
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            return self._popen((SHELL, executable, *arguments[1:]), SHELL, credentials)

    def _popen(
        self, arguments: tuple[str, ...], executable: str, credentials: Credentials
    ) -> "subprocess.Popen[bytes]":
        own = own_credentials()
        # Only what differs is changed: without a change of user subprocess can use vfork.
        keep_groups = set(os.getgroups()) - {credentials.gid} == credentials.supplementary - {credentials.gid}
        with scheduling.own.of_scripts():
            return subprocess.Popen(
                arguments,
                executable=executable,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                process_group=0,
                user=None if credentials.uid == own.uid else credentials.uid,
                group=None if credentials.gid == own.gid else credentials.gid,
                extra_groups=None if keep_groups else tuple(credentials.supplementary),
            )

    def _watch(self, process: "subprocess.Popen[bytes]", on_exit: OnExit) -> None:
        pidfd = os.pidfd_open(process.pid)

        def ended() -> None:
            self._loop.remove_reader(pidfd)
            # Not reaped yet: that keeps the number of the group ours while its end is dealt with.
            result = os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOWAIT)
            assert result is not None, "only WNOHANG has nothing to tell"
            os.close(pidfd)
            try:
                if result.si_code == os.CLD_EXITED:
                    on_exit(result.si_status, None)
                else:
                    on_exit(None, result.si_status)
            finally:
                process.wait()

        self._loop.add_reader(pidfd, ended)


@cache
def _launcher() -> tuple[str, ...]:
    """A program that executes another which gets SIGTERM when we end, however we end: setpriv(1).

    To ask for that in the child between fork and exec would take Python code there, and a copy of
    all our memory for each script. Where there is no such setpriv, scripts outlive a `kill -9`. So do those
    that only ask for a process, at most for the moment that they take: they run all the time, and the
    launcher would double what starting them costs.
    """
    path = shutil.which("setpriv")
    if path is None:
        return ()
    launcher = (path, "--pdeathsig", "TERM", "--")
    knows = subprocess.run([*launcher, path, "--version"], capture_output=True, check=False).returncode == 0
    return launcher if knows else ()


def _check_executable(path: str, who: Credentials) -> None:
    """Raise the OSError that executing a file would raise: the launcher could not tell us."""
    status = os.stat(path)
    if who.uid == 0:
        bits = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
    elif who.uid == status.st_uid:
        bits = stat.S_IXUSR
    elif status.st_gid in {who.gid, *who.supplementary}:
        bits = stat.S_IXGRP
    else:
        bits = stat.S_IXOTH
    if not stat.S_ISREG(status.st_mode) or not status.st_mode & bits:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def _tests_a_file(name: str) -> bool:
    """`< /path` is no command: keepalived lets a shell find out whether the file can be opened."""
    return name.startswith("<") and name[1:].lstrip(" \t").startswith("/")


def _reason(error: AccountError | OSError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
