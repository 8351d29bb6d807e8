"""When gratuitous ARPs (IPv6: unsolicited neighbour advertisements) are sent.

A new master sends a burst at once and another after `garp_master_delay`, then a refresh every
`garp_master_refresh` if asked to. `vrrp_garp_interval` and `vrrp_gna_interval` keep the announcements
of an interface apart; what has to wait is queued, each address once with how often it is still to be
sent, and they take turns.
"""

from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.vrrp.actions import Announce
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.turn import Timer, Turn


class Announcer:
    """Paces the announcements of all instances."""

    __slots__ = ("_earliest_us", "_intervals_us", "_waiting")

    def __init__(self, definitions: GlobalDefinitions) -> None:
        self._waiting: dict[str, dict[tuple[str, Address], int]] = {}
        self._earliest_us: dict[str, Microseconds] = {}
        self.configure(definitions)

    def configure(self, definitions: GlobalDefinitions) -> None:
        self._intervals_us = {4: definitions.garp_interval_us, 6: definitions.gna_interval_us}

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
                if not round_:
                    kind = (
                        "gratuitous ARPs" if virtual.address.version == 4 else "Unsolicited Neighbour Adverts"
                    )
                    turn.log_detail(
                        f"({config.name}) Sending/queueing {kind} on {interface} for {virtual.address}"
                    )
                self._announce(turn, interface, (instance.name, virtual.address), repeat)

    def announce_source(self, turn: Turn, instance: Instance) -> None:
        """Announce the address that our adverts come from."""
        if instance.config.interface is not None and instance.source_address is not None:
            turn.log_detail(f"{instance.name}: sending gratuitous ARP for {instance.source_address}")
            turn.do(Announce(instance.config.interface, instance.source_address))

    def take_over(self, turn: Turn, instance: Instance) -> None:
        """The announcements of a new master, now and later."""
        garp = instance.config.garp
        self.burst(turn, instance, garp.master_repeat)
        if garp.master_delay_us:
            turn.in_time(Timer.DELAYED_ARP, instance.name, garp.master_delay_us)
        if garp.master_refresh_us:
            turn.in_time(Timer.REFRESH_ARP, instance.name, garp.master_delay_us + garp.master_refresh_us)

    def delayed(self, turn: Turn, instance: Instance) -> None:
        self.burst(turn, instance, instance.config.garp.master_repeat)

    def refresh(self, turn: Turn, instance: Instance) -> None:
        garp = instance.config.garp
        self.burst(turn, instance, garp.master_refresh_repeat)
        turn.in_time(Timer.REFRESH_ARP, instance.name, garp.master_refresh_us)

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
        for timer in (Timer.DELAYED_ARP, Timer.REFRESH_ARP, Timer.LOWER_PRIORITY_ARP):
            turn.cancel(timer, instance.name)
        for waiting in self._waiting.values():
            for entry in [entry for entry in waiting if entry[0] == instance.name]:
                del waiting[entry]

    def paced(self, turn: Turn, interface: str) -> None:
        """The next announcement that waited for `interface` may go."""
        waiting = self._waiting.get(interface)
        if not waiting:
            return
        entry = next(iter(waiting))
        more = waiting.pop(entry) - 1
        if more:
            waiting[entry] = more
        self._send(turn, interface, entry[1])
        if waiting:
            turn.deadlines.set((Timer.PACED_ARP, interface), self._earliest_us[interface])

    def _announce(self, turn: Turn, interface: str, entry: tuple[str, Address], most: int) -> None:
        """Send, or let an instance's address wait for its turn, up to `most` times."""
        waiting = self._waiting.setdefault(interface, {})
        earliest_us = self._earliest_us.get(interface, turn.now_us)
        if not waiting and earliest_us <= turn.now_us:
            self._send(turn, interface, entry[1])
            return
        if not waiting:
            turn.deadlines.set((Timer.PACED_ARP, interface), earliest_us)
        waiting[entry] = min(waiting.get(entry, 0) + 1, most)

    def _send(self, turn: Turn, interface: str, address: Address) -> None:
        kind = "gratuitous ARP" if address.version == 4 else "unsolicited Neighbour Advert"
        turn.log_detail(f"Sending {kind} on {interface} for {address}")
        turn.do(Announce(interface, address))
        if interval_us := self._intervals_us[address.version]:
            self._earliest_us[interface] = turn.now_us + interval_us
