"""A machine: kernel, processes, the behaviour of its scripts, and its keepalived."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from keepalived_py.model.question import question
from keepalived_py.model.tracking import TrackProcess, TrackScript
from keepalived_py.simulate.kernel import Kernel
from keepalived_py.simulate.scripts import FAILURE, SUCCESS, Behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keepalived_py.model.configuration import Configuration
    from keepalived_py.simulate.daemon import Daemon


class Node:
    """`configuration` is what its keepalived runs or will run, `files` what a reload may give it."""

    def __init__(self, name: str, configuration: Configuration, files: Mapping[str, Configuration]) -> None:
        self.name = name
        self.configuration = configuration
        self.files = files
        self.kernel = Kernel()
        self.powered = True
        self.killed = False
        """keepalived has died without a chance to clean up."""
        self.processes: Counter[str] = Counter()
        self.numbers: Counter[str] = Counter()
        """What is in the files that are tracked, by the names of their `track_file` blocks."""
        self.behaviours: dict[str, Behaviour] = {}
        self.daemon: Daemon | None = None
        self.turns = 0
        """How often something was done here: what has not changed need not be looked at again."""
        self.words = 0
        """How often something was sent or said."""

    def count(self, process: TrackProcess) -> int:
        """How many processes match a `vrrp_track_process`."""
        return self.processes[process.path.rpartition("/")[2]]

    def behaviour(self, script: TrackScript) -> Behaviour:
        """How a run of the script that starts now will go."""
        behaviour = self.behaviours.get(script.name, Behaviour())
        asked = question(script.command)
        if asked is None or behaviour.status is None:
            return behaviour
        status = SUCCESS if self.processes[asked.service] else FAILURE
        return Behaviour(status, behaviour.duration_us, behaviour.obeys_sigterm)
