"""Put policy rules into the kernel and take them out (`virtual_rules`, `static_rules`)."""

import errno
import os
from collections.abc import Callable, Iterable

from keepalived_py.linux.netlink import CommandSocket, EncodedOrder
from keepalived_py.linux.rule_message import RTM_DELRULE, RTM_NEWRULE, rule_body
from keepalived_py.model.route import Rule
from keepalived_py.model.route_text import rule_line
from keepalived_py.vrrp.actions import Log

_NLM_F_CREATE, _NLM_F_EXCL = 0x400, 0x200


class Rules:
    """Changes policy rules, and says in the log what the kernel refused."""

    def __init__(self, commands: CommandSocket, log: Callable[[Log], None]) -> None:
        self._commands = commands
        self._log = log

    def add(self, rules: Iterable[Rule]) -> None:
        """Add rules. One that is there already is left as it is."""
        self._execute("adding", RTM_NEWRULE, _NLM_F_CREATE | _NLM_F_EXCL, errno.EEXIST, rules)

    def remove(self, rules: Iterable[Rule]) -> None:
        """Remove rules; one that is not there is no error."""
        self._execute("removing", RTM_DELRULE, 0, errno.ENOENT, rules)

    def _execute(self, doing: str, kind: int, flags: int, harmless: int, rules: Iterable[Rule]) -> None:
        rules = list(rules)
        results = self._commands.execute([EncodedOrder(kind, flags, rule_body(rule)) for rule in rules])
        for rule, result in zip(rules, results, strict=True):
            if result not in (0, harmless):
                reason = f"{os.strerror(result)}({result})"
                self._log(Log(f"Netlink: error: {reason}, {doing} rule {rule_line(rule)}"))
