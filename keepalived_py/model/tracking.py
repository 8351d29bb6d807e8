"""What is watched, and how it counts: scripts, processes, interfaces, files."""

from dataclasses import dataclass, field
from enum import Enum

from keepalived_py.model.command import Command
from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.units import SECOND, Microseconds


@dataclass(frozen=True, slots=True)
class Weight:
    """What a tracked object does to the priority of an instance.

    `value` 0: a failure puts the instance into FAULT (reversed: a success does). Positive: added
    while the object is up. Negative: subtracted while it is down. `reverse` inverts the sign.
    Range −253..253 (−254..254 for processes and files).
    """

    value: int = 0
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackScript:
    """A `vrrp_script` block."""

    name: str
    command: Command
    interval_us: Microseconds = SECOND
    timeout_us: Microseconds | None = None
    """None: as long as the interval."""
    weight: Weight = Weight()
    rise: int = 1
    fall: int = 1
    init_fail: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


class ParameterMatch(Enum):
    """How the parameters of a process are compared (`param_match`)."""

    EXACT = "exact"
    PARTIAL = "partial"
    INITIAL = "initial"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackProcess:
    """A `vrrp_track_process` block: how many processes of a kind run.

    `parameters` is None where they do not matter. Delays are before a loss (`terminate_delay`) or
    a gain (`fork_delay`) of the quorum counts.
    """

    name: str
    path: str
    parameters: tuple[str, ...] | None = None
    parameter_match: ParameterMatch = ParameterMatch.EXACT
    full_command: bool = False
    weight: Weight = Weight()
    quorum: int = 1
    quorum_max: int | None = None
    terminate_delay_us: Microseconds = 0
    fork_delay_us: Microseconds = 0
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFile:
    """A `track_file` block: an integer in a file, times the weight, is added to the priority."""

    name: str
    path: str
    weight: Weight = Weight(1)
    initial_value: int | None = None
    overwrite: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An entry of a `track_*` block: the name of what is tracked, and the weight that counts here."""

    name: str
    weight: Weight = Weight()
    place: Place = field(default=NOWHERE, compare=False, repr=False)
