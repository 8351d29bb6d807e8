"""What is done to a world: steps, written as `10s A kill nginx`."""

import re
from dataclasses import dataclass

from keepalived_py.model.units import MILLISECOND, SECOND, Microseconds, format_seconds

_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNITS = {"ms": MILLISECOND, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND}


@dataclass(frozen=True, slots=True)
class Step:
    """At a time, on a node (none for what concerns the network), a verb of `verbs.VERBS` and its argument."""

    at_us: Microseconds
    verb: str
    node: str = ""
    argument: str = ""

    @property
    def action(self) -> str:
        return " ".join(word for word in (self.node, self.verb, self.argument) if word)

    def __str__(self) -> str:
        return f"{format_seconds(self.at_us)}s {self.action}"


def parse_time(text: str) -> Microseconds:
    """`10s`, `1.5s`, `500ms`, `2m`, `1h`; a number alone is of seconds. Raises ValueError."""
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is no time: write 10s, 1.5s, 500ms, 2m or 1h")
    return round(float(match[1]) * _UNITS[match[2] or "s"])


def divide_scenario(text: str) -> list[str]:
    """The steps of a scenario file, one a line; `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]
