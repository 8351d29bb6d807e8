"""Gratuitous ARP: tell the neighbours on a link where an IPv4 address is now (RFC 5944 §4.6).

0                                2                                4
+--------------------------------+--------------------------------+
| hardware type                  | protocol type 0x0800           |
| hardware length | 4            | operation 1, request           |
| sender: our hardware address, the address                       |
| target: the broadcast hardware address, the address             |
+-----------------------------------------------------------------+
"""

import socket
import struct
from ipaddress import IPv4Address

from keepalived_py.linux.interfaces import Link

ETH_P_IP = 0x0800
ETH_P_ARP = 0x0806
ARPOP_REQUEST = 1

_HEADER = struct.Struct("!HHBBH")


def gratuitous_arp(link: Link, address: IPv4Address) -> bytes:
    """The packet, without the header of the link layer."""
    header = _HEADER.pack(link.hardware_type, ETH_P_IP, len(link.hardware_address), 4, ARPOP_REQUEST)
    return header + link.hardware_address + address.packed + link.broadcast + address.packed


class ArpSocket:
    """Sends gratuitous ARPs; the kernel writes the header that the kind of link needs."""

    def __init__(self) -> None:
        # Protocol 0: it receives nothing.
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self._socket.setblocking(False)

    def send(self, link: Link, address: IPv4Address) -> None:
        """Announce an address. Raises OSError if the packet cannot be sent."""
        destination = (link.name, ETH_P_ARP, socket.PACKET_BROADCAST, link.hardware_type, link.broadcast)
        self._socket.sendto(gratuitous_arp(link, address), destination)

    def close(self) -> None:
        self._socket.close()
