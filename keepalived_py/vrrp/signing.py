"""What authentication adds to adverts when they are sent."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import Microseconds
from keepalived_py.vrrp.actions import SendAdvert
from keepalived_py.vrrp.packet import ah, trailer
from keepalived_py.vrrp.packet.advert import encode
from keepalived_py.vrrp.packet.ip import IPV4_OCTETS, Datagram
from keepalived_py.vrrp.replay import SendSequence


@dataclass(slots=True)
class Signer:
    """Numbers the adverts of all instances of a daemon, by their names, across reloads."""

    _sequences: defaultdict[str, SendSequence] = field(default_factory=lambda: defaultdict(SendSequence))

    def number(self, router: VirtualRouter, action: SendAdvert, wall_us: Microseconds) -> int:
        """The sequence number of an advert, the same for all unicast peers; 0 where there is none."""
        if router.auth_hmac and router.auth_hmac.signs:
            return self._sequences[router.name].next(router.auth_hmac, wall_us)
        return action.ah_sequence or 0


def signs(router: VirtualRouter) -> bool:
    """Whether each advert of a router differs from the last one, as it is signed."""
    return router.auth_type is AuthType.AH or (router.auth_hmac is not None and router.auth_hmac.signs)


def advert_octets(router: VirtualRouter) -> int:
    """How long the adverts of a router are; in IPv4 with the IP header."""
    nowhere = ip_address(bytes(4 if router.family == 4 else 16))
    advert = sign(router, encode(router, 0, nowhere, nowhere), 0, 1)
    return len(advert.payload) + (IPV4_OCTETS if router.family == 4 else 0)


def sign(router: VirtualRouter, advert: Datagram, number: int, identification: int) -> Datagram:
    """The advert as it is to be sent, in IPv4 with this `identification`."""
    if router.auth_type is AuthType.AH:
        return ah.wrap(advert, identification, router.auth_data, number, router.unicast)
    hmac = router.auth_hmac
    if hmac and hmac.signs and (key := hmac.keys[hmac.active_key]):
        mark = trailer.signed(key, hmac.active_key, number, advert.source, advert.payload)
        return replace(advert, payload=advert.payload + mark)
    return advert
