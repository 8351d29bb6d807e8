"""A whole configuration, as one value: compare two to know what a reload changes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keepalived_py.model.address import IpAddress
from keepalived_py.model.bfd import BfdInstance, TrackBfd
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.interface import InterfaceSettings
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.static import StaticTrackGroup
from keepalived_py.model.tracking import TrackFile, TrackProcess, TrackScript

if TYPE_CHECKING:
    from keepalived_py.model.lvs import Tls, VirtualServer, VirtualServerGroup

DEFAULT_DEFINITIONS = GlobalDefinitions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a set of configuration files means. Every name that one part uses of another exists:
    what did not resolve was reported and left out when the configuration was bound."""

    definitions: GlobalDefinitions = DEFAULT_DEFINITIONS
    scripts: dict[str, TrackScript] = field(default_factory=dict)
    processes: dict[str, TrackProcess] = field(default_factory=dict)
    files: dict[str, TrackFile] = field(default_factory=dict)
    routers: dict[str, VirtualRouter] = field(default_factory=dict)
    groups: dict[str, SyncGroup] = field(default_factory=dict)
    static_addresses: tuple[IpAddress, ...] = ()
    static_routes: tuple[Route, ...] = ()
    static_rules: tuple[Rule, ...] = ()
    static_track_groups: dict[str, StaticTrackGroup] = field(default_factory=dict)
    bfds: dict[str, BfdInstance] = field(default_factory=dict)
    tracked_bfds: dict[str, TrackBfd] = field(default_factory=dict)
    """What `track_bfd` can name: those that tell the VRRP process."""
    interfaces: dict[str, InterfaceSettings] = field(default_factory=dict)
    virtual_servers: "tuple[VirtualServer, ...]" = ()
    virtual_server_groups: "tuple[VirtualServerGroup, ...]" = ()
    tls: "Tls | None" = None
    """`SSL`."""
    checker_bfds: tuple[str, ...] = ()
    """The BFD instances that tell the checkers of their state."""

    @property
    def tracking_blocks(self) -> tuple[VirtualRouter | SyncGroup, ...]:
        """All that tracks something."""
        return (*self.routers.values(), *self.groups.values())
