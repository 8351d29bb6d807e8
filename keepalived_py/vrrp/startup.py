"""`vrrp_startup_delay`: for a time after the start nobody is heard, and nobody becomes master."""

from dataclasses import dataclass

from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.vrrp.turn import Timer, Turn


@dataclass(slots=True)
class StartupDelay:
    """Until when instances wait before their own waits begin; 0: no longer."""

    until_us: Microseconds = 0

    def begin(self, turn: Turn, delay_us: Microseconds) -> None:
        """The daemon starts."""
        if delay_us:
            turn.log(f"Delaying startup for {delay_us / SECOND:g} seconds")
            self._wait_until(turn, turn.now_us + delay_us)

    def change(self, turn: Turn, before_us: Microseconds, after_us: Microseconds) -> bool:
        """A reload gives another delay: it counts as from the start, unless the first is over.

        Whether those who wait have to begin anew.
        """
        if not self.until_us:
            return False
        until_us = self.until_us + after_us - before_us
        if until_us > turn.now_us:
            turn.log(f"Delaying startup for a further {(until_us - turn.now_us) / SECOND:g} seconds")
            self._wait_until(turn, until_us)
        else:
            turn.log("Reduced delayed start passed")
            turn.cancel(Timer.STARTUP_DELAY, "")
            self._wait_until(turn, 0)
        return before_us != after_us

    def over(self, turn: Turn) -> None:
        turn.log("Delayed start completed")
        self._wait_until(turn, 0)

    def _wait_until(self, turn: Turn, until_us: Microseconds) -> None:
        self.until_us = turn.earliest_us = until_us
        if until_us:
            turn.deadlines.set((Timer.STARTUP_DELAY, ""), until_us)
