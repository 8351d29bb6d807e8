"""Route netlink sockets: one that orders and asks, one that listens. pyroute2 knows the messages.

The kernel answers a request before `send` returns, so that orders and dumps need not wait.
"""

import errno
import os
import socket
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyroute2.netlink import NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR
from pyroute2.netlink.rtnl import (
    RTM_DELADDR,
    RTM_DELLINK,
    RTM_DELROUTE,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWROUTE,
    RTMGRP_IPV4_IFADDR,
    RTMGRP_IPV6_IFADDR,
    RTMGRP_LINK,
)
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from keepalived_py.linux.address_message import decode_address
from keepalived_py.linux.filter import (
    DROP,
    JUMP_IF_EQUAL,
    LOAD_OCTET,
    PASS,
    Instruction,
    attach_filter,
)
from keepalived_py.linux.receive_buffer import configure_receive_buffer, set_receive_buffer
from keepalived_py.model.definitions import ReceiveBuffer
from keepalived_py.model.route import PROTOCOL_KEEPALIVED

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Octets; enough for some thousands of reports, or acknowledgements of a batch."""
BATCH = 128
"""Orders sent at once; their acknowledgements fit the receive buffer even where it is not ours to set."""
ANSWER_TIMEOUT_SECONDS = 5.0
DATAGRAM = 65536
"""Octets; the kernel fills at most 32 KiB."""

_SOL_NETLINK = 270
_NETLINK_ADD_MEMBERSHIP, _NETLINK_DROP_MEMBERSHIP = 1, 2
_NETLINK_CAP_ACK = 10
_HEADER = struct.Struct("=IHHII")
_ERROR = struct.Struct("=i")
_MESSAGES: dict[int, Any] = {
    RTM_NEWADDR: ifaddrmsg,
    RTM_DELADDR: ifaddrmsg,
    RTM_GETADDR: ifaddrmsg,
    RTM_NEWLINK: ifinfmsg,
    RTM_DELLINK: ifinfmsg,
    RTM_GETLINK: ifinfmsg,
}
ROUTING_GROUPS = {("route", 4): 7, ("rule", 4): 8, ("route", 6): 11, ("rule", 6): 19}
"""RTNLGRP_IPV4_ROUTE and so on."""


_LOW_OCTET_OF_TYPE = 4 if sys.byteorder == "little" else 5
_PROTOCOL_OF_ROUTE = 21
_ROUTES_OF_OURS: Sequence[Instruction] = (
    (LOAD_OCTET, 0, 0, _LOW_OCTET_OF_TYPE),
    (JUMP_IF_EQUAL, 1, 0, RTM_NEWROUTE),
    (JUMP_IF_EQUAL, 0, 2, RTM_DELROUTE),
    (LOAD_OCTET, 0, 0, _PROTOCOL_OF_ROUTE),
    (JUMP_IF_EQUAL, 0, 1, PROTOCOL_KEEPALIVED),
    PASS,
    DROP,
)


class OverrunError(Exception):
    """The kernel had more to report than the receive buffer holds: some reports are lost."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request: its RTM number, the fields of its header and its attributes, as pyroute2 names
    them."""

    kind: int
    fields: Mapping[str, int] = field(default_factory=dict)
    attributes: Sequence[tuple[str, object]] = ()


@dataclass(frozen=True, slots=True)
class EncodedOrder:
    """A request of which pyroute2 knows too little: its RTM number, flags besides those of every
    request, and the octets of its header and attributes."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What the kernel tells: its RTM number, and the decoded message: `decode_address` says what of an
    address, pyroute2 what of a link."""

    kind: int
    content: Any


class CommandSocket:
    """Carries out orders and answers questions, at once."""

    def __init__(self) -> None:
        self._socket = _open(groups=0, receive_buffer=RECEIVE_BUFFER)
        self._socket.settimeout(ANSWER_TIMEOUT_SECONDS)
        self._socket.setsockopt(_SOL_NETLINK, _NETLINK_CAP_ACK, 1)
        self._sequence = 0

    @property
    def port(self) -> int:
        """By which the kernel names us in its reports of what we ordered."""
        port: int = self._socket.getsockname()[0]
        return port

    def configure(self, buffer: ReceiveBuffer) -> None:
        """Have this receive buffer (`vrrp_netlink_cmd_rcv_bufs`), but not less than a batch needs."""
        if buffer.size_bytes > RECEIVE_BUFFER:
            configure_receive_buffer(self._socket, buffer, RECEIVE_BUFFER)

    def execute(self, orders: Sequence[Order | EncodedOrder]) -> list[int]:
        """Carry out orders one after the other; for each its errno, 0 if it was done."""
        results: list[int] = []
        for start in range(0, len(orders), BATCH):
            results += self._execute_batch(orders[start : start + BATCH])
        return results

    def _execute_batch(self, orders: Sequence[Order | EncodedOrder]) -> list[int]:
        first = self._sequence + 1
        self._socket.send(b"".join(self._encode(order, NLM_F_REQUEST | NLM_F_ACK) for order in orders))
        results: dict[int, int] = {}
        while len(results) < len(orders):
            for kind, sequence, message in split_datagram(self._socket.recv(DATAGRAM)):
                if kind == NLMSG_ERROR and sequence >= first:
                    results[sequence] = error_number(message)
        return [results[first + position] for position in range(len(orders))]

    def dump(self, kind: int) -> list[Report]:
        """All that the kernel has of a kind (RTM_GETLINK, RTM_GETADDR). Raises OSError if it refuses."""
        self._socket.send(self._encode(Order(kind), NLM_F_REQUEST | NLM_F_DUMP))
        reports: list[Report] = []
        while True:
            for answer, sequence, message in split_datagram(self._socket.recv(DATAGRAM)):
                if sequence != self._sequence:
                    continue
                if answer == NLMSG_DONE:
                    return reports
                if answer == NLMSG_ERROR:
                    number = error_number(message)
                    raise OSError(number, os.strerror(number))
                reports.append(Report(answer, _decode(answer, message)))

    def _encode(self, order: Order | EncodedOrder, flags: int) -> bytes:
        self._sequence += 1
        if isinstance(order, EncodedOrder):
            return pack_message(order.kind, flags | order.flags, self._sequence, order.body)
        message = _MESSAGES[order.kind]()
        message["header"] = {"type": order.kind, "flags": flags, "sequence_number": self._sequence}
        message.update(order.fields)
        message["attrs"] = order.attributes
        message.encode()
        return bytes(message.data)

    def close(self) -> None:
        self._socket.close()


class ReportSocket:
    """Hears what the kernel reports to the multicast groups that it is in (RTMGRP bits). Never waits."""

    def __init__(self, groups: int, receive_buffer: int = RECEIVE_BUFFER) -> None:
        self._socket = _open(groups, receive_buffer)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def configure(self, buffer: ReceiveBuffer) -> None:
        """Have this receive buffer (`vrrp_netlink_monitor_rcv_bufs`)."""
        configure_receive_buffer(self._socket, buffer, RECEIVE_BUFFER)

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """All messages that have arrived, in order, with their types. Raises OverrunError where some were
        lost."""
        while datagram := self._receive_datagram():
            for kind, _, message in split_datagram(datagram):
                yield kind, message

    def _receive_datagram(self) -> bytes | None:
        while True:
            try:
                datagram, (sender, _) = self._socket.recvfrom(DATAGRAM)
            except BlockingIOError:
                return None
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    raise OverrunError from None
                raise
            if sender == 0:  # Any process may send to us; only the kernel is believed.
                return datagram

    def discard(self) -> None:
        """Throw away what has arrived: whoever asks for everything anew needs no older news."""
        while True:
            try:
                if self._receive_datagram() is None:
                    return
            except OverrunError:
                continue

    def close(self) -> None:
        self._socket.close()


class MonitorSocket(ReportSocket):
    """Hears of every change of links and addresses."""

    def __init__(self, receive_buffer: int = RECEIVE_BUFFER) -> None:
        super().__init__(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, receive_buffer)

    def receive(self) -> Iterator[Report]:
        """All reports that have arrived, in order. Raises OverrunError where some were lost."""
        for kind, message in self.messages():
            if kind in _MESSAGES:
                yield Report(kind, _decode(kind, message))


class RoutingMonitorSocket(ReportSocket):
    """Hears of the routes of our protocol, and of all policy rules, of the families that are asked for."""

    def __init__(self, receive_buffer: int = RECEIVE_BUFFER) -> None:
        super().__init__(0, receive_buffer)
        # A router may have more routes from elsewhere, and changes of them, than we could ever read.
        attach_filter(self._socket, _ROUTES_OF_OURS)

    def set_groups(self, groups: Iterable[int]) -> None:
        """Be in these of ROUTING_GROUPS, and in no others of them."""
        for group in ROUTING_GROUPS.values():
            option = _NETLINK_ADD_MEMBERSHIP if group in groups else _NETLINK_DROP_MEMBERSHIP
            self._socket.setsockopt(_SOL_NETLINK, option, group)

    def receive(self) -> Iterator[tuple[int, int, bytes]]:
        """Of all reports that have arrived: their types, the ports of those who gave the orders, and what
        comes after the header. Raises OverrunError where some were lost."""
        for kind, message in self.messages():
            *_, port = _HEADER.unpack_from(message)
            yield kind, port, message[_HEADER.size :]


def _open(groups: int, receive_buffer: int) -> socket.socket:
    opened = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    set_receive_buffer(opened, receive_buffer)
    opened.bind((0, groups))
    return opened


def pack_message(kind: int, flags: int, sequence: int, body: bytes) -> bytes:
    """A header with all that comes after it."""
    return _HEADER.pack(_HEADER.size + len(body), kind, flags, sequence, 0) + body


def split_datagram(datagram: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The messages of a datagram: type, sequence number, and the whole message."""
    start = 0
    while start + _HEADER.size <= len(datagram):
        length, kind, _, sequence, _ = _HEADER.unpack_from(datagram, start)
        if length < _HEADER.size:
            return
        yield kind, sequence, datagram[start : start + length]
        start += (length + 3) & ~3


def error_number(message: bytes) -> int:
    number: int = _ERROR.unpack_from(message, _HEADER.size)[0]
    return -number


def _decode(kind: int, message: bytes) -> Any:
    if kind in (RTM_NEWADDR, RTM_DELADDR):
        return decode_address(message)
    decoded = _MESSAGES[kind](message)
    decoded.decode()
    return decoded
