"""The interfaces in a dump: those of the machine, and those that the configuration names besides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from keepalived_py.dump.machine import Link, LinkFlag
from keepalived_py.dump.view import Moment, View, weight
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.interface import GarpGroup, InterfaceSettings, Linkbeat
from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Address
from keepalived_py.vrrp.routing import devices as devices_of_routing
from keepalived_py.vrrp.routing import devices_of_static_groups

NOT_TRACKED = Weight(255)
"""What keepalived writes for an interface that does not matter (`dont_track_primary`)."""
_UNWEIGHTED = Weight()
_UNSET = InterfaceSettings()
_LINKBEAT = {
    None: "NIC netlink status update",
    Linkbeat.MII: "NIC support MII regs",
    Linkbeat.ETHTOOL: "NIC support ETHTOOL GLINK interface",
}
_POLLED = "NIC ioctl refresh polling"
_HARDWARE = {1: "ETHERNET", 772: "LOOPBACK"}


def interface_lines(configuration: Configuration, view: View) -> Iterator[Iterator[str]]:
    """One interface after the other: the machine's, then others in the order of the configuration."""
    users = _Users()
    users.collect(configuration)
    links = {link.name: link for link in view.machine.links()}
    made = {it.vmac.name for it in configuration.routers.values() if it.vmac and it.interface in links}
    own = set(_vmacs(configuration))
    polled = _polled(configuration)
    ours = set(_own_addresses(configuration)) if view.are_set else set()
    garp_groups = _garp_groups(configuration, view)
    for link in links.values():
        settings = configuration.interfaces.get(link.name, _UNSET)
        settings = replace(settings, garp_group=garp_groups.get(link.name))
        if settings.linkbeat is None and link.name in polled:
            settings = replace(settings, linkbeat=Linkbeat.ANY)
        base = links.get(link.base)
        is_made = view.moment is Moment.RUNNING and link.name in own
        yield _link_lines(_without(ours, link), settings, users.of(link.name), base, is_made)
    for name in _named(configuration):
        if name not in links:
            yield _absent_lines(name, name in made, users.of(name))


def _vmacs(configuration: Configuration) -> Iterator[str | None]:
    """The interfaces that instances have for themselves."""
    for router in configuration.routers.values():
        if router.own_interface:
            yield router.own_interface.name
        yield from (it.device for it in router.all_addresses if router.is_on_other_vmac(it))


def _polled(configuration: Configuration) -> set[str | None]:
    """The interfaces of instances that have theirs polled."""
    routers = configuration.routers.values()
    everywhere = configuration.definitions.linkbeat_use_polling
    return {it.interface for it in routers if everywhere or it.linkbeat_use_polling}


def garp_group_lines(configuration: Configuration, view: View) -> Iterator[str]:
    """The groups of interfaces whose gratuitous ARPs are paced together."""
    of_interfaces = _garp_groups(configuration, view)
    groups = dict.fromkeys(of_interfaces.values())
    if not groups:
        return
    names = dict.fromkeys(link.name for link in view.machine.links()) | _named(configuration)
    yield "------< Gratuitous ARP delays >------"
    for group in groups:
        yield "------< GARP delay group >------"
        for kind, interval_us in (("GARP", group.garp_interval_us), ("GNA", group.gna_interval_us)):
            if interval_us is not None:
                yield f" {kind} interval = {interval_us / SECOND:.6f}"
                yield f" {kind} next time 0.000000 (Thu Jan  1 00:00:00.000000)"
        if group.garp_interval_us is None and group.gna_interval_us is None:
            yield " No configuration"
        yield " Interfaces"
        yield from (f"  {name}" for name in names if of_interfaces.get(name) == group)


