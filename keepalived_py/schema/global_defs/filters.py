"""nftables, iptables and ipsets: what drops packets to addresses that must not answer."""

from itertools import combinations

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.firewall import DEFAULT_TABLE
from keepalived_py.schema.arguments import INT_MAX, UINT_MAX, Integer
from keepalived_py.schema.draft import assign
from keepalived_py.schema.global_defs.forms import flag, listed, value
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

IPTABLES_NAME_MAX = 29
IPSET_NAME_MAX = 32
NFTABLES_NAME_MAX = 256
DEFAULT_CHAINS = ("INPUT", "OUTPUT")
DEFAULT_TABLES = {"nftables": DEFAULT_TABLE, "nftables_ipvs": "keepalived_ipvs"}
_IPSETS = ("address", "IPv6 address", "IPv6 address_iface", "IGMP", "MLD", "ND")
_PRIORITY = Integer(-INT_MAX - 1, INT_MAX)


def _name(scope: Scope, statement: Statement, index: int, most: int, what: str) -> str | None:
    """A name that is not too long; None if it is."""
    name = statement.words[index]
    problem = "too long" if len(name) >= most - 1 else "" if name else "empty"
    if problem:
        message = f"VRRP Error : {what} name {problem} - ignored"
        scope.error(statement, "bad-name", message, word=index)
        return None
    return name


def _bind_iptables(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if scope.block.firewall.iptables_in is not None:
        scope.error(statement, "duplicate", "iptables already specified - ignoring")
        return
    chains: list[str | None] = list(DEFAULT_CHAINS)
    if len(statement.words) > 1:
        chains = [
            _name(scope, statement, index, IPTABLES_NAME_MAX, f"iptables {direction} chain")
            for index, direction in zip(range(1, len(statement.words)), ("in", "out"), strict=False)
        ]
        if chains[0] is None:
            return
        if len(chains) == 2 and chains[0] == chains[1]:
            scope.error(statement, "duplicate", "vrrp_iptables: chain names cannot be the same", word=2)
            return
    for field, chain in zip(("firewall.iptables_in", "firewall.iptables_out"), chains, strict=False):
        assign(scope.block, field, chain)


def _bind_ipsets(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    given = statement.words[1:7]
    assign(scope.block, "firewall.ipsets", ())
    assign(scope.block, "firewall.use_ipsets", False if not given else None)
    if not given:
        return
    names = [
        _name(scope, statement, index, IPSET_NAME_MAX, f"ipset {what}")
        for index, what in zip(range(1, len(given) + 1), _IPSETS, strict=False)
    ]
    if None in names:
        return
    names += _derived(given)[len(names) :]
    for first, second in combinations(names, 2):
        if first == second:
            message = f"vrrp_ipsets: set name {first} used more than once"
            scope.error(statement, "duplicate", message)
            return
    assign(scope.block, "firewall.ipsets", tuple(names))
    assign(scope.block, "firewall.use_ipsets", True)


def _derived(given: tuple[str, ...] | list[str]) -> list[str]:
    """All names, those that are not given made from those that are."""
    address = given[0]
    address6 = given[1] if len(given) > 1 else f"{address[: IPSET_NAME_MAX - 2]}6"
    interface6 = f"{address6.removesuffix('6')[: IPSET_NAME_MAX - 5]}_if6"
    return [
        address,
        address6,
        interface6,
        f"{address[: IPSET_NAME_MAX - 6]}_igmp",
        f"{address[: IPSET_NAME_MAX - 5]}_mld",
        f"{address[: IPSET_NAME_MAX - 5]}_nd",
    ]


def _bind_table(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    settings, kind = (scope.block.lvs, "ipvs ") if row.name == "nftables_ipvs" else (scope.block.firewall, "")
    if settings.nftables_table is not None:
        scope.error(statement, "duplicate", f"{kind}nftables already specified - ignoring")
        return
    name: str | None = DEFAULT_TABLES[row.name]
    if len(statement.words) > 1:
        name = _name(scope, statement, 1, NFTABLES_NAME_MAX, f"nftables {kind}chain")
        if name is None:
            return
    assign(scope.block, row.field, name)


FILTERS = table(
    listed(
        "vrrp_iptables",
        "Filter, and with nftables although chains of iptables are named.",
        "[<CHAIN> [<CHAIN>]]",
        bind=_bind_iptables,
        field="firewall.iptables_in",
        default="off; INPUT OUTPUT if no chain is given",
        runs=True,
    ),
    listed(
        "vrrp_ipsets",
        "Names of ipsets for iptables; nftables needs none.",
        "[<SET>...]",
        bind=_bind_ipsets,
        field="firewall.ipsets",
        default="keepalived ...",
        runs=True,
    ),
    listed(
        "nftables",
        "Filter with nftables, in this table.",
        "[<TABLE>]",
        bind=_bind_table,
        field="firewall.nftables_table",
        default="off",
        runs=True,
    ),
    value(
        "nftables_priority",
        "Priority of the chains of nftables.",
        _PRIORITY,
        "firewall.nftables_priority",
        "invalid nftables chain priority '{value}'",
        default="-1",
        runs=True,
    ),
    flag(
        "nftables_ifindex",
        "Let the rules of nftables match interfaces by index, not by name.",
        "firewall.nftables_by_index",
        runs=True,
    ),
    flag(
        "nftables_counters",
        "Let the rules of nftables count what they match.",
        "firewall.nftables_counters",
        runs=True,
    ),
    listed(
        "nftables_ipvs",
        "Set firewall marks of virtual server groups with nftables, in this table.",
        "[<TABLE>]",
        bind=_bind_table,
        field="lvs.nftables_table",
        default="off",
    ),
    value(
        "nftables_ipvs_priority",
        "Priority of the chains of nftables_ipvs.",
        _PRIORITY,
        "lvs.nftables_priority",
        "invalid ipvs nftables chain priority '{value}'",
        default="-1",
    ),
    value(
        "nftables_ipvs_start_fwmark",
        "First firewall mark that nftables_ipvs uses.",
        Integer(1, UINT_MAX),
        "lvs.nftables_start_fwmark",
        "invalid ipvs nftables start_fwmark priority '{value}'",
        default="1000",
    ),
)
