"""The sequence numbers of `auth_type AH`: one sequence that all routers of a virtual router share."""

from dataclasses import dataclass

_LAST = 0xFFFFFFFE


@dataclass(slots=True)
class AhSequence:
    """The last number that was sent or accepted, 0..2³²−1: a new master counts on from what it heard.

    `cycle`: the numbers have run out. The last one is sent again and again, which nobody accepts,
    until another has become master or we become it once more.
    """

    number: int = 0
    cycle: bool = False

    def next(self) -> int:
        """The number to send now."""
        if self.number >= _LAST:
            self.cycle = True
        else:
            self.number += 1
        return self.number

    def accept(self, number: int) -> bool:
        """Whether a received number was not used before; then it counts."""
        if number <= self.number:
            return False
        self.number = number
        return True

    def resume_after(self, number: int) -> None:
        """Count on from the number of a master that is to give up."""
        self.number = (number + 1) & 0xFFFFFFFF
        self.cycle = False

    def become_master(self) -> None:
        """Begin anew if the numbers have run out: nobody else is master."""
        if self.cycle:
            self.number = 0
            self.cycle = False
