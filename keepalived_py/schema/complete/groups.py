"""Sync groups: which instances they have."""

from collections.abc import Iterable

from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import OWNER_PRIORITY, InitialState, SyncGroup, VirtualRouter
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.notifications import notify_scripts
from keepalived_py.schema.complete.weights import drop_weights_of_group
from keepalived_py.schema.draft import GroupDraft, InstanceDraft


def members_of_groups(completion: Completion, instances: Iterable[InstanceDraft]) -> dict[str, list[str]]:
    """The instances of each group that exist and are in no other."""
    existing = {draft.name for draft in instances}
    taken: set[str] = set()
    members: dict[str, list[str]] = {}
    for group in completion.drafts.groups.values():
        found: list[str] = []
        owners = 0
        for name in group.members or ():
            if name not in existing:
                message = (
                    f"Virtual router {name} specified in sync group {group.name} doesn't exist - ignoring"
                )
                completion.error(group.head, "unknown-name", message)
            elif name in taken:
                message = (
                    f"Virtual router {name} cannot exist in more than one sync group; ignoring {group.name}"
                )
                completion.error(group.head, "duplicate", message)
            else:
                taken.add(name)
                draft = completion.drafts.instances[name]
                if found and owners == len(found) and draft.state is InitialState.BACKUP:
                    message = (
                        f"Sync group {group.name} has some member(s) as address owner and some not as "
                        "address owner. This won't work."
                    )
                    completion.error(group.head, "incompatible", message)
                owners += says_owner(draft)
                found.append(name)
        if not found:
            message = (
                f"Sync group {group.name}, no matching virtual router found in group declaration - removing"
            )
            completion.error(group.head, "no-members", message)
        elif len(found) == 1:
            message = (
                f"Sync group {group.name} has only 1 virtual router(s) - this probably isn't what you want"
            )
            completion.error(group.head, "no-members", message, warning=True)
        members[group.name] = found
    return members


def says_owner(draft: InstanceDraft) -> bool:
    """Whether an instance says that it is master and owns its addresses."""
    return draft.state is InitialState.MASTER and draft.priority == OWNER_PRIORITY


def sync_groups(
    completion: Completion, members: dict[str, list[str]], routers: dict[str, VirtualRouter]
) -> dict[str, SyncGroup]:
    """The groups that have members left."""
    groups: dict[str, SyncGroup] = {}
    for draft in completion.drafts.groups.values():
        present = tuple(name for name in members[draft.name] if name in routers)
        if not present:
            continue
        if any(routers[name].is_owner for name in present):
            drop_weights_of_group(completion, draft)
        for name in present:
            _tracked_twice(completion, draft, routers[name])
        notify = notify_scripts(completion, draft.notify, draft.smtp_alert)
        groups[draft.name] = sync_group(draft, present, notify)
    return groups


def sync_group(draft: GroupDraft, members: tuple[str, ...], notify: NotifyScripts) -> SyncGroup:
    """A group as its draft has it, but for who is in it and whom it notifies."""
    return SyncGroup(
        name=draft.name,
        members=members,
        notify=notify,
        notify_priority_changes=draft.notify_priority_changes,
        track_interfaces=tuple(draft.track.interfaces.values()),
        track_scripts=tuple(draft.track.scripts.values()),
        track_processes=tuple(draft.track.processes.values()),
        track_files=tuple(draft.track.files.values()),
        track_bfds=tuple(draft.track.bfds.values()),
        tracking_weight=draft.tracking_weight,
        place=draft.place,
    )


def _tracked_twice(completion: Completion, group: GroupDraft, router: VirtualRouter) -> None:
    """Report the interfaces that a member tracks as well as its group."""
    own = {tracked.name for tracked in router.track_interfaces}
    if router.track_primary:
        own |= {name for name in (router.interface, router.device) if name}
    for name in group.track.interfaces:
        if name in own:
            message = (
                f"({router.name}) track_interface {name} is configured on VRRP instance and sync group. "
                "Remove vrrp instance or sync group config"
            )
            completion.error(group.head, "duplicate", message)
