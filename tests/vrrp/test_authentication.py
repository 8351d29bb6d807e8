"""What an instance makes of adverts that are signed, not signed, or signed by somebody else."""

import sys
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.router import AuthType, UnicastPeer, VirtualRouter
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.actions import Action, Log, SendAdvert
from keepalived_py.vrrp.counters import Counters
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import AdvertReceived, LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.packet import ah
from keepalived_py.vrrp.packet.advert import decode, encode
from keepalived_py.vrrp.packet.ip import Datagram, DecodeError, pack_ipv4, parse_ipv4
from keepalived_py.vrrp.replay import clock_sequence
from keepalived_py.vrrp.signing import sign
from keepalived_py.vrrp.state import State

OURS, PEER, STRANGER = (IPv4Address(f"10.0.0.{number}") for number in (1, 2, 9))
NOW_US = 1_795_626_794 * SECOND
PLAIN = VirtualRouter(
    name="V",
    vrid=51,
    interface="eth0",
    virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.101/32")),),
)
AH = replace(PLAIN, auth_type=AuthType.AH, auth_data=b"secret\0\0")
HMAC = replace(PLAIN, auth_hmac=AuthHmac(keys={1: b"k" * 32}, active_key=1, time_window_seconds=5))


def with_mode(mode: HmacMode) -> VirtualRouter:
    assert HMAC.auth_hmac
    return replace(HMAC, auth_hmac=replace(HMAC.auth_hmac, mode=mode))


def unicast(router: VirtualRouter) -> VirtualRouter:
    return replace(router, unicast_peers=(UnicastPeer(address=PEER),), source_address=OURS)


def engine_of(router: VirtualRouter) -> Engine:
    """A backup that has just started."""
    engine = Engine(Configuration(routers={"V": router}))
    engine.handle(LinkChanged("eth0", True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, OURS), 0)
    engine.start(0)
    return engine


def advert(
    router: VirtualRouter, number: int = 1, *, source: IPv4Address = PEER, priority: int = 200
) -> Datagram:
    """What a peer with this configuration sends, as it arrives."""
    destination = OURS if router.unicast else router.multicast_group
    signed = sign(router, encode(router, priority, source, destination), number, 7)
    return parse_ipv4(pack_ipv4(signed, 7))


def hears(engine: Engine, packet: Datagram, now_us: int = 1) -> list[str]:
    """What is said about it; nothing: it is obeyed."""
    actions: list[Action] = engine.handle(AdvertReceived("V", decode(packet), wall_us=NOW_US), now_us)
    return [action.text for action in actions if isinstance(action, Log) and "master set" not in action.text]


def counted(engine: Engine) -> dict[str, int]:
    """The counters that are not 0."""
    counters = engine.instances["V"].counters
    return {name: value for name in Counters.__slots__ if (value := getattr(counters, name))}


NUMBER = clock_sequence(NOW_US)
MISSING = ["(V) missing authentication trailer from 10.0.0.2"]
TOO_LONG = ["(V) vrrp packet from 10.0.0.2 too long, length 68 and expect 40"]


@pytest.mark.parametrize(
    ("receiver", "sender", "said"),
    [
        (HMAC, HMAC, []),
        (HMAC, PLAIN, MISSING),
        (HMAC, with_mode(HmacMode.RECEIVE_ONLY), MISSING),
        (with_mode(HmacMode.PERMISSIVE), HMAC, []),
        (with_mode(HmacMode.PERMISSIVE), PLAIN, []),
        (with_mode(HmacMode.RECEIVE_ONLY), HMAC, []),
        (with_mode(HmacMode.RECEIVE_ONLY), PLAIN, []),
        (PLAIN, HMAC, TOO_LONG),
        (PLAIN, with_mode(HmacMode.RECEIVE_ONLY), []),
        (unicast(HMAC), unicast(HMAC), []),
    ],
)
def test_who_understands_whom(receiver: VirtualRouter, sender: VirtualRouter, said: list[str]) -> None:
    engine = engine_of(receiver)
    assert hears(engine, advert(sender, NUMBER)) == said
    assert engine.instances["V"].counters.adverts_received == (not said)


@pytest.mark.parametrize("mode", HmacMode)
def test_a_trailer_that_is_there_must_be_right_in_every_mode(mode: HmacMode) -> None:
    engine = engine_of(with_mode(mode))
    assert HMAC.auth_hmac
    forger = replace(HMAC, auth_hmac=replace(HMAC.auth_hmac, keys={1: b"f" * 32}))
    assert hears(engine, advert(forger, NUMBER)) == ["(V) invalid authentication HMAC from 10.0.0.2"]
    assert counted(engine) == {"auth_ext_invalid_hmac": 1}


def test_an_advert_of_another_virtual_router_with_the_same_key_is_refused() -> None:
    """Somebody has changed the VRID on the way, and the checksum with it."""
    packet = advert(replace(HMAC, vrid=50), NUMBER)
    pdu = encode(HMAC, 200, PEER, HMAC.multicast_group).payload
    moved = replace(packet, payload=pdu + packet.payload[len(pdu) :])
    assert hears(engine_of(HMAC), moved) == ["(V) invalid authentication HMAC from 10.0.0.2"]


def test_a_unicast_sender_must_be_a_peer_if_it_signs() -> None:
    engine = engine_of(unicast(HMAC))
    text = "(V) unicast source address 10.0.0.9 not a unicast peer"
    assert hears(engine, advert(unicast(HMAC), NUMBER, source=STRANGER)) == [text]
    assert counted(engine) == {}


