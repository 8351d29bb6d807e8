"""The signals that people and scripts send to the daemon (`--signum` prints their numbers)."""

import signal
from typing import Final

NUMBERS: Final[dict[str, int]] = {
    "STOP": signal.SIGTERM,
    "RELOAD": signal.SIGHUP,
    "DATA": signal.SIGUSR1,
    "STATS": signal.SIGUSR2,
    "STATS_CLEAR": signal.SIGRTMAX - 1,
}
