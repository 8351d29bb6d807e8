"""What holds for every advert that we may send, and for every sequence of octets that we may receive."""

import struct
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_interface

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import AuthType, UnicastPeer, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND, Address
from keepalived_py.vrrp.packet.advert import Advert, decode, encode
from keepalived_py.vrrp.packet.checksum import checksum
from keepalived_py.vrrp.packet.ip import Datagram, DecodeError, pack_ipv4, parse_ipv4

octets = st.integers(0, 255)
identifications = st.integers(1, 65535)
ip_addresses = {
    4: st.integers(0, 2**32 - 1).map(IPv4Address),
    6: st.integers(0, 2**128 - 1).map(IPv6Address),
}
passwords = st.binary(min_size=1, max_size=8).map(lambda password: password.ljust(8, b"\0"))
families = st.sampled_from([4, 6])


@st.composite
def routers(draw: st.DrawFn, family: int) -> VirtualRouter:
    version = draw(st.sampled_from([2, 3]))
    has_auth = version == 2 and family == 4
    auth_type = draw(st.sampled_from([AuthType.NONE, AuthType.PASS])) if has_auth else AuthType.NONE
    interval = st.integers(1, 255).map(SECOND.__mul__)
    if version == 3:
        interval = st.integers(1, 4095).map(CENTISECOND.__mul__)
    addresses = draw(st.lists(ip_addresses[family], max_size=255 if draw(st.booleans()) else 3))
    return VirtualRouter(
        name="any",
        vrid=draw(st.integers(1, 255)),
        interface="eth0",
        family=family,
        version=version,
        auth_type=auth_type,
        auth_data=draw(passwords) if auth_type is AuthType.PASS else bytes(8),
        advert_interval_us=draw(interval),
        unicast_ttl=draw(octets),
        virtual_addresses=tuple(IpAddress(interface=ip_interface(address)) for address in addresses),
    )


@st.composite
def sent(
    draw: st.DrawFn, families: st.SearchStrategy[int] = families
) -> tuple[VirtualRouter, int, Address, Address]:
    """What `encode` is given."""
    family = draw(families)
    source, destination = draw(ip_addresses[family]), draw(ip_addresses[family])
    return draw(routers(family)), draw(octets), source, destination


datagrams = sent().map(lambda arguments: encode(*arguments))
packets = st.builds(
    lambda arguments, number: pack_ipv4(encode(*arguments), number), sent(st.just(4)), identifications
)


def covered(datagram: Datagram) -> bytes:
    """What the checksum of a message covers."""
    payload, source, destination = datagram.payload, datagram.source, datagram.destination
    if source.version == 6:
        return source.packed + destination.packed + struct.pack("!II", len(payload), 112) + payload
    if payload[0] >> 4 == 3:
        return source.packed + destination.packed + struct.pack("!HH", 112, len(payload)) + payload
    return payload


def sums_to_zero(payload: bytes) -> bool:
    """RFC 1071 without a loop: adding 16-bit words with end-around carry is arithmetic modulo 65535."""
    return int.from_bytes(payload) % 0xFFFF == 0


@given(sent())
def test_decoding_gives_back_what_was_encoded(arguments: tuple[VirtualRouter, int, Address, Address]) -> None:
    router, priority, source, destination = arguments
    datagram = encode(*arguments)
    advert = decode(datagram)
    assert advert.checksum_valid
    assert advert == Advert(
        source=source,
        destination=destination,
        ttl=router.ttl,
        version=router.version,
        type=1,
        vrid=router.vrid,
        priority=priority,
        address_count=len(router.virtual_addresses),
        addresses=tuple(address.address for address in router.virtual_addresses),
        auth_type=router.auth_type.value,
        auth_data=router.auth_data if (router.version, router.family) == (2, 4) else b"",
        advert_interval_us=router.advert_interval_us,
        pdu=datagram.payload,
        trailer=b"",
        ah=None,
        ip_length=None,
        received_length=len(datagram.payload),
        expected_length=len(datagram.payload),
    )


@given(sent(st.just(4)), identifications)
def test_an_ipv4_header_gives_back_what_was_packed(
    arguments: tuple[VirtualRouter, int, Address, Address], identification: int
) -> None:
    datagram = encode(*arguments)
    packet = pack_ipv4(datagram, identification)
    assert parse_ipv4(packet) == replace(datagram, header=packet[:20], claimed_length=len(packet))
    assert packet[4:6] == identification.to_bytes(2)
    advert = decode(parse_ipv4(packet))
    assert advert.ip_length == advert.received_length == advert.expected_length == len(packet)


