"""Addresses in a dump, as keepalived writes them."""

from collections.abc import Iterator

from keepalived_py.model.address import IpAddress
from keepalived_py.model.address_text import address_line
from keepalived_py.model.router import VirtualRouter


def address_lines(
    router: VirtualRouter,
    addresses: tuple[IpAddress, ...],
    are_set: bool,
    are_placed: bool = True,
    base_is_told: bool = False,
) -> Iterator[str]:
    """The addresses of an instance; those of its family are on its VMAC if it has one."""
    filtered = " nftable_set" if are_set and not router.answers else ""
    for it in addresses:
        device = router.device_of(it) if are_placed else it.device
        if base_is_told and device and router.vmac and device == router.vmac.name:
            device = f"{device}@{router.interface}"
        yield f"     {address_line(it, device, are_set)}{filtered}"
