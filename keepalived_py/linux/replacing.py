"""Writing files where others may have laid traps."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write a file under another name first, which takes the place of whatever has the right one, a
    link too. Raises OSError."""
    descriptor, unfinished = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        # Names in the configuration may be no UTF-8.
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
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
