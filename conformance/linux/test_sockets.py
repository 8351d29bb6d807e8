"""Adverts in and out: who gets them, and what happens to those that are for nobody."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest

from conformance.capture import Capture
from conformance.lab import Host, Lan
from conformance.linux.machine import eventually, on, router
from keepalived_py.linux.channel import RECEIVE_BUFFER
from keepalived_py.linux.interfaces import Interfaces
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket
from keepalived_py.linux.sockets import Sockets
from keepalived_py.model.definitions import GlobalDefinitions, ReceivePolicy
from keepalived_py.model.router import DEFAULT_GROUP_4, UnicastPeer, VirtualRouter
from keepalived_py.vrrp.actions import Log, SendAdvert
from keepalived_py.vrrp.events import AdvertReceived
from keepalived_py.vrrp.packet.advert import encode
from keepalived_py.vrrp.packet.ip import pack_ipv4


@dataclass
class Post:
    """Sockets of ours, what they delivered and what they logged."""

    sockets: Sockets
    interfaces: Interfaces
    delivered: list[AdvertReceived]
    log: list[str]

    async def gets(self, count: int) -> list[str]:
        """The instances that the first adverts were for, once there are so many."""
        await eventually(lambda: len(self.delivered) >= count, f"{count} adverts are delivered")
        return [event.instance for event in self.delivered]


@contextmanager
def post(*routers: VirtualRouter, log_unknown_vrids: bool = False) -> Iterator[Post]:
    loop = asyncio.get_running_loop()
    delivered: list[AdvertReceived] = []
    log: list[str] = []

    def write(line: Log) -> None:
        log.append(line.text)

    commands = CommandSocket()
    interfaces = Interfaces(commands, MonitorSocket(), lambda fact: None, lambda *removed: None, write)
    interfaces.start(loop)
    sockets = Sockets(loop, interfaces, delivered.append, write)
    sockets.configure(routers, GlobalDefinitions(log_unknown_vrids=log_unknown_vrids))
    try:
        yield Post(sockets, interfaces, delivered, log)
    finally:
        sockets.close()
        interfaces.stop(loop)
        commands.close()


class Sender:
    """Someone else on the LAN."""

    def __init__(self, host: Host) -> None:
        self._address = IPv4Address(host.address)
        with host.network():
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")

    def advert(self, vrid: int, destination: IPv4Address = DEFAULT_GROUP_4) -> None:
        datagram = encode(router(vrid=vrid), 100, self._address, destination)
        self.packet(pack_ipv4(datagram, identification=1), destination)

    def packet(self, packet: bytes, destination: IPv4Address = DEFAULT_GROUP_4) -> None:
        self._socket.sendto(packet, (str(destination), 0))


def test_adverts_go_to_the_instance_of_their_vrid(lan: Lan) -> None:
    host, sender = lan.host(), Sender(lan.host())

    async def scenario() -> None:
        with post(router("one", vrid=1), router("two", vrid=2)) as mail:
            for vrid in (2, 9, 1):
                sender.advert(vrid)
            assert await mail.gets(2) == ["two", "one"]
            assert not mail.log

    on(host, scenario())


def test_unknown_vrid_is_logged_if_that_is_wanted(lan: Lan) -> None:
    host, sender = lan.host(), Sender(lan.host())

    async def scenario() -> None:
        with post(router("one", vrid=1), log_unknown_vrids=True) as mail:
            sender.advert(9)
            await eventually(lambda: mail.log, "something is logged")
            assert mail.log == ["Unknown VRID(9) received on interface(eth0). ignoring..."]

    on(host, scenario())


def test_packet_that_is_no_advert_is_dropped_and_the_next_is_read(lan: Lan) -> None:
    host, other = lan.host(), lan.host()
    sender = Sender(other)

    async def scenario() -> None:
        with post(router("one", vrid=1)) as mail:
            whole = encode(router(vrid=1), 100, IPv4Address(other.address), DEFAULT_GROUP_4)
            sender.packet(pack_ipv4(whole, identification=1)[:23])
            sender.advert(1)
            assert await mail.gets(1) == ["one"]

    on(host, scenario())


def test_flood_for_one_vrid_lets_others_have_their_turn(lan: Lan) -> None:
    host, sender = lan.host(), Sender(lan.host())

    async def scenario() -> None:
        with post(router("one", vrid=1), router("two", vrid=2)) as mail:
            for vrid in (1, 2, 1, 1, 1):
                sender.advert(vrid)
            turns: list[int] = []
            while len(mail.delivered) < 5:
                await asyncio.sleep(0)
                if not turns or turns[-1] != len(mail.delivered):
                    turns.append(len(mail.delivered))
            assert [count for count in turns if count] == [3, 5]

    on(host, scenario())


def test_unicast_instances_that_share_a_vrid_are_told_apart_by_their_peers(lan: Lan) -> None:
    host, b, c, stranger = lan.host(), lan.host(), lan.host(), lan.host()
    to_us = IPv4Address(host.address)

    async def scenario() -> None:
        peers = {each.name: (UnicastPeer(address=ip_address(each.address)),) for each in (b, c)}
        routers = [router(name, vrid=1, unicast_peers=peers[name]) for name in peers]
        with post(*routers, log_unknown_vrids=True) as mail:
            for sender in (stranger, c, b):
                Sender(sender).advert(1, to_us)
            assert await mail.gets(2) == [c.name, b.name]
            where = f"interface(eth0) from {stranger.address}"
            assert mail.log == [f"Unknown VRID(1) received on {where}. ignoring..."]

    on(host, scenario())


def test_multicast_instance_does_not_hear_unicast_adverts(lan: Lan) -> None:
    host, sender = lan.host(), Sender(lan.host())

    async def scenario() -> None:
        with post(router("one", vrid=1), router("two", vrid=2)) as mail:
            sender.advert(1, IPv4Address(host.address))
            sender.advert(2)
            assert await mail.gets(1) == ["two"]

    on(host, scenario())


def test_other_multicast_group_is_heard_by_those_who_are_in_it(lan: Lan) -> None:
    host, sender = lan.host(), Sender(lan.host())
    group = IPv4Address("224.0.0.200")

    async def scenario() -> None:
        with post(router("one", vrid=1, multicast_group=group), router("two", vrid=1)) as mail:
            sender.advert(1, group)
            sender.advert(1)
            assert sorted(await mail.gets(2)) == ["one", "two"]

    on(host, scenario())


def test_own_adverts_are_not_heard(lan: Lan, capture: Capture) -> None:
    host, sender = lan.host(), Sender(lan.host())
    source = IPv4Address(host.address)

    async def scenario() -> None:
        with post(router("one", vrid=1), router("two", vrid=2)) as mail:
            mail.sockets.send(router("one", vrid=1), SendAdvert("one", 100, source))
            sender.advert(2)
            assert await mail.gets(1) == ["two"]

    on(host, scenario())
    assert len(capture.await_adverts(1, host.address)) == 1


def test_adverts_of_an_instance_are_numbered_from_one(lan: Lan, capture: Capture) -> None:
    host = lan.host()
    one, two = router("one", vrid=1), router("two", vrid=2)

    async def scenario() -> None:
        with post(one, two) as mail:
            for sender, priority in ((one, 100), (one, 0), (two, 100), (one, 100)):
                mail.sockets.send(sender, SendAdvert(sender.name, priority, IPv4Address(host.address)))

    on(host, scenario())
    adverts = capture.await_adverts(4, host.address)
    assert [int.from_bytes(frame.packet[4:6], "big") for frame in adverts] == [1, 2, 1, 3]


def test_advert_that_cannot_be_sent_is_logged_unless_it_is_a_farewell(lan: Lan) -> None:
    host = lan.host()
    one = router("one", vrid=1)

    async def scenario() -> None:
        with post(one) as mail:
            host.plumb("ip link set eth0 down")
            mail.interfaces.read()
            mail.sockets.send(one, SendAdvert("one", 0, IPv4Address(host.address)))
            assert not mail.log
            mail.sockets.send(one, SendAdvert("one", 100, IPv4Address(host.address)))
            [line] = mail.log
            assert line.startswith("(one): send advert error")

    on(host, scenario())


@pytest.mark.parametrize(
    ("definitions", "octets"),
    [
        (GlobalDefinitions(), RECEIVE_BUFFER),
        (GlobalDefinitions(receive_buffer=30_000), 30_000 + 50_000),
        (GlobalDefinitions(receive_buffer=ReceivePolicy.MTU, receive_buffer_packets=10), 15_000 + 50_000),
        (GlobalDefinitions(receive_buffer=ReceivePolicy.ADVERT, receive_buffer_packets=500), 16_000 + 50_000),
    ],
)
def test_a_socket_has_the_room_that_all_its_instances_want(
    lan: Lan, definitions: GlobalDefinitions, octets: int
) -> None:
    async def scenario() -> None:
        large = 50_000 if definitions.receive_buffer else 0
        routers = [router("one", vrid=1), router("two", vrid=2, kernel_rx_buffer_bytes=large)]
        with post(*routers) as mail:
            mail.sockets.configure(routers, definitions)
            [receiver] = sockets_bound_to(DEFAULT_GROUP_4)
            with receiver:
                size = receiver.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
            assert size == 2 * octets, "the kernel adds what its own headers need"

    on(lan.host(), scenario())


def sockets_bound_to(address: IPv4Address) -> Iterator[socket.socket]:
    """Those of this process."""
    for link in [link for link in Path("/proc/self/fd").iterdir() if link.is_socket()]:
        found = socket.socket(fileno=os.dup(int(link.name)))
        if found.family == socket.AF_INET and found.getsockname()[0] == str(address):
            yield found
        else:
            found.close()
