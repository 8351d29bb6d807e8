"""The engine: all instances, groups and trackers of a configuration. Events in, actions out.

Pure and deterministic: the same events at the same times give the same actions. `now_us` is any
clock that never goes back, in microseconds; the world keeps one timer, for `next_deadline`.
"""

from collections.abc import Iterable
from typing import assert_never

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.units import MILLISECOND, SECOND, Address, Microseconds
from keepalived_py.vrrp import reasons, rivalry
from keepalived_py.vrrp.actions import Action, Notify, NotifyEvent, Subject, VrrpEvent
from keepalived_py.vrrp.announcements import Announcer
from keepalived_py.vrrp.arrival import Arrival
from keepalived_py.vrrp.beginning import begin
from keepalived_py.vrrp.deadlines import Deadlines
from keepalived_py.vrrp.effects import Scene, enter, follow_edge, notify, remove_addresses, send_zero
from keepalived_py.vrrp.election import hear
from keepalived_py.vrrp.events import (
    AddressLost,
    AdvertReceived,
    Event,
    FileRead,
    LinkChanged,
    ProcessesCounted,
    ProgramChanged,
    RoutingLost,
    ScriptExited,
    SourceAddressChanged,
)
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.lateness import overtaken
from keepalived_py.vrrp.links import Links
from keepalived_py.vrrp.machine import Input
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.reload import reload
from keepalived_py.vrrp.routing import devices_of_static_groups, tracks
from keepalived_py.vrrp.scripts import SIGTERM, Script, tracked_scripts
from keepalived_py.vrrp.startup import StartupDelay
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.tracking import Facts, Trackers, Verdict
from keepalived_py.vrrp.turn import Timer, TimerKey, Turn

EARLY_MAX_US: Microseconds = 10 * MILLISECOND
EARLY_SHARE = 100
"""An advert may be early by so much, and by one part in so many of its interval, so that fewer wake-ups serve
more instances. None is late for it."""

_GROUP_INPUT = {
    State.MASTER: Input.GROUP_MASTER,
    State.BACKUP: Input.GROUP_BACKUP,
    State.FAULT: Input.GROUP_FAULT,
}


