"""When a change of an interface counts: at once, or after `interface_up_down_delays`.

A change that is undone within its delay never was. Nothing is delayed before an interface was up once,
when it vanishes, and where its link is polled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keepalived_py.model.interface import InterfaceSettings
from keepalived_py.model.units import Microseconds
from keepalived_py.vrrp.events import LinkChanged
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.turn import Timer, Turn

_NO_SETTINGS = InterfaceSettings()


@dataclass(slots=True)
class _Link:
    """An interface: what counts, and what will count when its delay is over."""

    up: bool = False
    flags: int = 0
    seen_up: bool = False
    pending: LinkChanged | None = None


class Links:
    """The interfaces that were heard of. `states` is what counts."""

    def __init__(self, states: dict[str, bool]) -> None:
        self._states = states
        self._links: dict[str, _Link] = {}

    def configure(self, settings: Mapping[str, InterfaceSettings], instances: Iterable[Instance]) -> None:
        """From now on these delays count, as far as these instances can bear them."""
        self._settings = settings
        self._instances = tuple(instances)

    def changed(self, turn: Turn, event: LinkChanged) -> bool:
        """Take note of a change; whether it counts now."""
        link = self._links.setdefault(event.interface, _Link())
        if link.pending:
            if link.pending.up is event.up and event.exists:
                link.pending = event
                return False
            link.pending = None
            turn.cancel(Timer.LINK_DELAY, event.interface)
            if event.exists and event.flags != link.flags:
                turn.log(f"Delay timer for {event.interface} cancelled")
        if link.up is event.up:
            return self._counts(link, event)
        delay_us = self._delay_us(event)
        if link.seen_up and delay_us and event.exists and not event.polled:
            turn.log(
                f"{event.interface}: Adding flags change from {link.flags:#x} to {event.flags:#x} "
                f"delay by {delay_us}"
            )
            link.pending = event
            turn.in_time(Timer.LINK_DELAY, event.interface, delay_us)
            return False
        return self._counts(link, event)

    def delay_over(self, interface: str) -> LinkChanged | None:
        """The delay of an interface is over: what counts now."""
        link = self._links[interface]
        event, link.pending = link.pending, None
        if event is not None:
            self._counts(link, event)
        return event

    def _counts(self, link: _Link, event: LinkChanged) -> bool:
        was_up = self._states.get(event.interface, False)
        self._states[event.interface] = link.up = event.up
        link.seen_up = event.exists and (link.seen_up or event.up)
        link.flags = event.flags
        return was_up is not event.up

    def _delay_us(self, event: LinkChanged) -> Microseconds:
        settings = self._settings.get(event.interface, _NO_SETTINGS)
        if event.up:
            return settings.up_delay_us
        # A master may be of a shorter interval than ours (version 3).
        limits = (
            instance.config.link_delay_max_us(instance.master_advert_interval_us)
            for instance in self._instances
            if instance.config.interface == event.interface
        )
        return min((settings.down_delay_us, *limits))
