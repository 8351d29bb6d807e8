"""Reading the line of a route or a rule, word by word."""

from collections.abc import Sequence
from ipaddress import IPv6Interface
from typing import NoReturn

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Statement
from keepalived_py.model.route import Number, Realms
from keepalived_py.model.units import Address, Interface
from keepalived_py.schema.addresses import parse_interface
from keepalived_py.schema.arguments import Argument, Integer, parse_address
from keepalived_py.schema.routing.names import REALMS, Names, resolve
from keepalived_py.schema.scope import Scope

ANYWHERE = ("default", "any", "all")
ANYWHERE_6 = IPv6Interface("::/0")


class SkippedError(Exception):
    """The whole line is to be ignored."""


class Words:
    """The words of a line, one after the other; `index` is that of the present one."""

    def __init__(self, scope: Scope, statement: Statement) -> None:
        self.scope = scope
        self.statement = statement
        self.index = -1

    @property
    def following(self) -> Sequence[str]:
        return self.statement.words[self.index + 1 :]

    @property
    def word(self) -> str:
        return self.statement.words[self.index]

    def next(self) -> str | None:
        """Go on to the next word; None at the end."""
        self.index += 1
        return self.word if self.index < len(self.statement.words) else None

    def value(self) -> str:
        """Go on to the next word, without which keepalived stops."""
        if not self.following:
            self.scope.missing(self.statement, len(self.statement.words) - 1)
            raise SkippedError
        self.index += 1
        return self.word

    def error(self, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Report something about the present word."""
        last = len(self.statement.words) - 1
        self.scope.error(self.statement, code, message, word=min(self.index, last), help=help)

    def warning(self, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Report something about the line that works, but hardly as meant."""
        self.scope.warning(self.statement, code, message, word=None, help=help)

    def skip(self, code: str, message: str, help: str = "") -> NoReturn:  # noqa: A002
        """Report what makes keepalived ignore the line."""
        self.error(code, message, help)
        raise SkippedError

    def number(self, highest: int, message: str) -> int:
        """The next word as a number; `{}` in the message stands for it."""
        return self.read(Integer(0, highest), message)

    def read(self, argument: Argument, message: str) -> int:
        """The next word, as an argument that is a number."""
        word = self.value()
        number: int | None = argument.read(self.scope, self.statement, self.index)
        if number is None:
            self.skip("bad-number", message.format(word))
        return number

    def name(self, names: Names, message: str) -> Number:
        """The next word as a number or a name of iproute2."""
        word = self.value()
        number = resolve(self.scope, names, word)
        if number is None:
            self.skip("unknown-name", message.format(word), f"a number, or a name from {names.file}")
        return number

    def realms(self, message: str) -> Realms:
        """The next word as REALM or REALM/REALM."""
        word = self.value()
        first, slash, second = word.partition("/")
        source = resolve(self.scope, REALMS, first) if slash else 0
        destination = resolve(self.scope, REALMS, second if slash else first)
        if source is None or destination is None:
            self.skip("unknown-name", message.format(word), "numbers, or names from rt_realms")
        return Realms(source, destination)

    def device(self, message: str) -> str:
        """The next word as the name of an interface that exists."""
        name = self.value()
        if not self.scope.has_interface(name, self.statement):
            self.skip("no-interface", message.format(name))
        return name

    def address(self, message: str) -> Address:
        """The next word as an address without a mask."""
        word = self.value()
        address = parse_address(word)
        if address is None:
            self.error("bad-address", f"VRRP parsed invalid IP {word}. skipping IP...")
            self.skip("bad-address", message.format(word), "an address without mask")
        return address

    def network(self, message: str) -> Interface | None:
        """The next word as an address with its prefix; None for anywhere, of either family."""
        word = self.value()
        if word in ANYWHERE:
            return None
        if word == "default6":
            message = "'default6' is deprecated - please replace with 'inet6 default'"
            self.scope.warning(
                self.statement,
                "deprecated",
                message,
                word=self.index,
                consequence=Consequence.SILENT,
                located=False,
            )
            return ANYWHERE_6
        found = parse_interface(self.scope, self.statement, self.index)
        if found is None:
            self.skip("bad-address", message.format(word))
        return found
