"""Put addresses on interfaces and take them off (`virtual_ipaddress`, `static_ipaddress`)."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from socket import AF_INET, AF_INET6

from pyroute2.netlink.rtnl import RTM_DELADDR, RTM_NEWADDR
from pyroute2.netlink.rtnl.ifaddrmsg import (
    IFA_F_HOMEADDRESS,
    IFA_F_MANAGETEMPADDR,
    IFA_F_MCAUTOJOIN,
    IFA_F_NODAD,
    IFA_F_NOPREFIXROUTE,
)

from keepalived_py.linux.interfaces import Interfaces, Link
from keepalived_py.linux.netlink import CommandSocket, Order
from keepalived_py.model.address import AddressFlag, IpAddress
from keepalived_py.vrrp.actions import Log

PROTOCOL_KEEPALIVED = 18
"""IFA_PROTO of our addresses: RTPROT_KEEPALIVED. Kernels before 5.18 ignore it."""

FOREVER = 0xFFFFFFFF

_FLAGS = {
    AddressFlag.HOME: IFA_F_HOMEADDRESS,
    AddressFlag.MNGTMPADDR: IFA_F_MANAGETEMPADDR,
    AddressFlag.NOPREFIXROUTE: IFA_F_NOPREFIXROUTE,
    AddressFlag.AUTOJOIN: IFA_F_MCAUTOJOIN,
}


class Addresses:
    """Changes the addresses of interfaces, and says in the log what the kernel refused."""

    def __init__(self, commands: CommandSocket, interfaces: Interfaces, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._interfaces = interfaces
        self._log = log

    def add(self, interface: str | None, addresses: Iterable[IpAddress]) -> None:
        """Add addresses, those without a device of their own to `interface`.

        One that is there already is left as it is.
        """
        orders = []
        for address in addresses:
            if link := self._link(interface, address):
                orders.append((address, link, add_order(address, link.index)))
            else:
                device = address.device or interface
                self._log(
                    Log(f"Not adding address {address.interface} to {device} since interface doesn't exist")
                )
        for address, link, result in self._execute(orders):
            if result not in (0, errno.EEXIST):
                self._log(_refusal("adding", address, link, result))

    def remove(self, interface: str | None, addresses: Iterable[IpAddress]) -> None:
        """Remove addresses; one that is not there, or whose interface is not, is no error."""
        orders = []
        for address in addresses:
            if link := self._link(interface, address):
                orders.append((address, link, remove_order(address, link.index)))
        for address, link, result in self._execute(orders):
            if result == 0:
                self._interfaces.expect_removal(link, address.interface)
            elif result != errno.EADDRNOTAVAIL:
                self._log(_refusal("removing", address, link, result))

    def _link(self, interface: str | None, address: IpAddress) -> Link | None:
        device = address.device or interface
        return self._interfaces.get(device) if device else None

    def _execute(
        self, orders: Sequence[tuple[IpAddress, Link, Order]]
    ) -> Iterator[tuple[IpAddress, Link, int]]:
        """Carry out orders; for each its errno, 0 if it was done."""
        results = self._commands.execute([order for _, _, order in orders])
        for (address, link, _), result in zip(orders, results, strict=True):
            yield address, link, result


def _refusal(doing: str, address: IpAddress, link: Link, number: int) -> Log:
    reason = f"{os.strerror(number)}({number})"
    return Log(f"Netlink: error: {reason}, {doing} {address.interface} on {link.name}")


def add_order(address: IpAddress, index: int) -> Order:
    """The request that adds an address with all its options."""
    flags = sum(bit for flag, bit in _FLAGS.items() if flag in address.flags)
    attributes: list[tuple[str, object]] = [("IFA_LOCAL", str(address.address))]
    if address.interface.version == 6:
        if AddressFlag.DAD not in address.flags:
            flags |= IFA_F_NODAD
        if address.preferred_lifetime_seconds is not None:
            lifetimes = {"ifa_preferred": address.preferred_lifetime_seconds, "ifa_valid": FOREVER}
            attributes.append(("IFA_CACHEINFO", lifetimes))
    if address.broadcast_address is not None:
        attributes.append(("IFA_BROADCAST", str(address.broadcast_address)))
    if flags:
        attributes.append(("IFA_FLAGS", flags))
    if address.label is not None:
        attributes.append(("IFA_LABEL", address.label))
    if address.peer is not None:
        attributes.append(("IFA_ADDRESS", str(address.peer)))
    attributes.append(("IFA_PROTO", PROTOCOL_KEEPALIVED))
    return _order(RTM_NEWADDR, address, index, attributes)


def remove_order(address: IpAddress, index: int) -> Order:
    attributes = [
        ("IFA_LOCAL", str(address.address)),
        ("IFA_ADDRESS", str(address.peer or address.address)),
    ]
    return _order(RTM_DELADDR, address, index, attributes)


def _order(kind: int, address: IpAddress, index: int, attributes: Sequence[tuple[str, object]]) -> Order:
    fields = {
        "family": AF_INET if address.interface.version == 4 else AF_INET6,
        "prefixlen": address.interface.network.prefixlen,
        "scope": address.scope,
        "index": index,
    }
    return Order(kind, fields, attributes)
