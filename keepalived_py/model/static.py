"""What is set while keepalived runs, whatever state the instances are in."""

from dataclasses import dataclass, field

from keepalived_py.model.place import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticTrackGroup:
    """A `track_group` block: instances that have a fault when the interface of a static address, route
    or rule has one. `members` are names of instances that exist."""

    name: str
    members: tuple[str, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)
