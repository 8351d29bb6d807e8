"""Read a configuration: from a path to the model, with all that is to be said about it."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from keepalived_py.config.diagnostic import AFTER_ALL_LINES, Consequence, Diagnostic, Findings
from keepalived_py.config.include import Check
from keepalived_py.config.parser import parse
from keepalived_py.config.reader import ConfigurationError
from keepalived_py.config.statement import Entry
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.reading import Reading
from keepalived_py.schema.bind import bind
from keepalived_py.schema.complete import complete
from keepalived_py.schema.host import AnyHost, Host
from keepalived_py.schema.keywords import ROOT
from keepalived_py.schema.scope import Scope

__all__ = ["ConfigurationError", "Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration as far as it was understood, and what was found on the way.

    `files` are all files that were read, `subsystems` those of vrrp, checker and bfd that have
    something to do. `verdict` is the exit status of `keepalived -t`.
    """

    configuration: Configuration
    reading: Reading
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    subsystems: frozenset[str]

    @property
    def verdict(self) -> int:
        worst = max((diagnostic.consequence for diagnostic in self.diagnostics), default=Consequence.SILENT)
        return worst.exit_status


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading leaves no cycles behind; the collector would only walk all statements again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def load(
    path: str,
    *,
    config_id: str | None = None,
    include_check: bool = False,
    host: Host | None = None,
    texts: Mapping[str, bytes] | None = None,
    keep: Callable[[Entry], None] | None = None,
) -> Loaded:
    """Read the configuration that a path, or a pattern of paths, names.

    `config_id` decides about `@id` lines, by default the short host name. With `include_check`
    every failure to include a file counts (`--all-config`). With a `host`, names are looked up on
    it; without, everything that is named is taken to exist. `texts` are read instead of
    what the files of these paths hold. `keep` is given each top-level entry that the model is made of;
    all of them need more memory than the model.

    Raises ConfigurationError if there is no such file, or it cannot be read, and nothing else:
    whatever is wrong with the text is among the diagnostics.
    """
    findings = Findings()
    scope = Scope(findings, host or AnyHost())

    def take(entry: Entry) -> None:
        bind(scope, entry)
        if keep:
            keep(entry)

    checks = Check.ALL if include_check else Check.NONE
    with _no_collection():
        files = parse(path, ROOT, findings, take, config_id, checks, texts)
        findings.ordinal = AFTER_ALL_LINES
        configuration, reading = complete(scope)
    return Loaded(configuration, reading, findings.in_order(), files, frozenset(scope.drafts.subsystems))
