"""Simulated `vrrp_script` commands: what decides about their outcome, and how long they take."""

from dataclasses import dataclass

from keepalived_py.model.units import MILLISECOND, Microseconds

SUCCESS = 0
FAILURE = 1


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a command behaves. `status` None: it hangs until a signal ends it."""

    status: int | None = SUCCESS
    duration_us: Microseconds = 10 * MILLISECOND
    obeys_sigterm: bool = True
