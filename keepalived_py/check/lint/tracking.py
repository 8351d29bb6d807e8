"""Rules about what is watched."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
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
