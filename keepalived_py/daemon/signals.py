"""The signals that people and scripts send to the daemon (`--signum` prints their numbers)."""

import signal
from typing import Final

STATS_CLEAR: Final[int] = signal.SIGRTMAX - 1
JSON: Final[int] = signal.SIGRTMIN + 2

READY: Final[int] = signal.SIGRTMIN + 3
"""From a child to its parent: it runs the configuration that it was started or reloaded with."""

RELOAD_TIME: Final[int] = signal.SIGRTMIN + 4
"""From the kernel to the parent: something has happened beside the `reload_time_file`."""

NUMBERS: Final[dict[str, int]] = {
    "STOP": signal.SIGTERM,
    "RELOAD": signal.SIGHUP,
    "DATA": signal.SIGUSR1,
    "STATS": signal.SIGUSR2,
    "STATS_CLEAR": STATS_CLEAR,
    "JSON": JSON,
}
"""By the names that `--signum` knows."""

HANDLED: Final[frozenset[int]] = frozenset(
    {*NUMBERS.values(), signal.SIGINT, signal.SIGCHLD, READY, RELOAD_TIME}
)
"""What the parent waits for."""
