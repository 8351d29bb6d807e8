"""How adverts are authenticated."""

from keepalived_py.config.statement import Entry
from keepalived_py.model.router import AuthType
from keepalived_py.schema.arguments import (
    Choice,
    Text,
    Words,
)
from keepalived_py.schema.instance.hmac import AUTH_HMAC, begin_hmac
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

PASSWORD_BYTES = 8


def _bind_password(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    password = statement.words[1].encode("utf-8", "surrogateescape")
    if len(password) > PASSWORD_BYTES:
        scope.error(
            statement,
            "password-too-long",
            f"Truncating auth_pass to {PASSWORD_BYTES} characters",
            word=1,
            help="what is over is not part of the password; cut it in the file, on all nodes",
        )
    scope.block.auth_data = password[:PASSWORD_BYTES].ljust(PASSWORD_BYTES, b"\0")


AUTHENTICATION = table(
    Row(
        name="auth_type",
        doc="PASS sends a password in clear; AH signs adverts.",
        argument=Choice((("PASS", AuthType.PASS), ("AH", AuthType.AH))),
        field="auth_type",
        invalid="({name}) unknown authentication type '{value}'",
        default="none",
    ),
    Row(
        name="auth_pass",
        doc="The password, at most 8 characters.",
        argument=Text("PASSWORD"),
        bind=_bind_password,
        default="none",
    ),
)


AUTHENTICATION_BLOCKS = table(
    Row(
        name="authentication",
        doc="Authentication of version 2.",
        argument=Words("{ ... }"),
        rows=AUTHENTICATION,
        default="none",
    ),
    Row(
        name="auth_hmac",
        doc="Authentication by an HMAC trailer.",
        argument=Words("{ ... }"),
        rows=AUTH_HMAC,
        begin=begin_hmac,
        since="2.4.0",
        default="none",
    ),
)
