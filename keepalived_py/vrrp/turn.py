"""What one call of the engine is working on: the time it is, and the actions so far."""

from dataclasses import dataclass, field
from enum import auto
from typing import TypeAlias

from keepalived_py.model.units import Microseconds
from keepalived_py.vrrp.actions import Action, Level, Log
from keepalived_py.vrrp.deadlines import Deadlines
from keepalived_py.vrrp.identity import IdentityEnum


class Timer(IdentityEnum):
    """What may be due."""

    STATE = auto()
    """A backup's master-down timer, a master's next advert."""
    RIVAL = auto()
    """Another owner of the addresses should have stopped by then."""
    DELAYED_ARP = auto()
    REFRESH_ARP = auto()
    EXTRA_ARP = auto()
    LOWER_PRIORITY_ARP = auto()
    PACED_ARP = auto()
    """The next announcement that waits for its interface."""
    RUN_SCRIPT = auto()
    SCRIPT_TIMEOUT = auto()
    PROCESS_QUORUM = auto()
    LINK_DELAY = auto()
    """`interface_up_down_delays`."""
    STARTUP_DELAY = auto()


TimerKey: TypeAlias = tuple[Timer, str]


@dataclass(slots=True)
class Turn:
    """Collects actions; `deadlines` outlives the turn."""

    now_us: Microseconds
    deadlines: Deadlines[TimerKey]
    actions: list[Action] = field(default_factory=list)
    earliest_us: Microseconds = 0
    """Until then the waits of instances do not begin (`vrrp_startup_delay`)."""
    due_us: Microseconds | None = None
    """When the timer that is being served was due; None outside of `expire`."""

    def do(self, action: Action) -> None:
        self.actions.append(action)

    def log(self, text: str) -> None:
        self.actions.append(Log(text))

    def log_detail(self, text: str) -> None:
        self.actions.append(Log(text, Level.DETAIL))

    def in_time(self, timer: Timer, name: str, delay_us: Microseconds) -> None:
        self.deadlines.set((timer, name), self.now_us + delay_us)

    def wait(self, name: str, delay_us: Microseconds) -> None:
        """The state of an instance is to be due after so long."""
        self.deadlines.set((Timer.STATE, name), max(self.now_us, self.earliest_us) + delay_us)

    def cancel(self, timer: Timer, name: str) -> None:
        self.deadlines.cancel((timer, name))
