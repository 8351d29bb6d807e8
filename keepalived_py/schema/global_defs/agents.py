"""SNMP and D-Bus."""

from keepalived_py.schema.global_defs.forms import flag, other
from keepalived_py.schema.row import table

AGENTS = table(
    other("snmp_socket", "Socket of the SNMP master agent.", "<STRING>"),
    *(
        flag(f"enable_snmp_{part}", f"SNMP: {part}.")
        for part in ("vrrp", "keepalived", "rfc", "rfcv2", "rfcv3", "checker")
    ),
    flag("enable_traps", "Send SNMP traps."),
    flag("enable_dbus", "Start the D-Bus service."),
    other("dbus_service_name", "Its name.", "<STRING>"),
    other("dbus_no_interface_name", "Path for instances without interface.", "<STRING>", since="2.3.0"),
)
