"""Links and addresses, as the kernel reports them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_interface

import pytest

from conformance.lab import Lan
from conformance.linux.machine import eventually, on, vip
from keepalived_py.linux.addresses import Addresses
from keepalived_py.linux.interfaces import Fact, Interfaces
from keepalived_py.linux.netlink import CommandSocket, MonitorSocket
from keepalived_py.model.units import Interface
from keepalived_py.vrrp.actions import Log
from keepalived_py.vrrp.events import LinkChanged, SourceAddressChanged


class Watcher:
    """Interfaces, and all that they report."""

    def __init__(self, virtual: tuple[str, ...], monitor: MonitorSocket) -> None:
        self.facts: list[Fact] = []
        self.removed: list[tuple[str, str, bool]] = []
        self.log: list[Log] = []
        self.commands = CommandSocket()
        self.interfaces = Interfaces(
            self.commands, monitor, self.facts.append, self._note_removed, self.log.append
        )
        self.interfaces.set_virtual(ip_interface(address) for address in virtual)
        self.addresses = Addresses(self.commands, self.interfaces, self.log.append)

    def _note_removed(self, device: str, address: Interface, virtual: bool) -> None:
        self.removed.append((device, str(address), virtual))


@asynccontextmanager
async def watching(*virtual: str, monitor: MonitorSocket | None = None) -> AsyncIterator[Watcher]:
    loop = asyncio.get_running_loop()
    watcher = Watcher(virtual, monitor or MonitorSocket())
    watcher.interfaces.start(loop)
    try:
        yield watcher
    finally:
        watcher.interfaces.stop(loop)
        watcher.commands.close()


def test_all_that_there_is_is_reported_at_the_start(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching() as watcher:
            assert LinkChanged("lo", up=True) in watcher.facts
            assert LinkChanged("eth0", up=True) in watcher.facts
            assert SourceAddressChanged("eth0", 4, ip_address(host.address)) in watcher.facts

    on(host, scenario())


def test_virtual_address_is_never_the_source_but_the_same_with_another_prefix_is(lan: Lan) -> None:
    """The second is the address of an owner, which has it before it is master."""
    host = lan.host()

    async def scenario() -> None:
        async with watching(f"{host.address}/24") as watcher:
            assert watcher.interfaces.source("eth0", 4) is None
        async with watching(f"{host.address}/32") as watcher:
            assert watcher.interfaces.source("eth0", 4) == ip_address(host.address)

    on(host, scenario())


def test_next_address_is_the_source_when_the_first_goes(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching("10.2.0.9/24") as watcher:
            host.plumb("ip address add 10.2.0.9/24 dev eth0")
            host.plumb("ip address add 10.2.0.1/32 dev eth0")
            host.plumb(f"ip address del {host.address}/24 dev eth0")
            changed = SourceAddressChanged("eth0", 4, ip_address("10.2.0.1"))
            await eventually(lambda: changed in watcher.facts, "the source is another")
            host.plumb("ip address del 10.2.0.1/32 dev eth0")
            await eventually(lambda: watcher.interfaces.source("eth0", 4) is None, "there is none")

    on(host, scenario())


def test_source_follows_the_set_of_virtual_addresses(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching() as watcher:
            watcher.interfaces.set_virtual([ip_interface(f"{host.address}/24")])
            assert watcher.facts[-1] == SourceAddressChanged("eth0", 4, None)
            watcher.interfaces.set_virtual([])
            assert watcher.facts[-1] == SourceAddressChanged("eth0", 4, ip_address(host.address))

    on(host, scenario())


def test_link_local_address_is_the_source_of_ipv6_when_it_is_no_longer_tentative(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with watching() as watcher:
            source = watcher.interfaces.source
            await eventually(lambda: source("eth0", 6) is not None, "there is a link-local address")
            address = source("eth0", 6)
            assert address is not None
            assert address.is_link_local

    on(host, scenario())


@pytest.mark.parametrize("subnet", ["10.2.0.{}/32", "2001:db8::{}/128"], ids=["IPv4", "IPv6"])
def test_removal_by_others_is_told_and_our_own_is_not(lan: Lan, subnet: str) -> None:
    host = lan.host()
    virtual, other = subnet.format(9), subnet.format(8)

    async def scenario() -> None:
        async with watching(virtual) as watcher:
            watcher.addresses.add("eth0", [vip(virtual), vip(other)])
            watcher.addresses.remove("eth0", [vip(virtual), vip(other)])
            watcher.addresses.add("eth0", [vip(virtual), vip(other)])
            host.plumb(f"ip address del {other} dev eth0")
            await eventually(lambda: watcher.removed, "a removal is told")
            host.plumb(f"ip address del {virtual} dev eth0")
            await eventually(lambda: len(watcher.removed) > 1, "another removal is told")
            assert watcher.removed == [("eth0", other, False), ("eth0", virtual, True)]

    on(host, scenario())


def test_address_that_goes_with_another_of_its_subnet_is_told(lan: Lan) -> None:
    host = lan.host()
    first, second = vip("10.2.0.1/24"), vip("10.2.0.2/24")

    async def scenario() -> None:
        async with watching("10.2.0.1/24", "10.2.0.2/24") as watcher:
            watcher.addresses.add("eth0", [first, second])
            watcher.addresses.remove("eth0", [first])
            assert not host.has("10.2.0.2")
            watcher.interfaces.read()
            assert watcher.removed == [("eth0", "10.2.0.2/24", True)]

    on(host, scenario())


def test_port_that_leaves_a_bridge_is_still_there(lan: Lan) -> None:
    switch = lan.switch
    host = lan.host()

    async def scenario() -> None:
        async with watching() as watcher:
            switch.plumb(f"ip link set {host.port} nomaster")
            switch.plumb("ip link set br0 down")
            await eventually(lambda: watcher.facts[-1] == LinkChanged("br0", up=False), "all is reported")
            link = watcher.interfaces.get(host.port)
            assert link is not None
            assert link.up
            assert LinkChanged(host.port, up=False) not in watcher.facts

    with switch.network():
        asyncio.run(scenario())


def test_lost_reports_are_made_good(lan: Lan) -> None:
    host = lan.host()
    host.plumb("ip address add 10.2.0.9/24 dev eth0")
    many = [vip(f"10.8.{n >> 8}.{n & 255}/32") for n in range(100)]

    async def scenario() -> None:
        async with watching("10.2.0.9/24", monitor=MonitorSocket(receive_buffer=4096)) as watcher:
            watcher.facts.clear()
            # More than the buffer holds, while nobody reads; what we look for is among the lost.
            watcher.addresses.add("eth0", many)
            watcher.addresses.remove("eth0", many)
            host.plumb("ip address del 10.2.0.9/24 dev eth0")
            host.plumb(f"ip address del {host.address}/24 dev eth0")
            host.plumb("ip address add 10.2.0.1/24 dev eth0")
            host.plumb("ip link set lo down")
            changed = SourceAddressChanged("eth0", 4, ip_address("10.2.0.1"))
            await eventually(lambda: changed in watcher.facts, "the new source is known")
            assert any("overrun" in line.text for line in watcher.log)
            assert LinkChanged("lo", up=False) in watcher.facts
            assert ("eth0", "10.2.0.9/24", True) in watcher.removed

    on(host, scenario())
