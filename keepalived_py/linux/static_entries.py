"""Addresses that are there while the daemon runs (`static_ipaddress`)."""

from dataclasses import replace

from keepalived_py.linux.addresses import Addresses
from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.units import Interface


class StaticAddresses:
    """Keeps them in place: what someone else removes is put back, unless it is `no_track`."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._set: frozenset[IpAddress] = frozenset()

    def configure(self, configuration: Configuration) -> None:
        """Have those of this configuration; what it shares with the one before stays untouched."""
        default = configuration.definitions.default_interface
        wanted = frozenset(
            replace(address, device=address.device or default) for address in configuration.static_addresses
        )
        self._addresses.remove(None, self._set - wanted)
        self._addresses.add(None, wanted - self._set)
        self._set = wanted

    def put_back(self, device: str, removed: Interface) -> None:
        """Someone has removed an address from `device`."""
        lost = [each for each in self._set if each.tracked and each.device == device]
        self._addresses.add(None, [each for each in lost if each.interface == removed])

    def interface_returned(self, device: str) -> None:
        """An interface is up: it may be a new one of the same name."""
        self._addresses.add(None, [each for each in self._set if each.device == device])

    def stop(self) -> None:
        self._addresses.remove(None, self._set)
        self._set = frozenset()
