"""Rules about sync groups."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.model.router import VirtualRouter


@rule("members-differ")
def members_differ(subject: Subject) -> Iterator[Finding]:
    """The members of a sync group begin in different states, or one preempts and another does not. They
    change their state together: what one of them wants, the others undo."""
    for group in subject.configuration.groups.values():
        members = [subject.configuration.routers[name] for name in group.members]
        for keyword, opposite, wants in (
            ("state", "", _state),
            ("nopreempt", "preempt", _nopreempt),
        ):
            first = members[0]
            for other in members[1:]:
                if wants(other) != wants(first):
                    statement = subject.text.keyword(other.place, keyword) or (
                        subject.text.keyword(other.place, opposite) if opposite else None
                    )
                    yield Finding(
                        statement.span() if statement else subject.text.span(other.place),
                        f"({other.name}) {wants(other)}, but {first.name} of the same sync group: "
                        f"{wants(first)}",
                        f"the same {keyword} in all instances of {group.name}",
                    )


def _state(router: VirtualRouter) -> str:
    return f"state {router.state.value}"


def _nopreempt(router: VirtualRouter) -> str:
    return "nopreempt" if router.nopreempt else "preempt"
