"""Network interfaces as the kernel describes them, and orders that make, change and delete them."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from socket import AF_INET, AF_INET6
from typing import Any

from pyroute2.netlink import NLM_F_CREATE, NLM_F_EXCL
from pyroute2.netlink.rtnl import RTM_DELLINK, RTM_GETADDR, RTM_GETLINK, RTM_NEWLINK
from pyroute2.netlink.rtnl.ifinfmsg import IFF_UP

from keepalived_py.linux.attributes import attribute, attributes, u8, u16, u32
from keepalived_py.linux.attributes import name as encoded_name
from keepalived_py.linux.netlink import CommandSocket, EncodedOrder
from keepalived_py.linux.sysctl import Setting, Settings
from keepalived_py.model.units import Address
from keepalived_py.model.vmac import Ipvlan, IpvlanType
from keepalived_py.vrrp.vmac import ExistingLink, Kind, OwnLink

_HEADER = struct.Struct("=BxHiII")
"""`struct ifinfomsg`: family, type, index, flags, which of them to change."""
_ADDRESS, _NAME, _LINK, _MASTER, _LINK_INFO, _AF_SPEC, _GROUP = 1, 3, 5, 10, 18, 26, 27
_INET_CONF, _ADDRESS_GENERATION = 1, 8
_GENERATE_NONE = 1
_INFO_KIND, _INFO_DATA = 1, 2
_MODE, _IPVLAN_FLAGS = 1, 2
_MACVLAN_PRIVATE, _IPVLAN_L2 = 1, 0
_IPVLAN_TYPES = {IpvlanType.BRIDGE: 0, IpvlanType.PRIVATE: 1, IpvlanType.VEPA: 2}
_KINDS = {
    "macvlan": Kind.MACVLAN,
    "macvtap": Kind.MACVLAN,
    "ipvlan": Kind.IPVLAN,
    "ipvtap": Kind.IPVLAN,
}
_SETTINGS = {
    Setting.RP_FILTER: "rp_filter",
    Setting.ARP_FILTER: "arpfilter",
    Setting.ARP_IGNORE: "arp_ignore",
    Setting.PROMOTE_SECONDARIES: "promote_secondaries",
}
"""As pyroute2 calls them."""


@dataclass(frozen=True, slots=True)
class Device:
    """An interface of the machine, with all that one of ours may take from it."""

    link: ExistingLink
    group: int
    vrf: int
    """The index of the VRF that it belongs to; 0 for none."""
    up: bool
    settings: Mapping[Setting, int]

    @property
    def index(self) -> int:
        return self.link.index


def devices(commands: CommandSocket) -> dict[str, Device]:
    """All interfaces by name, in the kernel's order. Raises OSError if it refuses."""
    found: dict[int, list[Address]] = {}
    for report in commands.dump(RTM_GETADDR):
        if address := report.content:
            found.setdefault(address.index, []).append(address.interface.ip)
    contents = [report.content for report in commands.dump(RTM_GETLINK)]
    vrfs = {content["index"] for content in contents if _kind(content)[0] == "vrf"}
    all_devices = (_device(content, found.get(content["index"], ()), vrfs) for content in contents)
    return {device.link.name: device for device in all_devices}


def _kind(content: Any) -> tuple[str, Any]:
    """The kind of a link, and what is special to it."""
    info = content.get_attr("IFLA_LINKINFO")
    if info is None:
        return "", None
    return info.get_attr("IFLA_INFO_KIND") or "", info.get_attr("IFLA_INFO_DATA")


def _device(content: Any, addresses: Iterable[Address], vrfs: set[int]) -> Device:
    name, data = _kind(content)
    kind = _KINDS.get(name, Kind.OTHER)
    specification = content.get_attr("IFLA_AF_SPEC")
    values = (specification and specification.get_attr("AF_INET")) or {}
    master = content.get_attr("IFLA_MASTER") or 0
    elsewhere = content.get_attr("IFLA_LINK_NETNSID") is not None
    own = [it for it in addresses if it.version == 4 or it.is_link_local]
    link = ExistingLink(
        index=content["index"],
        name=content.get_attr("IFLA_IFNAME"),
        kind=kind,
        fit=_is_fit(kind, data),
        base_index=0 if kind is Kind.OTHER or elsewhere else content.get_attr("IFLA_LINK") or 0,
        mac=bytes.fromhex((content.get_attr("IFLA_ADDRESS") or "").replace(":", "")),
        ipvlan_type=_ipvlan_type(data) if kind is Kind.IPVLAN else IpvlanType.BRIDGE,
        addresses=tuple(own),
    )
    return Device(
        link,
        group=content.get_attr("IFLA_GROUP") or 0,
        vrf=master if master in vrfs else 0,
        up=bool(content["flags"] & IFF_UP),
        settings={it: values[name] for it, name in _SETTINGS.items() if name in values},
    )