@given(sent())
def test_the_hop_limit_of_ipv6_unicast_is_the_kernels_unless_it_is_configured(
    arguments: tuple[VirtualRouter, int, Address, Address],
) -> None:
    router, *_ = arguments
    peers = (UnicastPeer(address=arguments[3]),)
    assert replace(router, unicast_peers=peers).ttl == router.unicast_ttl
    assert replace(router, unicast_ttl=None).ttl == 255
    default = replace(router, unicast_ttl=None, unicast_peers=peers).ttl
    assert default == (255 if router.family == 4 else None)


@given(datagrams)
def test_a_message_sums_to_zero_as_its_version_and_family_want(datagram: Datagram) -> None:
    assert sums_to_zero(covered(datagram))


@given(st.binary(min_size=2, max_size=64).filter(lambda data: len(data) % 2 == 0 and any(data)))
def test_the_checksum_agrees_with_modular_arithmetic(data: bytes) -> None:
    assert checksum(data) == 0xFFFF - (int.from_bytes(data) % 0xFFFF or 0xFFFF)
    assert checksum(data) == checksum(data + b"\0"), "an odd octet is padded"


@given(datagrams, st.data())
def test_a_flipped_bit_under_the_checksum_is_noticed(datagram: Datagram, data: st.DataObject) -> None:
    # Bits that move the end of the checksummed part, or its rules, say nothing about the checksum.
    version_and_count = {0, 3}
    at = data.draw(st.sampled_from([n for n in range(len(datagram.payload)) if n not in version_and_count]))
    damaged = bytearray(datagram.payload)
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    assert not decode(replace(datagram, payload=bytes(damaged))).checksum_valid


@given(datagrams, st.data())
def test_only_version_2_of_ipv4_leaves_the_ip_addresses_unprotected(
    datagram: Datagram, data: st.DataObject
) -> None:
    moved = replace(datagram, source=data.draw(ip_addresses[datagram.source.version]))
    unprotected = moved.source.version == 4 and moved.payload[0] >> 4 == 2
    assert decode(moved).checksum_valid == (unprotected or sums_to_zero(covered(moved)))


@given(datagrams, st.binary(max_size=40))
def test_what_follows_a_message_is_not_part_of_it(datagram: Datagram, padding: bytes) -> None:
    advert = decode(datagram)
    padded = decode(replace(datagram, payload=datagram.payload + padding))
    assert padded.checksum_valid
    assert padded.trailer == padding
    assert padded.received_length == advert.received_length + len(padding)
    assert (padded.addresses, padded.auth_data) == (advert.addresses, advert.auth_data)


@given(datagrams, st.data())
def test_a_cut_message_is_an_error_or_says_what_is_missing(datagram: Datagram, data: st.DataObject) -> None:
    whole = len(datagram.payload)
    length = data.draw(st.integers(0, whole - 1))
    cut = replace(datagram, payload=datagram.payload[:length])
    if length < 8:
        with pytest.raises(DecodeError):
            decode(cut)
    else:
        advert = decode(cut)
        assert advert.received_length == length < advert.expected_length == whole
        each = 4 if datagram.source.version == 4 else 16
        assert len(advert.addresses) == min(advert.address_count, (length - 8) // each)


@example(b"")
@example(b"\x4f" + bytes(8) + b"\x70" + bytes(18))
@given(st.binary(max_size=128))
def test_any_octets_decode_to_an_advert_or_a_decode_error(data: bytes) -> None:
    decodes_or_refuses(data)


@given(packets, st.lists(st.tuples(st.integers(0, 60), octets), min_size=1, max_size=6), st.integers(0, 60))
def test_damaged_packets_decode_to_an_advert_or_a_decode_error(
    packet: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(packet)
    for at, octet in damage:
        damaged[at % len(damaged)] = octet
    decodes_or_refuses(bytes(damaged[: len(damaged) - cut]))


@given(ip_addresses[6], ip_addresses[6], st.none() | octets, st.binary(max_size=128))
def test_any_message_over_ipv6_decodes_to_an_advert_or_a_decode_error(
    source: IPv6Address, destination: IPv6Address, ttl: int | None, payload: bytes
) -> None:
    datagram = Datagram(source=source, destination=destination, ttl=ttl, protocol=112, payload=payload)
    try:
        advert = decode(datagram)
    except DecodeError:
        assert len(payload) < 8
        return
    assert advert.pdu + advert.trailer == payload


def decodes_or_refuses(data: bytes) -> None:
    try:
        advert = decode(parse_ipv4(data))
    except DecodeError:
        return
    assert advert.received_length == len(data)
    assert len(advert.addresses) <= advert.address_count
