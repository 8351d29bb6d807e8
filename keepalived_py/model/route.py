"""Routes and policy rules that follow an instance (`virtual_routes`, `virtual_rules`)."""

from dataclasses import dataclass, field

from keepalived_py.model.place import NOWHERE, Place
from keepalived_py.model.units import Address, Interface


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route line. `destination` is None for `default`; `table` and `scope` are names or numbers
    as iproute2 writes them."""

    destination: Interface | None
    gateway: Address | None = None
    device: str | None = None
    source: Address | None = None
    scope: str | None = None
    table: str | None = None
    tracked: bool = True
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One policy rule line: packets from `source` look up `table`."""

    source: Interface | None = None
    table: str | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)
