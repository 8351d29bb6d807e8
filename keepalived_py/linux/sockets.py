"""The sockets that adverts arrive on and leave from: one pair for each interface and group, or
interface and unicast source address, however many instances share it.

Which sockets there are follows from the configuration and the interfaces that exist: `update`
compares and opens and closes what differs, so that an interface that comes back gets new ones.
"""

import errno
import socket
import struct
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address

from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.receive_buffer import set_receive_buffer
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import Address
from keepalived_py.vrrp.actions import Level, Log, SendAdvert
from keepalived_py.vrrp.events import AdvertReceived
from keepalived_py.vrrp.packet.advert import IPPROTO_VRRP, Advert, decode, encode
from keepalived_py.vrrp.packet.ip import TOS_INTERNETWORK_CONTROL, DecodeError, pack_ipv4, parse_ipv4

RECEIVE_BUFFER = 1024 * 1024
"""Octets; seconds of adverts for all 255 virtual routers that an interface can have."""
PACKET = 4096
"""Octets; the longest advert, 255 addresses and all IP options, has 1100."""
IDENTIFICATION = slice(4, 6)
"""Where the IPv4 header has it."""

_IP_FREEBIND = 15
_IP_MULTICAST_ALL = 49


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a pair of sockets is bound to: an interface (index 0: any), and either a multicast group
    or the source address of unicast adverts."""

    interface: str | None
    index: int
    group: IPv4Address | None
    source: IPv4Address | None


class SocketPair:
    """The open sockets of an endpoint. Raises OSError when they cannot be opened."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_RAW, IPPROTO_VRRP)
        # Nothing has the protocol IPPROTO_RAW, so that nothing is ever queued on the sender.
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        try:
            self._bind(endpoint)
        except OSError:
            self.close()
            raise

    def _bind(self, endpoint: Endpoint) -> None:
        for each in (self.receiver, self.sender):
            each.setblocking(False)
            if endpoint.interface:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, endpoint.interface.encode())
        set_receive_buffer(self.receiver, RECEIVE_BUFFER)
        self.receiver.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        self.sender.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        self.sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, TOS_INTERNETWORK_CONTROL)
        if endpoint.group:
            membership = struct.pack("4s4si", endpoint.group.packed, bytes(4), endpoint.index)
            self.receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
            self.receiver.bind((str(endpoint.group), 0))
            outgoing = struct.pack("4s4si", bytes(4), bytes(4), endpoint.index)
            self.sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, outgoing)
            self.sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        elif endpoint.source:
            # The address may be on its way still, or gone for a moment.
            self.receiver.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
            self.receiver.bind((str(endpoint.source), 0))

    def close(self) -> None:
        self.receiver.close()
        self.sender.close()


