"""Random clusters: two to five nodes, the virtual routers they share, and what befalls them.

Everything that a cluster is follows from its seed. Only configurations are drawn that keepalived
takes without an error, and of which it is known who should serve: adverts of version 2 have the
same interval everywhere, only one node owns the addresses of a router, the members of a sync group
have the same priorities, and one late advert is not enough to take over (`down_timer_adverts`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface, ip_address, ip_interface
from random import Random

from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.interface import InterfaceSettings
from keepalived_py.model.route import Route, Rule, RuleAction
from keepalived_py.model.router import (
    DEFAULT_GROUP_4,
    DEFAULT_GROUP_6,
    OWNER_PRIORITY,
    AuthType,
    GratuitousArp,
    InitialState,
    SyncGroup,
    UnicastPeer,
    VirtualRouter,
)
from keepalived_py.model.tracking import Tracked, TrackFile, TrackProcess, TrackScript, Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Address, Microseconds
from keepalived_py.simulate.network import Conditions
from keepalived_py.simulate.scripts import Behaviour
from keepalived_py.simulate.world import World
from keepalived_py.vrrp.engine import Engine

NODES = "ABCDE"
SEGMENTS = {"eth0": "lan0", "eth1": "lan1"}
PROGRAMS = ("nginx", "haproxy")
FILES = ("load", "switch")
PRIORITIES = (1, 50, 90, 99, 100, 100, 100, 101, 150, 200, 254)
STANDING = ("priority", "state", "nopreempt", "preempt_delay_us")
VRID = 51
"""Of the first virtual router."""
WEIGHTS = (0, 0, 0, 20, -20, 60, -60, 253, -253)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes' configurations; a node's second one is what a reload gives it."""

    seed: int
    files: dict[str, dict[str, Configuration]]
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)


def address_of(node: str, interface: str, family: int) -> Address:
    """The address that an interface has of its own: 10.0.0.10 and fe80::a for eth0 of A."""
    network, host = list(SEGMENTS).index(interface), 10 + NODES.index(node)
    return ip_address(f"10.{network}.0.{host}" if family == 4 else f"fe80::{network}:{host:x}")


def build(cluster: Cluster, engine_type: type[Engine] = Engine) -> World:
    """A world with the cluster in it; no keepalived runs yet."""
    world = World(Random(f"world {cluster.seed}"), engine_type)
    world.network.conditions = cluster.conditions
    for name, files in cluster.files.items():
        interfaces = {
            each: (segment, [address_of(name, each, family) for family in (4, 6)])
            for each, segment in SEGMENTS.items()
        }
        node = world.add_node(name, files["first"], interfaces, files)
        node.behaviours.update(cluster.behaviours)
        node.processes.update(PROGRAMS)
    return world


def draw_cluster(seed: int) -> Cluster:
    """The cluster of a seed."""
    return _Draw(seed).cluster()


