"""`auth_hmac`: authentication of adverts by an HMAC trailer."""

import re
from dataclasses import replace

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.hmac import KEY_OCTETS_MAX, KEY_OCTETS_MIN, AuthHmac, HmacMode
from keepalived_py.schema.arguments import Argument, Choice, Integer, Words
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.host import Secret
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

KEY_ID = Integer(1, 255)
_OCTET = re.compile(rb"[0-9A-Fa-f]{1,2}")
_HEXADECIMAL = re.compile(rb"hex:(?:[ \t]*[0-9A-Fa-f](?:[0-9A-Fa-f]|(?= |$)))*[ \t]*")
KEY_FILE_OCTETS_MAX = len(b"hex:") + 2 * KEY_OCTETS_MAX + 7


def begin_hmac(scope: Scope, head: Statement) -> InstanceDraft:
    instance: InstanceDraft = scope.block
    instance.auth_hmac = instance.auth_hmac or AuthHmac()
    return instance


def _bind_key(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    instance: InstanceDraft = scope.block
    hmac = instance.auth_hmac or AuthHmac()
    start = f"({instance.name}) auth_hmac key"
    if len(words) < 3:
        message = f"{start} needs an id and a value"
        scope.error(statement, "missing-argument", message, help="key NUMBER VALUE")
        return
    number = KEY_ID.read(scope, statement, 1)
    if number is None:
        message = f"{start} id '{words[1]}' must be between 1 and 255"
        scope.error(statement, "bad-number", message, word=1)
        return
    key: bytes | None = None
    if not words[2].startswith("file:"):
        key = _decoded(words[2].encode("utf-8", "surrogateescape"))
    elif (secret := scope.host.secret(words[2].removeprefix("file:"))) is not None:
        key = _decoded(_from_file(scope, statement, secret))
    if key is not None and not KEY_OCTETS_MIN <= len(key) <= KEY_OCTETS_MAX:
        message = f"{start} {number} length {len(key)} not in range [{KEY_OCTETS_MIN}, {KEY_OCTETS_MAX}]"
        scope.error(statement, "bad-key", message, word=2, help="text, hex:OCTETS or file:PATH")
    elif number in hmac.keys:
        message = f"({instance.name}) duplicate auth_hmac key id {number}"
        scope.error(statement, "duplicate", message, word=1)
    else:
        instance.auth_hmac = replace(hmac, keys={**hmac.keys, number: key})


def _from_file(scope: Scope, statement: Statement, secret: Secret) -> bytes:
    path = statement.words[2].removeprefix("file:")
    start = f"({scope.block.name}) auth_hmac key file '{path}'"
    if secret.content is None:
        scope.error(statement, "no-file", f"{start} cannot be opened", word=2)
        return b""
    if secret.exposed:
        scope.error(
            statement,
            "readable-secret",
            f"{start} is readable by group or others",
            word=2,
            help=f"chmod 600 {path}",
            consequence=Consequence.INSECURE,
        )
    if len(secret.content) >= KEY_FILE_OCTETS_MAX:
        scope.error(statement, "bad-key", f"{start} is too large", word=2)
        return b""
    return secret.content.rstrip(b"\r\n").partition(b"\0")[0]


def _decoded(value: bytes) -> bytes:
    """The octets that a key stands for; none if it is no hexadecimal.

    As keepalived reads it: a digit before a space or at the end is an octet of its own.
    """
    if not value.startswith(b"hex:"):
        return value
    if not _HEXADECIMAL.fullmatch(value):
        return b""
    return bytes(int(octet, 16) for octet in _OCTET.findall(value.removeprefix(b"hex:")))


def _bind_setting(scope: Scope, row: Row, entry: Entry) -> None:
    """A setting other than a key."""
    instance: InstanceDraft = scope.block
    statement = head_of(entry)
    field, argument, problem = _SETTINGS[row.name]
    value = argument.read(scope, statement, 1)
    if value is None:
        message = f"({instance.name}) auth_hmac {row.name} '{statement.words[1]}' must be {problem}"
        scope.error(statement, "bad-value", message, word=1)
    else:
        instance.auth_hmac = replace(instance.auth_hmac or AuthHmac(), **{field: value})


_SETTINGS: dict[str, tuple[str, Argument, str]] = {
    "active_key": ("active_key", KEY_ID, "between 1 and 255"),
    "time_window": ("time_window_seconds", Integer(1, 300), "between 1 and 300 seconds"),
    "anti_replay": (
        "anti_replay_by_time",
        Choice((("time", True), ("monotonic", False))),
        "time or monotonic",
    ),
    "mode": (
        "mode",
        Choice(tuple((mode.value, mode) for mode in HmacMode)),
        "enforce, permissive or receive-only",
    ),
}

AUTH_HMAC = table(
    Row(
        name="key",
        doc="A key with its id: text, hex:OCTETS, or file:PATH for a file that holds either.",
        argument=Words("<INT:1..255> <KEY>"),
        bind=_bind_key,
        repeats=True,
    ),
    *(
        Row(
            name=name,
            doc=doc,
            argument=Words(_SETTINGS[name][1].describe(), 1),
            bind=_bind_setting,
            default=default,
        )
        for name, doc, default in (
            ("active_key", "The id of the key to send with.", "required"),
            ("time_window", "Seconds that clocks may differ.", "3 advert intervals, at least 5"),
            ("anti_replay", "How replays are found.", "time"),
            ("mode", "Whether the trailer is sent and required.", "enforce"),
        )
    ),
)
