"""The exit statuses of the daemon, keepalived's own."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class ExitStatus(IntEnum):
    """What a service manager sees. Children exit with them too."""

    OK = 0
    FATAL = 1
    CONFIG = 2
    """The configuration cannot be run."""
    MISSING_PERMISSION = 4
    NO_CONFIG = 6
    """No usable configuration file."""
    SOFTWARE = 70
    """An error of ours."""


PERMANENT_ERRORS: Final[Mapping[int, str]] = {
    ExitStatus.FATAL: "FATAL",
    ExitStatus.CONFIG: "CONFIG",
    ExitStatus.MISSING_PERMISSION: "missing permission",
}
"""Statuses of a child that would come again if it were started again, and their names in the log."""
