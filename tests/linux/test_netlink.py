"""The sockets that hear of changes. Everybody may listen."""

import socket

import pytest

from keepalived_py.linux.netlink import ROUTING_GROUPS, CommandSocket, MonitorSocket, RoutingMonitorSocket
from keepalived_py.model.definitions import ReceiveBuffer


def buffer_of(listener: MonitorSocket | RoutingMonitorSocket) -> int:
    """Octets; the kernel counts its own overhead, and doubles what it is asked for."""
    with socket.fromfd(listener.fileno(), socket.AF_NETLINK, socket.SOCK_RAW) as copy:
        return copy.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2


@pytest.mark.parametrize("kind", [MonitorSocket, RoutingMonitorSocket])
def test_receive_buffer_is_as_configured(kind: type[MonitorSocket] | type[RoutingMonitorSocket]) -> None:
    listener = kind()
    usual = buffer_of(listener)
    listener.configure(ReceiveBuffer(size_bytes=50_000))
    assert buffer_of(listener) == 50_000
    listener.configure(ReceiveBuffer(size_bytes=60_000, force=True))
    assert buffer_of(listener) == 60_000
    listener.configure(ReceiveBuffer())
    assert buffer_of(listener) == usual
    listener.close()


def test_a_socket_leaves_the_groups_that_nobody_asks_for_any_more() -> None:
    listener = RoutingMonitorSocket()
    listener.set_groups(ROUTING_GROUPS.values())
    assert groups_of(listener) == set(ROUTING_GROUPS.values())
    listener.set_groups([ROUTING_GROUPS["rule", 6]])
    assert groups_of(listener) == {ROUTING_GROUPS["rule", 6]}
    listener.close()


def groups_of(listener: RoutingMonitorSocket) -> set[int]:
    sol_netlink, list_memberships = 270, 9
    with socket.fromfd(listener.fileno(), socket.AF_NETLINK, socket.SOCK_RAW) as copy:
        bits = copy.getsockopt(sol_netlink, list_memberships, 64)
    return {index * 8 + bit + 1 for index, octet in enumerate(bits) for bit in range(8) if octet >> bit & 1}


def test_each_command_socket_has_a_port_of_its_own() -> None:
    one, other = CommandSocket(), CommandSocket()
    assert one.port != other.port
    assert one.port > 0
    one.close()
    other.close()
