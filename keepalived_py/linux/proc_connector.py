"""The kernel's process event connector (CN_PROC): hears of every fork, exec and change of name.

It exists in the initial network namespace only, if the kernel has CONFIG_PROC_EVENTS, for root.
"""

import errno
import socket
import struct
from collections.abc import Iterator

from keepalived_py.linux.receive_buffer import set_receive_buffer

NETLINK_CONNECTOR = 11
CN_IDX_PROC = CN_VAL_PROC = 1
PROC_CN_MCAST_LISTEN = 1
NLMSG_DONE = 3

EVENT_FORK = 0x00000001
EVENT_EXEC = 0x00000002
EVENT_COMM = 0x00000200

RECEIVE_BUFFER = 1024 * 1024
ACKNOWLEDGEMENT_TIMEOUT_SECONDS = 0.1

_NETLINK_HEADER = struct.Struct("=IHHII")
_CONNECTOR_HEADER = struct.Struct("=IIIIHH")
_EVENT_HEADER = struct.Struct("=IIQ")
_EVENT = _NETLINK_HEADER.size + _CONNECTOR_HEADER.size
_PROCESSES = _EVENT + _EVENT_HEADER.size
_FORK = struct.Struct("=IIII")
_SELF = struct.Struct("=II")


class UnavailableError(Exception):
    """This host does not tell us of processes."""


class OverrunError(Exception):
    """There was more to tell than the receive buffer holds: some events are lost."""


class ProcConnector:
    """Tells which processes may have become something else. Raises UnavailableError."""

    def __init__(self) -> None:
        try:
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_CONNECTOR)
        except OSError as error:
            raise UnavailableError(error.strerror) from error
        try:
            set_receive_buffer(self._socket, RECEIVE_BUFFER)
            self._socket.bind((0, CN_IDX_PROC))
            self._listen()
        except OSError as error:
            self._socket.close()
            raise UnavailableError(error.strerror or str(error)) from error
        self._socket.setblocking(False)

    def _listen(self) -> None:
        operation = struct.pack("=I", PROC_CN_MCAST_LISTEN)
        message = _CONNECTOR_HEADER.pack(CN_IDX_PROC, CN_VAL_PROC, 0, 0, len(operation), 0) + operation
        header = _NETLINK_HEADER.pack(_NETLINK_HEADER.size + len(message), NLMSG_DONE, 0, 0, 0)
        self._socket.send(header + message)
        # A kernel that has the connector but not its events never answers.
        self._socket.settimeout(ACKNOWLEDGEMENT_TIMEOUT_SECONDS)
        self._socket.recv(4096)

    def fileno(self) -> int:
        return self._socket.fileno()

    def receive(self) -> Iterator[tuple[int, int | None]]:
        """The processes that may have become something else: (id, None) of one that has changed its
        program or name, (id, parent) of a new one, which still is what its parent is. Threads do
        not count. Raises OverrunError."""
        while True:
            try:
                datagram = self._socket.recv(4096)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    raise OverrunError from None
                raise
            kind, _, _ = _EVENT_HEADER.unpack_from(datagram, _EVENT)
            if kind == EVENT_FORK:
                _, parent, thread, process = _FORK.unpack_from(datagram, _PROCESSES)
            elif kind in (EVENT_EXEC, EVENT_COMM):
                thread, process = _SELF.unpack_from(datagram, _PROCESSES)
                parent = None
            else:
                continue
            if thread == process:
                yield process, parent

    def close(self) -> None:
        self._socket.close()
