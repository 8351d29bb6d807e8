"""What tracked objects do to an instance: its faults, and its effective priority.

Nothing is counted up and down: both follow from the state of all trackers at any time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from keepalived_py.model.router import OWNER_PRIORITY, SyncGroup, VirtualRouter
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import Address
from keepalived_py.vrrp.files import FAULT_STATUS, file_status
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.routing import devices
from keepalived_py.vrrp.scripts import Script

CONFIG_ERROR = "config error"
"""What the fault of an instance is called that can never run as it is configured."""


@dataclass(slots=True)
class Facts:
    """What is known of this machine. An interface that was never heard of is down, an unread file 0."""

    links: dict[str, bool] = field(default_factory=dict)
    sources: dict[tuple[str, int], Address] = field(default_factory=dict)
    """The address that adverts of a family are sent from, by interface and family."""
    process_counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def source_of(self, router: VirtualRouter) -> Address | None:
        """Where the adverts of a router come from; None: it has no address to send from."""
        if router.source_address is not None or router.source_interface is None:
            return router.source_address
        return self.sources.get((router.source_interface, router.family))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the trackers of an instance amount to."""

    priority: int
    faults: frozenset[str]
    awaited: frozenset[str]
    fault_lines: tuple[str, ...]
    """What the log says of the faults at the start, after the name of the instance."""
    weights: tuple[tuple[str, int], ...]
    """What makes the priority, with what they add to it."""
    total: int
    """The priority without its bounds."""


class Judge(Protocol):
    """The state of something that is tracked, with the weight that counts."""

    def __call__(self, name: str, weight: Weight) -> "Opinion": ...


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one tracker contributes: to the priority, or a fault, or nothing before it is `known`."""

    what: str
    priority: int = 0
    is_fault: bool = False
    is_known: bool = True
    fault_line: str | None = None


@dataclass(frozen=True, slots=True)
class Trackers:
    """The state of everything that can be tracked."""

    facts: Facts
    scripts: Mapping[str, Script]
    processes: Mapping[str, Process]
    static_devices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By instance, the interfaces of the static entries that it tracks."""

    def judge(self, instance: Instance, group: Group | None) -> Verdict:
        """Faults, awaited results and effective priority (1..254; an owner's never changes)."""
        router = instance.config
        opinions = list(self._opinions(instance, group))
        if self.facts.source_of(router) is None:
            what = f"no IPv{router.family} address for interface"
            opinions.append(Opinion(what, is_fault=True, fault_line=f" entering FAULT state ({what})"))
        if router.config_faults:
            opinions.append(Opinion(CONFIG_ERROR, is_fault=True))
        faults = [opinion for opinion in opinions if opinion.is_fault]
        lines = tuple(fault.fault_line for fault in faults if fault.fault_line)
        awaited = frozenset(opinion.what for opinion in opinions if not opinion.is_known)
        total = router.priority + sum(opinion.priority for opinion in opinions)
        priority = instance.owner_priority if router.is_owner else max(1, min(total, OWNER_PRIORITY - 1))
        weights = tuple((opinion.what, opinion.priority) for opinion in opinions if opinion.priority)
        return Verdict(priority, frozenset(fault.what for fault in faults), awaited, lines, weights, total)

    def watches(self, instance: Instance, group: Group | None, interface: str) -> bool:
        """Whether the state of an interface matters to an instance."""
        return interface in self._interfaces(instance, group)

    def file_opinion(self, instance: Instance, group: Group | None, name: str) -> Opinion | None:
        """What a file does to an instance; None if that does not track it."""
        weight = tracked_weights(instance, group, "track_files").get(name)
        return None if weight is None else self._file(name, weight)

    def _opinions(self, instance: Instance, group: Group | None) -> Iterator[Opinion]:
        for interface, weight in self._interfaces(instance, group).items():
            yield self._interface(interface, weight)
        kinds: tuple[tuple[str, Judge], ...] = (
            ("track_files", self._file),
            ("track_processes", self._process),
            ("track_scripts", self._script),
            ("track_bfds", self._bfd),
        )
        for kind, judge in kinds:
            for name, weight in tracked_weights(instance, group, kind).items():
                yield judge(name, weight)

    def _interface(self, name: str, weight: Weight) -> Opinion:
        up = self.facts.links.get(name, False)
        line = f": entering FAULT state (interface {name} down)"
        return _opinion(f"interface {name} {'up' if up else 'down'}", up, weight, line)

    def _script(self, name: str, weight: Weight) -> Opinion:
        line = f": entering FAULT state due to script {name}"
        ok = self.scripts[name].ok
        return _opinion(f"script {name} {'succeeded' if ok else 'failed'}", ok, weight, line)

    def _process(self, name: str, weight: Weight) -> Opinion:
        line = f" entering FAULT state (tracked process {name} quorum not achieved)"
        up = self.processes[name].has_quorum
        return _opinion(f"process {name} {'has its' if up else 'lacks its'} quorum", up, weight, line)

    def _bfd(self, name: str, weight: Weight) -> Opinion:
        # Down until there is someone who says that it is up.
        return _opinion(f"BFD {name} down", False, weight)

    def _file(self, name: str, weight: Weight) -> Opinion:
        status = file_status(self.facts.files.get(name, 0), weight)
        what = f"tracked file {name}"
        if status == FAULT_STATUS:
            line = f": entering FAULT state ({what} has status {status})"
            return Opinion(what, is_fault=True, fault_line=line)
        return Opinion(what, priority=status)

    def _interfaces(self, instance: Instance, group: Group | None) -> dict[str, Weight]:
        """The interfaces that matter, each once: its own and those of its addresses, routes, rules and
        static entries must be up, whatever weight `track_interface` gives them."""
        router = instance.config
        interfaces = {
            device: Weight()
            for address in router.all_addresses
            if address.tracked and (device := router.device_of(address)) is not None
        }
        for name in (router.interface, router.device):
            if name is not None:
                interfaces[name] = Weight()
                if not router.track_primary:
                    del interfaces[name]
        interfaces |= dict.fromkeys(devices(router), Weight())
        interfaces |= dict.fromkeys(sorted(self.static_devices.get(router.name, ())), Weight())
        return tracked_weights(instance, group, "track_interfaces") | interfaces


def tracked_weights(instance: Instance, group: Group | None, kind: str) -> dict[str, Weight]:
    """The trackers of a kind that count for an instance, its own and those of its sync group.

    Of two weights for the same the group's counts, unless the instance has it without a weight.
    """
    weights: dict[str, Weight] = {}
    owners: list[VirtualRouter | SyncGroup] = [instance.config]
    if group:
        owners.append(group.config)
    for owner in owners:
        trackers: tuple[Tracked, ...] = getattr(owner, kind)
        for tracked in trackers:
            if tracked.name not in weights or weights[tracked.name].value:
                weights[tracked.name] = tracked.weight
    return weights


def _opinion(what: str, up: bool | None, weight: Weight, fault_line: str | None = None) -> Opinion:
    """What something that is up or down contributes; None: that is not known yet."""
    if weight.value:
        return Opinion(what, priority=contribution(weight, up))
    return Opinion(what, is_fault=up is weight.reverse, is_known=up is not None, fault_line=fault_line)


def contribution(weight: Weight, up: bool | None) -> int:
    """What a tracker adds to the priority: a positive weight while up, a negative one while down.

    `reverse` turns the sign. Nothing as long as its state is not known.
    """
    if up is None or up is (weight.value < 0):
        return 0
    return -weight.value if weight.reverse else weight.value
