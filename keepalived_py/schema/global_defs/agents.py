"""SNMP and D-Bus."""

from keepalived_py.config.statement import Entry
from keepalived_py.schema.arguments import Decimal, Text
from keepalived_py.schema.draft import assign
from keepalived_py.schema.global_defs.forms import flag, listed, value
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

PATH_MAX = 4096


def _bind_socket(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    problem = ""
    if len(words) > 2:
        problem = "Too many parameters specified for snmp_socket - ignoring"
    elif len(words) < 2:
        problem = "SNMP error : snmp socket name missing"
    elif len(words[1]) > PATH_MAX - 1:
        problem = "SNMP error : snmp socket name too long - ignored"
    elif scope.block.snmp.socket is not None:
        problem = f"SNMP socket already set to {scope.block.snmp.socket} - ignoring"
    if problem:
        scope.error(statement, "bad-value", problem)
    else:
        assign(scope.block, row.field, words[1])


def _bind_rfc(scope: Scope, row: Row, entry: Entry) -> None:
    for field in ("snmp.rfc_v2", "snmp.rfc_v3"):
        assign(scope.block, field, True)


_INTERVAL = Decimal(1000, 30_000_000)
_INVALID = "snmp stats vs update interval '{value}' invalid - ignoring"

AGENTS = table(
    listed(
        "snmp_socket",
        "Socket of the SNMP master agent.",
        "<STRING>",
        field="snmp.socket",
        bind=_bind_socket,
        default="that of AgentX",
    ),
    flag("enable_snmp_vrrp", "SNMP: instances, as keepalived describes them.", "snmp.vrrp"),
    flag(
        "enable_snmp_keepalived", "Old name of enable_snmp_vrrp.", "snmp.vrrp", renamed_to="enable_snmp_vrrp"
    ),
    flag("enable_snmp_checker", "SNMP: virtual servers.", "snmp.checker"),
    Row(
        name="enable_snmp_rfc",
        doc="SNMP: instances, as both RFCs describe them.",
        bind=_bind_rfc,
        runs=False,
    ),
    flag("enable_snmp_rfcv2", "SNMP: instances of version 2, as RFC 2787 describes them.", "snmp.rfc_v2"),
    flag("enable_snmp_rfcv3", "SNMP: instances of version 3, as RFC 6527 describes them.", "snmp.rfc_v3"),
    flag("enable_traps", "Send SNMP traps.", "snmp.traps"),
    value(
        "snmp_vs_stats_update_interval",
        "Seconds after which SNMP reads the statistics of a virtual server again.",
        _INTERVAL,
        "snmp.virtual_server_interval_us",
        _INVALID,
        default="5",
        since="2.3.0",
    ),
    value(
        "snmp_rs_stats_update_interval",
        "Seconds after which SNMP reads the statistics of a real server again.",
        _INTERVAL,
        "snmp.real_server_interval_us",
        _INVALID,
        default="snmp_vs_stats_update_interval",
        since="2.3.0",
    ),
    flag("enable_dbus", "Serve the state of instances on D-Bus.", "dbus.enabled"),
    value(
        "dbus_service_name",
        "Name of the service on D-Bus.",
        Text(),
        "dbus.service_name",
        missing="dbus_service_name missing - ignoring",
        default="org.keepalived.Vrrp1",
    ),
    value(
        "dbus_no_interface_name",
        "What stands on D-Bus for the interface of an instance without one.",
        Text(),
        "dbus.no_interface_name",
        missing="dbus_no_interface_name missing - ignoring",
        default="none",
        since="2.3.0",
    ),
)
