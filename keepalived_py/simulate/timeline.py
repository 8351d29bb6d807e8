"""What happened, in order: the memory of a run. Two runs of one seed have equal timelines."""

from dataclasses import dataclass
from typing import TypeAlias

from keepalived_py.model.units import Microseconds, format_seconds
from keepalived_py.simulate.scenario import Step
from keepalived_py.vrrp.actions import AddAddresses, Notify, NotifyEvent, RemoveAddresses, Transition

Happening: TypeAlias = Step | Transition | Notify | NotifyEvent | AddAddresses | RemoveAddresses


@dataclass(frozen=True, slots=True)
class Entry:
    at_us: Microseconds
    node: str
    what: Happening

    def __str__(self) -> str:
        return f"{format_seconds(self.at_us):>12} {self.node:<3} {describe(self.what)}"


def describe(what: Happening) -> str:
    """A happening in a few words."""
    match what:
        case Step():
            return f"===== {what.action}"
        case Transition(instance, before, after, reason):
            return f"{instance}: {before.name} → {after.name}, {reason}"
        case Notify(subject, name, state, priority):
            return f"notify {subject.value} {name} {state.name} {priority}"
        case NotifyEvent(instance, event, priority):
            return f"notify {instance} {event.value} {priority}"
        case AddAddresses(instance, _, addresses):
            return f"{instance}: add {', '.join(str(each.address) for each in addresses)}"
        case RemoveAddresses(instance, _, addresses):
            return f"{instance}: remove {', '.join(str(each.address) for each in addresses)}"
