"""The interfaces of this network namespace and their addresses, as the kernel reports them."""

from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from socket import AF_UNSPEC
from typing import Any, TypeAlias

from pyroute2.netlink.rtnl import RTM_GETADDR, RTM_GETLINK, RTM_NEWADDR, RTM_NEWLINK
from pyroute2.netlink.rtnl.ifinfmsg import IFF_NOARP, IFF_RUNNING, IFF_UP

from keepalived_py.linux.address_message import InterfaceAddress
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket, OverrunError, Report
from keepalived_py.model.definitions import ReceiveBuffer
from keepalived_py.model.units import Address, Interface
from keepalived_py.vrrp.actions import Level, Log
from keepalived_py.vrrp.events import LinkChanged, SourceAddressChanged

Fact: TypeAlias = LinkChanged | SourceAddressChanged

FAMILIES = (4, 6)


@dataclass(slots=True)
class Link:
    """An interface. Hardware addresses are empty where the link has none."""

    index: int
    name: str
    flags: int
    """IFF_*."""
    up: bool
    """What they say of the link or, where that is asked for, what the answer was."""
    resolves: bool
    """Not IFF_NOARP: hardware addresses are asked for on this link."""
    hardware_type: int
    """ARPHRD number."""
    hardware_address: bytes
    broadcast: bytes
    mtu: int = 1500
    addresses: dict[Interface, None] = field(default_factory=dict)
    """In the order in which they came; tentative ones do not count."""

    @property
    def has_neighbours(self) -> bool:
        """Whether there may be someone to announce an address to."""
        return self.resolves and bool(self.hardware_address)


