"""Files that signals ask for, in /tmp or TMPDIR, where others may have laid traps."""

from collections.abc import Iterable
from pathlib import Path

from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.settings import temporary_directory
from keepalived_py.linux.replacing import replace_file
from keepalived_py.model.definitions import GlobalDefinitions

STATISTICS_FILE = "keepalived.stats"
JSON_FILE = "keepalived.json"
_DATA_FILE = "keepalived.data"


def data_path(definitions: GlobalDefinitions, namespace: str | None, process: str = "") -> Path:
    """Where a process dumps its data: `state_dump_file`, else keepalived.data in the temporary directory.

    `process` ("_parent"), and with `data_use_instance` the namespace and the instance, come before the
    last dot. A directory counts only from an absolute name; a name that ends in a slash is a directory.
    """
    wanted = definitions.state_dump_file or ""
    directory, _, name = wanted.rpartition("/")
    if not wanted.startswith("/"):
        directory = temporary_directory()
    stem, dot, extension = (name or _DATA_FILE).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    who = "_".join(filter(None, (namespace, definitions.instance))) if definitions.data_use_instance else ""
    return Path(directory or "/", f"{stem}{process}{'.' if who else ''}{who}{dot}{extension}")


def temporary_path(name: str) -> Path:
    """Where the other reports go."""
    return Path(temporary_directory(), name)


def write_report(path: Path, lines: Iterable[str], log: Logger) -> None:
    """Write a file as keepalived does: under another name first, which takes the place of whatever
    has the right one, a link too. A failure is logged."""
    try:
        replace_file(path, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        log.message(f"Can't open dump file {path} ({error.errno}: {error.strerror})")
