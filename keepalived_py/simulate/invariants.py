"""What must be so in every world. One function each, that yields what is wrong.

Keepalived's own rules make exceptions, and each is stated where it applies. Two rules are about
configurations, not about time, and are left to the author of the files: adverts of version 2 are
dropped where the intervals differ, and members of a sync group whose order of priorities differs
between nodes can take turns for ever.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeAlias

from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import Microseconds
from keepalived_py.simulate.daemon import NEVER
from keepalived_py.simulate.node import Node
from keepalived_py.simulate.truth import Member, Survey, group_of
from keepalived_py.vrrp.actions import Subject
from keepalived_py.vrrp.engine import EARLY_MAX_US, EARLY_SHARE
from keepalived_py.vrrp.state import State

Placed: TypeAlias = Callable[[Node], Iterator[str]]
InTime: TypeAlias = Callable[[Node], Iterator[tuple[Microseconds, str]]]
Settled: TypeAlias = Callable[[Survey], Iterator[str]]


# Between any two events, on every node.


def addresses_are_with_the_master(node: Node) -> Iterator[str]:
    """A node has exactly the addresses of those instances that are master on it.

    All of them, but for those with `no_track` that someone has deleted; and no others: whatever an
    earlier run left is gone as soon as keepalived has started. One that stands still knows nothing.
    """
    if node.daemon is None or node.daemon.suspended:
        return
    engine, actual = node.daemon.engine, node.kernel.virtual_addresses
    expected = {
        (router.device_of(virtual), virtual.address): virtual.tracked
        for router in engine.configuration.routers.values()
        if engine.instances[router.name].state is State.MASTER
        for virtual in router.all_addresses
    }
    for (interface, address), tracked in expected.items():
        if tracked and (interface, address) not in actual:
            yield f"{node.name} is master without {address} on {interface}"
    for interface, address in actual:
        if (interface, address) not in expected:
            yield f"{node.name} has {address} on {interface} and is not master"


def routing_is_with_the_master(node: Node) -> Iterator[str]:
    """A node has exactly the routes and rules of those instances that are master on it; as with addresses,
    those with `no_track` that someone has deleted are missing."""
    if node.daemon is None or node.daemon.suspended:
        return
    engine, actual = node.daemon.engine, node.kernel.routing
    expected: set[Route | Rule] = set()
    for router in engine.configuration.routers.values():
        if engine.instances[router.name].state is State.MASTER:
            expected.update(router.virtual_routes, router.virtual_rules)
    for item in expected:
        if item.tracked and item not in actual:
            yield f"{node.name} is master without {item}"
    for item in actual:
        if item not in expected:
            yield f"{node.name} has {item} and is not master"


def nothing_is_left_behind(node: Node) -> Iterator[str]:
    """A keepalived that was stopped leaves no address, route or rule; one that was killed had no chance."""
    if node.daemon is None and not node.killed:
        for item in node.kernel.routing:
            yield f"{node.name} stopped and left {item}"
        for interface, address in node.kernel.virtual_addresses:
            yield f"{node.name} stopped and left {address} on {interface}"


def engines_ask_for_what_makes_sense(node: Node) -> Iterator[str]:
    """What is due is done when the engine is called for it, else it would be called for ever; and no script
    is run twice at a time."""
    if node.daemon:
        yield from (f"{node.name} {misdeed}" for misdeed in node.daemon.misdeeds)


def changes_are_told(node: Node) -> Iterator[str]:
    """The last transition and the last notification of an instance or group, if any, name its state.

    An instance that follows its sync group tells nothing, the group does. A reload may change names.
    """
    if node.daemon is None:
        return
    engine, told = node.daemon.engine, node.daemon.told
    for name, instance in engine.instances.items():
        if node.daemon.entered.get(name, instance.state) is not instance.state:
            yield f"{node.name}/{name} became {instance.state.name} without a transition"
        if (
            instance.group is None
            and told.get((Subject.INSTANCE, name), instance.state) is not instance.state
        ):
            yield f"{node.name}/{name} became {instance.state.name} without a notification"
    for name, group in engine.groups.items():
        if told.get((Subject.GROUP, name), group.state) is not group.state:
            yield f"{node.name}/{name} became {group.state.name} without a notification"


def nobody_is_early(node: Node) -> Iterator[str]:
    """Before `vrrp_startup_delay` is over there is no master; a reload can make it shorter."""
    if node.daemon and node.daemon.now_us < node.daemon.delayed_until_us:
        for instance in node.daemon.engine.instances.values():
            if instance.state is State.MASTER:
                yield f"{node.name}/{instance.name} is master in the delay of the start"


def groups_serve_as_a_whole(node: Node) -> Iterator[str]:
    """All members of a sync group that is master are master, and of one that is not, none is.

    One that a reload has made of instances in several states has no state yet.
    """
    if node.daemon is None:
        return
    for group in node.daemon.engine.groups.values():
        for member in group.members:
            state, whole = member.state, group.state
            if whole is not State.INIT and (state is State.MASTER) is not (whole is State.MASTER):
                yield f"{node.name}/{member.name} is {state.name} in a group that is {whole.name}"


PLACED: tuple[Placed, ...] = (
    addresses_are_with_the_master,
    routing_is_with_the_master,
    nothing_is_left_behind,
    engines_ask_for_what_makes_sense,
    changes_are_told,
    nobody_is_early,
    groups_serve_as_a_whole,
)


# On every node, in time: each complaint with the time after which it is justified, unless something
# happens on the node before.


def masters_are_never_silent(node: Node) -> Iterator[tuple[Microseconds, str]]:
    """A master's adverts are never further apart than its interval, from the moment it is master.

    Where a reload changes the interval, the longer of the two counts for the one gap in which it happened.
    One that stands still says nothing.
    """
    if node.daemon is None or node.daemon.suspended:
        return
    for instance in node.daemon.engine.instances.values():
        if instance.state is State.MASTER:
            router = instance.config
            last = node.daemon.heartbeats.get((router.interface, router.vrid, router.family), NEVER)
            interval_us = max(last.interval_us, router.advert_interval_us)
            early_us = min(interval_us // EARLY_SHARE, EARLY_MAX_US)  # as the last one may have been
            yield last.at_us + interval_us + early_us, f"{node.name}/{router.name} is a silent master"


IN_TIME: tuple[InTime, ...] = (masters_are_never_silent,)


# Once the settling time has passed without any change, and no packet is lost.


def there_is_one_master(survey: Survey) -> Iterator[str]:
    """Of instances that hear each other, at most one is master.

    A master that is heard but does not hear, or hears and is not heard, cannot know better. Such is a
    unicast peer whose address someone has deleted.
    """
    for key, members in survey.routers.items():
        for one, other in combinations((member for member in members if member.is_master), 2):
            if survey.hear_each_other(one, other):
                yield f"{key}: {one} and {other} are both master"


def someone_serves(survey: Survey) -> Iterator[str]:
    """Where a healthy instance is, there is a master, or it hears one.

    A sync group serves as a whole: its members abstain where one of them hears a master elsewhere.
    """
    for key, part in survey.parts():
        able = [
            member
            for member in part
            if member.is_healthy and not any(map(survey.masters_heard, survey.group_mates(member)))
        ]
        if able and not any(member.is_master for member in part):
            yield f"{key}: nobody serves, though {', '.join(map(str, able))} could"


def the_unfit_do_not_serve(survey: Survey) -> Iterator[str]:
    """An instance is in FAULT exactly while something that it or its sync group depends on has failed."""
    for member in survey.members:
        if member.is_healthy is (member.state is State.FAULT):
            yield f"{member} is {member.state.name} and {'' if member.is_healthy else 'not '}healthy"


def priorities_follow_the_trackers(survey: Survey) -> Iterator[str]:
    """The effective priority is what configuration and trackers make of it."""
    for member in survey.members:
        told = member.engine.instances[member.router.name].effective_priority
        if told != member.priority:
            yield f"{member} has priority {told}, not {member.priority}"


def the_best_serves(survey: Survey) -> Iterator[str]:
    """No healthy instance waits while it hears only masters of strictly lower priority.

    It does wait if it has `nopreempt`, and in a sync group while the others of the group have to.
    `preempt_delay` is over by now. A master that does not hear it cannot yield, but it could serve too.
    """
    for member in survey.members:
        group = [member, *survey.group_mates(member)]
        if member.is_healthy and not member.is_master and all(_may_preempt(survey, each) for each in group):
            lower = ", ".join(f"{master} ({master.priority})" for master in survey.masters_heard(member))
            yield f"{member} ({member.priority}) lets {lower} serve"


def groups_move_together(survey: Survey) -> Iterator[str]:
    """All members of a sync group, and the group itself, are in one state."""
    for member in survey.members:
        group = group_of(member.engine.configuration, member.router)
        if group is not None and member.state is not member.engine.groups[group.name].state:
            state = member.engine.groups[group.name].state
            yield f"{member} is {member.state.name} in a group that is {state.name}"


def addresses_were_announced(survey: Survey) -> Iterator[str]:
    """Each address that a master has was announced since it was set.

    With `dont_track_primary` or `no_track` it may have been set while nothing could be sent.
    """
    for member in survey.members:
        router, kernel = member.router, member.node.kernel
        if member.is_master and router.garp.master_repeat and router.track_primary:
            for virtual in router.all_addresses:
                where = router.device_of(virtual) or "", virtual.address
                if virtual.tracked and kernel.virtual_addresses.get(where) is False:
                    yield f"{member} never announced {virtual.address}"


SETTLED: tuple[Settled, ...] = (
    there_is_one_master,
    someone_serves,
    the_unfit_do_not_serve,
    priorities_follow_the_trackers,
    the_best_serves,
    groups_move_together,
    addresses_were_announced,
)


def _may_preempt(survey: Survey, member: Member) -> bool:
    """Whether its priority entitles it to take over from the masters that it hears."""
    masters = survey.masters_heard(member)
    return (
        bool(masters)
        and not member.router.nopreempt
        and all(member.priority > master.priority for master in masters)
    )
