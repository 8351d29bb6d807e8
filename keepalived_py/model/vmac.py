"""Interfaces that an instance has for itself: `use_vmac` and `use_ipvlan`."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from keepalived_py.model.route import Number
from keepalived_py.model.units import Interface

MAC_OCTETS = 6
_PREFIX = bytes.fromhex("00005e0001")
_PREFIX_6 = bytes.fromhex("00005e0002")


def virtual_mac(vrid: int, family: int) -> bytes:
    """The MAC address of a virtual router (RFC 5798 §7.3)."""
    return (_PREFIX if family == 4 else _PREFIX_6) + bytes([vrid])


def is_virtual_mac(address: bytes) -> bool:
    """Whether an address is of a block that is set aside for virtual routers."""
    return address[:-1] in (_PREFIX, _PREFIX_6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vmac:
    """`use_vmac`: a private macvlan. `name` None: keepalived finds one."""

    name: str | None = None
    mac: bytes | None = None
    """None: the one that is made of the VRID. 5 octets: the VRID is the sixth."""
    group: Number | None = None
    """None: that of the base interface."""
    notify_base: bool = False
    """`netlink_notify_msg`: have the kernel tell of the base interface when the VMAC is made or deleted."""
    xmit_base: bool = False
    """`vmac_xmit_base`: adverts are sent and received on the base interface."""

    def mac_of(self, vrid: int, family: int) -> bytes:
        """Its six octets."""
        if self.mac is None:
            return virtual_mac(vrid, family)
        return self.mac if len(self.mac) == MAC_OCTETS else self.mac + bytes([vrid])


class VmacKey(NamedTuple):
    """What tells one VMAC from another: who has the same has the same interface."""

    base: str
    family: int
    mac: bytes


class IpvlanType(Enum):
    """The value is the keyword."""

    BRIDGE = "bridge"
    PRIVATE = "private"
    VEPA = "vepa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipvlan:
    """`use_ipvlan`: an ipvlan in L2 mode, with an address to send adverts from, which IPv4 needs."""

    name: str | None = None
    address: Interface | None = None
    type: IpvlanType = IpvlanType.BRIDGE
    group: Number | None = None
