"""The checks that a received advert must pass (RFC 5798 §7.1), in keepalived's order.

A check says what is wrong, if anything, and which counter it increments; those that remember nothing
are rows. The first that fails decides; the advert is dropped and the timer of a backup runs on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from keepalived_py.model.router import OWNER_PRIORITY, AuthType, UnicastChecksum, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND
from keepalived_py.vrrp.arrival import Arrival, Fault
from keepalived_py.vrrp.authentication import (
    ah_fault,
    ah_presence,
    hmac_fault,
    trailer_octets,
    unknown_peer,
)
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.packet.advert import ADVERTISEMENT, Advert
from keepalived_py.vrrp.remark import Remark

_MINIMUM_ETHERNET_PAYLOAD = 46
MULTICAST_TTL = 255
_AUTH_TYPES = frozenset(kind.value for kind in AuthType)


@dataclass(frozen=True, slots=True)
class Check:
    """One reason to drop an advert: `problem` says what is wrong with it, `counter` what to count, and
    `remark` is made of it."""

    counter: str
    remark: Remark
    problem: Callable[[VirtualRouter, Advert], str | None]

    def __call__(self, arrival: Arrival) -> Fault | None:
        router = arrival.instance.config
        text = self.problem(router, arrival.advert)
        return Fault(f"({router.name}) {text}", self.counter, self.remark) if text else None


def _is_padding(excess: int, length: int) -> bool:
    """Short Ethernet frames are padded to 60 octets, of which 4 at a time may have been a VLAN header."""
    return length < _MINIMUM_ETHERNET_PAYLOAD and excess > 0 and excess % 4 == _MINIMUM_ETHERNET_PAYLOAD % 4


def _length(router: VirtualRouter, advert: Advert) -> str | None:
    expected = advert.expected_length + trailer_octets(router, advert)
    excess = advert.received_length - expected
    if not excess or _is_padding(excess, expected):
        return None
    return (
        f"vrrp packet from {advert.source} too {'long' if excess > 0 else 'short'}, "
        f"length {advert.received_length} and expect {expected}"
    )


def _ttl(router: VirtualRouter, advert: Advert) -> str | None:
    if router.unicast or advert.ttl in (None, MULTICAST_TTL):
        return None
    return f"invalid TTL/HL from {advert.source}. Received {advert.ttl} and expect {MULTICAST_TTL}"


def _version(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.version == router.version:
        return None
    return f"wrong VRRP version from {advert.source}. Received {advert.version} and expect {router.version}"


def _invalid_auth_type(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.auth_type in _AUTH_TYPES:
        return None
    return f"Invalid auth type from {advert.source}: {advert.auth_type}"


def _auth_type(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.auth_type == router.auth_type.value:
        return None
    return f"received a {advert.auth_type} auth from {advert.source}, expecting {router.auth_type.value}!"


def _password(router: VirtualRouter, advert: Advert) -> str | None:
    if router.auth_type is not AuthType.PASS or advert.auth_data == router.auth_data:
        return None
    if router.family == 6:  # Its adverts have no room for a password.
        return None
    return f"received an invalid passwd from {advert.source}!"


def _advert_interval(router: VirtualRouter, advert: Advert) -> str | None:
    if router.version != 2 or advert.advert_interval_us == router.advert_interval_us:
        return None
    return (
        f"advertisement interval mismatch with {advert.source} "
        f"mine={router.advert_interval_us // SECOND} sec rcv'd={advert.advert_interval_us // SECOND} sec"
    )


def _type(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.type == ADVERTISEMENT:
        return None
    return f"Invalid packet type from {advert.source}. {advert.type} and expect {ADVERTISEMENT}"


def _ip_length(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.ip_length is None:
        return None
    excess = advert.received_length - advert.ip_length
    if not excess or _is_padding(excess, advert.ip_length):
        return None
    return (
        f"ip_tot_len mismatch against received length from {advert.source}. "
        f"{advert.ip_length} and received {advert.received_length}"
    )


def _checksum(arrival: Arrival) -> Fault | None:
    instance, advert = arrival.instance, arrival.advert
    router = instance.config
    if router.family == 6:  # What does not sum up is never seen here: the kernel drops it.
        return None
    if router.version == 2:
        is_right = advert.sums_up(None)
    elif router.v3_checksum_as_v2:
        is_right = True  # In between two ways to sum keepalived looks at neither.
    elif instance.unicast_checksum.is_old:
        is_right = advert.sums_up(router.multicast_group)
    else:
        is_right = advert.sums_up(advert.destination) or _sums_as_before(instance, advert)
    if is_right:
        return None
    text = f"({router.name}) Invalid VRRPv{router.version} checksum from {advert.source}"
    return Fault(text, "checksum_errors", Remark.BAD_CHECKSUM)


def _sums_as_before(instance: Instance, advert: Advert) -> bool:
    """Whether a unicast peer sums as keepalived did before 1.3.7; if so, we do the same from now on."""
    router = instance.config
    if not router.unicast or instance.unicast_checksum is not UnicastChecksum.NEW:
        return False
    if not advert.sums_up(router.multicast_group):
        return False
    instance.unicast_checksum = UnicastChecksum.OLD_AS_HEARD
    return True


def _cast(router: VirtualRouter, advert: Advert) -> str | None:
    if advert.destination.is_multicast != router.unicast:
        return None
    expected, received = ("un", "mult") if router.unicast else ("mult", "un")
    return f"Expected {expected}icast packet but received {received}icast packet from {advert.source}"


def _owner(arrival: Arrival) -> Fault | None:
    instance = arrival.instance
    if not instance.config.owner_ignore_adverts or instance.effective_priority != OWNER_PRIORITY:
        return None
    text = f"({instance.name}) Dropping packet(s) from {arrival.advert.source} since we are address owner"
    return Fault(text, None, Remark.OWNER_IGNORES)


DROP: tuple[Callable[[Arrival], Fault | None], ...] = (
    Check("auth_type_mismatch", Remark.BAD_AH_HEADER, ah_presence),
    Check("packet_length_errors", Remark.INCOMPLETE_PACKET, _length),
    Check("ttl_errors", Remark.INVALID_TTL, _ttl),
    Check("version_errors", Remark.WRONG_VERSION, _version),
    hmac_fault,
    Check("invalid_auth_type", Remark.BAD_AUTH, _invalid_auth_type),
    Check("auth_type_mismatch", Remark.WRONG_AUTH, _auth_type),
    Check("auth_failure", Remark.WRONG_PASSWORD, _password),
    ah_fault,
    Check("advert_interval_errors", Remark.ADVERT_INTERVAL, _advert_interval),
    Check("invalid_type_received", Remark.NOT_ADVERTISEMENT, _type),
    Check("packet_length_errors", Remark.BAD_LENGTH, _ip_length),
    _checksum,
    Check("address_list_errors", Remark.UNICAST_OR_MULTICAST, _cast),
    _owner,
)
"""What makes an advert no advert for us. What passes is counted as received."""


def v3_interval_difference(router: VirtualRouter, advert: Advert) -> str | None:
    """Version 3 adopts the master's interval, and remarks on it (RFC 5798 §7.1)."""
    if router.version != 3 or advert.advert_interval_us == router.advert_interval_us:
        return None
    return (
        f"advertisement interval mismatch ours = {router.advert_interval_us // CENTISECOND} centi-sec "
        f"rcv'd={advert.advert_interval_us // CENTISECOND} centi-sec"
    )


