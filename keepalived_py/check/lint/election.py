"""Rules about priorities and weights: what can never change who is master."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.router import OWNER_PRIORITY, VirtualRouter
from keepalived_py.model.tracking import Tracked

PRIORITY_MIN, PRIORITY_MAX = 1, OWNER_PRIORITY - 1


def _counted(router: VirtualRouter) -> list[tuple[Tracked, int]]:
    """What changes the priority of a router by a fixed amount, and by how much at most."""
    tracked = (*router.track_interfaces, *router.track_scripts, *router.track_processes)
    return [
        (one, -one.weight.value if one.weight.reverse else one.weight.value)
        for one in tracked
        if one.weight.value
    ]


@rule("saturated-weight")
def saturated_weight(subject: Subject) -> Iterator[Finding]:
    """A weight leads out of the range of priorities, 1 to 254, and is cut off there: with priority 200
    and weight 101 a success gives 254, not 301, and a failure takes away 54. For positive weights all
    that are tracked count together, because all is well most of the time."""
    for router in subject.configuration.routers.values():
        if router.is_owner:
            continue
        highest = router.priority
        for tracked, amount in _counted(router):
            start, limit = (highest, PRIORITY_MAX) if amount > 0 else (router.priority, PRIORITY_MIN)
            if amount > 0:
                highest = min(PRIORITY_MAX, start + amount)
            if PRIORITY_MIN <= start + amount <= PRIORITY_MAX:
                continue
            effect = abs(limit - start)
            yield Finding(
                subject.text.span(tracked.place),
                f"({router.name}) priority {start} with weight {amount:+} of {tracked.name} is {limit}, not "
                f"{start + amount}: {f'only {effect} of it counts' if effect else 'it never counts'}",
                f"priorities and weights whose sums stay between {PRIORITY_MIN} and {PRIORITY_MAX}",
            )


@rule("weight-with-nopreempt")
def weight_with_nopreempt(subject: Subject) -> Iterator[Finding]:
    """An instance has `nopreempt` and tracks something with a weight. A failure lowers the priority, but
    a backup that does not preempt leaves a master of lower priority alone: nothing moves. What is
    tracked with weight 0 puts the instance into FAULT instead, and then the backup takes over."""
    for router in subject.configuration.routers.values():
        if not router.nopreempt:
            continue
        for tracked, amount in _counted(router):
            yield Finding(
                subject.text.span(tracked.place),
                f"({router.name}) weight {amount:+} of {tracked.name} moves nothing: with nopreempt no "
                "backup takes over because of a priority",
                f"weight 0, so that a failure of {tracked.name} is a fault, or remove nopreempt on all nodes",
            )


@rule("owner-by-default", Severity.NOTE)
def owner_by_default(subject: Subject) -> Iterator[Finding]:
    """An instance has `state MASTER` and no priority. keepalived gives it 255, the priority of the router
    that owns the addresses: weights do not count for it, and nothing can preempt it."""
    for router in subject.configuration.routers.values():
        if router.is_owner and subject.text.keyword(router.place, "priority") is None:
            statement = subject.text.keyword(router.place, "state")
            if statement:
                yield Finding(
                    statement.span(0, 1),
                    f"({router.name}) state MASTER without a priority means priority {OWNER_PRIORITY}",
                    "give a priority, the highest on the node that is to be master",
                )
