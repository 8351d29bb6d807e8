"""IPVS and the checkers."""

from keepalived_py.schema.global_defs.forms import boolean, flag, other
from keepalived_py.schema.row import table

LVS = table(
    other("lvs_timeouts", "IPVS timeouts.", "[tcp <INT>] [tcpfin <INT>] [udp <INT>]"),
    flag("lvs_flush", "Empty the IPVS table at start."),
    other("lvs_flush_on_stop", "Empty the IPVS table at the end.", "[VS]"),
    other("lvs_flush_onstop", "lvs_flush_on_stop.", "[VS]", renamed_to="lvs_flush_on_stop"),
    other("lvs_sync_daemon", "IPVS connection synchronisation.", "<INTERFACE> [...]"),
    boolean("checker_log_all_failures", "Log every failure of a check."),
    boolean("rs_init_notifies", "Notify of the first state of real servers."),
    other("snmp_vs_stats_update_interval", "Age of SNMP statistics.", "<SECONDS>", 1, since="2.3.0"),
    other("snmp_rs_stats_update_interval", "Age of SNMP statistics.", "<SECONDS>", 1, since="2.3.0"),
)
