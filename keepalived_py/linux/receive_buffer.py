"""How much a socket may hold for us until we read it."""

import socket

_SO_RCVBUFFORCE = 33


def set_receive_buffer(receiver: socket.socket, octets: int) -> None:
    """Ask for room beyond the limit of the system, or up to it where that is not ours to pass."""
    try:
        receiver.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, octets)
    except PermissionError:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, octets)
