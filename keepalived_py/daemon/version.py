"""What this is, and what it runs on."""

import os
import sys

from keepalived_py import __version__

NAME = f"keepalived-py v{__version__}"


def version_text() -> str:
    """The text of `--version`, in the order of keepalived's."""
    lines = [
        NAME,
        "",
        f"Python {'.'.join(map(str, sys.version_info[:3]))}",
        f"Running on {running_on()}",
        f"Distro: {_distribution()}",
    ]
    return "\n".join(lines)


def running_on() -> str:
    """The kernel, as `uname -srv` tells it."""
    kernel = os.uname()
    return f"{kernel.sysname} {kernel.release} {kernel.version}"


def _distribution() -> str:
    import platform  # slow to import, and only --version needs it

    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return "unknown"
