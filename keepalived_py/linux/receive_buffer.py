"""How much a socket may hold for us until we read it."""

import socket

from keepalived_py.model.definitions import ReceiveBuffer

_SO_RCVBUFFORCE = 33


def set_receive_buffer(receiver: socket.socket, octets: int) -> None:
    """Ask for room beyond the limit of the system, or up to it where that is not ours to pass."""
    try:
        receiver.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, octets)
    except PermissionError:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, octets)


def configure_receive_buffer(receiver: socket.socket, wanted: ReceiveBuffer, default: int) -> None:
    """Ask for what the configuration says, or else for so many octets."""
    if not wanted.size_bytes:
        set_receive_buffer(receiver, default)
    elif wanted.force:
        set_receive_buffer(receiver, wanted.size_bytes)
    else:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted.size_bytes)
