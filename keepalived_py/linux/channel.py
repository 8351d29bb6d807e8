"""The raw sockets that packets arrive on and leave from, set as keepalived sets them.

IPv4 lets us read and write the whole packet. IPv6 keeps its header to itself: source, destination and
hop limit come and go as ancillary data (RFC 3542 §6), and the kernel computes and verifies the checksum.
"""

import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address

from keepalived_py.linux.filter import PASS, Instruction, attach_filter, vrid_filter
from keepalived_py.linux.receive_buffer import set_receive_buffer
from keepalived_py.model.router import TTL_MAX
from keepalived_py.model.units import Address
from keepalived_py.vrrp.packet.advert import CHECKSUM_OFFSET, IPPROTO_VRRP, Advert, decode
from keepalived_py.vrrp.packet.ip import (
    IDENTIFICATION_OFFSET,
    TOS_INTERNETWORK_CONTROL,
    Datagram,
    DecodeError,
    pack_ipv4,
    parse_ipv4,
)

RECEIVE_BUFFER = 1024 * 1024
"""Octets; seconds of adverts for all 255 virtual routers that an interface can have."""
KNOWN_MAX = 1024
"""Adverts that are remembered."""
PACKET = 8192
"""Octets; the longest advert, of 255 IPv6 addresses, has 4120."""

