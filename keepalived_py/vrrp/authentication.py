"""The checks of authentication that remember what they have seen: `auth_type AH` and `auth_hmac`."""

import hmac
import sys

from keepalived_py.model.hmac import HmacMode
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.vrrp.arrival import Arrival, Fault
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.packet.ah import AuthenticationHeader, integrity_check_value
from keepalived_py.vrrp.packet.trailer import HMAC_SHA256_128, TRAILER_OCTETS, Trailer
from keepalived_py.vrrp.remark import Remark
from keepalived_py.vrrp.replay import MULTICAST_SENDERS, is_outside_window, skew_seconds
from keepalived_py.vrrp.state import State


def unknown_peer(router: VirtualRouter, advert: Advert) -> Fault:
    """The sender is none of the peers. keepalived does not count this."""
    text = f"({router.name}) unicast source address {advert.source} not a unicast peer"
    return Fault(text, None, Remark.UNKNOWN_UNICAST_SOURCE)


def ah_presence(router: VirtualRouter, advert: Advert) -> str | None:
    """An authentication header where there should be none, or the other way round."""
    if (advert.ah is not None) == (router.auth_type is AuthType.AH):
        return None
    if advert.ah is not None:
        return f"Received AH header but auth type not AH from {advert.source}"
    return f"No AH header but auth type is AH from {advert.source}"


def ah_fault(arrival: Arrival) -> Fault | None:
    """What is wrong with the authentication header; if nothing is, its sequence number counts."""
    instance, advert = arrival.instance, arrival.advert
    if advert.ah is None:
        return None
    text = _ah_fault(instance.config, advert, advert.ah)
    if text is None and not instance.ah.accept(advert.ah.sequence):
        text = (
            f"({instance.name}) IPSEC-AH : sequence number {advert.ah.sequence} already processed. "
            f"Packet dropped. Local({instance.ah.number})"
        )
    if text:
        return Fault(text, counter="auth_failure")
    if instance.state is State.BACKUP:
        instance.ah.cycle = False
    return None


def _ah_fault(router: VirtualRouter, advert: Advert, ah: AuthenticationHeader) -> str | None:
    icv = integrity_check_value(ah.covered, router.auth_data, router.unicast)
    if not hmac.compare_digest(icv, ah.icv):
        return (
            f"({router.name}) IPSEC-AH : invalid IPSEC HMAC-MD5 value. "
            "Due to fields mutation or bad password !"
        )
    if ah.spi != int(advert.source):
        numbers = (_as_keepalived_prints(value) for value in (int(advert.source), ah.spi))
        return "IPSEC AH : invalid IPSEC SPI value. {} and expect {}".format(*numbers)
    return None


def _as_keepalived_prints(network_order: int) -> int:
    return int.from_bytes(network_order.to_bytes(4), sys.byteorder)


def trailer_octets(router: VirtualRouter, advert: Advert) -> int:
    """How much of what follows the message is its trailer."""
    is_trailer = router.auth_hmac is not None and len(advert.trailer) == TRAILER_OCTETS
    return TRAILER_OCTETS if is_trailer else 0


def hmac_fault(arrival: Arrival) -> Fault | None:
    """What is wrong with the trailer; if nothing is, its sequence number counts."""
    router, advert = arrival.instance.config, arrival.advert
    settings, source = router.auth_hmac, advert.source
    if settings is None:
        return None
    if not trailer_octets(router, advert):
        if settings.mode is not HmacMode.ENFORCE:
            return None
        return _hmac_fault(router, Remark.AUTH_EXT_MISSING, f"missing authentication trailer from {source}")
    if router.unicast and all(peer.address != source for peer in router.unicast_peers):
        return unknown_peer(router, advert)
    trailer = Trailer.parse(advert.trailer)
    if trailer.type != HMAC_SHA256_128 or trailer.reserved:
        return _hmac_fault(
            router, Remark.AUTH_EXT_MALFORMED, f"malformed authentication trailer from {source}"
        )
    # Before the HMAC, which costs more: what is too old need not be genuine to be refused.
    if is_outside_window(settings, trailer.sequence, arrival.wall_us):
        skew = skew_seconds(trailer.sequence, arrival.wall_us)
        text = (
            f"stale authentication trailer from {source}, clock skew {skew} sec "
            f"exceeds window {settings.time_window_seconds} sec"
        )
        return _hmac_fault(router, Remark.AUTH_EXT_STALE, text)
    key = settings.keys.get(trailer.key_id)
    if key is None:
        text = f"unknown authentication key id {trailer.key_id} from {source}"
        return _hmac_fault(router, Remark.AUTH_EXT_UNKNOWN_KEY, text)
    if not trailer.is_signed_with(key, source, advert.pdu):
        return _hmac_fault(router, Remark.AUTH_EXT_INVALID_HMAC, f"invalid authentication HMAC from {source}")
    most = len(router.unicast_peers) or MULTICAST_SENDERS
    guard = arrival.instance.replay_guard
    if not guard.accept(settings, source, most, trailer.sequence, arrival.wall_us):
        return _hmac_fault(router, Remark.AUTH_EXT_REPLAY, f"replayed authentication trailer from {source}")
    return None


def _hmac_fault(router: VirtualRouter, remark: Remark, text: str) -> Fault:
    """The counters have the names of the remarks."""
    return Fault(f"({router.name}) {text}", str(remark.name).lower(), remark)


def clock_difference(arrival: Arrival) -> str | None:
    """A sender whose clock is more than half a window from ours will be refused before long."""
    router, advert = arrival.instance.config, arrival.advert
    settings = router.auth_hmac
    if settings is None or not settings.anti_replay_by_time or not trailer_octets(router, advert):
        return None
    skew = skew_seconds(Trailer.parse(advert.trailer).sequence, arrival.wall_us)
    window = settings.time_window_seconds
    if abs(skew) <= window // 2:
        return None
    return f"authentication clock skew {skew} sec from {advert.source} approaching window {window} sec"
