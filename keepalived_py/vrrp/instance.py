"""One virtual router as it runs: its configuration and what has become of it."""

from dataclasses import dataclass, field
from enum import Enum, auto
from ipaddress import IPv6Address

from keepalived_py.model.router import OWNER_PRIORITY, InitialState, UnicastChecksum, VirtualRouter
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.vrrp.ah_sequence import AhSequence
from keepalived_py.vrrp.counters import Counters
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.remark import Remark
from keepalived_py.vrrp.replay import ReplayGuard
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.timing import master_down_interval_us, skew_time_us


class Wait(Enum):
    """What a backup waits for before it takes over."""

    MASTER_DOWN = auto()
    SKEW = auto()
    """Nobody else is master any more."""
    NOTHING = auto()
    """It owns the addresses."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An advert that a backup of higher priority did not obey."""

    at_us: Microseconds
    source: Address
    priority: int


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """An advert of the master of a backup that changed nothing, not even what the log or a counter of
    errors says, and what that depended on."""

    advert: Advert
    config: VirtualRouter
    priority: int


@dataclass(slots=True, eq=False)
class Instance:
    """The variables of RFC 5798 §6.1 and keepalived's own, for one instance.

    `faults` are the reasons why it cannot take part, `awaited` the trackers whose first result is
    not known yet. `wanted` is where it would be if its sync group let it.
    """

    config: VirtualRouter
    state: State = State.INIT
    wanted: State = State.BACKUP
    group: str | None = None
    effective_priority: int = 0
    faults: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    weights: tuple[tuple[str, int], ...] = ()
    """What trackers add to the priority."""
    source_address: Address | None = None
    """Where adverts come from."""
    master_address: Address | None = None
    master_priority: int = 0
    master_advert_interval_us: Microseconds = 0
    follows_master: bool = False
    """A backup has heard and obeyed it since it became one."""
    ignored: Ignored | None = None
    """The last one."""
    settled: Settled | None = None
    """The last advert, if the same one would change nothing again."""
    wait: Wait = Wait.MASTER_DOWN
    hastened_by: str = ""
    """Why a backup has waited for its skew time only."""
    preempt_at_us: Microseconds | None = None
    """When `preempt_delay` ends that a lower-priority master has started; None: it has not."""
    last_advert_us: Microseconds = 0
    """When the last advert was sent; 0: never."""
    rival_adverts: int = 0
    """How many adverts another owner of the addresses is still given to yield."""
    rival_interval_us: Microseconds = 0
    has_ceded: bool = False
    """Another owner did not yield to us."""
    unicast_checksum: UnicastChecksum = UnicastChecksum.NEW
    ah: AhSequence = field(default_factory=AhSequence)
    replay_guard: ReplayGuard = field(default_factory=ReplayGuard)
    addresses_set: bool = False
    has_notified: bool = False
    last_transition_us: Microseconds = 0
    counters: Counters = field(default_factory=Counters)
    remarked: Remark = Remark.NONE
    """What was wrong with received packets and is not logged again until the state changes."""

    def __post_init__(self) -> None:
        self.effective_priority = self.config.priority
        self.unicast_checksum = self.config.unicast_checksum
        self.master_advert_interval_us = self.config.advert_interval_us
        self.wanted = State.MASTER if self.config.state is InitialState.MASTER else State.BACKUP

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def is_healthy(self) -> bool:
        return not self.faults and not self.awaited

    @property
    def farewell_address(self) -> Address | None:
        """Where the adverts come from that tell of the loss of our address: IPv4 does not mind that it is
        gone, in IPv6 the kernel finds another."""
        if self.source_address is None or self.config.family == 4:
            return self.source_address
        return IPv6Address("::")

    @property
    def owner_priority(self) -> int:
        """What an owner of the addresses advertises."""
        return OWNER_PRIORITY - self.has_ceded

    @property
    def waiting_priority(self) -> int:
        """What the waits of a backup depend on."""
        return OWNER_PRIORITY if self.config.is_owner else self.effective_priority

    @property
    def skew_us(self) -> Microseconds:
        return skew_time_us(self.config.version, self.waiting_priority, self.master_advert_interval_us)

    @property
    def master_down_interval_us(self) -> Microseconds:
        config, interval_us = self.config, self.master_advert_interval_us
        return master_down_interval_us(
            config.version, self.waiting_priority, interval_us, config.down_timer_adverts
        )