_IP_FREEBIND = 15
_IP_MULTICAST_ALL = 49
_IPV6_MULTICAST_ALL = 29
_IPV6_FREEBIND = 78
_PACKET_INFO = struct.Struct("=16sI")
_INTEGER = struct.Struct("=i")
_ANCILLARY = socket.CMSG_SPACE(_PACKET_INFO.size) + socket.CMSG_SPACE(_INTEGER.size)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What sockets are bound to: an IP protocol, an interface (index 0: any), and either a multicast
    group or the source address of unicast adverts."""

    interface: str | None
    index: int
    group: Address | None
    source: Address | None
    protocol: int = IPPROTO_VRRP

    @property
    def address(self) -> Address:
        """What is listened on."""
        address = self.group or self.source
        assert address is not None
        return address


class Channel(ABC):
    """What adverts of an endpoint come in by and go out by."""

    def __init__(self, endpoint: Endpoint, *sockets: socket.socket) -> None:
        self.endpoint = endpoint
        self._sockets = sockets
        for each in sockets:
            each.setblocking(False)
        self._receiver, self._sender = sockets[0], sockets[-1]
        self._adverts: dict[Hashable, Advert] = {}

    def set_up(self) -> None:
        """Bind the sockets. Raises OSError."""
        endpoint = self.endpoint
        for each in self._sockets:
            if endpoint.interface:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, endpoint.interface.encode())
        self._set_up_receiver()
        self._set_up_sender()

    @abstractmethod
    def _set_up_receiver(self) -> None: ...

    @abstractmethod
    def _set_up_sender(self) -> None: ...

    @abstractmethod
    def receive(self) -> Advert:
        """The next advert. Raises BlockingIOError if there is none, DecodeError if it is broken."""

    @abstractmethod
    def prepare(self, datagram: Datagram) -> Callable[[int], None]:
        """What sends a packet, again and again, each time with another identification, which is for the
        header of IPv4. It raises OSError."""

    def listen_to(self, vrids: Collection[int] | None) -> None:
        """Be woken only for adverts of these virtual routers; None: for all."""
        attach_filter(self._receiver, (PASS,) if vrids is None else self._vrid_filter(vrids))

    @abstractmethod
    def _vrid_filter(self, vrids: Collection[int]) -> Sequence[Instruction]:
        """A program that lets pass what is, or may be, for these."""

    def _known(self, key: Hashable, read: Callable[[], Datagram]) -> Advert:
        """Most adverts are as the last one of their sender was: what is equal is the same object, read
        only once."""
        advert = self._adverts.get(key)
        if advert is None:
            advert = decode(read())
            if len(self._adverts) >= KNOWN_MAX:
                self._adverts.clear()
            self._adverts[key] = advert
        return advert

    def make_room(self, octets: int) -> None:
        """Let so much wait to be read; 0: enough."""
        set_receive_buffer(self._receiver, octets or RECEIVE_BUFFER)

    def fileno(self) -> int:
        """Readable when something has arrived."""
        return self._receiver.fileno()

    def close(self) -> None:
        for each in self._sockets:
            each.close()

    @property
    def _flags(self) -> int:
        return socket.MSG_DONTROUTE if self.endpoint.group else 0


class Ipv4Channel(Channel):
    """Reads and writes whole packets."""

    def __init__(self, endpoint: Endpoint) -> None:
        receiver = socket.socket(socket.AF_INET, socket.SOCK_RAW, endpoint.protocol)
        # Nothing has the protocol IPPROTO_RAW, so that nothing is ever queued on the sender.
        super().__init__(
            endpoint, receiver, socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        )

    def _set_up_receiver(self) -> None:
        endpoint, receiver = self.endpoint, self._receiver
        receiver.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        if endpoint.group:
            membership = struct.pack("4s4si", endpoint.group.packed, bytes(4), endpoint.index)
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        else:
            # The address may be on its way still, or gone for a moment.
            receiver.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        receiver.bind((str(endpoint.address), 0))

    def _set_up_sender(self) -> None:
        sender = self._sender
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, TOS_INTERNETWORK_CONTROL)
        if self.endpoint.group:
            outgoing = struct.pack("4s4si", bytes(4), bytes(4), self.endpoint.index)
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, outgoing)
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)

    def receive(self) -> Advert:
        packet = self._receiver.recv(PACKET)
        if self.endpoint.protocol != IPPROTO_VRRP:
            return decode(parse_ipv4(packet))  # AH protects the header as well, and no two are equal.
        # No advert depends on the identification, nor on the checksum of the header.
        key = packet[:4] + packet[6:10] + packet[12:]
        return self._known(key, lambda: parse_ipv4(packet))

    def prepare(self, datagram: Datagram) -> Callable[[int], None]:
        packet = pack_ipv4(datagram, 0)
        head, tail = packet[:IDENTIFICATION_OFFSET], packet[IDENTIFICATION_OFFSET + 2 :]
        sender, flags, destination = self._sender, self._flags, (str(datagram.destination), 0)

        def send(identification: int) -> None:
            sender.sendto(head + identification.to_bytes(2) + tail, flags, destination)

        return send

    def _vrid_filter(self, vrids: Collection[int]) -> Sequence[Instruction]:
        return vrid_filter(vrids, has_header=True) if self.endpoint.protocol == IPPROTO_VRRP else (PASS,)


class Ipv6Channel(Channel):
    """One socket is enough: a packet says itself where it comes from."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint, socket.socket(socket.AF_INET6, socket.SOCK_RAW, IPPROTO_VRRP))

    def _set_up_receiver(self) -> None:
        endpoint = self.endpoint
        self._set((_IPV6_MULTICAST_ALL, 0), (socket.IPV6_RECVHOPLIMIT, 1), (socket.IPV6_RECVPKTINFO, 1))
        if endpoint.group:
            membership = struct.pack("16si", endpoint.group.packed, endpoint.index)
            self._receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
        else:
            self._set((_IPV6_FREEBIND, 1))
        self._receiver.bind(self._socket_address(endpoint.address))

    def _set_up_sender(self) -> None:
        self._set((socket.IPV6_CHECKSUM, CHECKSUM_OFFSET), (socket.IPV6_TCLASS, TOS_INTERNETWORK_CONTROL))
        if self.endpoint.group:
            self._set(
                (socket.IPV6_MULTICAST_HOPS, TTL_MAX),
                (socket.IPV6_MULTICAST_IF, self.endpoint.index),
                (socket.IPV6_MULTICAST_LOOP, 0),
            )

    def _set(self, *options: tuple[int, int]) -> None:
        for option, value in options:
            self._sender.setsockopt(socket.IPPROTO_IPV6, option, value)

    def receive(self) -> Advert:
        payload, ancillary, _, peer = self._receiver.recvmsg(PACKET, _ANCILLARY)
        key = (payload, tuple(ancillary), peer)
        return self._known(key, lambda: self._read(payload, ancillary, peer[0]))

    @staticmethod
    def _read(payload: bytes, ancillary: Sequence[tuple[int, int, bytes]], peer: str) -> Datagram:
        values = {kind: data for level, kind, data in ancillary if level == socket.IPPROTO_IPV6}
        if socket.IPV6_PKTINFO not in values:
            raise DecodeError("the kernel does not tell where it went")
        destination, _ = _PACKET_INFO.unpack(values[socket.IPV6_PKTINFO])
        hop_limit = values.get(socket.IPV6_HOPLIMIT)
        return Datagram(
            source=IPv6Address(peer.partition("%")[0]),
            destination=IPv6Address(destination),
            ttl=None if hop_limit is None else _INTEGER.unpack(hop_limit)[0],
            protocol=IPPROTO_VRRP,
            payload=payload,
        )

    def prepare(self, datagram: Datagram) -> Callable[[int], None]:
        info = _PACKET_INFO.pack(datagram.source.packed, self.endpoint.index)
        ancillary = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info)]
        if datagram.ttl is not None and not self.endpoint.group:
            ancillary.append((socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT, _INTEGER.pack(datagram.ttl)))
        sender, flags = self._sender, self._flags
        payload, destination = [datagram.payload], self._socket_address(datagram.destination)

        def send(identification: int) -> None:
            sender.sendmsg(payload, ancillary, flags, destination)

        return send

    def _vrid_filter(self, vrids: Collection[int]) -> Sequence[Instruction]:
        return vrid_filter(vrids, has_header=False)

    def _socket_address(self, address: Address) -> tuple[str, int, int, int]:
        """Multicast and link-local addresses mean something on one interface only."""
        has_scope = address.is_link_local or address.is_multicast
        return str(address), 0, 0, self.endpoint.index if has_scope else 0


def open_channel(endpoint: Endpoint) -> Channel:
    """Raises OSError if there cannot be one."""
    channel = Ipv4Channel(endpoint) if endpoint.address.version == 4 else Ipv6Channel(endpoint)
    try:
        channel.set_up()
    except OSError:
        channel.close()
        raise
    return channel
