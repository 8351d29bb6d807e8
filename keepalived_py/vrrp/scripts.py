"""`vrrp_script`: when it runs, how long it may, and what its results amount to."""

from dataclasses import dataclass
from enum import Enum, auto

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.tracking import TrackScript
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.vrrp.actions import RunScript, SignalScript
from keepalived_py.vrrp.turn import Timer, Turn

SIGKILL = 9
SIGTERM = 15
_AFTER_TERM_US: Microseconds = 2 * SECOND
_AFTER_KILL_US: Microseconds = 10 * SECOND
DOUBTS_MAX = 2
"""A hurried run that says what was not expected is repeated so often."""
HURRY_SHARE = 10
HURRY_PAUSE_MAX_US: Microseconds = SECOND
"""Runs before their time are at least the interval divided by HURRY_SHARE apart, or this if it is less."""


class Run(Enum):
    """Where a run of a script is."""

    IDLE = auto()
    RUNNING = auto()
    TERMINATING = auto()
    """It was over its time and has had its SIGTERM."""
    KILLING = auto()


@dataclass(slots=True, eq=False)
class Script:
    """A script as it runs. `ok` is None until its first result counts.

    `score` counts as keepalived does: below `rise` the script has failed, `rise + fall − 1` is its
    best; the first result decides at once.
    """

    config: TrackScript
    ok: bool | None = None
    score: int = 0
    run: Run = Run.IDLE
    last_status: int = 0
    discard: bool = False
    """The run under way is of a command that a reload has replaced."""
    last_success: bool | None = None
    """What the last run said; None: there was none."""
    news: bool | None = None
    """Whether what it asks for runs, if that has changed during the run under way."""
    expected: bool | None = None
    """What the run that was hurried should say."""
    doubts: int = 0
    """How often a run has said otherwise since: the dead may be seen until their parent has noticed."""
    hurried_us: Microseconds | None = None
    """For when it was last hurried."""

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def running(self) -> bool:
        return self.run is not Run.IDLE

    def start(self, turn: Turn) -> None:
        """The interval has passed: run, unless the last run is still under way."""
        turn.in_time(Timer.RUN_SCRIPT, self.name, self.config.interval_us)
        if self.running:
            state = "already running" if self.run is Run.RUNNING else "being timed out"
            turn.log(f"Track script {self.name} is {state}, expect idle - skipping run")
            return
        self.run = Run.RUNNING
        timeout_us = self.config.timeout_us or self.config.interval_us
        turn.in_time(Timer.SCRIPT_TIMEOUT, self.name, timeout_us)
        turn.do(RunScript(self.name))

    def hurry(self, turn: Turn, runs: bool) -> None:
        """What it asks for has ended, or begun: a run that should say something else now is due at once.

        Something that comes and goes all the time hurries it once in a tenth of its interval at most,
        or in a second.
        """
        if self.running:
            self.news = runs
            return
        self.expected, self.doubts = None, 0
        if runs is not self.last_success:
            self.expected = runs
            self._bring_forward(turn)

    def _bring_forward(self, turn: Turn) -> None:
        due_us = turn.deadlines.get((Timer.RUN_SCRIPT, self.name))
        if due_us is None:
            return
        at_us = turn.now_us
        if self.hurried_us is not None:
            pause_us = min(self.config.interval_us // HURRY_SHARE, HURRY_PAUSE_MAX_US)
            at_us = max(at_us, self.hurried_us + pause_us)
        if at_us < due_us:
            self.hurried_us = at_us
            turn.deadlines.set((Timer.RUN_SCRIPT, self.name), at_us)

    def _doubt(self, turn: Turn) -> None:
        """A hurried run has ended: one that says something else than was expected is repeated."""
        if self.last_success is self.expected or self.doubts == DOUBTS_MAX:
            self.expected = None
        else:
            self.doubts += 1
            self._bring_forward(turn)

    def over_time(self, turn: Turn) -> None:
        """It has run for too long: ask it to end, then make it."""
        if self.run is Run.RUNNING:
            self.run = Run.TERMINATING
            turn.do(SignalScript(self.name, SIGTERM))
            turn.in_time(Timer.SCRIPT_TIMEOUT, self.name, _AFTER_TERM_US)
            return
        if self.run is Run.KILLING:
            turn.log(f"Script {self.name} failed to terminate after kill")
        self.run = Run.KILLING
        turn.do(SignalScript(self.name, SIGKILL))
        turn.in_time(Timer.SCRIPT_TIMEOUT, self.name, _AFTER_KILL_US)

    def abandon(self, turn: Turn, signal: int = SIGKILL) -> None:
        """Its command is no longer wanted: end the run under way, whose result means nothing."""
        if self.running:
            self.discard = True
            self.run = Run.KILLING
            turn.cancel(Timer.SCRIPT_TIMEOUT, self.name)
            turn.do(SignalScript(self.name, signal))

    def ended(self, turn: Turn, status: int | None, signal: int | None) -> str | None:
        """Count the end of a run. What it says of the script if that is news, e.g. "failed"."""
        run, self.run = self.run, Run.IDLE
        turn.cancel(Timer.SCRIPT_TIMEOUT, self.name)
        news, self.news = self.news, None
        if self.discard:
            self.discard = False
            return None
        self.last_success = status == 0
        if news is not None:
            self.hurry(turn, news)
        elif self.expected is not None:
            self._doubt(turn)
        if status is not None and status != self.last_status:
            turn.log(f"Script `{self.name}` now returning {status}")
            self.last_status = status
        if status == 0:
            return self._succeeded(turn)
        timed_out = (run is Run.TERMINATING and signal == SIGTERM) or (
            run is Run.KILLING and signal in (SIGKILL, SIGTERM)
        )
        if timed_out:
            turn.do(SignalScript(self.name, SIGKILL))  # children that outlived the script
            return self._failed(turn, "timed_out")
        if status is not None:
            return self._failed(turn, f"failed (exited with status {status})")
        return self._failed(turn, f"failed (due to signal {signal})")

    def _succeeded(self, turn: Turn) -> str | None:
        rise, fall = self.config.rise, self.config.fall
        best = rise + fall - 1
        if self.ok is None:
            self.score = rise - 1
        if self.score < rise - 1:
            self.score += 1
            return None
        was_ok, self.ok, self.score = self.ok, True, best
        return None if was_ok else self._tell(turn, "succeeded", 1 if was_ok is None else rise)

    def _failed(self, turn: Turn, how: str) -> str | None:
        if self.ok and self.score > self.config.rise:
            self.score -= 1
            return None
        was_ok, self.ok, self.score = self.ok, False, 0
        return None if was_ok is False else self._tell(turn, how, self.config.fall if was_ok else 1)

    def _tell(self, turn: Turn, how: str, times: int) -> str:
        """It took so many runs in a row."""
        turn.log(f"VRRP_Script({self.name}) {how}")
        return how if times == 1 else f"{how}, {times} times in a row"


def tracked_scripts(configuration: Configuration) -> list[str]:
    """The scripts that an instance or group tracks, in the order of their definition; others never run."""
    used = {tracked.name for block in configuration.tracking_blocks for tracked in block.track_scripts}
    return [name for name in configuration.scripts if name in used]
