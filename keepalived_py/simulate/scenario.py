"""What is done to a world: steps, written as `10s A kill nginx`."""

from dataclasses import dataclass

from keepalived_py.model.units import Microseconds, format_seconds


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
