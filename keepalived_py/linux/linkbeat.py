"""`linkbeat_interfaces`: links that are asked for every second, where the kernel does not tell.

The PHY is asked (MII), or the driver (ETHTOOL), then the flags of the interface (IOCTL), which must say
that it is up in any case.
"""

import fcntl
import socket
import struct
from array import array
from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable, Mapping

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.interface import Linkbeat
from keepalived_py.vrrp.actions import Log

INTERVAL_SECONDS = 1.0

_SIOCGIFFLAGS = 0x8913
_SIOCETHTOOL = 0x8946
_SIOCGMIIPHY = 0x8947
_SIOCGMIIREG = 0x8948
_ETHTOOL_GLINK = 0x0000000A
_IFF_UP = 0x1
_IFF_RUNNING = 0x40
_MII_BMCR = 0
_MII_BMSR = 1
_BMSR_LINK_UP = 0x0004
_NOTHING = 0xFFFF
_NAME_BYTES = 16
_REQUEST_BYTES = 40
_MII = struct.Struct("=HHHH")
_FLAGS = struct.Struct("=H")

_WAYS = {
    Linkbeat.ANY: (Linkbeat.MII, Linkbeat.ETHTOOL, Linkbeat.IOCTL),
    Linkbeat.MII: (Linkbeat.MII, Linkbeat.ETHTOOL, Linkbeat.IOCTL),
    Linkbeat.ETHTOOL: (Linkbeat.ETHTOOL, Linkbeat.MII, Linkbeat.IOCTL),
    Linkbeat.IOCTL: (Linkbeat.IOCTL,),
}
"""What is tried, one after the other, until one works for an interface."""


def polled_interfaces(configuration: Configuration) -> dict[str, Linkbeat]:
    """The interfaces whose links are to be asked for, and how: only those that someone tracks."""
    routers = configuration.routers.values()
    everywhere = configuration.definitions.linkbeat_use_polling
    own = {it.interface for it in routers if it.interface and (everywhere or it.linkbeat_use_polling)}
    tracked = {it.name for block in configuration.tracking_blocks for it in block.track_interfaces}
    tracked |= {router.interface for router in routers if router.interface}
    tracked |= {
        name for router in routers for address in router.all_addresses if (name := router.device_of(address))
    }
    polled = {name: it.linkbeat for name, it in configuration.interfaces.items() if it.linkbeat is not None}
    return {name: polled.get(name, Linkbeat.ANY) for name in sorted(tracked & (own | polled.keys()))}


class Poller:
    """Asks for links every second; `report` is given the state of all of them each time."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        report: Callable[[Mapping[str, bool]], None],
        log: Callable[[Log], None],
    ) -> None:
        self._loop = loop
        self._report = report
        self._log = log
        self._prober = Prober()
        self._wanted: Mapping[str, Linkbeat] = {}
        self._ways: dict[str, Linkbeat] = {}
        """What works for an interface."""
        self._timer: TimerHandle | None = None

    def configure(self, configuration: Configuration) -> None:
        """Ask for these links, now and from now on."""
        self._cancel()
        self._wanted = polled_interfaces(configuration)
        self._ways = {}
        self._poll()
        if self._wanted:
            self._log(Log("Using MII-BMSR/ETHTOOL NIC polling thread(s)..."))

    def stop(self) -> None:
        self._cancel()
        self._prober.close()

    def _cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _poll(self) -> None:
        self._report({name: self._is_up(name) for name in self._wanted})
        if self._wanted:
            self._timer = self._loop.call_later(INTERVAL_SECONDS, self._poll)

    def _is_up(self, name: str) -> bool:
        if not self._prober.exists(name):
            self._ways.pop(name, None)  # another of this name may be of another kind
            return False
        if name not in self._ways:
            self._ways[name] = self._find_way(name)
        # A PHY that does not answer any more leaves it to the flags.
        return self._prober.is_up(name, self._ways[name]) is not False and self._prober.has_flags(name)

    def _find_way(self, name: str) -> Linkbeat:
        wanted = self._wanted[name]
        way = next(way for way in _WAYS[wanted] if self._prober.is_up(name, way) is not None)
        if wanted not in (Linkbeat.ANY, way):
            self._log(
                Log(f"({name}): Configured linkbeat type {wanted.name} not supported, using {way.name}")
            )
        return way


class Prober:
    """Asks for links, in the network namespace it was made in."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def close(self) -> None:
        self._socket.close()

    def is_up(self, interface: str, kind: Linkbeat) -> bool | None:
        """Whether the link is up; None: it cannot be asked in this way."""
        if kind is Linkbeat.MII:
            return self._mii(interface)
        if kind is Linkbeat.ETHTOOL:
            return self._ethtool(interface)
        return self.has_flags(interface)

    def exists(self, interface: str) -> bool:
        try:
            self._call(_SIOCGIFFLAGS, _named(interface))
        except OSError:
            return False
        return True

    def has_flags(self, interface: str) -> bool:
        """Whether the interface is IFF_UP and IFF_RUNNING."""
        try:
            answer = self._call(_SIOCGIFFLAGS, _named(interface))
        except OSError:
            return False
        (flags,) = _FLAGS.unpack_from(answer, _NAME_BYTES)
        return bool(flags & _IFF_UP and flags & _IFF_RUNNING)

    def _mii(self, interface: str) -> bool | None:
        try:
            phy, *_ = self._mii_call(_SIOCGMIIPHY, interface, 0, _MII_BMSR)
            control = self._mii_call(_SIOCGMIIREG, interface, phy, _MII_BMCR)[3]
            # A lost link is remembered until it is read: only the second time tells how it is.
            before, status = (self._mii_call(_SIOCGMIIREG, interface, phy, _MII_BMSR)[3] for _ in range(2))
        except OSError:
            return None
        if control == _NOTHING or before == 0:
            return None
        return bool((before | status) & _BMSR_LINK_UP)

    def _mii_call(self, call: int, interface: str, phy: int, register: int) -> tuple[int, ...]:
        request = _named(interface) + _MII.pack(phy, register, 0, 0)
        return _MII.unpack_from(self._call(call, request), _NAME_BYTES)

    def _ethtool(self, interface: str) -> bool | None:
        value = array("I", (_ETHTOOL_GLINK, 0))
        address, _ = value.buffer_info()
        try:
            self._call(_SIOCETHTOOL, _named(interface) + struct.pack("@P", address))
        except OSError:
            return None
        return bool(value[1])

    def _call(self, call: int, request: bytes) -> bytes:
        return fcntl.ioctl(self._socket.fileno(), call, request.ljust(_REQUEST_BYTES, b"\0"))


def _named(interface: str) -> bytes:
    return interface.encode().ljust(_NAME_BYTES, b"\0")
