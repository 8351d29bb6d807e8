"""What can happen to the engine. Every event is a fact about the world, already decoded."""

from dataclasses import dataclass, field
from typing import TypeAlias

from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.vrrp.packet.advert import Advert


@dataclass(frozen=True, slots=True)
class AdvertReceived:
    """An advert for the VRID of this instance arrived on its socket; it is yet to be checked.

    `wall_us` is when, by the clock on the wall: microseconds since 1970 (UTC).
    """

    instance: str
    advert: Advert
    wall_us: Microseconds


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """An interface exists and is usable (IFF_UP and IFF_RUNNING) or not; absent ones are not up.

    `flags` are those of the kernel (IFF_*), for the log. `exists` False: it has vanished. `polled`: its
    link was asked for (`linkbeat_interfaces`), and no delay applies.
    """

    interface: str
    up: bool
    flags: int = field(default=0, compare=False)
    exists: bool = True
    polled: bool = False


@dataclass(frozen=True, slots=True)
class SourceAddressChanged:
    """The first address that adverts of a family (4 or 6) may be sent from; None: there is none.

    For IPv4 the first address of the interface, for IPv6 its link-local address; virtual addresses
    of ours do not count.
    """

    interface: str
    family: int
    address: Address | None


@dataclass(frozen=True, slots=True)
class AddressLost:
    """Someone else than us has removed this address from this interface."""

    interface: str
    address: Address


@dataclass(frozen=True, slots=True)
class RoutingLost:
    """Someone else than us has removed this route or policy rule."""

    lost: Route | Rule


@dataclass(frozen=True, slots=True)
class ScriptExited:
    """A run of a `vrrp_script` ended: `status` if it exited, else the number of the `signal`.

    A command that could not be executed has status 127, as from a shell.
    """

    script: str
    status: int | None
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class ProgramChanged:
    """Of the processes that a `vrrp_script` asks for, the last has ended, or a first has begun."""

    script: str
    runs: bool


@dataclass(frozen=True, slots=True)
class ProcessesCounted:
    """So many processes match a `vrrp_track_process` now."""

    process: str
    count: int


@dataclass(frozen=True, slots=True)
class FileRead:
    """The number in a `track_file` is now so; 0 where there is no file or no number."""

    file: str
    value: int


Event: TypeAlias = (
    AdvertReceived
    | LinkChanged
    | SourceAddressChanged
    | AddressLost
    | RoutingLost
    | ScriptExited
    | ProgramChanged
    | ProcessesCounted
    | FileRead
)
