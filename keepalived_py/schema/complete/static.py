"""Static items: the instances that track the interfaces of those that are in a group."""

from keepalived_py.model.address import IpAddress
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.schema.complete.completion import Completion


def static_track_groups(
    completion: Completion, routers: dict[str, VirtualRouter]
) -> dict[str, StaticTrackGroup]:
    """The groups that have members which exist."""
    groups: dict[str, StaticTrackGroup] = {}
    for draft in completion.drafts.track_groups.values():
        members = []
        for name in draft.members or ():
            if name in routers:
                members.append(name)
            else:
                message = (
                    f"vrrp instance {name} specified in track group {draft.name} doesn't exist - ignoring"
                )
                completion.say(draft.head, "unknown-name", message)
        if members:
            groups[draft.name] = StaticTrackGroup(name=draft.name, members=tuple(members), place=draft.place)
            continue
        completion.say(draft.head, "no-members", f"Static track group {draft.name} has no VRRP instance(s)")
        completion.say(draft.head, "no-members", f"Static track group {draft.name} init fails - removing")
    items: list[IpAddress | Route | Rule] = [
        *completion.drafts.static_addresses,
        *completion.drafts.static_routes,
        *completion.drafts.static_rules,
    ]
    for item in items:
        if item.track_group in groups and not item.tracked:
            what = type(item).__name__.removeprefix("Ip").lower()
            message = f"Static {what} has both track_group and no_track set - not tracking"
            head = completion.drafts.track_groups[item.track_group].head
            completion.say(head, "track-group", message)
    return groups
