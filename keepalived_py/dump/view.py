"""For whom a dump is made, and how single values are written in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from keepalived_py.dump.machine import Link, Machine
from keepalived_py.model.command import Account, Command
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.reading import NOTHING_READ, Reading
from keepalived_py.model.route import Route
from keepalived_py.model.route_text import route_line
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Address, Microseconds


class Moment(Enum):
    """When a dump is made: of a configuration alone, to the log at the start, or at any time."""

    BEFORE_START = auto()
    START = auto()
    RUNNING = auto()


@dataclass(frozen=True, slots=True)
class View:
    """`wall_offset_us` turns the engine's times into those of the wall clock."""

    machine: Machine
    moment: Moment = Moment.BEFORE_START
    script_account: Account | None = None
    """`script_user`, for commands without an account of their own."""
    wall_offset_us: Microseconds = 0

    defaulted: bool = True
    """Whether defaults that follow from the instances are filled in: only the checker process comes
    before that."""
    shows_script_user: bool = True
    """Whether a script without an account of its own was read."""
    finds_programs: bool = True
    """Whether it was looked for the files that commands name."""
    reading: Reading = NOTHING_READ
    route_devices: Mapping[Route, str] = field(default_factory=dict)
    """Where the kernel has put the routes that name no interface."""

    @property
    def transient(self) -> bool:
        """Whether to tell what is of the moment and not of the configuration."""
        return self.moment is not Moment.START

    @property
    def are_set(self) -> bool:
        """Whether static addresses are on their interfaces."""
        return self.moment is Moment.RUNNING

    def source_address(self, router: VirtualRouter) -> Address | None:
        """Where adverts of an instance that is not given an address come from."""
        link = self.link(router.interface)
        if link is None or self.moment is not Moment.BEFORE_START or self.reading.given_up:
            return None
        if router.family == 6 and not router.xmit_base:
            return None
        addresses = link.ipv4 if router.family == 4 else link.ipv6
        return addresses[0] if addresses else None

    def multicast_index(self, router: VirtualRouter) -> int:
        """The number of the interface that adverts are multicast on; 0 for one that is not there, as one
        of an instance's own is before the start."""
        if router.own_interface and self.moment is Moment.BEFORE_START:
            return 0
        link = self.link(router.interface) if router.xmit_base else None
        return link.index if link else 0

    def link(self, name: str | None) -> Link | None:
        return next((link for link in self.machine.links() if link.name == name), None)

    def route(self, route: Route) -> str:
        """A route, and where it is if it does not say so itself."""
        device = self.route_devices.get(route) if self.transient else None
        return f"{route_line(route)} [dev {device}]" if device else route_line(route)

    def owner(self, account: Account | None) -> str:
        """`uid:gid` of who runs a command."""
        uid, gid = self.machine.credentials(account, self.script_account)
        return f"{uid}:{gid}"

    def program(self, command: Command) -> tuple[str, str | None]:
        """How the program of a command is called, and the path that is run instead, if it differs."""
        if not self.finds_programs:
            return command.arguments[0], None
        return self.machine.program(command, self.script_account)

    def words(self, command: Command) -> str:
        """A command, word by word."""
        return quoted(self.program(command)[0], *command.arguments[1:])

    def command(self, command: Command, parameters: str = "params") -> str:
        """A command; where another path is run than it names, `PATH, params = COMMAND`."""
        words, path = self.words(command), self.program(command)[1]
        return f"{path}, {parameters} = {words}" if path else words


def quoted(*words: str) -> str:
    """Words of a command, each in quotes but for a redirection that stands for a test of a file."""
    first, *rest = words
    head = first if first.startswith(("<", ">")) else _quote(first)
    return " ".join([head, *map(_quote, rest)])


def _quote(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def seconds(duration_us: Microseconds) -> str:
    """Seconds, with milliseconds if there are any."""
    whole, rest = divmod(duration_us, SECOND)
    return f"{whole}.{rest // MILLISECOND:03}" if rest else str(whole)


def yes(value: bool | None, true: str = "true", false: str = "false") -> str:
    return true if value else false


def weight(it: Weight) -> str:
    return f"{it.value} reverse" if it.reverse else str(it.value)


def tracked_lines(kind: str, entries: tuple[Tracked, ...], separator: str) -> Iterator[str]:
    if entries:
        yield f"   Tracked {kind} :"
        yield from (f"     {it.name}{separator} weight {weight(it.weight)}" for it in entries)


def notify_lines(notify: NotifyScripts, view: View) -> Iterator[str]:
    scripts = {
        "Backup": notify.backup,
        "Master": notify.master,
        "Fault": notify.fault,
        "Stop": notify.stop,
        "Deleted": notify.deleted,
        "Generic": notify.any,
        "Master rx lower pri": notify.master_rx_lower_pri,
    }
    for kind, command in scripts.items():
        if command:
            owner = view.owner(command.account)
            yield f"   {kind} state transition script = {view.command(command)}, uid:gid {owner}"
