"""What keepalived has in its tables of nftables: the chains, sets and rules, as parts that are made when
they are first needed.

    ip, ip6  in, out        drop what is to or from `vips`
    ip6      …_link_local   the same of link-local addresses, together with their interface
    ip, ip6  out            send reports of group members (IGMP, MLD) that would leave a VMAC from the
                            interface below it, by `vmac_map`
    ip6      out            drop router solicitations of VMACs (`vmac_set`), and what would make others
                            send to a VMAC what is for the interface below it (`parent_link_local`)

Neighbour discovery passes in any case: without it nobody could send to the router.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from keepalived_py.linux import nftables_message as nft
from keepalived_py.linux.attributes import u32
from keepalived_py.linux.nftables_message import IPV4, IPV6, Base, Element, Hook, Message, Meta, Set, Type
from keepalived_py.model.units import Address

_IGMP, _ICMPV6 = 2, 58
_ROUTER_SOLICITATION, _NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERT = 133, 135, 136
_MLD_REPORT, _MLD_2_REPORT = 131, 143
_MACVLAN = b"macvlan".ljust(16, b"\0")
_INTERFACE_NAME_OCTETS = 16
_ADDRESSES = {IPV4: (Type.IPV4_ADDRESS,), IPV6: (Type.IPV6_ADDRESS,)}
_SOURCE_AND_LENGTH = {IPV4: (12, 4), IPV6: (8, 16)}
"""Where the source address is in a header; the destination is behind it."""


class Part(Enum):
    """What is made at once, for a family."""

    TABLE = auto()
    ADDRESSES = auto()
    LINK_LOCAL_BY_INDEX = auto()
    LINK_LOCAL_BY_NAME = auto()
    VMACS = auto()


NEEDS = {
    Part.TABLE: None,
    Part.ADDRESSES: Part.TABLE,
    Part.LINK_LOCAL_BY_INDEX: Part.ADDRESSES,
    Part.LINK_LOCAL_BY_NAME: Part.ADDRESSES,
    Part.VMACS: Part.TABLE,
}
"""Which part must be there before."""

VIPS = {family: Set(family, "vips", key) for family, key in _ADDRESSES.items()}
VIPS_LINK_LOCAL = Set(IPV6, "vips_link_local", (Type.IPV6_ADDRESS, Type.INTERFACE_INDEX))
VIPS_LINK_LOCAL_NAME = Set(IPV6, "vips_link_local_name", (Type.IPV6_ADDRESS, Type.INTERFACE_NAME))
VMAC_MAP = {
    family: Set(family, "vmac_map", (Type.INTERFACE_INDEX,), data=Type.INTERFACE_INDEX)
    for family in (IPV4, IPV6)
}
VMAC_SET = Set(IPV6, "vmac_set", (Type.INTERFACE_INDEX,))
_NEIGHBOUR_DISCOVERY = Set(IPV6, "neighbor-discovery", (Type.ICMPV6_TYPE,), constant=True)
_MLD_REPORTS = Set(IPV6, "mld-report", (Type.ICMPV6_TYPE,), constant=True)

PART_OF = {
    "vips": Part.ADDRESSES,
    "vips_link_local": Part.LINK_LOCAL_BY_INDEX,
    "vips_link_local_name": Part.LINK_LOCAL_BY_NAME,
    "vmac_map": Part.VMACS,
    "vmac_set": Part.VMACS,
    "parent_link_local": Part.TABLE,
}
"""By the names of sets, the part that makes them."""


@dataclass(frozen=True, slots=True)
class Table:
    """The tables, one for each family, with what was configured for them."""

    name: str
    priority: int = -1
    by_index: bool = False
    """`nftables_ifindex`: link-local addresses are never known by the names of their interfaces."""
    counters: bool = False

    @property
    def parent_link_local(self) -> Set:
        interface = Type.INTERFACE_INDEX if self.by_index else Type.INTERFACE_NAME
        return Set(IPV6, "parent_link_local", (Type.IPV6_ADDRESS, interface))

    def make(self, family: int, part: Part) -> list[Message]:
        """The messages that make a part."""
        match part:
            case Part.TABLE:
                return list(self._table(family))
            case Part.ADDRESSES:
                return list(self._addresses(family))
            case Part.LINK_LOCAL_BY_INDEX:
                return list(self._link_local(VIPS_LINK_LOCAL, Meta.INPUT_INDEX, Meta.OUTPUT_INDEX))
            case Part.LINK_LOCAL_BY_NAME:
                return list(self._link_local(VIPS_LINK_LOCAL_NAME, Meta.INPUT_NAME, Meta.OUTPUT_NAME))
            case Part.VMACS:
                return list(self._vmacs(family))

    def _table(self, family: int) -> Iterator[Message]:
        yield nft.new_table(family, self.name)
        yield nft.new_base_chain(family, self.name, "out", Hook.OUTPUT, self.priority)
        if family == IPV4:
            return
        yield self._set(self.parent_link_local)
        yield self._rule(
            family,
            "out",
            *_icmpv6(),
            nft.equal(bytes([_NEIGHBOUR_ADVERT])),
            *_leaves_macvlan(),
            _address(family, source=True),
            nft.meta(Meta.OUTPUT_INDEX if self.by_index else Meta.OUTPUT_NAME, 2),
            nft.is_in("parent_link_local"),
            verdict=nft.drop(),
        )

    def _addresses(self, family: int) -> Iterator[Message]:
        chains = {"in": False, "out": True}
        yield nft.new_base_chain(family, self.name, "in", Hook.INPUT, self.priority)
        if family == IPV6:
            for chain in chains:
                yield nft.new_chain(family, self.name, f"{chain}_link_local")
        yield self._set(VIPS[family])
        if family == IPV6:
            yield from self._constant(_NEIGHBOUR_DISCOVERY, _NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERT)
            for chain, source in chains.items():
                discovery = nft.is_in(_NEIGHBOUR_DISCOVERY.name)
                yield self._rule(family, chain, *_icmpv6(), discovery, verdict=nft.accept())
                link_local = (
                    _address(family, source=source),
                    nft.masked(b"\xff\xc0" + bytes(14)),
                    nft.equal(b"\xfe\x80" + bytes(14)),
                )
                yield self._rule(family, chain, *link_local, verdict=nft.go_to(f"{chain}_link_local"))
        for chain, source in chains.items():
            found = _address(family, source=source), nft.is_in("vips")
            yield self._rule(family, chain, *found, verdict=nft.drop())

    def _link_local(self, it: Set, arrived: Meta, leaving: Meta) -> Iterator[Message]:
        yield self._set(it)
        for chain, source, interface in (("in", False, arrived), ("out", True, leaving)):
            found = _address(IPV6, source=source), nft.meta(interface, 2), nft.is_in(it.name)
            yield self._rule(IPV6, f"{chain}_link_local", *found, verdict=nft.drop())

    def _vmacs(self, family: int) -> Iterator[Message]:
        yield self._set(VMAC_MAP[family])
        if family == IPV6:
            yield self._set(VMAC_SET)
            yield from self._constant(_MLD_REPORTS, _MLD_REPORT, _MLD_2_REPORT)
            reports = *_icmpv6(), nft.is_in(_MLD_REPORTS.name)
        else:
            reports = nft.payload(Base.NETWORK, 9, 1), nft.equal(bytes([_IGMP]))
        yield self._rule(
            family,
            "out",
            *reports,
            _address(family, source=False),
            *_leaves_macvlan(),
            nft.meta(Meta.OUTPUT_INDEX, 2),
            nft.mapped("vmac_map", 2),
            nft.duplicate(1, 2),
            verdict=nft.drop(),
        )
        if family == IPV6:
            yield self._rule(
                family,
                "out",
                *_icmpv6(),
                nft.equal(bytes([_ROUTER_SOLICITATION])),
                *_leaves_macvlan(),
                nft.meta(Meta.OUTPUT_INDEX, 2),
                nft.is_in(VMAC_SET.name, 2),
                verdict=nft.drop(),
            )

    def _set(self, it: Set) -> Message:
        return nft.new_set(self.name, it)

    def _constant(self, it: Set, *icmpv6_types: int) -> list[Message]:
        elements = [Element(bytes([number])) for number in icmpv6_types]
        return [self._set(it), *nft.new_elements(self.name, it, elements)]

    def _rule(self, family: int, chain: str, *conditions: bytes, verdict: bytes) -> Message:
        counters = [nft.counter()] if self.counters else []
        return nft.new_rule(family, self.name, chain, [*conditions, *counters, verdict])


def _address(family: int, *, source: bool) -> bytes:
    offset, length = _SOURCE_AND_LENGTH[family]
    return nft.payload(Base.NETWORK, offset if source else offset + length, length)


def _icmpv6() -> tuple[bytes, ...]:
    """The type of an ICMPv6 packet, to be compared."""
    return nft.meta(Meta.PROTOCOL), nft.equal(bytes([_ICMPV6])), nft.payload(Base.TRANSPORT, 0, 1)


def _leaves_macvlan() -> tuple[bytes, ...]:
    return nft.meta(Meta.OUTPUT_KIND, 2), nft.equal(_MACVLAN, 2)


def with_name(address: Address, interface: str) -> bytes:
    """A key of an address and the name of an interface."""
    return address.packed + interface.encode().ljust(_INTERFACE_NAME_OCTETS, b"\0")


def with_index(address: Address, index: int) -> bytes:
    """A key of an address and the index of an interface."""
    return address.packed + index_key(index)


def index_key(index: int) -> bytes:
    return u32(index)
