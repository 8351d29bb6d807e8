"""`vrrp_track_process`: whether enough processes of a kind run, and not too many."""

from dataclasses import dataclass

from keepalived_py.model.tracking import TrackProcess
from keepalived_py.vrrp.turn import Timer, Turn


@dataclass(slots=True, eq=False)
class Process:
    """A tracked process as it runs. `count` is the fact, `has_quorum` what counts after the delays."""

    config: TrackProcess
    count: int = 0
    has_quorum: bool = False

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def is_in_range(self) -> bool:
        maximum = self.config.quorum_max
        return self.config.quorum <= self.count and (maximum is None or self.count <= maximum)

    def counted(self, turn: Turn, count: int) -> bool:
        """The number of processes has changed; whether the quorum has."""
        self.count = count
        if self.is_in_range is self.has_quorum:
            turn.cancel(Timer.PROCESS_QUORUM, self.name)
            return False
        delay_us = self.config.terminate_delay_us if self.has_quorum else self.config.fork_delay_us
        if not delay_us:
            return self.decide(turn)
        if turn.deadlines.get((Timer.PROCESS_QUORUM, self.name)) is None:
            turn.in_time(Timer.PROCESS_QUORUM, self.name, delay_us)
        return False

    def decide(self, turn: Turn) -> bool:
        """The delay is over; whether the quorum has changed."""
        if self.is_in_range is self.has_quorum:
            return False
        self.has_quorum = self.is_in_range
        turn.log(f"Quorum {'gained' if self.has_quorum else 'lost'} for tracked process {self.name}")
        return True