def _garp_groups(configuration: Configuration, view: View) -> dict[str, GarpGroup]:
    """The group of each interface that has one. When it runs, so has each interface of an instance for
    whose addresses there is an interval, on its own."""
    settings, definitions = configuration.interfaces, configuration.definitions
    groups = {name: it.garp_group for name, it in settings.items() if it.garp_group}
    if view.moment is not Moment.RUNNING:
        return groups
    intervals_us = {4: definitions.garp_interval_us or None, 6: definitions.gna_interval_us or None}
    for router in configuration.routers.values():
        families = {router.family, *(it.interface.version for it in router.excluded_addresses)}
        if router.interface and any(intervals_us[family] for family in families):
            groups.setdefault(router.interface, GarpGroup(-len(groups), *intervals_us.values()))
    return groups


def _own_addresses(configuration: Configuration) -> Iterator[Address]:
    """What is on interfaces because we have put it there."""
    for router in configuration.routers.values():
        yield from (it.address for it in router.all_addresses)
    yield from (it.address for it in configuration.static_addresses)


def _without(addresses: set[Address], link: Link) -> Link:
    ipv4 = tuple(it for it in link.ipv4 if it not in addresses)
    return replace(link, ipv4=ipv4, ipv6=tuple(it for it in link.ipv6 if it not in addresses))


def _named(configuration: Configuration) -> dict[str, None]:
    """The interfaces that the configuration names; VMACs are made when all of it was read."""
    names: dict[str, None] = {}
    routers = configuration.routers.values()
    own = dict.fromkeys(it.own_interface.name for it in routers if it.own_interface and it.own_interface.name)
    for address in configuration.static_addresses:
        names[address.device or configuration.definitions.default_interface] = None
    if configuration.definitions.dynamic_interfaces:
        # keepalived ignores routes and rules of interfaces that cannot come.
        names |= dict.fromkeys(_of_routing(configuration.static_routes, configuration.static_rules))
    for router in routers:
        devices = [address.device for address in router.all_addresses]
        if configuration.definitions.dynamic_interfaces:
            devices += _of_routing(router.virtual_routes, router.virtual_rules)
        tracked = (it.name for it in router.track_interfaces)
        named = (name for name in (router.interface, *tracked, *devices) if name not in own)
        names |= dict.fromkeys(name for name in named if name)
    for group in configuration.groups.values():
        names |= dict.fromkeys(it.name for it in group.track_interfaces)
    return names | own


def _of_routing(routes: Iterable[Route], rules: Iterable[Rule]) -> Iterator[str]:
    for route in routes:
        yield from route.devices
    for rule in rules:
        yield from rule.devices


@dataclass(slots=True)
class _Users:
    """Which instances depend on which interface, with what weight; in keepalived's order."""

    weights: dict[str, dict[str, Weight]] = field(default_factory=dict)

    def of(self, interface: str) -> dict[str, Weight]:
        return self.weights.get(interface, {})

    def collect(self, configuration: Configuration) -> None:
        for router in configuration.routers.values():
            self._collect_router(router)
        for name, devices in devices_of_static_groups(configuration).items():
            for device in sorted(devices):
                self._add(device, name, _UNWEIGHTED)
        for group in configuration.groups.values():
            for tracked in group.track_interfaces:
                for member in group.members:
                    self._add(tracked.name, member, tracked.weight)

    def _collect_router(self, router: VirtualRouter) -> None:
        own = _UNWEIGHTED if router.track_primary else NOT_TRACKED
        if router.interface:
            for tracked in router.track_interfaces:
                self._add(tracked.name, router.name, tracked.weight)
            self._add(router.interface, router.name, own)
        if router.own_interface and router.own_interface.name:
            self._add(router.own_interface.name, router.name, own)
        main = (router.interface, router.device)
        for address in router.all_addresses:
            device = router.device_of(address)
            if device and address.tracked and (router.track_primary or device not in main):
                self._add(device, router.name, _UNWEIGHTED)
        for device in devices_of_routing(router):
            self._add(device, router.name, _UNWEIGHTED)

    def _add(self, interface: str, router: str, new: Weight) -> None:
        """A weight is only replaced where there is one, and not by that of an untracked interface."""
        of_interface = self.weights.setdefault(interface, {})
        old = of_interface.get(router)
        if old is None or (old.value and new != NOT_TRACKED):
            of_interface[router] = new


