"""`fmt`: bring configuration files into their canonical layout, and prove that they mean the same."""

import os
import random
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from difflib import unified_diff
from enum import Enum
from pathlib import Path
from typing import TextIO

from keepalived_py.check.render import Style
from keepalived_py.config.layout import layout
from keepalived_py.schema.load import ConfigurationError, load

EXIT_DONE, EXIT_DIFFERS, EXIT_FAILED = 0, 1, 2
_DIFF_COLOURS = {"-": "31", "+": "32", "@": "36"}


class Output(Enum):
    """What to do with the result."""

    PRINT = "print"
    DIFF = "diff"
    WRITE = "write"
    CHECK = "check"


def fmt(
    paths: Iterable[str],
    output: Output = Output.PRINT,
    config_id: str | None = None,
    stream: TextIO | None = None,
) -> int:
    """Format each of these files by itself; what they include stays as it is.

    Returns the exit status: 0, or for `CHECK` 1 if a file is not in its canonical layout; 2 if a file
    cannot be read, written, or would mean something else, after the others were dealt with.
    """
    out = stream or sys.stdout
    status = EXIT_DONE
    for path in paths:
        try:
            status = max(status, _format(path, output, config_id, out))
        except (ConfigurationError, OSError) as error:
            print(f"{path}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
            status = EXIT_FAILED
    return status


def _format(path: str, output: Output, config_id: str | None, out: TextIO) -> int:
    before = Path(path).read_bytes()
    text = before.decode("utf-8", "surrogateescape")
    formatted = layout(text)
    after = formatted.encode("utf-8", "surrogateescape")
    if not same_meaning(path, before, after, config_id):
        print(f"{path}: not formatted, because the result would mean something else", file=sys.stderr)
        return EXIT_FAILED
    match output:
        case Output.PRINT:
            _write_bytes(out, after)
        case Output.DIFF:
            for line in _diff(path, text, formatted, Style.of(out)):
                _write_bytes(out, line.encode("utf-8", "surrogateescape"))
        case Output.WRITE if before != after:
            _replace(os.path.realpath(path), after)
            print(f"{path}: formatted", file=out)
        case Output.CHECK if before != after:
            print(f"{path}: not in its canonical layout", file=out)
            return EXIT_DIFFERS
    return EXIT_DONE


def same_meaning(path: str, before: bytes, after: bytes, config_id: str | None = None) -> bool:
    """Whether two texts of a file give the same model and the same findings.

    Raises ConfigurationError if the file cannot be read.
    """
    return _meaning(path, before, config_id) == _meaning(path, after, config_id)


def _meaning(path: str, text: bytes, config_id: str | None) -> tuple[object, ...]:
    state = random.getstate()
    random.seed(0)  # for ${_RANDOM}
    try:
        loaded = load(path, config_id=config_id, texts={path: text})
    finally:
        random.setstate(state)
    findings = [(one.severity, one.code, one.message) for one in loaded.diagnostics]
    return loaded.configuration, loaded.files, findings


def _diff(path: str, before: str, after: str, style: Style) -> Iterable[str]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(old, new, path, f"{path} (formatted)"):
        text = line.removesuffix("\n")
        colour = _DIFF_COLOURS.get(text[:1])
        yield (style.paint(text, colour) if colour and style.colour else text) + "\n"


def _replace(path: str, contents: bytes) -> None:
    """Put a new file in the place of another, whole or not at all, with its owner and mode."""
    status = os.stat(path)
    handle, temporary = tempfile.mkstemp(prefix=".fmt-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(contents)
            os.fchmod(stream.fileno(), status.st_mode & 0o7777)
            with suppress(PermissionError):
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write_bytes(out: TextIO, contents: bytes) -> None:
    """Write bytes of a file as they are, also those that are no UTF-8."""
    out.flush()
    binary = getattr(out, "buffer", None)
    if binary is None:
        out.write(contents.decode("utf-8", "replace"))
    else:
        binary.write(contents)
        binary.flush()