class Sockets:
    """All sockets of a configuration. `deliver` is given every advert for one of its instances."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        interfaces: Interfaces,
        deliver: Callable[[AdvertReceived], None],
        log: Callable[[Log], None],
    ) -> None:
        self._loop = loop
        self._interfaces = interfaces
        self._deliver = deliver
        self._log = log
        self._log_unknown_vrids = False
        self._routers: tuple[VirtualRouter, ...] = ()
        self._pairs: dict[Endpoint, SocketPair] = {}
        self._listeners: dict[Endpoint, dict[int, list[VirtualRouter]]] = {}
        self._identifications: Counter[str] = Counter()
        self._packets: dict[tuple[SendAdvert, IPv4Address], bytearray] = {}

    def configure(self, routers: Iterable[VirtualRouter], *, log_unknown_vrids: bool) -> None:
        """Serve these instances and no others."""
        self._routers = tuple(routers)
        self._log_unknown_vrids = log_unknown_vrids
        self._packets.clear()
        self.update()

    def update(self) -> None:
        """Open and close sockets as interfaces and source addresses have changed."""
        self._listeners = {}
        for router in self._routers:
            if endpoint := self._endpoint(router, self._source(router)):
                self._listeners.setdefault(endpoint, {}).setdefault(router.vrid, []).append(router)
        for endpoint in self._pairs.keys() - self._listeners.keys():
            self._close(endpoint)
        for endpoint in self._listeners.keys() - self._pairs.keys():
            self._open(endpoint)

    def close(self) -> None:
        for endpoint in tuple(self._pairs):
            self._close(endpoint)

    def send(self, router: VirtualRouter, action: SendAdvert) -> None:
        """Send an advert; what the kernel refuses is logged. Without sockets nothing is sent."""
        endpoint = self._endpoint(router, action.source)
        if endpoint not in self._pairs:
            return
        sender = self._pairs[endpoint].sender
        # 1..65535: the kernel puts in a number of its own for 0.
        identification = self._identifications[router.name] % 0xFFFF + 1
        self._identifications[router.name] = identification
        for destination in self._destinations(router):
            packet = self._packet(router, action, destination)
            packet[IDENTIFICATION] = identification.to_bytes(2, "big")
            try:
                sender.sendto(packet, 0 if router.unicast else socket.MSG_DONTROUTE, (str(destination), 0))
            except OSError as error:
                self._report_unsent(router, action, destination, error)

    def _endpoint(self, router: VirtualRouter, source: Address | None) -> Endpoint | None:
        """Where a router sends and receives; None while there is no such place."""
        link = self._interfaces.get(router.interface) if router.interface else None
        if router.interface and link is None:
            return None
        index = link.index if link else 0
        if not router.unicast:
            return Endpoint(router.interface, index, group=_ipv4(router.multicast_group), source=None)
        if source is None:
            return None
        return Endpoint(router.interface, index, group=None, source=_ipv4(source))

    def _source(self, router: VirtualRouter) -> Address | None:
        if router.source_address or router.interface is None:
            return router.source_address
        return self._interfaces.source(router.interface, router.family)

    def _open(self, endpoint: Endpoint) -> None:
        try:
            pair = SocketPair(endpoint)
        except OSError as error:
            where = f"{endpoint.group or endpoint.source} on {endpoint.interface or 'any interface'}"
            self._log(Log(f"cant open raw socket for {where}. errno={error.errno} ({error.strerror})"))
            return
        self._pairs[endpoint] = pair
        self._loop.add_reader(pair.receiver.fileno(), self._read, endpoint)

    def _close(self, endpoint: Endpoint) -> None:
        pair = self._pairs.pop(endpoint)
        self._loop.remove_reader(pair.receiver.fileno())
        pair.close()

    def _read(self, endpoint: Endpoint) -> None:
        """Deliver what has arrived, but stop at a second advert for one VRID, so that a flood of them
        cannot keep the timers of all others waiting."""
        receiver = self._pairs[endpoint].receiver
        seen: set[int] = set()
        while True:
            try:
                advert = decode(parse_ipv4(receiver.recv(PACKET)))
            except BlockingIOError:
                return
            except OSError as error:
                self._log(Log(f"({endpoint.interface}) receive error {error.errno} ({error.strerror})"))
                return
            except DecodeError as error:
                self._log(Log(f"({endpoint.interface}) ignoring a packet: {error}", Level.DETAIL))
                continue
            if router := self._recipient(endpoint, advert):
                self._deliver(AdvertReceived(router.name, advert))
            elif self._log_unknown_vrids:
                where = f"interface({endpoint.interface})"
                self._log(Log(f"Unknown VRID({advert.vrid}) received on {where}. ignoring..."))
            if advert.vrid in seen:
                return
            seen.add(advert.vrid)

    def _recipient(self, endpoint: Endpoint, advert: Advert) -> VirtualRouter | None:
        """The instance an advert is for: of several with its VRID, the one whose peer sent it."""
        routers = self._listeners[endpoint].get(advert.vrid, [])
        if len(routers) <= 1:
            return routers[0] if routers else None
        return next((router for router in routers if _has_peer(router, advert)), None)

    def _destinations(self, router: VirtualRouter) -> Iterable[IPv4Address]:
        if not router.unicast:
            return (_ipv4(router.multicast_group),)
        return (_ipv4(peer.address) for peer in router.unicast_peers)

    def _packet(self, router: VirtualRouter, action: SendAdvert, destination: IPv4Address) -> bytearray:
        key = (action, destination)
        if key not in self._packets:
            source = _ipv4(action.source)
            datagram = encode(router, action.priority, source, destination)
            self._packets[key] = bytearray(pack_ipv4(datagram, 0))
        return self._packets[key]

    def _report_unsent(
        self, router: VirtualRouter, action: SendAdvert, destination: IPv4Address, error: OSError
    ) -> None:
        link = self._interfaces.get(router.interface) if router.interface else None
        if action.priority == 0 and error.errno == errno.ENETUNREACH and not (link and link.up):
            return
        if router.unicast:
            self._log(Log(f"({router.name}) Cant send advert to {destination} ({error.strerror})"))
        else:
            self._log(Log(f"({router.name}): send advert error {error.errno} ({error.strerror})"))


def _has_peer(router: VirtualRouter, advert: Advert) -> bool:
    return any(peer.address == advert.source for peer in router.unicast_peers)


def _ipv4(address: Address) -> IPv4Address:
    """Instances of IPv4 have no other addresses, and others do not run."""
    assert isinstance(address, IPv4Address)
    return address
