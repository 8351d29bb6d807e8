"""nftables, iptables and ipsets."""

from keepalived_py.schema.global_defs.forms import flag, other
from keepalived_py.schema.row import table

FILTERS = table(
    other("vrrp_iptables", "Filter with iptables.", "[<CHAIN> [<CHAIN>]]"),
    other("vrrp_ipsets", "Names of ipsets.", "[<SET>...]"),
    other("nftables", "Filter with nftables.", "[<TABLE>]"),
    other("nftables_priority", "Priority of its chains.", "<INT>", 1),
    flag("nftables_ifindex", "Match interfaces by index."),
    flag("nftables_counters", "Count what rules match."),
    other("nftables_ipvs", "Table for IPVS.", "[<TABLE>]"),
    other("nftables_ipvs_priority", "Priority of its chains.", "<INT>", 1),
    other("nftables_ipvs_start_fwmark", "First firewall mark to use.", "<INT>", 1),
)
