"""`--config-test`: what `keepalived -t` prints, and its exit status."""

from collections.abc import Callable
from typing import TextIO

from keepalived_py.check.host import ThisHost
from keepalived_py.config.diagnostic import Consequence, Diagnostic
from keepalived_py.model.process import Process
from keepalived_py.schema.load import ConfigurationError, Loaded, load

EXIT_UNREADABLE = 4


def config_test(
    path: str,
    config_id: str | None,
    stream: TextIO,
    dump: TextIO | None = None,
    *,
    namespace: str | None = None,
    enter: Callable[[str], None] | None = None,
) -> int:
    """Write each message of keepalived once, to `dump` what was understood, and return the exit status.

    keepalived reads for one process after the other, and ends at a missing argument: what the ones
    before have said stands, what the ones after would have said is never seen.

    A missing main file is a message and success, as it is in keepalived; one that exists but
    cannot be read is 4. Interfaces, accounts and scripts are looked up on this machine, interfaces in
    the network namespace of the command line, or else of the configuration, if one can `enter` it. If
    that is not possible, keepalived ends there as if all was well.
    """
    try:
        loaded = load(path, config_id=config_id, host=ThisHost())
        namespace = namespace or loaded.configuration.definitions.net_namespace
        if namespace and enter:
            try:
                enter(namespace)
            except OSError:
                parent = tuple(it for it in loaded.diagnostics if it.reader is Process.PARENT)
                _report(parent, stream)
                return 0
            loaded = load(path, config_id=config_id, host=ThisHost())
    except ConfigurationError as error:
        _write(stream, error.message)
        return EXIT_UNREADABLE if error.errno == 13 else 0
    worst, last = _report(loaded.diagnostics, stream)
    if dump:
        _dump(loaded, last, dump)
    return worst.exit_status


def _report(diagnostics: tuple[Diagnostic, ...], stream: TextIO) -> tuple[Consequence, Process]:
    """Write what is found, up to where keepalived ends; how bad it is, and the last process that reads."""
    printed: set[str] = set()
    worst = Consequence.SILENT
    last = Process.BFD
    for diagnostic in sorted(diagnostics, key=lambda found: found.reader):
        if diagnostic.consequence is Consequence.SILENT:
            continue
        worst = max(worst, diagnostic.consequence)
        message = as_keepalived(diagnostic)
        if message not in printed:
            _write(stream, message)
            printed.add(message)
        if diagnostic.consequence is Consequence.STOP:
            last = diagnostic.reader
            break
    return worst, last


def _dump(loaded: Loaded, last: Process, stream: TextIO) -> None:
    """The parts of the processes up to the last for which the configuration was read."""
    from keepalived_py.check.machine import ThisMachine
    from keepalived_py.dump.parts import part_lines

    machine = ThisMachine()
    for process in range(Process.CHECKER, last + 1):
        for line in part_lines(loaded.configuration, loaded.reading, machine, Process(process)):
            _write(stream, line)


def as_keepalived(diagnostic: Diagnostic) -> str:
    """The message with file and line where keepalived names them."""
    if diagnostic.reported_at is None:
        return diagnostic.message
    file, line = diagnostic.reported_at
    return f"({file}: Line {line}) {diagnostic.message}"


def _write(stream: TextIO, text: str) -> None:
    """Print text that may hold bytes of a file that are no UTF-8."""
    print(text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), file=stream)
