"""Rules about what is watched."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import format_seconds


@rule("timeout-over-interval")
def timeout_over_interval(subject: Subject) -> Iterator[Finding]:
    """The `timeout` of a script is longer than its `interval`. A run that hangs delays the next one, and
    a failure is noticed after the timeout, not after the interval."""
    for script in subject.configuration.scripts.values():
        if script.timeout_us is None or script.timeout_us <= script.interval_us:
            continue
        statement = subject.text.keyword(script.place, "timeout")
        yield Finding(
            statement.span(1) if statement else subject.text.span(script.place),
            f"({script.name}) timeout {format_seconds(script.timeout_us)} s is longer than "
            f"interval {format_seconds(script.interval_us)} s",
            "a timeout of at most the interval, which it is by default",
        )


@rule("unused-process")
def unused_process(subject: Subject) -> Iterator[Finding]:
    """A `vrrp_track_process` that no instance and no group tracks: nothing depends on it."""
    used = {entry.words[0] for entry in subject.text.listed("track_process")}
    for process in subject.configuration.processes.values():
        if process.name not in used:
            yield Finding(
                subject.text.span(process.place),
                f"process {process.name} is not tracked",
                "list it in track_process of an instance, or remove it",
            )


@rule("unused-file")
def unused_file(subject: Subject) -> Iterator[Finding]:
    """A `track_file` that no instance, group or FILE_CHECK uses: nothing depends on it."""
    used = {entry.words[0] for entry in subject.text.listed("track_file")}
    used |= {entry.words[1] for entry in subject.text.listed("FILE_CHECK") if len(entry.words) > 1}
    for file in subject.configuration.files.values():
        if file.name not in used:
            yield Finding(
                subject.text.span(file.place),
                f"file {file.name} is not tracked",
                "list it in track_file of an instance, or remove it",
            )


@rule("unused-bfd", Severity.NOTE)
def unused_bfd(subject: Subject) -> Iterator[Finding]:
    """A `bfd_instance` that no instance, group or BFD_CHECK here depends on. The neighbour may, which it
    answers."""
    configuration = subject.configuration
    used = {tracked.name for block in configuration.tracking_blocks for tracked in block.track_bfds}
    used |= _checked_bfds(configuration)
    for bfd in configuration.bfds.values():
        if bfd.name not in used:
            yield Finding(
                subject.text.span(bfd.place),
                f"nothing here depends on the BFD instance {bfd.name}",
                "list it in track_bfd of an instance, or in a BFD_CHECK",
            )


def _checked_bfds(configuration: Configuration) -> set[str]:
    if not configuration.virtual_servers:
        return set()
    from keepalived_py.model.checker import BfdCheck  # only files with virtual servers pay for it

    return {
        checker.name
        for server in configuration.virtual_servers
        for real in server.real_servers
        for checker in real.checkers
        if isinstance(checker, BfdCheck)
    }


@rule("misc-timeout-over-delay-loop")
def misc_timeout_over_delay_loop(subject: Subject) -> Iterator[Finding]:
    """The `misc_timeout` of a MISC_CHECK is longer than the `delay_loop`. A run that hangs delays the next
    one, and a failure is noticed after the timeout only."""
    if not subject.configuration.virtual_servers:
        return
    from keepalived_py.model.checker import MiscCheck  # only files with virtual servers pay for it

    for server in subject.configuration.virtual_servers:
        for real in server.real_servers:
            for checker in real.checkers:
                if (
                    isinstance(checker, MiscCheck)
                    and checker.timeout_us is not None
                    and checker.timeout_us > checker.delay_loop_us
                ):
                    statement = subject.text.keyword(checker.place, "misc_timeout")
                    yield Finding(
                        statement.span(1) if statement else subject.text.span(checker.place),
                        f"misc_timeout {format_seconds(checker.timeout_us)} s is longer than "
                        f"delay_loop {format_seconds(checker.delay_loop_us)} s",
                        "a timeout of at most the delay_loop, which it is by default",
                    )