def address_difference(
    router: VirtualRouter, advert: Advert, *, count_only: bool
) -> tuple[Remark, str] | None:
    """Other addresses than ours are remarked on, the first of them, and the advert still counts."""
    ours = router.virtual_addresses
    if advert.address_count != len(ours):
        text = f"expected {len(ours)} VIPs but received {advert.address_count}"
        return Remark.WRONG_ADDRESS_COUNT, text
    for virtual in () if count_only else ours:
        if virtual.address not in advert.addresses:
            text = (
                f"ip address associated with VRID {router.vrid} not present in advert "
                f"from {advert.source}: {virtual.address}"
            )
            return Remark.ADDRESS_MISMATCH, text
    return None


def unicast_source_fault(arrival: Arrival) -> Fault | None:
    """`check_unicast_src`: the sender is no peer, or its TTL is out of bounds."""
    router, advert = arrival.instance.config, arrival.advert
    if not router.unicast or not router.check_unicast_source:
        return None
    for peer in router.unicast_peers:
        if peer.address == advert.source:
            low, high = peer.min_ttl or 0, peer.max_ttl if peer.max_ttl is not None else 255
            if advert.ttl is None or low <= advert.ttl <= high:
                return None
            text = f"({router.name}) TTL/HL {advert.ttl} from {advert.source} not in range [{low}, {high}]"
            return Fault(text, "ttl_errors", Remark.TTL_NOT_IN_RANGE)
    return unknown_peer(router, advert)
