"""What keepalived's dump tells of how a configuration was read, beyond what it means: nothing of it runs."""

from dataclasses import dataclass, field

from keepalived_py.model.definitions import Fifo
from keepalived_py.model.process import Process
from keepalived_py.model.router import InitialState, SyncGroup, VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.model.tracking import TrackScript


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedRouter:
    """An instance that keepalived has not set up to the end.

    Where no keyword gave a value, `config` has keepalived's mark for that, outside of the ranges of
    `VirtualRouter`. `wanted` None: not decided. `is_placed`: its interfaces, and those of its addresses,
    were found.
    """

    config: VirtualRouter
    wanted: InitialState | None
    is_placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Where keepalived stops to set up instances because one is not possible.

    `begun`: it has looked at the scripts before, and at what defaults follow from others. `finished`
    are the instances before the one that is not possible, `unfinished` that one and those after it.
    One that is found to have no address, when all else is done, is among the finished: `untracked`,
    as trackers do not know it. The groups have no members if it had not come to them.
    """

    begun: bool
    finished: dict[str, VirtualRouter] = field(default_factory=dict)
    untracked: str | None = None
    unfinished: tuple[UnfinishedRouter, ...] = ()
    groups: tuple[SyncGroup, ...] = ()
    track_groups: tuple[StaticTrackGroup, ...] = ()
    """Without members."""
    scripts: dict[str, TrackScript] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`script_user_from` is the first process that reads a command without an account of its own; None
    if there is no such command. `vrrp_fifo` is the FIFO of the VRRP process before it has looked for the
    reader. `servers_read`: so many virtual servers stand before the line at which the
    checkers end, if they do. `owner_groups` are the groups of which all members say that they are
    master and own their addresses. `removed_addresses` counts what is left out of the virtual addresses
    of an instance, but was read."""

    script_user_from: Process | None = None
    vrrp_fifo: Fifo = field(default_factory=Fifo)
    servers_read: int | None = None
    owner_groups: frozenset[str] = frozenset()
    removed_addresses: dict[str, int] = field(default_factory=dict)
    given_up: GivenUp | None = None


NOTHING_READ = Reading()