def _is_fit(kind: Kind, data: Any) -> bool:
    if data is None:
        return False
    if kind is Kind.MACVLAN:
        return bool(data.get_attr("IFLA_MACVLAN_MODE") == "private")
    return kind is Kind.IPVLAN and data.get_attr("IFLA_IPVLAN_MODE") == _IPVLAN_L2


def _ipvlan_type(data: Any) -> IpvlanType:
    flags = data.get_attr("IFLA_IPVLAN_FLAGS") or 0
    return next((it for it, number in _IPVLAN_TYPES.items() if number == flags), IpvlanType.BRIDGE)


def make_order(own: OwnLink, base: Device, bottom: Device, update: int = 0) -> EncodedOrder:
    """Makes an interface of ours on a base, or changes the one of index `update`.

    `bottom` is below a base that is a macvlan itself, else the base.
    """
    config = own.config
    group = config.group if isinstance(config.group, int) else bottom.group
    values = {
        _LINK_INFO: _link_info(own),
        _GROUP: u32(group),
        _LINK: None if update else u32(base.index),
        _NAME: None if update else encoded_name(own.name),
        _ADDRESS: own.mac or None,
        _MASTER: u32(base.vrf) if base.vrf or update else None,
    }
    flags = 0 if update else NLM_F_CREATE | NLM_F_EXCL
    return _order(update, values, flags, up=isinstance(config, Ipvlan))


def _link_info(own: OwnLink) -> bytes:
    if isinstance(own.config, Ipvlan):
        data = {_MODE: u16(_IPVLAN_L2), _IPVLAN_FLAGS: u16(_IPVLAN_TYPES[own.config.type])}
        return attributes({_INFO_KIND: b"ipvlan", _INFO_DATA: attributes(data)})
    return attributes({_INFO_KIND: b"macvlan", _INFO_DATA: attribute(_MODE, u32(_MACVLAN_PRIVATE))})


def delete_order(index: int) -> EncodedOrder:
    return EncodedOrder(RTM_DELLINK, 0, _HEADER.pack(0, 0, index, 0, 0))


def up_order(index: int) -> EncodedOrder:
    return _order(index, {}, up=True)


def group_order(device: Device) -> EncodedOrder:
    """Changes nothing, but has the kernel tell everybody of the interface."""
    return _order(device.index, {_GROUP: u32(device.group)})


def vrf_order(index: int, vrf: int) -> EncodedOrder:
    """Puts an interface into a VRF, or for 0 takes it out of one."""
    return _order(index, {_MASTER: u32(vrf)})


def ipv4_order(index: int, settings: Settings) -> EncodedOrder:
    """Sets net.ipv4.conf of an interface."""
    values = attributes({setting: u32(value) for setting, value in settings.items()})
    return _order(index, {_AF_SPEC: attribute(AF_INET, attribute(_INET_CONF, values))})


def no_generated_address_order(index: int) -> EncodedOrder:
    """The kernel is to make no link-local address of the MAC address (RFC 5798 §7.4)."""
    mode = attribute(_ADDRESS_GENERATION, u8(_GENERATE_NONE))
    return _order(index, {_AF_SPEC: attribute(AF_INET6, mode)})


def _order(
    index: int, values: Mapping[int, bytes | None], flags: int = 0, *, up: bool = False
) -> EncodedOrder:
    header = _HEADER.pack(0, 0, index, IFF_UP if up else 0, IFF_UP if up else 0)
    return EncodedOrder(RTM_NEWLINK, flags, header + attributes(values))
