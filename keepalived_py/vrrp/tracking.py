"""What tracked objects do to an instance: its faults, and its effective priority.

Nothing is counted up and down: both follow from the state of all trackers at any time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from keepalived_py.model.router import OWNER_PRIORITY, SyncGroup, VirtualRouter
from keepalived_py.model.tracking import Weight
from keepalived_py.model.units import Address
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.scripts import Script


@dataclass(slots=True)
class Facts:
    """What is known of this machine. An interface that was never heard of is down."""

    links: dict[str, bool] = field(default_factory=dict)
    sources: dict[tuple[str, int], Address] = field(default_factory=dict)
    """The address that adverts of a family are sent from, by interface and family."""
    process_counts: dict[str, int] = field(default_factory=dict)

    def source_of(self, router: VirtualRouter) -> Address | None:
        """Where the adverts of a router come from; None: it has no address to send from."""
        if router.source_address is not None or router.interface is None:
            return router.source_address
        return self.sources.get((router.interface, router.family))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the trackers of an instance amount to."""

    priority: int
    faults: frozenset[str]
    awaited: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trackers:
    """The state of everything that can be tracked."""

    facts: Facts
    scripts: Mapping[str, Script]
    processes: Mapping[str, Process]

    def judge(self, instance: Instance, group: Group | None) -> Verdict:
        """Faults, awaited results and effective priority (1..254; an owner's never changes)."""
        router = instance.config
        priority = router.priority
        faults: set[str] = set()
        awaited: set[str] = set()
        if self.facts.source_of(router) is None:
            faults.add(f"no IPv{router.family} address for interface")
        for what, up, weight in self._tracked(instance, group):
            if weight.value:
                priority += contribution(weight, up)
            elif up is None:
                awaited.add(what)
            elif up is weight.reverse:
                faults.add(what)
        priority = OWNER_PRIORITY if router.is_owner else max(1, min(priority, OWNER_PRIORITY - 1))
        return Verdict(priority, frozenset(faults), frozenset(awaited))

    def watches(self, instance: Instance, group: Group | None, interface: str) -> bool:
        """Whether the state of an interface matters to an instance."""
        return interface in self._interfaces(instance, group)

    def _tracked(self, instance: Instance, group: Group | None) -> Iterator[tuple[str, bool | None, Weight]]:
        """All that an instance tracks: what its failure is called, whether it is up, its weight."""
        for interface, weight in self._interfaces(instance, group).items():
            state = "up" if weight.reverse else "down"
            yield f"interface {interface} {state}", self.facts.links.get(interface, False), weight
        for owner in _owners(instance, group):
            for tracked in owner.track_scripts:
                yield f"script {tracked.name}", self.scripts[tracked.name].ok, tracked.weight
            for tracked in owner.track_processes:
                yield (
                    f"tracked process {tracked.name} quorum",
                    self.processes[tracked.name].has_quorum,
                    tracked.weight,
                )

    def _interfaces(self, instance: Instance, group: Group | None) -> dict[str, Weight]:
        """The interfaces that matter, each once: its own and those of its addresses must be up,
        whatever weight `track_interface` gives them."""
        router = instance.config
        interfaces = {
            device: Weight()
            for address in router.all_addresses
            if address.tracked and (device := router.device_of(address)) is not None
        }
        if router.interface is not None:
            interfaces[router.interface] = Weight()
            if not router.track_primary:
                del interfaces[router.interface]
        for owner in _owners(instance, group):
            for tracked in owner.track_interfaces:
                interfaces.setdefault(tracked.name, tracked.weight)
        return interfaces


def _owners(instance: Instance, group: Group | None) -> tuple[VirtualRouter | SyncGroup, ...]:
    """Whose trackers count for an instance: its own, and those of its sync group."""
    return (instance.config, group.config) if group else (instance.config,)


def contribution(weight: Weight, up: bool | None) -> int:
    """What a tracker adds to the priority: a positive weight while up, a negative one while down.

    `reverse` turns the sign. Nothing as long as its state is not known.
    """
    if up is None or up is (weight.value < 0):
        return 0
    return -weight.value if weight.reverse else weight.value
