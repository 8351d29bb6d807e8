"""When gratuitous ARPs (IPv6: unsolicited neighbour advertisements) are sent.

A new master sends a burst at once and another after `garp_master_delay`, then a refresh every
`garp_master_refresh` if asked to. `vrrp_garp_interval` and `vrrp_gna_interval` keep the announcements
of an interface apart, `garp_group` those of several interfaces together; what has to wait is queued,
each address once with how often it is still to be sent, and they take turns.
"""

from dataclasses import dataclass, field

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.interface import InterfaceSettings
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.vrrp.actions import Announce
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.turn import Timer, Turn

_NO_SETTINGS = InterfaceSettings()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An address of an instance that waits to be announced on an interface."""

    instance: str
    interface: str
    address: Address


@dataclass(slots=True)
class _Lane:
    """What is announced one after the other: when the next may be sent, and what waits how often."""

    earliest_us: Microseconds = 0
    waiting: dict[_Entry, int] = field(default_factory=dict)


class Announcer:
    """Paces the announcements of all instances."""

    __slots__ = ("_intervals_us", "_lanes", "_settings")

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    def configure(self, configuration: Configuration) -> None:
        definitions = configuration.definitions
        self._intervals_us = {4: definitions.garp_interval_us, 6: definitions.gna_interval_us}
        self._settings = configuration.interfaces

    def burst(self, turn: Turn, instance: Instance, repeat: int) -> None:
        """Announce all addresses of an instance, `repeat` times over."""
        if not instance.addresses_set:
            return
        config = instance.config
        for round_ in range(repeat):
            for virtual in config.all_addresses:
                interface = config.device_of(virtual)
                if interface is None:
                    continue
                entry = _Entry(instance.name, interface, virtual.address)
                if not round_:
                    _log(turn, entry)
                self._announce(turn, entry, repeat)

    def announce_source(self, turn: Turn, instance: Instance) -> None:
        """Announce the address that our adverts come from."""
        if instance.config.interface is not None and instance.source_address is not None:
            kind = "ARP" if instance.config.family == 4 else "NA"
            turn.log_detail(f"{instance.name}: sending gratuitous {kind} for {instance.source_address}")
            turn.do(Announce(instance.config.interface, instance.source_address))

    def take_over(self, turn: Turn, instance: Instance) -> None:
        """The announcements of a new master, now and later."""
        garp = instance.config.garp
        self.burst(turn, instance, garp.master_repeat)
        if garp.master_delay_us:
            turn.in_time(Timer.DELAYED_ARP, instance.name, garp.master_delay_us)
        self._repeat(turn, instance, garp.master_delay_us)

    def reloaded(self, turn: Turn, instance: Instance, *, added: bool) -> None:
        """The announcements of a master with another configuration; `added`: with more addresses."""
        garp = instance.config.garp
        if added:
            self.take_over(turn, instance)
            return
        if garp.master_refresh_us:
            self.burst(turn, instance, garp.master_repeat)
        self._repeat(turn, instance, 0)

    def _repeat(self, turn: Turn, instance: Instance, delay_us: Microseconds) -> None:
        """Announce again and again, the first time an interval after a delay."""
        garp = instance.config.garp
        for timer, interval_us in (
            (Timer.REFRESH_ARP, garp.master_refresh_us),
            (Timer.EXTRA_ARP, garp.extra_interval_us),
        ):
            if interval_us:
                turn.in_time(timer, instance.name, delay_us + interval_us)
            else:
                turn.cancel(timer, instance.name)

    def delayed(self, turn: Turn, instance: Instance) -> None:
        self.burst(turn, instance, instance.config.garp.master_repeat)

    def refresh(self, turn: Turn, instance: Instance) -> None:
        garp = instance.config.garp
        self.burst(turn, instance, garp.master_refresh_repeat)
        turn.in_time(Timer.REFRESH_ARP, instance.name, garp.master_refresh_us)

    def extra(self, turn: Turn, instance: Instance) -> None:
        """One announcement on each interface that adverts tell nobody of (`garp_extra_if`)."""
        config = instance.config
        entries: dict[str, _Entry] = {}
        for virtual in config.all_addresses if instance.addresses_set else ():
            interface = config.device_of(virtual)
            if interface and config.needs_extra_announcement(virtual):
                entries.setdefault(interface, _Entry(instance.name, interface, virtual.address))
        for entry in entries.values():
            _log(turn, entry)
            self._announce(turn, entry, 1)
        turn.in_time(Timer.EXTRA_ARP, instance.name, config.garp.extra_interval_us)

    def lower_priority_heard(self, turn: Turn, instance: Instance) -> None:
        """Correct the caches of those who heard a master of lower priority."""
        garp = instance.config.garp
        if garp.lower_prio_repeat:
            self.burst(turn, instance, garp.lower_prio_repeat)
            if garp.lower_prio_delay_us:
                turn.in_time(Timer.LOWER_PRIORITY_ARP, instance.name, garp.lower_prio_delay_us)

    def lower_priority_delayed(self, turn: Turn, instance: Instance) -> None:
        self.burst(turn, instance, instance.config.garp.lower_prio_repeat)

    def withdraw(self, turn: Turn, instance: Instance) -> None:
        """Nothing of this instance is announced any more."""
        for timer in (
            Timer.DELAYED_ARP,
            Timer.REFRESH_ARP,
            Timer.EXTRA_ARP,
            Timer.LOWER_PRIORITY_ARP,
        ):
            turn.cancel(timer, instance.name)
        for lane in self._lanes.values():
            for entry in [entry for entry in lane.waiting if entry.instance == instance.name]:
                del lane.waiting[entry]

    def paced(self, turn: Turn, lane_name: str) -> None:
        """The next announcement that waited in a lane may go."""
        lane = self._lanes[lane_name]
        if not lane.waiting:
            return
        entry = next(iter(lane.waiting))
        more = lane.waiting.pop(entry) - 1
        if more:
            lane.waiting[entry] = more
        self._send(turn, lane, entry)
        if lane.waiting:
            turn.deadlines.set((Timer.PACED_ARP, lane_name), lane.earliest_us)

    def _announce(self, turn: Turn, entry: _Entry, most: int) -> None:
        """Send, or let an instance's address wait for its turn, up to `most` times."""
        lane_name, _ = self._pace(entry)
        lane = self._lanes.setdefault(lane_name, _Lane())
        if not lane.waiting and lane.earliest_us <= turn.now_us:
            self._send(turn, lane, entry)
            return
        if not lane.waiting:
            turn.deadlines.set((Timer.PACED_ARP, lane_name), lane.earliest_us)
        lane.waiting[entry] = min(lane.waiting.get(entry, 0) + 1, most)

    def _send(self, turn: Turn, lane: _Lane, entry: _Entry) -> None:
        kind = "gratuitous ARP" if entry.address.version == 4 else "unsolicited Neighbour Advert"
        turn.log_detail(f"Sending {kind} on {entry.interface} for {entry.address}")
        turn.do(Announce(entry.interface, entry.address))
        _, interval_us = self._pace(entry)
        if interval_us:
            lane.earliest_us = turn.now_us + interval_us

    def _pace(self, entry: _Entry) -> tuple[str, Microseconds]:
        """The lane of an address, by its name, and the least time between two announcements in it.

        An interface in a `garp_group` has the intervals of that alone: one that is not given is none.
        """
        version = entry.address.version
        group = self._settings.get(entry.interface, _NO_SETTINGS).garp_group
        if group is None:
            return f"{entry.interface} IPv{version}", self._intervals_us[version]
        interval_us = group.garp_interval_us if version == 4 else group.gna_interval_us
        return f"garp_group {group.number} IPv{version}", interval_us or 0


def _log(turn: Turn, entry: _Entry) -> None:
    kind = "gratuitous ARPs" if entry.address.version == 4 else "Unsolicited Neighbour Adverts"
    turn.log_detail(f"({entry.instance}) Sending/queueing {kind} on {entry.interface} for {entry.address}")
