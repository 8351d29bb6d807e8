"""What a process does to itself: name, priority, namespace, death with its parent, background."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from keepalived_py.model.definitions import GlobalDefinitions

PROCESS_NAME = "keepalived"
"""As in keepalived the parent and its children have one name, so that `killall keepalived` works."""

NETWORK_NAMESPACES = Path("/run/netns")

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_CLONE_NEWNET = 0x40000000
_MCL_CURRENT, _MCL_FUTURE = 1, 2

_libc = ctypes.CDLL(None, use_errno=True)


def set_name(name: str = PROCESS_NAME) -> None:
    """What ps and killall show, 15 octets at most."""
    _call(_libc.prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode())))


def adopt_orphans() -> None:
    """Become the parent of the scripts of a child that dies, to reap them."""
    _call(_libc.prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1)))


def die_with(parent_pid: int) -> None:
    """Get SIGTERM when the parent ends, even if that was before this call."""
    _call(_libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM)))
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGTERM)


def enter_network_namespace(name: str) -> None:
    """Move into a namespace that `ip netns add` has made. Raises OSError."""
    descriptor = os.open(NETWORK_NAMESPACES / name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call(_libc.setns(descriptor, _CLONE_NEWNET))
    finally:
        os.close(descriptor)


def allow_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def apply_priorities(definitions: GlobalDefinitions) -> None:
    """`vrrp_priority`, `vrrp_rt_priority`, `vrrp_no_swap`. Raises OSError if one is refused."""
    if definitions.vrrp_process.nice:
        os.setpriority(os.PRIO_PROCESS, 0, definitions.vrrp_process.nice)
    if definitions.vrrp_process.realtime_priority:
        # Scripts do not inherit it: one that loops must not take the machine.
        policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(0, policy, os.sched_param(definitions.vrrp_process.realtime_priority))
    if definitions.vrrp_process.no_swap:
        _call(_libc.mlockall(_MCL_CURRENT | _MCL_FUTURE))


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
