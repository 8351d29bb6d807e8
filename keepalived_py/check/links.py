"""The network interfaces of this machine, asked of the kernel over a bare netlink socket: to import
pyroute2 takes longer than a whole configuration test. rtnetlink(7)."""

import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, ip_interface

from keepalived_py.dump.machine import Link, LinkFlag

_HEADER = struct.Struct("=IHHII")
_LINK = struct.Struct("=BxHiII")
_ADDRESS = struct.Struct("=BBBBi")
_ATTRIBUTE = struct.Struct("=HH")
_NUMBER = struct.Struct("=I")
_GET_LINK, _GET_ADDRESS, _DONE, _ERROR = 18, 22, 3, 2
_REQUEST_DUMP = 0x301
_LINK_ADDRESS, _LINK_BROADCAST, _LINK_NAME, _LINK_MTU, _LINK_GROUP = 1, 2, 3, 4, 27
_LINK_BASE, _LINK_MASTER, _LINK_INFO, _LINK_ELSEWHERE = 5, 10, 18, 37
_INFO_KIND, _INFO_DATA = 1, 2
_MODE, _IPVLAN_FLAGS, _VRF_TABLE = 1, 2, 1
_MACVLAN_MODES = {1: "private", 2: "vepa", 4: "bridge", 8: "passthru", 16: "source"}
_IPVLAN_MODES = {0: "L2", 1: "L3", 2: "L3S"}
_IPVLAN_FLAG_PRIVATE, _IPVLAN_FLAG_VEPA = 1, 2
_ADDRESS_PEER, _ADDRESS_LOCAL = 1, 2
_ADDRESS_PROTOCOL = 11
_KEEPALIVED = bytes([18])
_SECONDARY, _TENTATIVE = 0x01, 0x40
_BUFFER_BYTES = 1 << 16


def read_links() -> tuple[Link, ...]:
    """All interfaces with their addresses, in the kernel's order. Raises OSError if it refuses."""
    messages = tuple(_dump(_GET_LINK))
    links = {link.index: link for link in map(_link, messages)}
    for message in messages:
        index, attributes = _LINK.unpack_from(message)[2], _attributes(message[_LINK.size :])
        links[index] = _with_relations(links[index], attributes, links)
    for message in _dump(_GET_ADDRESS):
        family, _, flags, _, index = _ADDRESS.unpack_from(message)
        attributes = _attributes(message[_ADDRESS.size :])
        address = attributes.get(_ADDRESS_LOCAL) or attributes.get(_ADDRESS_PEER, b"")
        link = links.get(index)
        if link is None or flags & _TENTATIVE:
            continue
        if family == socket.AF_INET:
            links[index] = replace(link, ipv4=(*link.ipv4, IPv4Address(address)))
        elif family == socket.AF_INET6 and IPv6Address(address).is_link_local:
            links[index] = replace(link, ipv6=(*link.ipv6, IPv6Address(address)))
    return tuple(links.values())


def read_addresses() -> Iterator[tuple[str, IPv4Interface | IPv6Interface]]:
    """The addresses of this machine and their interfaces, but for those that keepalived has set and
    IPv4 addresses that are secondary ones of their subnet. Raises OSError if the kernel refuses."""
    names = {link.index: link.name for link in map(_link, _dump(_GET_LINK))}
    for message in _dump(_GET_ADDRESS):
        family, length, flags, _, index = _ADDRESS.unpack_from(message)
        attributes = _attributes(message[_ADDRESS.size :])
        address = attributes.get(_ADDRESS_LOCAL) or attributes.get(_ADDRESS_PEER, b"")
        secondary = family == socket.AF_INET and flags & _SECONDARY
        if not secondary and attributes.get(_ADDRESS_PROTOCOL) != _KEEPALIVED:
            yield names[index], ip_interface((address, length))


def _link(message: bytes) -> Link:
    _, hardware_type, index, flags, _ = _LINK.unpack_from(message)
    attributes = _attributes(message[_LINK.size :])
    address = attributes.get(_LINK_ADDRESS, b"")
    return Link(
        index=index,
        name=attributes[_LINK_NAME].rstrip(b"\0").decode("utf-8", "surrogateescape"),
        flags=LinkFlag(flags & _TOLD.value),
        mtu=_number(attributes, _LINK_MTU),
        group=_number(attributes, _LINK_GROUP),
        hardware_type=hardware_type,
        hardware_address=address if any(address) else b"",
        broadcast=attributes.get(_LINK_BROADCAST, b""),
    )


def _with_relations(link: Link, attributes: dict[int, bytes], links: dict[int, Link]) -> Link:
    """What an interface is on, and the VRF that it belongs to."""
    kind, data = _kind(attributes)
    base = None if _LINK_ELSEWHERE in attributes else links.get(_number(attributes, _LINK_BASE))
    master = links.get(_number(attributes, _LINK_MASTER))
    vlan = vrf = ""
    if kind == b"macvlan":
        vlan = f"VMAC type {_MACVLAN_MODES.get(_number(data, _MODE), 'unknown')}"
    elif kind == b"ipvlan":
        flags = _short(data, _IPVLAN_FLAGS)
        way = "private" if flags & _IPVLAN_FLAG_PRIVATE else "vepa" if flags & _IPVLAN_FLAG_VEPA else "bridge"
        vlan = f"IPVLAN type {_IPVLAN_MODES.get(_short(data, _MODE), 'unknown mode')} {way}"
    elif kind == b"vrf":
        vrf = f"VRF master table {_number(data, _VRF_TABLE)}"
    if master and master.vrf.startswith("VRF master"):
        vrf = f"VRF slave of {master.name}"
    return replace(link, vlan=vlan, base=base.name if vlan and base else "", vrf=vrf)


def _kind(attributes: dict[int, bytes]) -> tuple[bytes, dict[int, bytes]]:
    """The kind of a link, and what is special to it."""
    info = _attributes(attributes.get(_LINK_INFO, b""))
    return info.get(_INFO_KIND, b"").rstrip(b"\0"), _attributes(info.get(_INFO_DATA, b""))


def _short(attributes: dict[int, bytes], kind: int) -> int:
    return int.from_bytes(attributes.get(kind, b"")[:2], sys.byteorder)


_TOLD = ~LinkFlag(0)


def _number(attributes: dict[int, bytes], kind: int) -> int:
    value: int = _NUMBER.unpack(attributes.get(kind, bytes(_NUMBER.size)))[0]
    return value


def _attributes(content: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(content) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(content)
        found[kind] = content[_ATTRIBUTE.size : length]
        content = content[_aligned(length) :]
    return found


def _dump(kind: int) -> Iterator[bytes]:
    """The answers to a request for all of a kind, without their headers."""
    request = _HEADER.pack(_HEADER.size + 1, kind, _REQUEST_DUMP, 1, 0) + bytes([socket.AF_UNSPEC])
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(request)
        while True:
            content = kernel.recv(_BUFFER_BYTES)
            while content:
                length, answer, *_ = _HEADER.unpack_from(content)
                if answer == _DONE:
                    return
                if answer == _ERROR:
                    raise OSError("the kernel does not tell its interfaces")
                yield content[_HEADER.size : length]
                content = content[_aligned(length) :]


def _aligned(length: int) -> int:
    return (length + 3) & ~3
