"""The top-level keywords of virtual servers. Nothing acts on what stands in them yet."""

from keepalived_py.schema.arguments import Words
from keepalived_py.schema.late import LateTable, late
from keepalived_py.schema.row import Row, table

_VIRTUAL_SERVER = "keepalived_py.schema.lvs.virtual_server"
_GROUP = "keepalived_py.schema.lvs.group"
_TLS = "keepalived_py.schema.lvs.tls"

LVS = table(
    Row(
        name="virtual_server",
        doc="A service of the kernel's load balancer.",
        argument=Words("<ADDRESS> [<PORT>]|fwmark <INT>|group <NAME> { ... }", 1),
        rows=LateTable(_VIRTUAL_SERVER, "VIRTUAL_SERVER"),
        begin=late(_VIRTUAL_SERVER, "begin"),
        end=late(_VIRTUAL_SERVER, "end"),
        subsystem="checker",
        runs=False,
    ),
    Row(
        name="virtual_server_group",
        doc="Addresses and firewall marks that virtual servers share.",
        argument=Words(
            "<NAME> { <ADDRESS>[-<LAST>|-<ADDRESS>|/<LENGTH>] [<PORT>]|fwmark <INT> [inet|inet6]... }", 1
        ),
        entries=True,
        named=True,
        bind=late(_GROUP, "bind_group"),
        subsystem="checker",
        runs=False,
    ),
    Row(
        name="SSL",
        doc="What SSL_GET identifies itself with.",
        argument=Words("{ ... }"),
        rows=LateTable(_TLS, "TLS"),
        begin=late(_TLS, "begin"),
        end=late(_TLS, "end"),
        runs=False,
    ),
)
