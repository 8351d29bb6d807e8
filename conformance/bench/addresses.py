"""When addresses come to a host and go from it, as its kernel tells."""

import select
import socket
import struct
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from types import TracebackType
from typing import Self

from conformance.lab import PATIENCE_SECONDS, Host

_NETLINK_ROUTE = 0
_RTMGRP_IPV4_IFADDR = 0x10
_RTM_NEWADDR = 20
_RTM_DELADDR = 21
_HEADER = struct.Struct("=IHHII")


class AddressEvents:
    """What happens on one host to one IPv4 address, from now on."""

    def __init__(self, host: Host, address: str) -> None:
        self._what = f"{address} on {host.name}"
        self._address = IPv4Address(address).packed
        with host.network():
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_ROUTE)
        self._socket.bind((0, _RTMGRP_IPV4_IFADDR))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def additions(self) -> int:
        """How often it was added since this was last asked or waited for."""
        return list(self._read(until=0)).count(_RTM_NEWADDR)

    def await_added(self) -> float:
        """The time at which it was added, in seconds since the epoch. Raises TimeoutError."""
        return self._await(_RTM_NEWADDR)

    def await_removed(self) -> float:
        """The time at which it was removed, in seconds since the epoch. Raises TimeoutError."""
        return self._await(_RTM_DELADDR)

    def _await(self, kind: int) -> float:
        for found in self._read(until=time.time() + PATIENCE_SECONDS):
            if found == kind:
                return time.time()
        raise TimeoutError(f"not within {PATIENCE_SECONDS:g} s: {self._what}")

    def _read(self, until: float) -> Iterator[int]:
        """The kinds of the messages about it that come up to some time."""
        while select.select([self._socket], [], [], max(0, until - time.time()))[0]:
            data = self._socket.recv(65536)
            length, kind, *_ = _HEADER.unpack_from(data)
            if self._address in data[:length]:
                yield kind
