"""What the filters of receive sockets pass, as the kernel runs them."""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepalived_py.linux.filter import attach_filter, vrid_filter
from keepalived_py.model.address import IpAddress
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.packet.advert import encode
from keepalived_py.vrrp.packet.ip import IPV4_OCTETS, pack_ipv4

vrids = st.integers(1, 255)


def passes(receiver: socket.socket, sender: socket.socket, packet: bytes) -> bool:
    sender.send(packet)
    try:
        return receiver.recv(65536) == packet
    except BlockingIOError:
        return False


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    receiver, sender = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with receiver, sender:
        receiver.setblocking(False)
        yield receiver, sender


def advert(vrid: int, version: int = 2) -> bytes:
    address = IpAddress(interface=IPv4Interface("10.0.0.101/32"))
    router = VirtualRouter(
        name="V", vrid=vrid, interface="eth0", version=version, virtual_addresses=(address,)
    )
    datagram = encode(router, 100, IPv4Address("10.0.0.1"), IPv4Address("224.0.0.18"))
    return pack_ipv4(datagram, 1)


@given(st.sets(vrids), vrids, st.integers(0, 10), st.binary(max_size=50), st.sampled_from([2, 3]))
def test_adverts_pass_for_the_virtual_routers_that_are_ours(
    pair: tuple[socket.socket, socket.socket],
    ours: set[int],
    vrid: int,
    option_words: int,
    trailer: bytes,
    version: int,
) -> None:
    packet = advert(vrid, version)
    head, message = packet[:IPV4_OCTETS], packet[IPV4_OCTETS:] + trailer
    attach_filter(pair[0], vrid_filter(ours, has_header=True))
    with_options = bytes([head[0] + option_words]) + head[1:] + b"\1" * 4 * option_words + message
    assert passes(*pair, with_options) is (vrid in ours)
    attach_filter(pair[0], vrid_filter(ours, has_header=False))
    assert passes(*pair, message) is (vrid in ours)


@given(st.binary(min_size=1, max_size=7))
def test_what_is_too_short_passes_for_us_to_see(
    pair: tuple[socket.socket, socket.socket], message: bytes
) -> None:
    attach_filter(pair[0], vrid_filter({51}, has_header=True))
    assert passes(*pair, advert(51)[:IPV4_OCTETS] + message)
    assert passes(*pair, message)
    attach_filter(pair[0], vrid_filter({51}, has_header=False))
    assert passes(*pair, message)
