"""What went over the wire: VRRP and ARP frames, with the kernel's time stamps and every byte."""

import select
import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from types import TracebackType
from typing import Self

from conformance.lab import Namespace, wait_until
from keepalived_py.vrrp.packet.advert import IPPROTO_VRRP, Advert, decode
from keepalived_py.vrrp.packet.ah import IPPROTO_AH
from keepalived_py.vrrp.packet.ip import Datagram, parse_ipv4

_ETH_P_ALL = 0x0003
_ETH_P_IP = 0x0800
_ETH_P_ARP = 0x0806
_ETH_P_IPV6 = 0x86DD
_NEIGHBOUR_ADVERTISEMENT = 136
_ALL_NODES = IPv6Address("ff02::1").packed
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_SOL_PACKET = 263
_PACKET_ADD_MEMBERSHIP = 1
_PACKET_MR_PROMISC = 1
_BUFFER_BYTES = 64 << 20
_IPV6 = struct.Struct("!IHBB16s16s")


@dataclass(frozen=True, slots=True)
class Frame:
    """An Ethernet frame, and when it passed; seconds."""

    time: float
    data: bytes

    @property
    def source_mac(self) -> str:
        return self.data[6:12].hex(":")

    @property
    def ether_type(self) -> int:
        return int.from_bytes(self.data[12:14], "big")

    @property
    def packet(self) -> bytes:
        """The IP packet, without Ethernet's padding."""
        if self.ether_type == _ETH_P_IPV6:
            return self.data[14 : 14 + _IPV6.size + int.from_bytes(self.data[18:20], "big")]
        return self.data[14 : 14 + int.from_bytes(self.data[16:18], "big")]

    @property
    def is_advert(self) -> bool:
        protocol = {_ETH_P_IP: 23, _ETH_P_IPV6: 20}.get(self.ether_type)
        return protocol is not None and self.data[protocol] in (IPPROTO_VRRP, IPPROTO_AH)

    @property
    def advert(self) -> Advert:
        if self.ether_type == _ETH_P_IP:
            return decode(parse_ipv4(self.packet))
        _, _, protocol, hop_limit, source, destination = _IPV6.unpack_from(self.packet)
        return decode(
            Datagram(
                source=IPv6Address(source),
                destination=IPv6Address(destination),
                ttl=hop_limit,
                protocol=protocol,
                payload=self.packet[_IPV6.size :],
            )
        )

    @property
    def announced(self) -> IPv4Address | IPv6Address | None:
        """The address of a gratuitous ARP or an unsolicited neighbour advertisement; None if this is
        something else."""
        if self.ether_type == _ETH_P_ARP:
            sender, target = self.data[28:32], self.data[38:42]
            return IPv4Address(sender) if sender == target else None
        to_all = self.ether_type == _ETH_P_IPV6 and self.data[38:54] == _ALL_NODES
        if to_all and self.data[54] == _NEIGHBOUR_ADVERTISEMENT:
            return IPv6Address(self.data[62:78])
        return None


class Capture:
    """Records what passes an interface, from now on; `frames` is all of it up to now.

    On the switch's br0 that is every frame of the LAN. The kernel keeps the frames until they are
    read, so nothing is lost between two looks.
    """

    def __init__(self, where: Namespace, interface: str = "br0") -> None:
        with where.network():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            index = socket.if_nametoindex(interface)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind((interface, _ETH_P_ALL))
        # A bridge in promiscuous mode hands up what it forwards from port to port, too.
        membership = struct.pack("iHH8s", index, _PACKET_MR_PROMISC, 0, b"")
        self._socket.setsockopt(_SOL_PACKET, _PACKET_ADD_MEMBERSHIP, membership)
        self._frames: list[Frame] = []

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def frames(self) -> list[Frame]:
        while select.select([self._socket], [], [], 0)[0]:
            data, ancillary, _, _ = self._socket.recvmsg(65536, 64)
            [(_, _, stamp)] = ancillary
            seconds, nanoseconds = struct.unpack("qq", stamp)
            self._frames.append(Frame(seconds + nanoseconds / 1e9, data))
        return self._frames

    def adverts(self, source: str | None = None, vrid: int | None = None) -> list[Frame]:
        """The adverts so far, of one sender and virtual router if named."""
        return [
            frame
            for frame in self.frames
            if frame.is_advert
            and (source is None or str(frame.advert.source) == source)
            and (vrid is None or frame.advert.vrid == vrid)
        ]

    def announcements(self, mac: str | None = None) -> list[Frame]:
        """The gratuitous ARPs so far, of one sender if named."""
        return [
            frame
            for frame in self.frames
            if frame.announced is not None and (mac is None or frame.source_mac == mac)
        ]

    def await_adverts(self, count: int, source: str, vrid: int | None = None) -> list[Frame]:
        """Wait until that many adverts of `source` were seen, from the start of the capture."""
        wait_until(lambda: len(self.adverts(source, vrid)) >= count, f"{count} adverts from {source}")
        return self.adverts(source, vrid)
