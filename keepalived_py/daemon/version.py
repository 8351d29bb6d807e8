"""What this is, and what it runs on."""

import os
import sys

from keepalived_py import __version__

NAME = f"keepalived-py v{__version__}"
FOLLOWS = "2.4.3"
"""The version of keepalived that this behaves like."""


def version_text() -> str:
    """The text of `--version`, in the order of keepalived's. Exporters take the second word for the
    version, and look for `--enable-json`."""
    lines = [
        f"Keepalived v{FOLLOWS} ({NAME})",
        "",
        f"Python {'.'.join(map(str, sys.version_info[:3]))}",
        f"Running on {running_on()}",
        f"Distro: {_distribution()}",
        "",
        "configure options: --enable-json",
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
