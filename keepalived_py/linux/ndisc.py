"""Unsolicited neighbour advertisement: tell the neighbours on a link where an IPv6 address is now
(RFC 4861 §7.2.6).

    0               1               2               3
    +---------------+---------------+---------------+---------------+
    | type 136      | code 0        | checksum                      |
    | R S O flags   | reserved                                      |
    | target address, 16 octets                                     |
    | option 2      | length / 8    | our hardware address, padded  |
    +---------------------------------------------------------------+
"""

import socket
import struct
from ipaddress import IPv6Address
from pathlib import Path

from keepalived_py.linux.interfaces import Link
from keepalived_py.vrrp.packet.checksum import checksum, pseudo_header

ETH_P_IPV6 = 0x86DD
ALL_NODES = IPv6Address("ff02::1")
ALL_NODES_HARDWARE_ADDRESS = bytes.fromhex("333300000001")
"""ff02::1 on Ethernet (RFC 2464 §7)."""

NEIGHBOUR_ADVERTISEMENT = 136
TARGET_LINK_LAYER_ADDRESS = 2
FLAG_ROUTER = 0x80
FLAG_OVERRIDE = 0x20
HOP_LIMIT = 255

_IPV6 = struct.Struct("!IHBB16s16s")
_ADVERTISEMENT = struct.Struct("!BBHB3x16s")


def neighbour_advertisement(link: Link, address: IPv6Address, *, router: bool) -> bytes:
    """The IPv6 packet, without the header of the link layer."""
    flags = FLAG_OVERRIDE | (FLAG_ROUTER if router else 0)
    option = bytes([TARGET_LINK_LAYER_ADDRESS, (len(link.hardware_address) + 2 + 7) // 8])
    option = (option + link.hardware_address).ljust(option[1] * 8, b"\0")

    def message(check: int) -> bytes:
        return _ADVERTISEMENT.pack(NEIGHBOUR_ADVERTISEMENT, 0, check, flags, address.packed) + option

    length = len(message(0))
    covered = pseudo_header(address, ALL_NODES, socket.IPPROTO_ICMPV6, length)
    header = _IPV6.pack(6 << 28, length, socket.IPPROTO_ICMPV6, HOP_LIMIT, address.packed, ALL_NODES.packed)
    return header + message(checksum(covered + message(0)))


class NdiscSocket:
    """Sends unsolicited neighbour advertisements; the kernel writes the link-layer header."""

    def __init__(self) -> None:
        # Protocol 0: it receives nothing.
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self._socket.setblocking(False)

    def send(self, link: Link, address: IPv6Address) -> None:
        """Announce an address. Raises OSError if the packet cannot be sent."""
        packet = neighbour_advertisement(link, address, router=_forwards(link.name))
        hardware_address = ALL_NODES_HARDWARE_ADDRESS
        destination = (link.name, ETH_P_IPV6, socket.PACKET_MULTICAST, link.hardware_type, hardware_address)
        self._socket.sendto(packet, destination)

    def close(self) -> None:
        self._socket.close()


def _forwards(interface: str) -> bool:
    """Whether we are a router on this link, which every advertisement has to say."""
    try:
        return Path(f"/proc/sys/net/ipv6/conf/{interface}/forwarding").read_text().strip() != "0"
    except OSError:
        return False
