"""What is set for interfaces so that VMACs work, and put back when they are gone.

A VMAC must hear adverts from its own MAC address (accept_local) without having an address that they
could be routed back to (rp_filter), and answer ARP for its own addresses alone (arp_ignore); its base
must not answer for those of the VMAC (arp_ignore, arp_filter).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from keepalived_py.linux import sysctl
from keepalived_py.linux.links import Device, devices, ipv4_order
from keepalived_py.linux.netlink import CommandSocket
from keepalived_py.linux.sysctl import Setting, Settings
from keepalived_py.vrrp.actions import Log

OF_BASE = {Setting.ARP_IGNORE: 1, Setting.ARP_FILTER: 1}
OF_VMAC = {
    4: {
        Setting.ARP_IGNORE: 1,
        Setting.ACCEPT_LOCAL: 1,
        Setting.RP_FILTER: 0,
        Setting.PROMOTE_SECONDARIES: 1,
    },
    6: {Setting.ARP_IGNORE: 1},
}
_ALL = "ipv4/conf/all/rp_filter"
_DEFAULT = "ipv4/conf/default/rp_filter"
_LOCAL_REPORTS = "ipv4/igmp_link_local_mcast_reports"


@dataclass(slots=True)
class _Base:
    """The interface below VMACs: what it had before, and which VMACs need it changed."""

    index: int
    before: Settings
    users: set[str] = field(default_factory=set)


class InterfaceSettings:
    """Changes settings, remembers what they were, and restores it."""

    def __init__(self, commands: CommandSocket, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._log = log
        self._bases: dict[str, _Base] = {}
        self._promoted: dict[str, int] = {}
        self._rp_filter: _RpFilter | None = None
        self._local_reports: int | None = None

    def disable_local_reports(self) -> bool:
        """The kernel is to report no groups of the link alone, such as that of VRRP (`disable_local_igmp`);
        whether it does not."""
        if self._local_reports is None:
            self._local_reports = sysctl.read(_LOCAL_REPORTS)
            if self._local_reports:
                sysctl.write(_LOCAL_REPORTS, 0, self._log)
        return sysctl.read(_LOCAL_REPORTS) == 0

    def prepare(self, vmac: str, index: int, family: int, base: Device) -> None:
        """Make a new VMAC, and the interface that it is on, fit for each other."""
        if self._rp_filter is None:
            self._rp_filter = _RpFilter(self._commands, self._log)
        self._set(index, OF_VMAC[family], vmac)
        if family == 6:
            return
        name = base.link.name
        known = self._bases.get(name)
        if known is None or known.index != base.index:
            before = {setting: base.settings.get(setting, 0) for setting in OF_BASE}
            self._bases[name] = known = _Base(base.index, before)
            if before != OF_BASE:
                self._set(base.index, OF_BASE, name)
        known.users.add(vmac)

    def release(self, vmac: str) -> None:
        """The VMAC is gone: when nobody needs it any more, the base is as before."""
        for name, base in list(self._bases.items()):
            base.users.discard(vmac)
            if not base.users:
                del self._bases[name]
                if base.before != OF_BASE:
                    self._set(base.index, base.before, name)

    def promote_secondaries(self, present: Mapping[str, Device], names: Iterable[str]) -> None:
        """Of these interfaces, and no others, secondary addresses become primary when that goes."""
        wanted = set(names)
        for name in self._promoted.keys() - wanted:
            self._set(self._promoted.pop(name), {Setting.PROMOTE_SECONDARIES: 0}, name)
        for name in wanted - self._promoted.keys():
            device = present.get(name)
            if device and not device.settings.get(Setting.PROMOTE_SECONDARIES):
                self._promoted[name] = device.index
                self._set(device.index, {Setting.PROMOTE_SECONDARIES: 1}, name)

    def restore(self) -> None:
        """All is as it was before the first VMAC."""
        if self._rp_filter:
            self._rp_filter.restore()
            self._rp_filter = None
        for name, index in self._promoted.items():
            self._set(index, {Setting.PROMOTE_SECONDARIES: 0}, name)
        self._promoted.clear()
        if self._local_reports:
            sysctl.write(_LOCAL_REPORTS, self._local_reports, self._log)
        self._local_reports = None

    def _set(self, index: int, settings: Settings, name: str) -> None:
        [number] = self._commands.execute([ipv4_order(index, settings)])
        if number:
            self._log(Log(f"Unable to set parameters for {name}: errno {number}"))


class _RpFilter:
    """rp_filter of an interface is never less than that of all. What all interfaces have from there,
    each gets for itself, so that it can be 0 for VMACs alone."""

    def __init__(self, commands: CommandSocket, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._log = log
        self._all = sysctl.read(_ALL) or 0
        self._default: int | None = None
        self._raised: dict[int, int] = {}
        if not self._all:
            return
        default = sysctl.read(_DEFAULT) or 0
        if default < self._all:
            self._default = default
            self._write("setting", _DEFAULT, default, self._all)
        for device in devices(commands).values():
            before = device.settings.get(Setting.RP_FILTER, 0)
            if before < self._all:
                self._raised[device.index] = before
        self._set(dict.fromkeys(self._raised, self._all))
        self._write("setting", _ALL, self._all, 0)

    def restore(self) -> None:
        """Put back what has not been changed by somebody else meanwhile."""
        if not self._all:
            return
        if sysctl.read(_ALL) == 0:
            self._write("resetting", _ALL, None, self._all)
        if self._default is not None and sysctl.read(_DEFAULT) == self._all:
            self._write("resetting", _DEFAULT, None, self._default)
        now = {it.index: it.settings.get(Setting.RP_FILTER) for it in devices(self._commands).values()}
        unchanged = {index: value for index, value in self._raised.items() if now.get(index) == self._all}
        self._set(unchanged)

    def _set(self, values: Mapping[int, int]) -> None:
        self._commands.execute(
            [ipv4_order(index, {Setting.RP_FILTER: value}) for index, value in values.items()]
        )

    def _write(self, doing: str, path: str, before: int | None, after: int) -> None:
        change = f"from {before} to {after}" if before is not None else f"to {after}"
        self._log(Log(f"NOTICE: {doing} sysctl net.{path.replace('/', '.')} {change}"))
        sysctl.write(path, after, self._log)
