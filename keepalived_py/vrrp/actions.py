"""What the engine wants done. Values, to be carried out in exactly the order given.

The order is a promise to the network: a new master's advert leaves before its addresses appear, so
that the old master lets go first; packets to addresses that must not answer are dropped before these are
set; addresses are set before the routes that may need them, routes before the rules that lead to them, and
all are removed the other way round; addresses are set before they are announced; those who are notified are
notified last. A world that fails to carry out an action goes on with the next.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from keepalived_py.model.address import IpAddress
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import Address
from keepalived_py.vrrp.state import State


class Level(Enum):
    """NORMAL messages are always logged, DETAIL only with `-D`."""

    NORMAL = "normal"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class SendAdvert:
    """Send one advert (to each unicast peer) with this priority; 0 says that we stop.

    The rest of the packet follows from the instance's configuration, but for the source address, the
    sequence number of `auth_type AH`, and how it is summed (`old_unicast_checksum`).
    """

    instance: str
    priority: int
    source: Address
    ah_sequence: int | None = None
    old_checksum: bool = False


@dataclass(frozen=True, slots=True)
class AddAddresses:
    """Put these on their interfaces; `interface` is for those without a device of their own."""

    instance: str
    interface: str | None
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, slots=True)
class RemoveAddresses:
    """Take these off their interfaces; an address that is not there is no error."""

    instance: str
    interface: str | None
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, slots=True)
class FilteredAddress:
    """An address that must not answer. Where it is link-local it is so on its device alone, which is known
    by its name if the address outlives it, and else by its index."""

    address: Address
    device: str | None
    survives_device: bool = False


@dataclass(frozen=True, slots=True)
class AddDropRules:
    """Drop packets to and from these; those that are dropped already stay so."""

    instance: str
    addresses: tuple[FilteredAddress, ...]


@dataclass(frozen=True, slots=True)
class RemoveDropRules:
    """Drop these no longer; one that is not dropped is no error."""

    instance: str
    addresses: tuple[FilteredAddress, ...]


@dataclass(frozen=True, slots=True)
class AddRoutes:
    """Add these to their tables; one that is there already is left as it is."""

    instance: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class RemoveRoutes:
    """Take these out of their tables; a route that is not there is no error."""

    instance: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class ReplaceRoute:
    """Put one route into the place of another at once; if that cannot be, only remove the other."""

    instance: str
    before: Route
    after: Route


@dataclass(frozen=True, slots=True)
class AddRules:
    """Add these policy rules; one that is there already is left as it is."""

    instance: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RemoveRules:
    """Remove these policy rules; one that is not there is no error."""

    instance: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Announce:
    """Send one gratuitous ARP (IPv4) or unsolicited neighbour advertisement (IPv6), now."""

    interface: str
    address: Address


@dataclass(frozen=True, slots=True)
class RunScript:
    """Start a `vrrp_script`; its end is to come back as ScriptExited."""

    script: str


@dataclass(frozen=True, slots=True)
class SignalScript:
    """Send a signal (SIGTERM 15 or SIGKILL 9) to the whole process group of a script's last run.

    It is also sent when the script has just ended over its time, for children that outlived it; and
    at a reload, for a run of a command that was replaced.
    """

    script: str
    signal: int


class Subject(Enum):
    """Whom a notification is about."""

    INSTANCE = "INSTANCE"
    GROUP = "GROUP"


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell scripts, FIFOs and people that an instance or group is now in a state.

    The priority is the effective one, and 0 for groups. `again`: a reload has not changed the state,
    and only FIFOs are told (`fifo_write_vrrp_states_on_reload`).
    """

    subject: Subject
    name: str
    state: State
    priority: int
    again: bool = False


class VrrpEvent(Enum):
    """What is told of besides states; the value is keepalived's word in FIFOs."""

    MASTER_RX_LOWER_PRI = "MASTER_RX_LOWER_PRI"
    """A master has received an advert of lower priority (`notify_master_rx_lower_pri`)."""
    MASTER_PRIORITY = "MASTER_PRIORITY"
    """The effective priority of a master has changed (`notify_priority_changes`)."""
    BACKUP_PRIORITY = "BACKUP_PRIORITY"
    """That of an instance that is not master has."""


@dataclass(frozen=True, slots=True)
class NotifyEvent:
    """Tell scripts and FIFOs what has happened to an instance, whose effective priority this is."""

    instance: str
    event: VrrpEvent
    priority: int


@dataclass(frozen=True, slots=True)
class Transition:
    """An instance has changed state, why, and with which effective priority; for logs and timelines, carries
    no effect of its own."""

    instance: str
    before: State
    after: State
    reason: str
    priority: int


@dataclass(frozen=True, slots=True)
class Log:
    """A line for the log, in keepalived's words where keepalived has them."""

    text: str
    level: Level = Level.NORMAL


Action: TypeAlias = (
    SendAdvert
    | AddAddresses
    | RemoveAddresses
    | AddDropRules
    | RemoveDropRules
    | AddRoutes
    | RemoveRoutes
    | ReplaceRoute
    | AddRules
    | RemoveRules
    | Announce
    | RunScript
    | SignalScript
    | Notify
    | NotifyEvent
    | Transition
    | Log
)
