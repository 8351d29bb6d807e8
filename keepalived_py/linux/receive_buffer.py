"""How much a socket may hold for us until we read it."""

import socket

from keepalived_py.model.definitions import GlobalDefinitions, ReceiveBuffer, ReceivePolicy
from keepalived_py.model.router import VirtualRouter
from keepalived_py.vrrp.signing import advert_octets

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


def wanted_octets(router: VirtualRouter, definitions: GlobalDefinitions, mtu: int) -> int:
    """What the configuration wants to have room for of one instance; 0: it does not say.

    `kernel_rx_buf_size`, or else `vrrp_rx_bufs_policy` with `vrrp_rx_bufs_multiplier`.
    """
    if router.kernel_rx_buffer_bytes:
        return router.kernel_rx_buffer_bytes
    match definitions.receive_buffer:
        case None:
            return 0
        case ReceivePolicy.ADVERT:
            return definitions.receive_buffer_packets * advert_octets(router)
        case ReceivePolicy.MTU:
            return definitions.receive_buffer_packets * mtu
        case octets:
            return octets