def test_an_address_list_is_looked_at_only_if_the_advert_is_genuine() -> None:
    engine = engine_of(HMAC)
    other = replace(PLAIN, virtual_addresses=())
    assert hears(engine, advert(other)) == MISSING
    assert counted(engine) == {"auth_ext_missing": 1}


@pytest.mark.parametrize("router", [AH, unicast(AH)], ids=["multicast", "unicast"])
def test_ah_on_the_way_may_change_what_ip_changes(router: VirtualRouter) -> None:
    """TOS, fragment offset and checksum; of a unicast packet the TTL, too."""
    packet = bytearray(pack_ipv4(advert(router), 7))
    packet[1], packet[6:8], packet[10:12] = 0x20, b"\x40\0", b"\x12\x34"
    if router.unicast:
        packet[8] = 61
    assert hears(engine_of(router), parse_ipv4(bytes(packet))) == []


def test_ah_must_name_its_sender() -> None:
    """keepalived prints both addresses as the numbers that they are to the machine."""
    packet = bytearray(pack_ipv4(advert(AH), 7))
    packet[24:28] = STRANGER.packed
    header, _ = ah.unwrap(parse_ipv4(bytes(packet)))
    packet[32:44] = ah.integrity_check_value(header.covered, AH.auth_data, unicast=False)
    engine = engine_of(AH)
    source, spi = (int.from_bytes(address.packed, sys.byteorder) for address in (PEER, STRANGER))
    text = f"IPSEC AH : invalid IPSEC SPI value. {source} and expect {spi}"
    assert hears(engine, parse_ipv4(bytes(packet))) == [text]
    assert counted(engine) == {"auth_failure": 1}


def test_ah_and_no_ah_do_not_understand_each_other() -> None:
    with_ah, without = engine_of(AH), engine_of(PLAIN)
    assert hears(without, advert(AH)) == ["(V) Received AH header but auth type not AH from 10.0.0.2"]
    assert hears(with_ah, advert(PLAIN)) == ["(V) No AH header but auth type is AH from 10.0.0.2"]
    assert counted(with_ah) == counted(without) == {"auth_type_mismatch": 1}


def test_ah_numbers_that_have_run_out_begin_anew_for_a_new_master() -> None:
    engine = engine_of(AH)
    assert hears(engine, advert(AH, 0xFFFFFFFD)) == []
    sent: list[int | None] = []
    for _ in range(6):
        due_us = engine.next_deadline()
        assert due_us is not None
        sent += [action.ah_sequence for action in engine.expire(due_us) if isinstance(action, SendAdvert)]
    assert sent[:2] == [0xFFFFFFFE, 0xFFFFFFFE]
    assert engine.instances["V"].ah.cycle
    engine.handle(LinkChanged("eth0", False), due_us)
    engine.handle(LinkChanged("eth0", True), due_us)
    while engine.instances["V"].state is not State.MASTER:
        due_us = engine.next_deadline()
        assert due_us is not None
        actions = engine.expire(due_us)
    assert [action.ah_sequence for action in actions if isinstance(action, SendAdvert)] == [1]


@pytest.mark.parametrize("router", [AH, HMAC], ids=["AH", "auth_hmac"])
def test_what_was_heard_before_a_reload_is_not_heard_again(router: VirtualRouter) -> None:
    engine = engine_of(router)
    number = 5 if router is AH else NUMBER
    assert hears(engine, advert(router, number)) == []
    engine.reload(Configuration(routers={"W": replace(router, name="W", priority=90)}), 2)
    packet = AdvertReceived("W", decode(advert(router, number)), wall_us=NOW_US)
    [log] = [action for action in engine.handle(packet, 3) if isinstance(action, Log)]
    assert "already processed" in log.text or "replayed" in log.text


MUTABLE = {1, 6, 7, 10, 11}
"""Octets of an IPv4 header that routers may change: AH does not cover them, and auth_hmac none of it."""


@pytest.mark.parametrize(
    "router",
    [AH, HMAC, unicast(AH), unicast(HMAC)],
    ids=["AH", "auth_hmac", "AH, unicast", "auth_hmac, unicast"],
)
@given(bit=st.integers(0, 7), place=st.floats(0, 1, exclude_max=True))
def test_no_bit_of_a_signed_advert_can_be_turned(router: VirtualRouter, bit: int, place: float) -> None:
    packet = bytearray(pack_ipv4(advert(router, NUMBER if router.auth_hmac else 5), 7))
    if router.auth_hmac:
        protected = [*range(12, 16), *range(20, len(packet))]  # the source, the message and the trailer
    else:
        protected = [
            at for at in range(len(packet)) if at not in MUTABLE and not (router.unicast and at == 8)
        ]
    packet[protected[int(place * len(protected))]] ^= 1 << bit
    engine = engine_of(router)
    with suppress(DecodeError):
        hears(engine, parse_ipv4(bytes(packet)))
    assert engine.instances["V"].counters.adverts_received == 0


@pytest.mark.parametrize("router", [AH, HMAC], ids=["AH", "auth_hmac"])
@given(
    damage=st.lists(st.tuples(st.integers(0, 127), st.integers(0, 255)), max_size=6), cut=st.integers(0, 70)
)
def test_damaged_packets_are_refused_and_break_nothing(
    router: VirtualRouter, damage: list[tuple[int, int]], cut: int
) -> None:
    packet = bytearray(pack_ipv4(advert(router, NUMBER if router.auth_hmac else 5), 7))
    for at, octet in damage:
        packet[at % len(packet)] = octet
    with suppress(DecodeError):
        hears(engine_of(router), parse_ipv4(bytes(packet[: len(packet) - cut])))