class _Draw:
    """One draw: what the parts of a cluster have in common."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(f"cluster {seed}")
        self.nodes = NODES[: self.random.choice((2, 2, 2, 3, 3, 4, 5))]
        self.scripts = [self.script(number) for number in range(self.random.randint(0, 2))]
        self.files = [
            TrackFile(name=name, path=f"/run/{name}") for name in FILES[: self.random.choice((0, 0, 1, 2))]
        ]
        self.processes = [self.process(program) for program in PROGRAMS[: self.random.randint(0, 2)]]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def cluster(self) -> Cluster:
        count = self.random.choice((1, 1, 2, 2, 3, 4))
        grouped = count > 1 and self.chance(0.4)
        columns = [self.virtual_router(number, grouped=grouped and number < 2) for number in range(count)]
        group = self.group([f"VI_{number}" for number in range(2)]) if grouped else None
        files = {}
        added = self.virtual_router(count, grouped=False)
        may_own = group is not None and not group.tracking_weight and self.chance(0.2)
        group_owner = self.random.randrange(len(self.nodes)) if may_own else None
        for at, node in enumerate(self.nodes):
            routers = [column[at] for column in columns]
            first = self.configuration(routers, group, owner=at == group_owner)
            files[node] = {"first": first, "second": self.changed(first, added[at])}
        delay_us = self.random.choice((0, 50, 200, 1000, 10_000))
        conditions = Conditions(delay_us, self.random.choice((0, delay_us // 2)))
        return Cluster(self.seed, files, dict(self.behaviours()), conditions)

    # Trackers

    def script(self, number: int) -> TrackScript:
        interval_us = self.random.choice((SECOND, 2 * SECOND))
        arguments = ("/usr/bin/check",) if number else ("pidof", PROGRAMS[0])
        return TrackScript(
            name=f"chk_{number}",
            command=Command(arguments),
            interval_us=interval_us,
            timeout_us=self.random.choice((None, SECOND)),
            rise=self.random.choice((1, 1, 2, 3)),
            fall=self.random.choice((1, 1, 2, 3)),
        )

    def process(self, program: str) -> TrackProcess:
        return TrackProcess(
            name=f"track_{program}",
            path=f"/usr/sbin/{program}",
            terminate_delay_us=self.random.choice((0, 0, 500 * MILLISECOND)),
            fork_delay_us=self.random.choice((0, 0, SECOND)),
        )

    def behaviours(self) -> Iterator[tuple[str, Behaviour]]:
        for script in self.scripts:
            duration_us = self.random.choice((0, MILLISECOND, 300 * MILLISECOND))
            yield script.name, Behaviour(duration_us=duration_us, obeys_sigterm=self.chance(0.7))

    def weight(self, *, weighted: bool) -> Weight:
        value = self.random.choice(WEIGHTS) if weighted else 0
        return Weight(value, reverse=bool(value) and self.chance(0.2))

    def tracked(self, names: Sequence[str], *, weighted: bool) -> tuple[Tracked, ...]:
        chosen = [name for name in names if self.chance(0.6)]
        return tuple(Tracked(name=name, weight=self.weight(weighted=weighted)) for name in chosen)

    def tracked_files(self, *, weighted: bool) -> tuple[Tracked, ...]:
        """Files with smaller weights than others: the numbers multiply them."""
        weights = (0, 1, 1, -1, 3) if weighted else (0,)
        return tuple(
            Tracked(name=file.name, weight=Weight(self.random.choice(weights), reverse=False))
            for file in self.files
            if self.chance(0.6)
        )

    # Routers

    def virtual_router(self, number: int, *, grouped: bool) -> list[VirtualRouter]:
        """A virtual router: its instance on each node."""
        family = self.random.choice((4, 4, 6))
        version = self.random.choice((2, 3) if family == 4 else (2, 3, 3, 3))
        interface = self.random.choice(list(SEGMENTS))
        unicast = self.chance(0.3)
        auth_type, hmac = self.authentication(version)
        base = VirtualRouter(
            name=f"VI_{number}",
            vrid=VRID + number,
            family=family,
            interface=interface,
            multicast_group=DEFAULT_GROUP_4 if family == 4 else DEFAULT_GROUP_6,
            version=version,
            advert_interval_us=self.interval_us(version),
            virtual_addresses=self.addresses(family, number, self.random.randint(1, 3)),
            excluded_addresses=self.excluded_addresses(number),
            virtual_routes=self.routes(number),
            virtual_rules=self.rules(number),
            auth_type=auth_type,
            auth_data=bytes(8) if auth_type is AuthType.NONE else b"secret\0\0",
            auth_hmac=hmac,
            down_timer_adverts=self.random.choice((3, 3, 3, 2, 4)),
            garp=GratuitousArp(master_refresh_us=self.random.choice((0, 0, 7 * SECOND))),
            lower_prio_no_advert=self.chance(0.1),
            higher_prio_send_advert=self.chance(0.1),
            track_primary=self.chance(0.95),
        )
        if grouped:
            return [self.grouped_instance(base, at, unicast=unicast) for at in range(len(self.nodes))]
        owner = self.random.randrange(len(self.nodes)) if self.chance(0.15) else None
        return [self.instance(base, at, owner=at == owner, unicast=unicast) for at in range(len(self.nodes))]

    def authentication(self, version: int) -> tuple[AuthType, AuthHmac | None]:
        """Not AH: two masters whose adverts cross on the way with the same number both take the other's
        for a replay, and with clocks as good as these they do so for ever."""
        if self.chance(0.2):
            by_time, mode = self.chance(0.5), self.random.choice(list(HmacMode))
            return AuthType.NONE, AuthHmac(
                keys={1: b"k" * 32},
                active_key=1,
                time_window_seconds=5,
                anti_replay_by_time=by_time,
                mode=mode,
            )
        if version == 2 and self.chance(0.3):
            return AuthType.PASS, None
        return AuthType.NONE, None

    def interval_us(self, version: int) -> Microseconds:
        if version == 2:
            return self.random.choice((SECOND, SECOND, 2 * SECOND))
        return self.random.choice((100 * MILLISECOND, 500 * MILLISECOND, SECOND, 2 * SECOND))

    def addresses(self, family: int, number: int, count: int) -> tuple[IpAddress, ...]:
        """What the adverts of a router carry: in IPv6 first a link-local address."""
        if family == 4:
            texts = [f"192.0.{number}.{each}/32" for each in range(1, count + 1)]
        else:
            texts = [
                f"fe80::{VRID + number}/64",
                *(f"2001:db8:{number}::{each}/64" for each in range(1, count)),
            ]
        return tuple(IpAddress(interface=ip_interface(text)) for text in texts)

    def excluded_addresses(self, number: int) -> tuple[IpAddress, ...]:
        """Of either family, whatever that of the router is."""
        device = self.random.choice((None, None, *SEGMENTS))
        tracked = self.chance(0.7)
        form = self.random.choice(("198.51.{}.{}/32", "198.51.{}.{}/32", "2001:db8:ffff:{}::{}/64"))
        count = self.random.choice((0, 0, 1, 2))
        addresses = [
            IpAddress(interface=ip_interface(form.format(number, each + 1))) for each in range(count)
        ]
        return tuple(replace(address, device=device, tracked=tracked) for address in addresses)

    def routes(self, number: int) -> tuple[Route, ...]:
        count = self.random.choice((0, 0, 1, 2))
        device = self.random.choice((None, *SEGMENTS))
        return tuple(
            Route(
                destination=IPv4Interface(f"172.{16 + number}.{each}.0/24"),
                device=device,
                metric=self.random.choice((None, 50)),
                preference=self.random.choice((None, 1)),
                tracked=self.chance(0.7),
            )
            for each in range(count)
        )

    def rules(self, number: int) -> tuple[Rule, ...]:
        if self.chance(0.7):
            return ()
        table = self.random.choice((100, 200))
        tracked = self.chance(0.7)
        return (Rule(priority=number, action=RuleAction.LOOKUP, table=table, tracked=tracked),)

    def instance(self, base: VirtualRouter, at: int, *, owner: bool, unicast: bool) -> VirtualRouter:
        """The instance of one node: what nodes may differ in."""
        router = self.placed(base, at, unicast=unicast)
        if router.version == 3 and self.chance(0.2):
            router = replace(router, advert_interval_us=self.interval_us(3))
        interfaces = [name for name in SEGMENTS if name != router.interface]
        router = replace(
            router,
            track_scripts=self.tracked([each.name for each in self.scripts], weighted=not owner),
            track_processes=self.tracked([each.name for each in self.processes], weighted=not owner),
            track_interfaces=self.tracked(interfaces, weighted=not owner) if self.chance(0.3) else (),
            track_files=self.tracked_files(weighted=not owner),
        )
        if owner:
            return replace(router, priority=OWNER_PRIORITY, state=InitialState.MASTER)
        return self.standing(router, self.random.choice(PRIORITIES))

    def grouped_instance(self, base: VirtualRouter, at: int, *, unicast: bool) -> VirtualRouter:
        """The instance of one node in the sync group: its standing is that of the whole group."""
        scripts = self.tracked([script.name for script in self.scripts], weighted=False)
        files = self.tracked_files(weighted=False)
        base = replace(base, track_scripts=scripts, track_files=files)
        return self.placed(base, at, unicast=unicast)

    def placed(self, base: VirtualRouter, at: int, *, unicast: bool) -> VirtualRouter:
        if not unicast or base.interface is None:
            return base
        addresses = [address_of(node, base.interface, base.family) for node in self.nodes]
        own = addresses.pop(at)
        peers = tuple(UnicastPeer(address=address) for address in addresses)
        return replace(base, source_address=own, unicast_peers=peers)

    def standing(self, router: VirtualRouter, priority: int) -> VirtualRouter:
        """How eager an instance is: priority, and what goes with `state BACKUP` only."""
        state = self.random.choice(list(InitialState))
        may_wait = state is InitialState.BACKUP
        nopreempt = may_wait and self.chance(0.2)
        delay_us = self.random.choice((2 * SECOND, 5 * SECOND))
        delayed = may_wait and not nopreempt and self.chance(0.2)
        return replace(
            router,
            priority=priority,
            state=state,
            nopreempt=nopreempt,
            preempt_delay_us=delay_us if delayed else 0,
        )

    def group(self, members: Sequence[str]) -> SyncGroup:
        scripts = self.tracked([script.name for script in self.scripts], weighted=True)
        files = self.tracked_files(weighted=True)
        weighted = any(tracked.weight.value for tracked in (*scripts, *files))
        processes = self.tracked([process.name for process in self.processes], weighted=False)
        return SyncGroup(
            name="VG_0",
            members=tuple(members),
            track_scripts=scripts,
            track_processes=processes,
            track_files=files,
            tracking_weight=weighted,
        )

    # Files

    def configuration(
        self, routers: Sequence[VirtualRouter], group: SyncGroup | None, *, owner: bool
    ) -> Configuration:
        """A node's configuration; `owner`: it owns the addresses of the sync group."""
        if group is not None:
            model = self.standing(routers[0], self.random.choice(PRIORITIES))
            if owner:
                model = replace(routers[0], priority=OWNER_PRIORITY, state=InitialState.MASTER)
            standing = {name: getattr(model, name) for name in STANDING}
            routers = [
                replace(_beside(group, router), **standing) if router.name in group.members else router
                for router in routers
            ]
        definitions = GlobalDefinitions(
            garp_interval_us=self.random.choice((0, 0, 20 * MILLISECOND)),
            startup_delay_us=self.random.choice((0, 0, 0, 3 * SECOND)),
        )
        return Configuration(
            definitions=definitions,
            files={file.name: file for file in self.files},
            interfaces=self.interfaces(routers),
            scripts={script.name: script for script in self.scripts},
            processes={process.name: process for process in self.processes},
            routers={router.name: router for router in routers},
            groups={group.name: group} if group else {},
        )

    def interfaces(self, routers: Sequence[VirtualRouter]) -> dict[str, InterfaceSettings]:
        """Delays, as long as the instances on an interface can bear."""
        settings: dict[str, InterfaceSettings] = {}
        for name in SEGMENTS:
            if self.chance(0.2):
                limits = [
                    it.link_delay_max_us(it.advert_interval_us) for it in routers if it.interface == name
                ]
                down_us = min([self.random.choice((0, 100 * MILLISECOND, SECOND)), *limits])
                settings[name] = InterfaceSettings(
                    down_delay_us=down_us, up_delay_us=self.random.choice((0, down_us, 2 * SECOND))
                )
        return settings

    def changed(self, configuration: Configuration, added: VirtualRouter) -> Configuration:
        """What an administrator might make of a configuration."""
        grouped = {name for group in configuration.groups.values() for name in group.members}
        routers = [
            router if router.name in grouped else self.changed_router(router)
            for router in configuration.routers.values()
        ]
        if len(routers) > len(grouped) + 1 and self.chance(0.2):
            (*others, one, other) = routers
            routers = [*others, replace(one, name=other.name), replace(other, name=one.name)]
        elif len(routers) > len(grouped) and self.chance(0.2):
            routers = [router for router in routers if router.name in grouped]
        if self.chance(0.3) or not routers:
            routers.append(added)
        scripts = {name: self.changed_script(script) for name, script in configuration.scripts.items()}
        groups = {} if self.chance(0.2) else configuration.groups
        return replace(
            configuration,
            scripts=scripts,
            groups=groups,
            routers={router.name: router for router in routers},
        )

    def changed_router(self, router: VirtualRouter) -> VirtualRouter:
        kinds = ("nothing", "standing", "addresses", "routing", "trackers", "name", "interface")
        match self.random.choice(kinds):
            case "standing" if not router.is_owner:
                return self.standing(router, self.random.choice(PRIORITIES))
            case "addresses":
                addresses = self.addresses(router.family, router.vrid - VRID, self.random.randint(1, 3))
                return replace(router, virtual_addresses=addresses)
            case "routing":
                number = router.vrid - VRID
                return replace(router, virtual_routes=self.routes(number), virtual_rules=self.rules(number))
            case "trackers":
                names = [script.name for script in self.scripts]
                return replace(router, track_scripts=self.tracked(names, weighted=not router.is_owner))
            case "name":
                return replace(router, name=f"{router.name}_renamed")
            case "interface" if not router.unicast:
                return replace(router, interface=self.random.choice(list(SEGMENTS)), track_interfaces=())
            case _:
                return router

    def changed_script(self, script: TrackScript) -> TrackScript:
        match self.random.choice(("nothing", "nothing", "counts", "interval", "command")):
            case "counts":
                return replace(script, rise=self.random.randint(1, 3), fall=self.random.randint(1, 3))
            case "interval":
                return replace(script, interval_us=SECOND)
            case "command":
                return replace(script, command=Command((*script.command.arguments, "-x")))
            case _:
                return script


def _beside(group: SyncGroup, router: VirtualRouter) -> VirtualRouter:
    """A member of a group without trackers of its own for what the group gives a weight: that would count
    for the others only, and the order of priorities would not be that of the group."""
    weighted = {
        tracked.name for tracked in (*group.track_scripts, *group.track_files) if tracked.weight.value
    }
    return replace(
        router,
        track_scripts=tuple(it for it in router.track_scripts if it.name not in weighted),
        track_files=tuple(it for it in router.track_files if it.name not in weighted),
    )
