"""Weights of trackers, where priorities must not change."""

from dataclasses import replace

from keepalived_py.model.router import (
    OWNER_PRIORITY,
)
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import GroupDraft, InstanceDraft


def drop_weights(completion: Completion, draft: InstanceDraft, group: GroupDraft | None, owner: bool) -> None:
    """Take the weights from trackers where priorities must not change."""
    grouped = group is not None and not group.tracking_weight
    if not grouped and not owner:
        return
    reason = "SYNC group" if grouped else "address_owner"

    def report(keyword: str, message: str) -> None:
        completion.reset(draft, keyword, message)

    for tracked in _weighted(draft.track.interfaces):
        what, why = ("weight ", "SYNC group") if grouped else ("", "address owner")
        report("track_interface", f"ignoring {tracked.name} tracked interface {what}due to {why}")
        if grouped:
            draft.track.interfaces[tracked.name] = _without_weight(tracked)
        else:
            del draft.track.interfaces[tracked.name]
    for tracked in _weighted(draft.track.scripts):
        report("track_script", f"ignoring tracked script {tracked.name} with weights due to {reason}")
        del draft.track.scripts[tracked.name]
    for tracked in _weighted(draft.track.files):
        if tracked.weight.value == 1:
            message = f"ignoring weight from tracked file {tracked.name} due to {reason}. specify weight 0"
            draft.track.files[tracked.name] = _without_weight(tracked)
        else:
            value = tracked.weight.value
            message = f"ignoring tracked file {tracked.name} with weight {value} due to {reason}"
            del draft.track.files[tracked.name]
        report("track_file", message)


def drop_weights_of_group(completion: Completion, draft: GroupDraft) -> None:
    """Take the weights from the trackers of a group that has the owner of the addresses."""
    for kind, word, how in (
        ("scripts", "script", "clearing weight"),
        ("files", "file", "setting weight 0"),
        ("processes", "process", "setting weight 0"),
        ("interfaces", "interface", "clearing weight"),
    ):
        trackers: dict[str, Tracked] = getattr(draft.track, kind)
        for tracked in _weighted(trackers):
            message = (
                f"({draft.name}) Cannot have weighted track {word} '{tracked.name}' "
                f"with member having priority {OWNER_PRIORITY} - {how}"
            )
            completion.error(draft.head, "incompatible", message)
            trackers[tracked.name] = _without_weight(tracked)


def _weighted(trackers: dict[str, Tracked]) -> list[Tracked]:
    return [tracked for tracked in trackers.values() if tracked.weight.value]


def _without_weight(tracked: Tracked) -> Tracked:
    return replace(tracked, weight=Weight(0, tracked.weight.reverse))
