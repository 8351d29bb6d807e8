"""Addresses in a dump, as keepalived writes them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from keepalived_py.model.address import IpAddress
from keepalived_py.model.address_text import address_line
from keepalived_py.model.router import VirtualRouter

NO_BASES: Mapping[str | None, str] = MappingProxyType({})


def address_lines(
    router: VirtualRouter,
    addresses: tuple[IpAddress, ...],
    are_set: bool,
    are_placed: bool = True,
    bases: Mapping[str | None, str] = NO_BASES,
) -> Iterator[str]:
    """The addresses of an instance; those of its family are on its VMAC if it has one. `bases` are the
    interfaces below VMACs, where they are told."""
    filtered = " nftable_set" if are_set and not router.answers else ""
    for it in addresses:
        device = router.device_of(it) if are_placed else it.device
        if device in bases:
            device = f"{device}@{bases[device]}"
        yield f"     {address_line(it, device, are_set)}{filtered}"
