"""What a process does to itself: name, core dumps, namespace, death with its parent, background."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from keepalived_py.daemon import signals
from keepalived_py.linux.scheduling import own

PROCESS_NAME = "keepalived"
"""As in keepalived the parent and its children have one name, so that `killall keepalived` works,
unless `process_names` or the like says otherwise."""

NETWORK_NAMESPACES = Path("/run/netns")
CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")

_ENDING = {signal.SIGILL, signal.SIGFPE, signal.SIGSEGV, signal.SIGBUS}

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def set_name(name: str | None) -> None:
    """What ps and killall show, 15 octets at most; None: PROCESS_NAME."""
    _call(_libc.prctl(_PR_SET_NAME, ctypes.c_char_p((name or PROCESS_NAME).encode())))


def adopt_orphans() -> None:
    """Become the parent of the scripts of a child that dies, to reap them."""
    _call(_libc.prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1)))


def die_with(parent_pid: int) -> None:
    """Get SIGTERM when the parent ends, even if that was before this call."""
    _call(_libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM)))
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGTERM)


def survive_other_signals() -> None:
    """As in keepalived, no signal that means nothing to us ends us, but for errors of a program.

    They are handled, by doing nothing, since scripts would inherit that they are ignored.
    """
    meaningful = {*signals.HANDLED, *_ENDING, signal.SIGKILL, signal.SIGSTOP}
    for number in signal.valid_signals() - meaningful:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, frame: None)


def enter_network_namespace(name: str) -> None:
    """Move into a namespace that `ip netns add` has made. Raises OSError."""
    descriptor = os.open(NETWORK_NAMESPACES / name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call(_libc.setns(descriptor, _CLONE_NEWNET))
    finally:
        os.close(descriptor)


@contextmanager
def core_dumps(pattern: str | None, say: Callable[[str], None]) -> Iterator[None]:
    """Let this process and its children dump core, and their files be called by `pattern` if there is
    one (core(5)); what the machine had for it comes back at the end."""
    before = _exchange_core_pattern(pattern, say) if pattern else None
    try:
        own.limit(resource.RLIMIT_CORE, resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    except (OSError, ValueError):
        say("Failed to set core file size")
    try:
        yield
    finally:
        if before:
            _exchange_core_pattern(before, say)


def _exchange_core_pattern(pattern: str, say: Callable[[str], None]) -> str | None:
    """Returns the one before; None if it cannot be changed, which is said."""
    try:
        before = CORE_PATTERN.read_text()
        CORE_PATTERN.write_text(pattern)
    except OSError:
        say("Unable to read/write core_pattern")
        return None
    return before


def daemonise() -> None:
    """Go on in the background, without terminal and standard streams, in the directory /.

    The calling process ends with status 0.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _call(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
