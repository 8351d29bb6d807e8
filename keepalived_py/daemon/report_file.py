"""Files that signals ask for, in /tmp or TMPDIR, where others may have laid traps."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.settings import temporary_directory


def write_report(name: str, lines: Iterable[str], log: Logger) -> None:
    """Write a file into the temporary directory, as keepalived does: under another name first, which
    takes the place of whatever has the right one, a link too. A failure is logged."""
    path = Path(temporary_directory(), name)
    try:
        _replace(path, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        log.message(f"Can't open dump file {path} ({error.errno}: {error.strerror})")


def _replace(path: Path, text: str) -> None:
    descriptor, unfinished = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o666 & ~_umask())
            file.write(text)
        os.rename(unfinished, path)
    except OSError:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _umask() -> int:
    """The umask of this process; it can only be read by setting it."""
    umask = os.umask(0o777)
    os.umask(umask)
    return umask