def _absent_lines(name: str, made: bool, users: dict[str, Weight]) -> Iterator[str]:
    yield f" Name = {name}"
    yield "   index = 0 (deleted)"
    if made:
        yield "   I/f created by keepalived"
    yield from _user_lines(users)


def _link_lines(
    link: Link, settings: InterfaceSettings, users: dict[str, Weight], base: Link | None, is_made: bool
) -> Iterator[str]:
    yield f" Name = {link.name}"
    yield f"   index = {link.index}"
    for version, addresses in (("IPv4", link.ipv4), ("IPv6", link.ipv6)):
        yield f"   {version} address = {addresses[0] if addresses else '(none)'}"
        if len(addresses) > 1:
            yield f"   Additional {version} addresses :"
            yield from (f"     {address}" for address in addresses[1:])
    if link.hardware_address:
        yield f"   MAC = {link.hardware_address.hex(':')}"
        yield f"   MAC broadcast = {link.broadcast.hex(':')}"
    master_down = ", master down" if base and LinkFlag.UP not in base.flags else ""
    yield f"   State = {_state(link.flags)}{master_down}"
    yield f"   Seen up = {LinkFlag.UP in link.flags and LinkFlag.RUNNING in link.flags:d}"
    yield "   Delayed state change running = false"
    yield f"   Up debounce timer = {settings.up_delay_us}us"
    yield f"   Down debounce timer = {settings.down_delay_us}us"
    yield f"   Group = {link.group}"
    if base:
        state = _up_and_running(base.flags)
        yield f"   {link.vlan}, underlying interface = {base.name}, state = {state}"
    elif link.vlan:
        yield f"   {link.vlan}, underlying interface in different namespace"
    if is_made:
        yield "   I/f created by keepalived"
    yield f"   MTU = {link.mtu}"
    yield f"   HW Type = {_HARDWARE.get(link.hardware_type, f'UNKNOWN ({link.hardware_type})')}"
    yield f"   {_LINKBEAT.get(settings.linkbeat, _POLLED)}"
    if link.vrf:
        yield f"   {link.vrf}"
    if group := settings.garp_group:
        if group.garp_interval_us is not None:
            yield f"   Gratuitous ARP interval {group.garp_interval_us // MILLISECOND}ms"
        if group.gna_interval_us is not None:
            yield f"   Gratuitous NA interval {group.gna_interval_us // MILLISECOND}ms"
    yield "   Reset ARP config counter 0"
    yield "   Original arp_ignore 0"
    yield "   Original arp_filter 0"
    yield "   Original promote_secondaries 0"
    yield "   Reset promote_secondaries counter 0"
    yield from _user_lines(users)


def _state(flags: LinkFlag) -> str:
    remarks = {
        "no broadcast": LinkFlag.BROADCAST not in flags,
        "loopback": LinkFlag.LOOPBACK in flags,
        "point to point": LinkFlag.POINT_TO_POINT in flags,
        "no arp": LinkFlag.NO_ARP in flags,
        "no multicast": LinkFlag.MULTICAST not in flags,
    }
    return ", ".join([_up_and_running(flags), *(remark for remark, applies in remarks.items() if applies)])


def _up_and_running(flags: LinkFlag) -> str:
    states = (LinkFlag.UP, LinkFlag.RUNNING)
    return ", ".join(f"{'' if state in flags else 'not '}{state.name}" for state in states)


def _user_lines(users: dict[str, Weight]) -> Iterator[str]:
    if users:
        yield "   Tracking VRRP instances :"
        yield from (f"     {name}, weight {weight(it)}" for name, it in users.items())
