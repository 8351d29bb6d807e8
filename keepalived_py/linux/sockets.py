"""The sockets that adverts arrive on and leave from: a channel for each interface and group, or
interface and unicast source address, however many instances share it.

Which sockets there are follows from the configuration and the interfaces that exist: `update`
compares and opens and closes what differs, so that an interface that comes back gets new ones.
"""

import errno
import itertools
import time
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from keepalived_py.linux.channel import Channel, Endpoint, open_channel
from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.receive_buffer import wanted_octets
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import Address, Microseconds
from keepalived_py.vrrp.actions import Level, Log, SendAdvert
from keepalived_py.vrrp.events import AdvertReceived
from keepalived_py.vrrp.packet.advert import IPPROTO_VRRP, Advert, encode
from keepalived_py.vrrp.packet.ah import IPPROTO_AH
from keepalived_py.vrrp.packet.ip import Datagram, DecodeError
from keepalived_py.vrrp.signing import Signer, sign, signs


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The adverts that a router sends again and again, one for each destination; `is_signed`: they are yet to
    be signed, each time."""

    router: VirtualRouter
    action: SendAdvert
    channel: Channel
    adverts: Sequence[tuple[Datagram, Callable[[int], None]]]
    is_signed: bool

    def is_for(self, router: VirtualRouter, action: SendAdvert) -> bool:
        mine = self.action
        return (
            self.router is router
            and mine.priority == action.priority
            and mine.old_checksum is action.old_checksum
            and mine.source == action.source
        )


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
        self._definitions = GlobalDefinitions()
        self._routers: tuple[VirtualRouter, ...] = ()
        self._channels: dict[Endpoint, Channel] = {}
        self._listeners: dict[Endpoint, dict[int, list[VirtualRouter]]] = {}
        self._identifications: Counter[str] = Counter()
        self._signer = Signer()
        self._prepared: dict[str, _Prepared] = {}
        """What the routers sent last, by their names."""

    def configure(self, routers: Iterable[VirtualRouter], definitions: GlobalDefinitions) -> None:
        """Serve these instances and no others."""
        self._routers = tuple(routers)
        self._definitions = definitions
        self.update()

    def update(self) -> None:
        """Open and close sockets as interfaces and source addresses have changed."""
        self._listeners = {}
        for router in self._routers:
            if endpoint := self._endpoint(router, self._source(router)):
                self._listeners.setdefault(endpoint, {}).setdefault(router.vrid, []).append(router)
        for endpoint in self._channels.keys() - self._listeners.keys():
            self._close(endpoint)
        for endpoint in self._listeners.keys() - self._channels.keys():
            self._open(endpoint)
        for endpoint, channel in self._channels.items():
            channel.make_room(self._wanted_octets(endpoint))
            channel.listen_to(None if self._definitions.log_unknown_vrids else self._listeners[endpoint])
        self._prepared.clear()

    def _wanted_octets(self, endpoint: Endpoint) -> int:
        link = self._interfaces.get(endpoint.interface) if endpoint.interface else None
        listeners = itertools.chain.from_iterable(self._listeners[endpoint].values())
        return sum(wanted_octets(each, self._definitions, link.mtu if link else 0) for each in listeners)

    def close(self) -> None:
        for endpoint in tuple(self._channels):
            self._close(endpoint)

    def send(self, router: VirtualRouter, action: SendAdvert) -> None:
        """Send an advert; what the kernel refuses is logged. Without sockets nothing is sent."""
        prepared = self._prepared.get(router.name)
        if prepared is None or not prepared.is_for(router, action):
            prepared = self._prepare(router, action)
            if prepared is None:
                return
        # 1..65535: the kernel puts in a number of its own for 0.
        identification = self._identifications[router.name] % 0xFFFF + 1
        self._identifications[router.name] = identification
        number = self._signer.number(router, action, _wall_us()) if prepared.is_signed else 0
        for advert, send in prepared.adverts:
            try:
                if prepared.is_signed:
                    signed = sign(router, advert, number, identification)
                    prepared.channel.prepare(signed)(identification)
                else:
                    send(identification)
            except OSError as error:
                self._report_unsent(router, action, advert.destination, error)

    def _prepare(self, router: VirtualRouter, action: SendAdvert) -> "_Prepared | None":
        endpoint = self._endpoint(router, action.source)
        channel = self._channels.get(endpoint) if endpoint else None
        if channel is None:
            return None
        priority, source, old = action.priority, action.source, action.old_checksum
        adverts = [encode(router, priority, source, each, old_checksum=old) for each in router.destinations]
        prepared = self._prepared[router.name] = _Prepared(
            router,
            action,
            channel,
            [(advert, channel.prepare(advert)) for advert in adverts],
            is_signed=signs(router),
        )
        return prepared

    def _endpoint(self, router: VirtualRouter, source: Address | None) -> Endpoint | None:
        """Where a router sends and receives; None while there is no such place."""
        interface = router.advert_interface or router.vrf
        link = self._interfaces.get(interface) if interface else None
        if interface and link is None:
            return None
        index = link.index if link else 0
        protocol = IPPROTO_AH if router.auth_type is AuthType.AH else IPPROTO_VRRP
        if not router.unicast:
            return Endpoint(interface, index, router.multicast_group, None, protocol)
        if source is None:
            return None
        return Endpoint(interface, index, None, source, protocol)

    def _source(self, router: VirtualRouter) -> Address | None:
        if router.source_address or router.source_interface is None:
            return router.source_address
        return self._interfaces.source(router.source_interface, router.family)

    def _open(self, endpoint: Endpoint) -> None:
        try:
            channel = open_channel(endpoint)
        except OSError as error:
            where = f"{endpoint.address} on {endpoint.interface or 'any interface'}"
            self._log(Log(f"cant open raw socket for {where}. errno={error.errno} ({error.strerror})"))
            return
        self._channels[endpoint] = channel
        self._loop.add_reader(channel.fileno(), self._read, endpoint)

    def _close(self, endpoint: Endpoint) -> None:
        channel = self._channels.pop(endpoint)
        self._loop.remove_reader(channel.fileno())
        channel.close()

    def _read(self, endpoint: Endpoint) -> None:
        """Deliver what has arrived, but stop at a second advert for one VRID, so that a flood of them
        cannot keep the timers of all others waiting."""
        channel = self._channels[endpoint]
        seen: set[int] = set()
        while True:
            try:
                advert = channel.receive()
            except BlockingIOError:
                return
            except OSError as error:
                self._log(Log(f"({endpoint.interface}) receive error {error.errno} ({error.strerror})"))
                return
            except DecodeError as error:
                self._log(Log(f"({endpoint.interface}) ignoring a packet: {error}", Level.DETAIL))
                continue
            if router := self._recipient(endpoint, advert):
                self._deliver(AdvertReceived(router.name, advert, _wall_us()))
            elif self._definitions.log_unknown_vrids:
                where = f"interface({endpoint.interface})"
                if self._listeners[endpoint].get(advert.vrid):
                    where += f" from {advert.source}"
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

    def _report_unsent(
        self, router: VirtualRouter, action: SendAdvert, destination: Address, error: OSError
    ) -> None:
        link = self._interfaces.get(router.advert_interface) if router.advert_interface else None
        if action.priority == 0 and error.errno == errno.ENETUNREACH and not (link and link.up):
            return
        if router.unicast:
            self._log(Log(f"({router.name}) Cant send advert to {destination} ({error.strerror})"))
        else:
            self._log(Log(f"({router.name}): send advert error {error.errno} ({error.strerror})"))


def _has_peer(router: VirtualRouter, advert: Advert) -> bool:
    return any(peer.address == advert.source for peer in router.unicast_peers)


def _wall_us() -> Microseconds:
    return time.time_ns() // 1000
