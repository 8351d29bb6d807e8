"""The top-level keywords of virtual servers. Nothing acts on what stands in them yet."""

from keepalived_py.schema.arguments import Words
from keepalived_py.schema.lvs import group, virtual_server
from keepalived_py.schema.row import Row, Table, table

LVS: Table = table(
    Row(
        name="virtual_server",
        doc="A service of the kernel's load balancer.",
        argument=Words("<ADDRESS> [<PORT>]|fwmark <INT>|group <NAME> { ... }", 1),
        rows=virtual_server.VIRTUAL_SERVER,
        begin=virtual_server.begin,
        end=virtual_server.end,
        subsystem="checker",
        runs=False,
    ),
    Row(
        name="virtual_server_group",
        doc="Addresses and firewall marks that virtual servers share.",
        argument=Words(
            "<NAME> { <ADDRESS>[-<LAST>|-<ADDRESS>|/<LENGTH>] [<PORT>]|fwmark <INT> [<FAMILY>]... }", 1
        ),
        entries=True,
        named=True,
        bind=group.bind_group,
        subsystem="checker",
        runs=False,
    ),
    Row(
        name="SSL",
        doc="What SSL_GET identifies itself with.",
        argument=Words("{ ... }"),
        rows=group.TLS,
        begin=group.begin_tls,
        end=group.end_tls,
        runs=False,
    ),
)