class Interfaces:
    """Follows links and addresses, and tells what the engine wants to know of them.

    `report` is given every change of a link's state and of the source address of a family;
    `removed` every address that goes from an interface without our order, and whether it was a
    virtual one. `set_virtual` says what the configuration puts on interfaces: an address with the
    same prefix is ours or a left-over of ours, and never the source of an advert.
    """

    def __init__(
        self,
        commands: CommandSocket,
        monitor: MonitorSocket,
        report: Callable[[Fact], None],
        removed: Callable[[str, Interface, bool], None],
        log: Callable[[Log], None],
        log_addresses: bool = False,
    ) -> None:
        self._commands = commands
        self._monitor = monitor
        self._report = report
        self._removed = removed
        self._log = log
        self._log_addresses = log_addresses
        self._virtual: frozenset[Interface] = frozenset()
        self._following = False
        """What there was at the start is known: what comes now is new."""
        self._polled: Mapping[str, bool] = {}
        self._expected: Counter[tuple[int, Interface]] = Counter()
        self._links: dict[int, Link] = {}
        self._indexes: dict[str, int] = {}
        self._sources: dict[tuple[str, int], Address] = {}

    def get(self, name: str) -> Link | None:
        index = self._indexes.get(name)
        return None if index is None else self._links[index]

    def name_of(self, index: int) -> str | None:
        link = self._links.get(index)
        return link.name if link else None

    def source(self, name: str, family: int) -> Address | None:
        """The address that adverts of a family (4 or 6) are sent from."""
        return self._sources.get((name, family))

    def set_virtual(self, addresses: Iterable[Interface]) -> None:
        """Say which addresses are virtual; sources that change by it are reported."""
        self._virtual = frozenset(addresses)
        for link in self._links.values():
            self._find_sources(link)

    def poll(self, states: Mapping[str, bool]) -> None:
        """Of these links it was asked whether they are up; of all others the kernel tells."""
        self._polled = states
        for link in self._links.values():
            up = self._is_up(link.name, link.flags)
            if link.up is not up:
                link.up = up
                self._report(LinkChanged(link.name, up, link.flags, polled=link.name in states))

    def _is_up(self, name: str, flags: int) -> bool:
        return self._polled.get(name, bool(flags & IFF_UP and flags & IFF_RUNNING))

    def expect_removal(self, link: Link, address: Interface) -> None:
        """The kernel has taken an address off at our order, and its report of that is on its way.

        The report does not say so itself: for IPv6 the kernel never names who gave the order, and with
        an IPv4 address it removes, in our name, all others of its subnet that came after it.
        """
        self._expected[link.index, address] += 1

    def configure(self, buffer: ReceiveBuffer) -> None:
        """Listen with this receive buffer."""
        self._monitor.configure(buffer)

    def start(self, loop: AbstractEventLoop) -> None:
        """Report all that there is, then every change. Raises OSError if the kernel refuses."""
        self._synchronise()
        self._following = True
        loop.add_reader(self._monitor.fileno(), self.read)

    def stop(self, loop: AbstractEventLoop) -> None:
        loop.remove_reader(self._monitor.fileno())
        self._monitor.close()

    def read(self) -> None:
        """Report what has changed by now."""
        try:
            for report in self._monitor.receive():
                self._take(report)
        except OverrunError:
            self._log(Log("Netlink: Receive buffer overrun on monitor socket - reading everything anew"))
            self._monitor.discard()
            self._synchronise()

    def _take(self, report: Report) -> None:
        content = report.content
        if isinstance(content, InterfaceAddress):
            if report.kind == RTM_NEWADDR:
                self._set_address(content)
            else:
                self._drop_address(content)
        elif content and content["family"] == AF_UNSPEC:  # A bridge tells of its ports in its own family.
            if report.kind == RTM_NEWLINK:
                self._set_link(content)
            else:
                self._drop_link(content["index"])

    def _synchronise(self) -> None:
        """Make what we know what the kernel has, reporting all differences."""
        self._expected.clear()
        links = self._commands.dump(RTM_GETLINK)
        for index in self._links.keys() - {report.content["index"] for report in links}:
            self._drop_link(index)
        for report in links:
            self._set_link(report.content)
        addresses = self._commands.dump(RTM_GETADDR)
        known = [report.content for report in addresses if report.content]
        present = {(address.index, address.interface) for address in known}
        for link in self._links.values():
            for address in [it for it in link.addresses if (link.index, it) not in present]:
                self._remove(link, address)
        for reported in known:
            self._set_address(reported)

    def _set_link(self, content: Any) -> None:
        index, name, flags = content["index"], content.get_attr("IFLA_IFNAME"), content["flags"]
        before = self._links.get(index)
        link = Link(
            index=index,
            name=name,
            flags=flags,
            up=self._is_up(name, flags),
            resolves=not flags & IFF_NOARP,
            hardware_type=content["ifi_type"],
            hardware_address=_hardware_address(content.get_attr("IFLA_ADDRESS")),
            broadcast=_hardware_address(content.get_attr("IFLA_BROADCAST")),
            mtu=content.get_attr("IFLA_MTU"),
            addresses=before.addresses if before else {},
        )
        renamed = before is not None and before.name != name
        if before and renamed:
            self._log(Log(f"Interface name has changed from {before.name} to {name}"))
            self._forget(before)
        if self._following and (before is None or renamed):
            self._log(Log(f"Interface {name} added", Level.DETAIL))
        self._links[index] = link
        self._indexes[name] = index
        if before is None or renamed or before.up != link.up:
            self._report(LinkChanged(name, link.up, flags, polled=name in self._polled))
        if renamed:
            self._find_sources(link)

    def _drop_link(self, index: int) -> None:
        if link := self._links.pop(index, None):
            for address in tuple(link.addresses):
                self._remove(link, address)
            self._forget(link)

    def _forget(self, link: Link) -> None:
        """There is no interface of this name any more."""
        if self._indexes.get(link.name) == link.index:
            del self._indexes[link.name]
        self._report(LinkChanged(link.name, up=False, exists=False))
        for family in FAMILIES:
            if self._sources.pop((link.name, family), None):
                self._report(SourceAddressChanged(link.name, family, None))

    def _set_address(self, reported: InterfaceAddress) -> None:
        link = self._links.get(reported.index)
        if link is None or reported.tentative:
            return
        address = reported.interface
        if address not in link.addresses:
            self._tell(link, address, "added to")
        link.addresses.setdefault(address)
        if self._is_source(address) and (link.name, address.version) not in self._sources:
            self._set_source(link, address.version, address.ip)

    def _drop_address(self, reported: InterfaceAddress) -> None:
        if link := self._links.get(reported.index):
            self._remove(link, reported.interface)

    def _remove(self, link: Link, address: Interface) -> None:
        link.addresses.pop(address, None)
        if self._expected[link.index, address]:
            self._expected[link.index, address] -= 1
        else:
            self._tell(link, address, "removed from")
            self._removed(link.name, address, address in self._virtual)
        if self.source(link.name, address.version) == address.ip:
            self._find_sources(link)

    def _tell(self, link: Link, address: Interface, what: str) -> None:
        """Log a change of an address that is not virtual, if that is asked for."""
        if self._log_addresses and address not in self._virtual:
            self._log(Log(f"Netlink reflector reports IP {address.ip} {what} {link.name}"))

    def _find_sources(self, link: Link) -> None:
        for family in FAMILIES:
            candidates = (
                address.ip
                for address in link.addresses
                if address.version == family and self._is_source(address)
            )
            self._set_source(link, family, next(candidates, None))

    def _is_source(self, address: Interface) -> bool:
        """Whether adverts may come from it: for IPv6 these are link-local addresses."""
        return (address.version == 4 or address.ip.is_link_local) and address not in self._virtual

    def _set_source(self, link: Link, family: int, source: Address | None) -> None:
        if source == self._sources.get((link.name, family)):
            return
        if source is None:
            del self._sources[link.name, family]
        else:
            self._sources[link.name, family] = source
        self._report(SourceAddressChanged(link.name, family, source))


def _hardware_address(text: str | None) -> bytes:
    """Links without a hardware address have none or one of zeros."""
    address = bytes.fromhex((text or "").replace(":", ""))
    return address if any(address) else b""
