"""A runtime of ours on a host of the LAN, in this process: its engine is there to look at."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from ipaddress import ip_interface
from typing import Any

from conformance.lab import PATIENCE_SECONDS, Host
from keepalived_py.linux.runtime import Runtime
from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.units import MILLISECOND
from keepalived_py.vrrp.actions import Log, Notify, NotifyEvent
from keepalived_py.vrrp.state import State

VIP = "10.0.0.101"


def vip(address: str = VIP, **options: Any) -> IpAddress:
    return IpAddress(interface=ip_interface(address), **options)


def router(name: str = "VI_1", **fields: Any) -> VirtualRouter:
    """An instance that elects within half a second, unless `fields` say otherwise."""
    defaults: dict[str, Any] = {
        "vrid": 51,
        "interface": "eth0",
        "version": 3,
        "advert_interval_us": 100 * MILLISECOND,
        "virtual_addresses": (vip(),),
    }
    return VirtualRouter(name=name, **(defaults | fields))


def configuration(*routers: VirtualRouter, **fields: Any) -> Configuration:
    return Configuration(routers={each.name: each for each in routers}, **fields)


async def eventually(condition: Callable[[], object], what: str) -> None:
    """Let the loop run until `condition` holds. Raises TimeoutError, saying `what` did not come true."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise TimeoutError(f"not within {PATIENCE_SECONDS:g} s: {what}") from None


class Machine:
    """A runtime and what it said."""

    def __init__(self, configuration: Configuration) -> None:
        self.log: list[str] = []
        self.notified: list[Notify | NotifyEvent] = []
        self.runtime = Runtime(
            configuration,
            loop=asyncio.get_running_loop(),
            log=self._write,
            notify=self.notified.append,
        )

    def _write(self, line: Log) -> None:
        self.log.append(line.text)

    def state(self, name: str = "VI_1") -> State:
        return self.runtime.engine.instances[name].state

    async def becomes(self, state: State, name: str = "VI_1") -> None:
        await eventually(
            lambda: self.state(name) is state, f"{name} is {state.name}:\n" + "\n".join(self.log)
        )


@asynccontextmanager
async def running(configuration: Configuration, host: Host | None = None) -> AsyncIterator[Machine]:
    """A runtime that is started, on another host if one is named, and stopped in the end."""
    with host.network() if host else nullcontext():
        machine = Machine(configuration)
        machine.runtime.start()
    try:
        yield machine
    finally:
        machine.runtime.stop()


def on(host: Host, scenario: Coroutine[object, object, None]) -> None:
    """Run a scenario in the network of a host."""
    with host.network():
        asyncio.run(scenario)
