"""What holds for every advert that we may send, and for every sequence of octets that we may receive."""

import struct
from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.units import CENTISECOND, SECOND
from keepalived_py.vrrp.packet import Advert, DecodeError, checksum, decode, encode

CHECKSUM_OFFSET = 20 + 6

octets = st.integers(0, 255)
ip_addresses = st.integers(0, 2**32 - 1).map(IPv4Address)
passwords = st.binary(min_size=1, max_size=8).map(lambda password: password.ljust(8, b"\0"))


@st.composite
def routers(draw: st.DrawFn) -> VirtualRouter:
    version = draw(st.sampled_from([2, 3]))
    auth_type = draw(st.sampled_from([AuthType.NONE, AuthType.PASS])) if version == 2 else AuthType.NONE
    interval = st.integers(1, 255).map(SECOND.__mul__)
    if version == 3:
        interval = st.integers(1, 4095).map(CENTISECOND.__mul__)
    addresses = draw(st.lists(ip_addresses, max_size=255 if draw(st.booleans()) else 3))
    return VirtualRouter(
        name="any",
        vrid=draw(st.integers(1, 255)),
        interface="eth0",
        version=version,
        auth_type=auth_type,
        auth_data=draw(passwords) if auth_type is AuthType.PASS else bytes(8),
        advert_interval_us=draw(interval),
        unicast_ttl=draw(octets),
        virtual_addresses=tuple(IpAddress(interface=IPv4Interface(address)) for address in addresses),
    )


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    return encode(
        draw(routers()), draw(octets), draw(ip_addresses), draw(ip_addresses), draw(st.integers(1, 65535))
    )


def payload_of(packet: bytes) -> bytes:
    """What the checksum of a packet without IP options covers."""
    payload = packet[20:]
    if payload[0] >> 4 == 3:
        return packet[12:20] + struct.pack("!HH", 112, len(payload)) + payload
    return payload


def sums_to_zero(payload: bytes) -> bool:
    """RFC 1071 without a loop: adding 16-bit words with end-around carry is arithmetic modulo 65535."""
    return int.from_bytes(payload) % 0xFFFF == 0


@given(routers(), octets, ip_addresses, ip_addresses, st.integers(1, 65535))
def test_decoding_gives_back_what_was_encoded(
    router: VirtualRouter, priority: int, source: IPv4Address, destination: IPv4Address, identification: int
) -> None:
    packet = encode(router, priority, source, destination, identification)
    assert decode(packet) == Advert(
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
        auth_data=router.auth_data if router.version == 2 else b"",
        advert_interval_us=router.advert_interval_us,
        checksum_valid=True,
        ip_length=len(packet),
        received_length=len(packet),
        expected_length=len(packet),
    )
    assert packet[4:6] == identification.to_bytes(2)


@given(packets())
def test_a_packet_sums_to_zero_as_its_version_wants(packet: bytes) -> None:
    assert sums_to_zero(payload_of(packet))


@given(st.binary(min_size=2, max_size=64).filter(lambda data: len(data) % 2 == 0 and any(data)))
def test_the_checksum_agrees_with_modular_arithmetic(data: bytes) -> None:
    assert checksum(data) == 0xFFFF - (int.from_bytes(data) % 0xFFFF or 0xFFFF)
    assert checksum(data) == checksum(data + b"\0"), "an odd octet is padded"


@given(packets(), st.data())
def test_a_flipped_bit_under_the_checksum_is_noticed(packet: bytes, data: st.DataObject) -> None:
    # Bits that move the end of the checksummed part, or its rules, say nothing about the checksum.
    version_and_count = {20, 23}
    at = data.draw(st.sampled_from([n for n in range(20, len(packet)) if n not in version_and_count]))
    damaged = bytearray(packet)
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    assert not decode(bytes(damaged)).checksum_valid


@given(packets(), ip_addresses)
def test_only_version_3_protects_the_ip_addresses(packet: bytes, other: IPv4Address) -> None:
    moved = packet[:12] + other.packed + packet[16:]
    assert decode(moved).checksum_valid == (packet[20] >> 4 == 2 or sums_to_zero(payload_of(moved)))


@given(packets(), st.binary(max_size=40))
def test_what_follows_a_packet_is_not_part_of_it(packet: bytes, padding: bytes) -> None:
    advert, padded = decode(packet), decode(packet + padding)
    assert padded.checksum_valid
    assert padded.received_length == advert.received_length + len(padding)
    assert (padded.addresses, padded.auth_data) == (advert.addresses, advert.auth_data)


@given(packets(), st.data())
def test_a_cut_packet_is_an_error_or_says_what_is_missing(packet: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(packet) - 1))
    if length < 28:
        with pytest.raises(DecodeError):
            decode(packet[:length])
    else:
        advert = decode(packet[:length])
        assert advert.received_length == length < advert.expected_length == len(packet)
        assert len(advert.addresses) == min(advert.address_count, (length - 28) // 4)


@example(b"")
@example(b"\x4f" + bytes(8) + b"\x70" + bytes(18))
@given(st.binary(max_size=128))
def test_any_octets_decode_to_an_advert_or_a_decode_error(data: bytes) -> None:
    decodes_or_refuses(data)


@given(packets(), st.lists(st.tuples(st.integers(0, 60), octets), min_size=1, max_size=6), st.integers(0, 60))
def test_damaged_packets_decode_to_an_advert_or_a_decode_error(
    packet: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(packet)
    for at, octet in damage:
        damaged[at % len(damaged)] = octet
    decodes_or_refuses(bytes(damaged[: len(damaged) - cut]))


def decodes_or_refuses(data: bytes) -> None:
    try:
        advert = decode(data)
    except DecodeError:
        return
    assert advert.received_length == len(data)
    assert len(advert.addresses) <= advert.address_count
