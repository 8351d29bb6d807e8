"""Routers with many virtual routers, of an interval of one second, on one interface or on four."""

from collections.abc import Sequence

from conformance.lab import Host, Lan, wait_until
from conformance.routers import Router, vrrp_instance

PER_INTERFACE = 250
QUIETLY = ("-n", "-l", "-G")


def configuration(count: int, priority: int, *, changed: int | None = None, body: Sequence[str] = ()) -> str:
    """`count` instances, 250 to an interface; `changed` is another priority for the first."""
    blocks = []
    for number in range(count):
        interface, vrid = number // PER_INTERFACE, number % PER_INTERFACE + 1
        block = vrrp_instance(
            *body,
            name=f"VI_{number}",
            vrid=vrid,
            priority=changed if changed is not None and number == 0 else priority,
            version=2,
            interval=1,
            addresses=(f"10.{interface}.1.{vrid}",),
        )
        blocks.append(block.replace("interface eth0", f"interface eth{interface}"))
    return "".join(blocks)


def interfaces(count: int) -> list[str]:
    """Those that so many instances are on."""
    return [f"eth{number}" for number in range((count - 1) // PER_INTERFACE + 1)]


def hosts(lan: Lan, how_many: int, count: int) -> list[Host]:
    """Hosts for so many instances, with their interfaces: eth1 on a switch br1 of its own, and so on."""
    found = [lan.host() for _ in range(how_many)]
    for interface in interfaces(count)[1:]:
        number = int(interface.removeprefix("eth"))
        bridge = f"br{number}"
        options = "stp_state 0 forward_delay 0 mcast_snooping 0"
        lan.switch.plumb(f"ip link add {bridge} type bridge {options}")
        lan.switch.plumb(f"ip link set {bridge} up")
        for host in found:
            port = f"{host.port}-{interface}"
            lan.switch.plumb(f"ip link add {port} type veth peer name {interface} netns {host.pid}")
            lan.switch.plumb(f"ip link set {port} master {bridge} up")
            host.plumb(f"ip address add 10.{number}.0.{host.number}/24 brd + dev {interface}")
            host.plumb(f"ip link set {interface} up")
            lan.await_forwarding(port)
    return found


def held(router: Router, count: int) -> int:
    """How many virtual addresses are on the host."""
    return sum(len(router.host.addresses(interface)) - 1 for interface in interfaces(count))


def await_held(router: Router, count: int, of: int) -> None:
    """Wait until the host has `count` virtual addresses, of so many instances. Raises TimeoutError."""
    wait_until(lambda: held(router, of) == count, f"{count} addresses on {router.host.name}")