class Engine:
    """Runs a configuration. Facts may be given before `start`; they only take effect with it."""

    def __init__(self, configuration: Configuration) -> None:
        self.facts = Facts()
        self.links = Links(self.facts.links)
        self.deadlines: Deadlines[TimerKey] = Deadlines()
        self.announcer = Announcer()
        self.processes: dict[str, Process] = {}
        self.started = False
        self.delay = StartupDelay()
        self.adopt(
            configuration,
            {name: Instance(router) for name, router in configuration.routers.items()},
            {name: Script(configuration.scripts[name]) for name in tracked_scripts(configuration)},
        )

    def adopt(
        self, configuration: Configuration, instances: dict[str, Instance], scripts: dict[str, Script]
    ) -> None:
        """Make these what the engine runs; groups start anew, processes keep their counts."""
        self.configuration = configuration
        self.instances = instances
        self.scripts = scripts
        known, self.processes = self.processes, {}
        for name, config in configuration.processes.items():
            process = Process(config, self.facts.process_counts.get(name, 0))
            process.has_quorum = known[name].has_quorum if name in known else process.is_in_range
            self.processes[name] = process
        self.groups = {
            name: Group(group, tuple(instances[member] for member in group.members))
            for name, group in configuration.groups.items()
        }
        for instance in instances.values():
            instance.group = None
        for group in self.groups.values():
            for member in group.members:
                member.group = group.name
        self._punctual = [each for each in instances.values() if each.config.highest_other_priority]
        static_devices = devices_of_static_groups(configuration)
        self.trackers = Trackers(self.facts, scripts, self.processes, static_devices)
        self.links.configure(configuration.interfaces, instances.values())
        self.announcer.configure(configuration)

    # The calls of the world

    def start(self, now_us: Microseconds) -> list[Action]:
        """Begin: addresses that an earlier run left are removed, states found, scripts run."""
        turn = self._turn(now_us)
        self.started = True
        for interface in dict.fromkeys(instance.config.interface for instance in self.instances.values()):
            for family in (4, 6):
                if source := self.facts.sources.get((interface or "", family)):
                    turn.log_detail(f"Assigned address {source} for interface {interface}")
        self.delay.begin(turn, self.configuration.definitions.startup_delay_us)
        for instance in self.instances.values():
            remove_addresses(self.scene(turn, instance))
        begin(self, turn, self.instances.values(), self.groups.values())
        for script in self.scripts.values():
            script.start(turn)
        return turn.actions

    def handle(self, event: Event, now_us: Microseconds) -> list[Action]:
        """Take note of what has happened."""
        turn = self._turn(now_us)
        if self._punctual:
            self._step_down_if_late(turn)
        match event:
            case AdvertReceived(instance=name, advert=advert, wall_us=wall_us):
                if name in self.instances:
                    self._advert(turn, Arrival(self.instances[name], advert, wall_us))
            case LinkChanged():
                self._link(turn, event)
            case SourceAddressChanged(interface=interface, family=family, address=address):
                self._source_address(turn, interface, family, address)
            case AddressLost(interface=interface, address=address):
                self._address_lost(turn, interface, address)
            case RoutingLost(lost=lost):
                self._routing_lost(turn, lost)
            case ScriptExited(script=name, status=status, signal=signal):
                if name in self.scripts and (said := self.scripts[name].ended(turn, status, signal)):
                    self.judge_all(turn, f"script {name} {said}")
            case ProgramChanged(script=name, runs=runs):
                if name in self.scripts:
                    self.scripts[name].hurry(turn, runs)
            case ProcessesCounted(process=name, count=count):
                self._processes(turn, name, count)
            case FileRead(file=name, value=value):
                self._file(turn, name, value)
            case _:
                assert_never(event)
        return turn.actions

    def next_deadline(self) -> Microseconds | None:
        """When `expire` wants to be called next; None: nothing is pending."""
        return self.deadlines.next()

    def expire(self, now_us: Microseconds) -> list[Action]:
        """Do all that is due by now."""
        turn = self._turn(now_us)
        if self._punctual:
            self._step_down_if_late(turn)
        for (timer, name), due_us in self.deadlines.pop_due(now_us):
            turn.due_us = due_us
            self._due(turn, timer, name)
        self._hasten(turn)
        return turn.actions

    def stop(self, now_us: Microseconds, release: bool = True) -> list[Action]:
        """End: masters say so and let go of their addresses, unless `release` is False.

        Scripts are asked to end; the world is to kill those that do not.
        """
        turn = self._turn(now_us)
        for script in self.scripts.values():
            script.abandon(turn, SIGTERM)
        for instance in self.instances.values():
            if release and instance.state is State.MASTER:
                scene = self.scene(turn, instance)
                send_zero(scene)
                remove_addresses(scene)
        self.deadlines.clear()
        for instance in self.instances.values():
            enter(turn, instance, State.STOP, reasons.STOP)
            notify(self.scene(turn, instance))
        for group in self.groups.values():
            self.move_group(turn, group, State.STOP)
        self.started = False
        return turn.actions

    def reload(self, configuration: Configuration, now_us: Microseconds) -> list[Action]:
        """Run another configuration; what is the same in both runs on undisturbed.

        The counts of processes and the numbers of files that are newly tracked are to be given before,
        as at the start.
        """
        turn = self._turn(now_us)
        reload(self, turn, configuration)
        return turn.actions

    def _turn(self, now_us: Microseconds) -> Turn:
        return Turn(now_us, self.deadlines, earliest_us=self.delay.until_us)

    # Events

    def _advert(self, turn: Turn, arrival: Arrival) -> None:
        instance, advert = arrival.instance, arrival.advert
        if self.delay.until_us or instance.state not in (State.BACKUP, State.MASTER):
            return
        what = hear(self.scene(turn, instance), arrival)
        if what is not None:
            # Adverts are many; only one that a master obeys is the reason of a change.
            reason = reasons.outranked(instance, advert) if instance.state is State.MASTER else ""
            self.change(turn, instance, what, reason)

    def _link(self, turn: Turn, event: LinkChanged) -> None:
        if self.started and not event.exists:
            log = turn.log if self._matters(event.interface) else turn.log_detail
            log(f"Interface {event.interface} deleted")
        if self.links.changed(turn, event):
            self._link_counts(turn, event)

    def _link_counts(self, turn: Turn, event: LinkChanged) -> None:
        if not self.started:
            return
        interface, state = event.interface, "up" if event.up else "down"
        if event.exists and self._matters(interface):
            turn.log(f"{'Linkbeat' if event.polled else 'Netlink'} reports {interface} {state}")
        self.judge_all(turn, f"interface {interface} {state if event.exists else 'deleted'}")

    def _matters(self, interface: str) -> bool:
        return any(
            self.trackers.watches(instance, self.group_of(instance), interface)
            for instance in self.instances.values()
        )

    def _file(self, turn: Turn, name: str, value: int) -> None:
        self.facts.files[name] = value
        if not self.started:
            return
        for instance in self.instances.values():
            opinion = self.trackers.file_opinion(instance, self.group_of(instance), name)
            if opinion is not None and opinion.is_fault is not (opinion.what in instance.faults):
                change = "now" if opinion.is_fault else "leaving"
                turn.log_detail(f"({instance.name}): tracked file {name} {change} FAULT state")
        self.judge_all(turn, f"tracked file {name} has {value}")

    def _source_address(self, turn: Turn, interface: str, family: int, address: Address | None) -> None:
        before = self.facts.sources.pop((interface, family), None)
        if address is not None:
            self.facts.sources[interface, family] = address
        if self.started:
            if before is None and self._matters(interface):
                turn.log_detail(f"Assigned address {address} for interface {interface}")
            elif address is None and self._matters(interface):
                turn.log_detail(f"Deassigned address {before} from interface {interface}")
            for instance in self.instances.values():
                instance.source_address = self.facts.source_of(instance.config) or instance.farewell_address
            self.judge_all(turn, f"{interface} {'has' if address else 'lost'} its address")
            self.find_sources(self.instances.values())

    def _address_lost(self, turn: Turn, interface: str, address: Address) -> None:
        for instance in self.instances.values():
            config = instance.config
            if instance.state is State.MASTER and any(
                virtual.tracked and virtual.address == address and config.device_of(virtual) == interface
                for virtual in config.all_addresses
            ):
                turn.log_detail(f"Netlink reflector reports IP {address} removed from {interface}")
                self._let_go(turn, instance, f"{address} was removed from {interface}")
                return

    def _routing_lost(self, turn: Turn, lost: Route | Rule) -> None:
        for instance in self.instances.values():
            if instance.state is State.MASTER and tracks(instance.config, lost):
                self._let_go(turn, instance, f"{reasons.named(lost)} was removed")
                return

    def _let_go(self, turn: Turn, instance: Instance, reason: str) -> None:
        """A master has lost a part of what it is master of: it lets go, with its sync group, of the rest."""
        group = self.group_of(instance)
        for member in group.members if group else (instance,):
            if member.state is State.MASTER:
                member.wanted = State.BACKUP
                member.hastened_by = reason
                if group and member is not instance:
                    member.hastened_by = reasons.with_member(group.name, instance.name, reason)
                self.follow(turn, member, Input.ADDRESS_LOST, member.hastened_by)
        if group:
            group.state = State.BACKUP
            # It leads the others back: of those that are due at one time the last finds all willing.
            turn.wait(instance.name, instance.skew_us)

    def _processes(self, turn: Turn, name: str, count: int) -> None:
        self.facts.process_counts[name] = count
        process = self.processes.get(name)
        if process is None:
            return
        if not self.started:
            process.count = count
            process.has_quorum = process.is_in_range
        elif process.counted(turn, count):
            self._judge_process(turn, process)

    def _judge_process(self, turn: Turn, process: Process) -> None:
        self.judge_all(turn, reasons.quorum(process))

    # Timers

    def _hasten(self, turn: Turn) -> None:
        """Adverts that will be due in a moment leave with those of now; their rhythm stays as it is."""
        while (first := self.deadlines.first()) is not None:
            key, due_us = first
            if key[0] is not Timer.STATE or due_us - turn.now_us > EARLY_MAX_US:
                return
            instance = self.instances[key[1]]
            interval_us = instance.config.advert_interval_us
            if instance.state is not State.MASTER or due_us - turn.now_us > interval_us // EARLY_SHARE:
                return
            self.deadlines.cancel(key)
            turn.due_us = due_us
            self._due(turn, *key)

    def _due(self, turn: Turn, timer: Timer, name: str) -> None:
        match timer:
            case Timer.STATE:
                self._state_due(turn, self.instances[name])
            case Timer.RIVAL:
                rivalry.silent(turn, self.instances[name])
            case Timer.DELAYED_ARP:
                self.announcer.delayed(turn, self.instances[name])
            case Timer.REFRESH_ARP:
                self.announcer.refresh(turn, self.instances[name])
            case Timer.EXTRA_ARP:
                self.announcer.extra(turn, self.instances[name])
            case Timer.LOWER_PRIORITY_ARP:
                self.announcer.lower_priority_delayed(turn, self.instances[name])
            case Timer.PACED_ARP:
                self.announcer.paced(turn, name)
            case Timer.RUN_SCRIPT:
                self.scripts[name].start(turn)
            case Timer.SCRIPT_TIMEOUT:
                self.scripts[name].over_time(turn)
            case Timer.PROCESS_QUORUM:
                if self.processes[name].decide(turn):
                    self._judge_process(turn, self.processes[name])
            case Timer.LINK_DELAY:
                if change := self.links.delay_over(name):
                    self._link_counts(turn, change)
            case Timer.STARTUP_DELAY:
                self.delay.over(turn)
            case _:
                assert_never(timer)

    def _step_down_if_late(self, turn: Turn) -> None:
        """Before it says anything more."""
        for instance, reason in overtaken(turn, self._punctual):
            instance.wanted = State.BACKUP
            self.change(turn, instance, Input.TOO_LATE, reason)

    @staticmethod
    def _log_lateness(turn: Turn, instance: Instance) -> None:
        late_us = turn.now_us - (turn.due_us or turn.now_us)
        if late_us > instance.config.advert_interval_us // 2:
            turn.log(f"({instance.name}) advert is {late_us / SECOND:.3f} seconds late")

    def _state_due(self, turn: Turn, instance: Instance) -> None:
        if instance.state is State.MASTER:
            self._log_lateness(turn, instance)
            self.follow(turn, instance, Input.TIMEOUT, "")
            return
        turn.log_detail(f"({instance.name}) Receive advertisement timeout")
        instance.wanted = State.MASTER
        group = self.group_of(instance)
        if group and not group.may_follow_to_master(instance):
            turn.wait(instance.name, instance.master_down_interval_us)
            return
        self.change(turn, instance, Input.TIMEOUT, reasons.timed_out(instance, turn.now_us))

    # Trackers

    def judge_all(self, turn: Turn, reason: str) -> None:
        """Let the state of all trackers take effect on all instances."""
        if not self.started:
            return
        recovered: list[Instance] = []
        for instance in self.instances.values():
            was_healthy, had_faults = instance.is_healthy, bool(instance.faults)
            self.judge(turn, instance)
            if instance.faults and not had_faults:
                instance.wanted = State.FAULT
                self.change(turn, instance, Input.DOWN, reasons.failed(instance, reason))
            elif instance.is_healthy and not was_healthy:
                recovered.append(instance)
        # Of a sync group the last that recovers leads the others.
        leaders: dict[Group | Instance, Instance] = {}
        for instance in recovered:
            if not _is_new_owner(instance):
                instance.wanted = State.BACKUP
            key = self.group_of(instance) or instance
            leaders.pop(key, None)
            leaders[key] = instance
        for instance in leaders.values():
            self.recover(turn, instance, reason)

    def recover(self, turn: Turn, instance: Instance, reason: str) -> None:
        group = self.group_of(instance)
        if group and not group.is_healthy:
            return
        may_be_master = (
            _is_new_owner(instance)
            and not self.delay.until_us
            and (group is None or group.may_follow_to_master(instance))
        )
        self.change(turn, instance, Input.UP_OWNER if may_be_master else Input.UP, reason)

    def judge(self, turn: Turn, instance: Instance) -> Verdict:
        verdict = self.trackers.judge(instance, self.group_of(instance))
        instance.faults, instance.awaited, instance.weights = verdict.faults, verdict.awaited, verdict.weights
        self._set_priority(turn, instance, verdict.priority)
        return verdict

    def _set_priority(self, turn: Turn, instance: Instance, priority: int) -> None:
        if instance.effective_priority == priority:
            return
        turn.log(
            f"({instance.name}) Changing effective priority from {instance.effective_priority} to {priority}"
        )
        before_us = instance.master_down_interval_us
        instance.effective_priority = priority
        due_us = self.deadlines.get((Timer.STATE, instance.name))
        if instance.state is State.BACKUP and due_us is not None:
            due_us += instance.master_down_interval_us - before_us
            self.deadlines.set((Timer.STATE, instance.name), due_us)
        if instance.config.notify_priority_changes:
            is_master = instance.state is State.MASTER
            event = VrrpEvent.MASTER_PRIORITY if is_master else VrrpEvent.BACKUP_PRIORITY
            turn.do(NotifyEvent(instance.name, event, priority))

    def find_sources(self, instances: Iterable[Instance]) -> None:
        for instance in instances:
            instance.source_address = self.facts.source_of(instance.config)

    # Changes of state, and sync groups

    def scene(self, turn: Turn, instance: Instance) -> Scene:
        return Scene(turn, instance, self.group_of(instance), self.announcer)

    def group_of(self, instance: Instance) -> Group | None:
        return self.groups[instance.group] if instance.group else None

    def follow(self, turn: Turn, instance: Instance, what: Input, reason: str) -> bool:
        """Take an edge of the state machine, for this instance alone."""
        return follow_edge(self.scene(turn, instance), what, reason)

    def change(self, turn: Turn, instance: Instance, what: Input, reason: str) -> None:
        """Take an edge of the state machine; if the state changes, the sync group follows."""
        group = self.group_of(instance)
        if not self.follow(turn, instance, what, reason) or group is None or group.state is instance.state:
            return
        state = instance.state
        turn.log(f"VRRP_Group({group.name}) Syncing instances to {state.name} state")
        because = reasons.with_member(group.name, instance.name, reason)
        for other in group.others(instance):
            if other.state is not state:
                other.wanted = state
                self.follow(turn, other, _GROUP_INPUT[state], because)
        self.move_group(turn, group, state)

    def move_group(self, turn: Turn, group: Group, state: State) -> None:
        group.state = state
        turn.do(Notify(Subject.GROUP, group.name, state, 0))


def _is_new_owner(instance: Instance) -> bool:
    """Whether it is to be master as soon as it can: it owns its addresses, and was in no state yet."""
    return instance.state is State.INIT and instance.config.is_owner and instance.wanted is State.MASTER
