"""Interfaces of instances: made before the engine starts, made again when somebody deletes them, and
deleted in the end."""

import errno
import socket
from collections.abc import Callable
from ipaddress import IPv6Address, ip_interface

from keepalived_py.linux import sysctl
from keepalived_py.linux.addresses import add_order
from keepalived_py.linux.interface_settings import InterfaceSettings
from keepalived_py.linux.links import (
    Device,
    delete_order,
    devices,
    group_order,
    make_order,
    no_generated_address_order,
    up_order,
    vrf_order,
)
from keepalived_py.linux.netlink import CommandSocket, EncodedOrder, Order
from keepalived_py.linux.nftables import Nftables
from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import Address
from keepalived_py.model.vmac import Ipvlan, Vmac
from keepalived_py.vrrp.actions import Level, Log
from keepalived_py.vrrp.vmac import Kind, Origin, OwnLink, place_vmacs


class Vmacs:
    """The interfaces that a configuration needs for itself.

    A reload is `place`, `make`, and when the addresses have moved `retire`.
    """

    def __init__(self, commands: CommandSocket, nftables: Nftables, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._nftables = nftables
        self._log = log
        self._settings = InterfaceSettings(commands, log)
        self._wanted: dict[str, OwnLink] = {}
        self._ours: dict[str, OwnLink] = {}
        self._reports_igmp = True

    def place(self, configuration: Configuration) -> Configuration:
        """The configuration with names for these interfaces, which become the ones that are wanted."""
        silent = configuration.definitions.disable_local_igmp and self._settings.disable_local_reports()
        self._reports_igmp = not silent
        present = devices(self._commands)
        placement = place_vmacs(configuration, [it.link for it in present.values()], self._ours.keys())
        for remark in placement.remarks:
            self._log(Log(remark))
        self._wanted = {link.name: link for link in placement.links}
        self._settings.promote_secondaries(
            present,
            {
                it.interface
                for it in configuration.routers.values()
                if it.promote_secondaries and it.interface
            },
        )
        return placement.configuration

    def make(self) -> None:
        """Have all that are wanted, as far as there are interfaces for them to be on."""
        if not self._wanted:
            return
        present = devices(self._commands)  # once: there may be hundreds
        for own in self._wanted.values():
            self._have(own, present)

    def retire(self) -> None:
        """Delete those that are no longer wanted."""
        for name in [name for name in self._ours if name not in self._wanted]:
            self._delete(name)

    def link_changed(self, name: str) -> None:
        """An interface has come, gone, or changed its state: make again what went with it."""
        for own in self._wanted.values():
            if name in (own.name, own.base):
                self._return(own)

    def stop(self) -> None:
        """Delete them all, and leave the machine as it was."""
        self._wanted = {}
        self.retire()
        self._settings.restore()

    # One interface

    def _have(self, own: OwnLink, present: dict[str, Device]) -> None:
        if own.origin is Origin.FOUND:
            self._ours[own.name] = own
            found, base = present.get(own.name), present.get(own.base)
            if found and base:
                self._filter(own, found.index, _bottom(base, present))
            return
        if own.supersedes and own.supersedes in self._ours:
            self._log(Log(f"({own.instance}) Deleting old VMAC interface {own.supersedes}"))
            self._delete(own.supersedes)
        self._make(own, present)

    def _return(self, own: OwnLink) -> None:
        """Make an interface that is gone; the kernel takes its IPv6 addresses while it is down, which
        it is for a moment when its base joins or leaves a VRF."""
        present = devices(self._commands)
        if own.name not in present:
            self._nftables.remove_vmac(own.name)
        if own.base not in present:
            return
        if own.name in present and present[own.name].vrf != present[own.base].vrf:
            self._do(vrf_order(present[own.name].index, present[own.base].vrf))
        if own.name not in present:
            self._settings.release(own.name)
            self._make(own, present)
        elif own.needs_link_local and present[own.name].up:
            self._add_link_local(own, present[own.name].index, present[own.base])

    def _make(self, own: OwnLink, present: dict[str, Device]) -> None:
        base = present.get(own.base)
        if base is None:
            return
        what = "ipvlan" if isinstance(own.config, Ipvlan) else "VMAC"
        update = self._make_room(own, present)
        if update is None:
            return
        bottom = _bottom(base, present)
        if number := self._do(make_order(own, base, bottom, update)):
            if number != errno.ENODEV:  # the base is gone, too
                self._log(Log(f"({own.instance}): Unable to create {what} interface {own.name}"))
            return
        doing = "updating" if update else "creating"
        self._log(Log(f"({own.instance}): Success {doing} {what} interface {own.name}", Level.DETAIL))
        self._ours[own.name] = own
        if index := _index(own.name):
            self._set_up(own, index, bottom)
            self._add_addresses(own, index, base)
        if isinstance(own.config, Vmac) and own.config.notify_base:
            self._do(group_order(bottom))

    def _make_room(self, own: OwnLink, present: dict[str, Device]) -> int | None:
        """The index of an interface to be changed, 0 for none; None if the name cannot be had."""
        same_name = present.get(own.name)
        if same_name is None:
            return 0
        if same_name.link.kind is not Kind.MACVLAN:
            self._log(Log(f"VMAC {own.name} conflicts with existing interface"))
            return None
        if own.origin is Origin.UPDATED:
            message = f"({own.instance}) Update old VMAC interface {own.name} due to wrong MAC/mode "
            self._log(Log(message))
            return same_name.index
        message = f"({own.instance}) Removing old VMAC interface {own.name} due to conflicting interface"
        self._log(Log(message))
        if self._do(delete_order(same_name.index)):
            self._log(Log(f"({own.instance}) Error removing VMAC interface {own.name}"))
            return None
        return 0

    def _set_up(self, own: OwnLink, index: int, bottom: Device) -> None:
        if isinstance(own.config, Vmac):
            self._settings.prepare(own.name, index, own.family, bottom)
        self._filter(own, index, bottom)
        sysctl.write(f"ipv6/conf/{own.name}/disable_ipv6", int(6 not in own.families), self._log)
        if isinstance(own.config, Vmac):
            # Not when it is up: there would be an address already.
            self._do(no_generated_address_order(index))
            self._do(up_order(index))

    def _filter(self, own: OwnLink, index: int, bottom: Device) -> None:
        """Before anything is sent from a VMAC: no one but its router is to be known by its MAC address."""
        if isinstance(own.config, Vmac) and (own.family == 6 or self._reports_igmp):
            self._nftables.add_vmac(own.name, index, bottom.index, _link_local(bottom), own.families)

    def _add_addresses(self, own: OwnLink, index: int, base: Device) -> None:
        if own.needs_link_local:
            self._add_link_local(own, index, base)
        elif isinstance(own.config, Ipvlan) and own.config.address:
            address = IpAddress(interface=own.config.address)
            if self._do(add_order(address, index)):
                self._log(Log(f"{own.instance}: Failed to add interface address to {own.name}"))

    def _add_link_local(self, own: OwnLink, index: int, base: Device) -> None:
        """Adverts come from the MAC address of the VMAC, but not from an address that is virtual."""
        source = own.source or _link_local(base)
        address = IpAddress(interface=ip_interface(f"{source}/64"), preferred_lifetime_seconds=0)
        if self._do(add_order(address, index)) not in (0, errno.EEXIST):
            self._log(Log("Adding link-local address to vmac failed"))

    def _delete(self, name: str) -> None:
        own = self._ours.pop(name)
        self._settings.release(name)
        self._nftables.remove_vmac(name)
        index = _index(name)
        if index is None:
            return
        if self._do(delete_order(index)):
            self._log(Log(f"({own.instance}) Error removing VMAC interface {name}"))
            return
        self._log(Log(f"({own.instance}) Success removing VMAC interface {name}", Level.DETAIL))
        notify_base = isinstance(own.config, Vmac) and own.config.notify_base
        if notify_base and (base := devices(self._commands).get(own.base)):
            self._do(group_order(base))

    def _do(self, order: Order | EncodedOrder) -> int:
        """Carry out an order; its errno."""
        [number] = self._commands.execute([order])
        return number


def _bottom(base: Device, present: dict[str, Device]) -> Device:
    """The interface that a VMAC on this one would be on."""
    return next((it for it in present.values() if it.index == base.link.bottom), base)


def _index(name: str) -> int | None:
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return None


def _link_local(device: Device) -> Address:
    """The link-local address of an interface, or the one that its MAC address would make
    (RFC 4291 appendix A)."""
    known = next((it for it in device.link.addresses if it.version == 6), None)
    if known:
        return known
    mac = device.link.mac
    identifier = bytes([mac[0] ^ 0x02]) + mac[1:3] + b"\xff\xfe" + mac[3:]
    return IPv6Address(b"\xfe\x80" + bytes(6) + identifier)
