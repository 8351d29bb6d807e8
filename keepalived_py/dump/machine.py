"""What a dump tells of the machine that it is made on."""

from dataclasses import dataclass
from enum import Flag
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from keepalived_py.model.command import Account, Command


class LinkFlag(Flag):
    """The flags of a link that are told, as netdevice(7) numbers them."""

    UP = 0x1
    BROADCAST = 0x2
    LOOPBACK = 0x8
    POINT_TO_POINT = 0x10
    RUNNING = 0x40
    NO_ARP = 0x80
    MULTICAST = 0x1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A network interface. The addresses stand in the kernel's order."""

    index: int
    name: str
    flags: LinkFlag
    mtu: int
    group: int = 0
    hardware_type: int
    """ARPHRD number."""
    hardware_address: bytes = b""
    broadcast: bytes = b""
    ipv4: tuple[IPv4Address, ...] = ()
    ipv6: tuple[IPv6Address, ...] = ()
    """Link-local addresses only: adverts come from one of them."""
    vlan: str = ""
    """What kind of macvlan or ipvlan it is, in keepalived's words."""
    base: str = ""
    """The interface that such a one is on; empty if that is in another network."""
    vrf: str = ""
    """What it has to do with a VRF, in keepalived's words."""


class Machine(Protocol):
    """Where the dump is made; names that it does not know come back as they are."""

    def host_name(self) -> str:
        """The full name of the machine."""

    def user_name(self) -> str:
        """Who runs keepalived."""

    def address_of(self, host: str) -> str:
        """The address of a host name, in text."""

    def credentials(self, account: Account | None, default: Account | None) -> tuple[int, int]:
        """The uid and gid of an account, else of the default, else of `keepalived_script`, else
        our own."""

    def program(self, command: Command, default: Account | None) -> tuple[str, str | None]:
        """How the program of a command is called, and the path that is run instead if it differs."""

    def links(self) -> tuple[Link, ...]:
        """All interfaces, in the kernel's order."""
