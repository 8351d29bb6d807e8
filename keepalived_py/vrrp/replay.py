"""The sequence numbers of `auth_hmac`: 64 bits that only grow, taken from the clock on the wall.

The upper 32 bits are seconds since 1970 (UTC), then come 16 bits of their fraction and a counter of
16 bits. Numbers are compared as in RFC 1982, so that nothing happens in 2106. A sender keeps nothing
on disk: when it starts again the clock has moved on. With `anti_replay time`, a number must also be
within `time_window` of the receiver's clock.
"""

from dataclasses import dataclass, field

from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.units import SECOND, Address, Microseconds

MULTICAST_SENDERS = 4
"""How many senders a receiver remembers where it was not told who they are."""

_BITS = 64
_SECONDS_BITS = 32


def clock_sequence(wall_us: Microseconds) -> int:
    """The sequence number of a time, with a counter of 0."""
    seconds, fraction_us = divmod(wall_us, SECOND)
    return (seconds % (1 << _SECONDS_BITS)) << 32 | ((fraction_us << 16) // SECOND) << 16


def skew_seconds(sequence: int, wall_us: Microseconds) -> int:
    """How far a sequence number is behind the clock; negative: it is ahead."""
    return _difference(wall_us // SECOND, sequence >> 32, _SECONDS_BITS)


def is_outside_window(hmac: AuthHmac, sequence: int, wall_us: Microseconds) -> bool:
    """Whether the clock says that a number is too old or too new."""
    return hmac.anti_replay_by_time and abs(skew_seconds(sequence, wall_us)) > hmac.time_window_seconds


@dataclass(slots=True)
class SendSequence:
    """The numbers of a sender; `last` is None before the first."""

    last: int | None = None

    def next(self, hmac: AuthHmac, wall_us: Microseconds) -> int:
        """The number to send now: the clock's, or one more than the last where the clock is not ahead.

        A clock that was put back leaves the numbers ahead of it. Beyond the window no receiver would
        take them, so that they restart from the clock.
        """
        now = clock_sequence(wall_us)
        last = self.last
        if last is None or _difference(now, last, _BITS) > 0 or is_outside_window(hmac, last, wall_us):
            self.last = now
        else:
            self.last = (last + 1) % (1 << _BITS)
        return self.last


@dataclass(slots=True)
class ReplayGuard:
    """The highest number that was accepted of each sender, those last heard from last."""

    highest: dict[Address, int] = field(default_factory=dict)

    def accept(
        self, hmac: AuthHmac, sender: Address, most: int, sequence: int, wall_us: Microseconds
    ) -> bool:
        """Whether a number that is authentic and within the window was not used before; then it counts.

        Of more than `most` senders, the one that was silent for longest is forgotten.
        """
        highest = self.highest.pop(sender, None)
        if highest is None and len(self.highest) >= most:
            del self.highest[next(iter(self.highest))]
        # A number outside of the window only forbids what the window forbids too, or a clock put right.
        if highest is not None and is_outside_window(hmac, highest, wall_us):
            highest = None
        if highest is not None and _difference(sequence, highest, _BITS) <= 0:
            self.highest[sender] = highest
            return False
        self.highest[sender] = sequence
        return True


def _difference(left: int, right: int, bits: int) -> int:
    """left − right in serial number arithmetic (RFC 1982), as a signed number of so many bits."""
    half = 1 << (bits - 1)
    return (left - right + half) % (1 << bits) - half
