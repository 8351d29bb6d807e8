"""`SSL`: what the checkers that use TLS identify themselves with."""

from keepalived_py.config.statement import Statement
from keepalived_py.model.lvs import Tls
from keepalived_py.schema.lvs.draft import TlsDraft
from keepalived_py.schema.lvs.strings import text_row
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope


def begin(scope: Scope, head: Statement) -> TlsDraft:
    if scope.drafts.lvs.tls is not None:
        message = "SSL context already specified - replacing"
        scope.error(head, "duplicate", message, help="only one SSL block counts")
    return TlsDraft()


def end(scope: Scope, tls: TlsDraft) -> None:
    scope.drafts.lvs.tls = Tls(password=tls.password, ca=tls.ca, certificate=tls.certificate, key=tls.key)


def _file(name: str, doc: str, what: str, kind: str) -> Row:
    return text_row(name, doc, what, label="SSL", missing=f"SSL {kind} missing")


TLS = table(
    _file("password", "Passphrase of the key.", "TEXT", "password"),
    _file("ca", "File with the authorities to trust.", "PATH", "cafile"),
    _file("certificate", "File with the certificate of the checkers.", "PATH", "certfile"),
    _file("key", "File with its key.", "PATH", "keyfile"),
)
