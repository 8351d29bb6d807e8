"""Packets to and from the addresses of a master that must not answer there (`no_accept`, or strict
without owning them; RFC 5798 §6.1 Accept_Mode).

They are dropped from before the addresses are set until after they are removed, so that there is no
moment in which they answer.
"""

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.actions import AddDropRules, FilteredAddress, RemoveDropRules
from keepalived_py.vrrp.turn import Turn


def filtered(config: VirtualRouter) -> tuple[FilteredAddress, ...]:
    """The addresses of an instance that packets are dropped for while it is master."""
    if config.answers:
        return ()
    return tuple(_filtered(config, address) for address in config.all_addresses)


def _filtered(config: VirtualRouter, address: IpAddress) -> FilteredAddress:
    device = config.device_of(address)
    survives_device = not config.track_primary and (device == config.device or not address.tracked)
    return FilteredAddress(address.address, device, survives_device)


def drop_packets(turn: Turn, config: VirtualRouter) -> None:
    """Drop from now on; the addresses are about to be set."""
    if not config.answers:
        turn.log_detail(f"({config.name}) setting firewall drop rule")
        turn.do(AddDropRules(config.name, filtered(config)))


def drop_no_packets(turn: Turn, config: VirtualRouter) -> None:
    """Drop no longer; the addresses are gone."""
    if not config.answers:
        turn.log_detail(f"({config.name}) removing firewall drop rule")
        turn.do(RemoveDropRules(config.name, filtered(config)))


def drop_new_packets(turn: Turn, before: VirtualRouter, config: VirtualRouter) -> None:
    """At a reload of a master, before its addresses change."""
    if added := _without(filtered(config), filtered(before)):
        turn.log_detail(f"({config.name}) setting firewall drop rule")
        turn.do(AddDropRules(config.name, added))


def drop_no_old_packets(turn: Turn, before: VirtualRouter, config: VirtualRouter) -> None:
    """At a reload of a master, after its addresses have changed."""
    if gone := _without(filtered(before), filtered(config)):
        turn.do(RemoveDropRules(config.name, gone))


def _without(
    addresses: tuple[FilteredAddress, ...], others: tuple[FilteredAddress, ...]
) -> tuple[FilteredAddress, ...]:
    return tuple(address for address in addresses if address not in others)
