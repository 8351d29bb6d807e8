"""Which firewall a configuration uses: nftables, or what was given for iptables and ipset."""

from dataclasses import replace

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import Firewall

DEFAULT_IPSETS = tuple(f"keepalived{suffix}" for suffix in ("", "6", "_if6", "_igmp", "_mld", "_nd"))
DEFAULT_TABLE = "keepalived"


def needs_firewall(configuration: Configuration) -> bool:
    """Whether some instance does: for addresses that must not answer, or for its VMAC."""
    return any(not router.accept or router.vmac for router in configuration.routers.values())


def firewall_in_use(configuration: Configuration) -> Firewall:
    """nftables wins over iptables, and is used if anything needs a firewall and none is named."""
    firewall = configuration.definitions.firewall
    if firewall.iptables_in and firewall.nftables_table:
        firewall = replace(firewall, iptables_in=None, iptables_out=None)
    if firewall.iptables_in is None:
        firewall = replace(firewall, use_ipsets=False)
    elif firewall.use_ipsets is None:
        firewall = replace(firewall, use_ipsets=True, ipsets=DEFAULT_IPSETS)
    if needs_firewall(configuration) and not firewall.iptables_in and not firewall.nftables_table:
        firewall = replace(firewall, nftables_table=DEFAULT_TABLE)
    return firewall
