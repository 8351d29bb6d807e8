"""What follows from several keywords: defaults, what instances inherit from `global_defs`, and what
does not go together. The order is keepalived's."""

from collections import deque
from collections.abc import Iterator

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.process import Process
from keepalived_py.model.reading import GivenUp, Reading
from keepalived_py.model.router import VirtualRouter
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.definitions import definitions
from keepalived_py.schema.complete.delays import fit_delays
from keepalived_py.schema.complete.duplicates import duplicate_vrids
from keepalived_py.schema.complete.groups import members_of_groups, says_owner, sync_groups
from keepalived_py.schema.complete.instances import router, runs
from keepalived_py.schema.complete.scripts import (
    check_limited_scripts,
    check_scripts,
    settle_first_results,
    unused_scripts,
)
from keepalived_py.schema.complete.static import static_track_groups
from keepalived_py.schema.complete.unfinished import as_read, groups_as_read, track_groups_as_read
from keepalived_py.schema.complete.vmac import count_conflicts
from keepalived_py.schema.late import late
from keepalived_py.schema.scope import Scope


def complete(scope: Scope) -> tuple[Configuration, Reading]:
    """The configuration that the drafts mean; what does not fit is reported and left out. And what only
    a dump shows of it."""
    completion = Completion(scope)
    drafts = completion.drafts
    vrrp_fifo = drafts.definitions.vrrp_notify_fifo
    scope.findings.reader = Process.PARENT
    check_limited_scripts(completion)
    scope.findings.reader = Process.CHECKER
    servers = late(f"{__name__}.lvs", "virtual_servers")(completion) if drafts.lvs.servers else ()
    scope.findings.reader = Process.VRRP
    settle_first_results(completion)
    given_up: GivenUp | None = None
    if drafts.stopped is Process.VRRP:
        given_up = _only_read(completion, begun=False, count=drafts.read_before_stop)
    elif drafts.missing_interface:
        given_up = _only_read(completion, begun=False)
    if drafts.missing_interface:
        scope.error(
            drafts.missing_interface,
            "no-interface",
            "Non-existent interface specified in configuration",
            word=None,
            consequence=Consequence.FATAL,
            located=False,
        )
        completion.halted = True
    check_scripts(completion)
    instances = [draft for draft in drafts.instances.values() if runs(completion, draft)]
    if completion.halted and given_up is None:
        given_up = _only_read(completion, begun=True)
    members = members_of_groups(completion, instances)
    routers: dict[str, VirtualRouter] = {}
    group_of = {name: drafts.groups[group] for group, names in members.items() for name in names}
    owner_groups = frozenset(_owner_groups(completion, members))
    removed_addresses: dict[str, int] = {}
    completion.heads = {draft.name: draft.head for draft in instances}
    drafts.instances.clear()  # a draft needs much more memory than the router that is made of it
    waiting = deque(instances)
    del instances
    while waiting:
        draft = waiting.popleft()
        found = router(completion, draft, group_of.get(draft.name))
        if isinstance(found, VirtualRouter):
            routers[draft.name] = found
        elif given_up is None:
            placed = {draft.name: found.config} if found.is_placed else {}
            given_up = GivenUp(
                begun=True,
                finished=routers | placed,
                untracked=draft.name if placed else None,
                unfinished=(
                    *(() if placed else (found,)),
                    *(as_read(completion, it) for it in waiting),
                ),
                groups=groups_as_read(completion, members),
                track_groups=track_groups_as_read(completion),
                scripts=dict(drafts.scripts),
            )
        if draft.removed_addresses:
            removed_addresses[draft.name] = draft.removed_addresses
    if (duplicates := duplicate_vrids(completion, routers)) and given_up is None:
        given_up = GivenUp(
            begun=True,
            finished=dict(routers),
            groups=groups_as_read(completion, members),
            track_groups=track_groups_as_read(completion),
            scripts=dict(drafts.scripts),
        )
    for name in duplicates:
        del routers[name]
    count_conflicts(completion, routers, members)
    fit_delays(completion, routers)
    groups = sync_groups(completion, members, routers)
    unused_scripts(completion, routers, groups)
    configuration = Configuration(
        definitions=definitions(completion),
        scripts=drafts.scripts,
        processes=drafts.processes,
        files=drafts.files,
        routers=routers,
        groups=groups,
        static_addresses=tuple(drafts.static_addresses),
        static_routes=tuple(drafts.static_routes),
        static_rules=tuple(drafts.static_rules),
        static_track_groups=static_track_groups(completion, routers),
        bfds=drafts.bfds,
        tracked_bfds=drafts.tracked_bfds,
        interfaces=drafts.interfaces,
        virtual_servers=servers,
        virtual_server_groups=tuple(drafts.lvs.groups),
        tls=drafts.lvs.tls,
        checker_bfds=tuple(drafts.checker_bfds),
    )
    reading = Reading(
        script_user_from=drafts.script_user_from,
        vrrp_fifo=vrrp_fifo,
        servers_read=drafts.read_before_stop if drafts.stopped is Process.CHECKER else None,
        owner_groups=owner_groups,
        removed_addresses=removed_addresses,
        given_up=given_up,
    )
    return configuration, reading


def _only_read(completion: Completion, *, begun: bool, count: int | None = None) -> GivenUp:
    """None of the instances was set up."""
    drafts = completion.drafts
    return GivenUp(
        begun=begun,
        unfinished=tuple(as_read(completion, draft) for draft in [*drafts.instances.values()][:count]),
        groups=groups_as_read(completion, {}),
        track_groups=track_groups_as_read(completion),
        scripts=dict(drafts.scripts),
    )


def _owner_groups(completion: Completion, members: dict[str, list[str]]) -> Iterator[str]:
    """The groups of which all members say that they own their addresses."""
    for group, names in members.items():
        if all(says_owner(completion.drafts.instances[name]) for name in names):
            yield group
