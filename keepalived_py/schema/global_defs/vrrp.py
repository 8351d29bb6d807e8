"""Defaults of all virtual routers."""

from ipaddress import IPv4Address
from typing import Any

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry
from keepalived_py.model.definitions import ReceivePolicy
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    UINT_MAX,
    Boolean,
    Decimal,
    Integer,
    Text,
    Words,
    parse_address,
)
from keepalived_py.schema.draft import GlobalDraft
from keepalived_py.schema.global_defs.forms import boolean, flag, listed, once
from keepalived_py.schema.instance.transport import is_group
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def _bind_dynamic_interfaces(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    scope.block.dynamic_interfaces = True
    if len(statement.words) > 1 and statement.words[1] == "allow_if_changes":
        scope.block.allow_interface_changes = True
    elif len(statement.words) > 1:
        message = f"Unknown dynamic_interfaces option '{statement.words[1]}'"
        scope.error(statement, "unknown-option", message, word=1, help="allow_if_changes")


def _bind_multicast_group(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    family = int(row.name[-1])
    word = statement.words[1]
    address = parse_address(word)
    problem = ""
    if address is None:
        problem = f"Can't parse {row.name} [{word}]. Skipping"
    elif address.version != family:
        problem = f"{row.name} [{word}] is not IPv{family}. Skipping"
    elif not address.is_multicast:
        problem = f"{row.name} [{word}] is not multicast. Skipping"
    if problem or address is None:
        scope.error(statement, "bad-address", problem, word=1)
        return
    if not isinstance(address, IPv4Address) and not is_group(address):
        message = f"{row.name} [{word}] should be link-local multicast."
        scope.warning(statement, "bad-address", message, word=1, help="ff02::/16")
    setattr(scope.block, row.field, address)


def _bind_min_garp(scope: Scope, row: Row, entry: Entry) -> None:
    definitions: GlobalDraft = scope.block
    wanted = Boolean().read(scope, head_of(entry), 1)
    if wanted is None:
        scope.error(head_of(entry), "bad-boolean", "Invalid value for vrrp_min_garp specified", word=1)
    if not wanted:
        return
    fresh = GlobalDraft()
    for field, least in (
        ("garp_master_repeat", 1),
        ("garp_master_refresh_us", 0),
        ("garp_master_refresh_repeat", 0),
        ("garp_master_delay_us", 0),
    ):
        if getattr(definitions, field) == getattr(fresh, field):
            setattr(definitions, field, least)


def _bind_startup_delay(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    delay = Decimal(SECOND // 1000, UINT_MAX).read(scope, statement, 1)
    if delay is None:
        message = f"{row.name} '{statement.words[1]}' is invalid"
        scope.error(statement, "bad-number", message, word=1)
        return
    scope.block.startup_delay_us = max(delay, scope.block.startup_delay_us)
    if delay >= 60 * SECOND:
        scope.warning(
            statement,
            "long-delay",
            f"The vrrp_startup_delay is very large - {statement.words[1]} seconds",
            word=1,
            consequence=Consequence.SILENT,
            located=False,
        )


def _bind_delay_after_boot(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    delay_us = Decimal(SECOND // 1000, UINT_MAX).read(scope, statement, 1)
    if delay_us is None:
        message = f"{row.name} '{statement.words[1]}' is invalid"
        scope.error(statement, "bad-number", message, word=1)
        return
    delay_us -= scope.host.uptime_us()
    scope.block.startup_delay_us = max(delay_us, scope.block.startup_delay_us)


def _bind_garp_extra(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    seconds = 0
    for index, word in enumerate(statement.words[1:], 1):
        if word == "all":
            scope.block.garp_extra_all_interfaces = True
            continue
        number = Integer(1, 86400).read(scope, statement, index)
        if number is None:
            message = f"{row.name} '{word}' invalid - ignoring"
            scope.error(statement, "bad-number", message, word=index)
            return
        seconds = number
    if seconds:
        scope.block.garp_extra_interval_seconds = seconds
    else:
        message = f"{row.name} specified without time - ignoring"
        scope.error(statement, "missing-argument", message, help="a number of seconds")


def _bind_receive_policy(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) < 2:
        message = "vrrp_rx_bufs_policy missing"
        scope.error(statement, "missing-argument", message, help="MTU, ADVERT or a number of bytes")
        return
    known = scope.block.receive_buffer
    size = known if isinstance(known, int) else None
    policies = {known} if isinstance(known, ReceivePolicy) else set()
    for index, word in enumerate(statement.words[1:], 1):
        if word.upper() in ReceivePolicy.__members__:
            policies.add(ReceivePolicy[word.upper()])
            continue
        number = Integer(0, UINT_MAX).read(scope, statement, 1)  # of the first word, whichever this is
        if number is None:
            message = f"Invalid vrrp_rx_bufs_policy {word}"
            scope.error(statement, "bad-value", message, word=index)
        else:
            size = number
    if size is not None and policies:
        message = "Cannot set vrrp_rx_bufs_policy size and policy, ignoring policy"
        scope.error(statement, "incompatible", message)
    elif len(policies) == 2:
        message = "Cannot set both vrrp_rx_bufs_policy MTU and ADVERT, ignoring ADVERT"
        scope.error(statement, "incompatible", message)
    policy = ReceivePolicy.MTU if ReceivePolicy.MTU in policies else next(iter(policies), None)
    scope.block.receive_buffer = policy if size is None else size


def _bind_receive_packets(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) != 2:
        scope.error(statement, "missing-argument", "Invalid vrrp_rx_bufs_multiplier")
        return
    packets = Integer(1, UINT_MAX).read(scope, statement, 1)
    if packets is None:
        message = f"Invalid vrrp_rx_bufs_multiplier {statement.words[1]}"
        scope.error(statement, "bad-number", message, word=1)
    else:
        scope.block.receive_buffer_packets = packets


_DELAY = Integer(0, SECONDS_MAX, "seconds", scale=SECOND)


_REPEAT = Integer(0, UINT_MAX, "times")


_INTERVAL = Decimal(1, UINT_MAX)


def _garp(name: str, argument: Integer, doc: str, default: str, invalid: str, **more: Any) -> Row:
    field = name.removeprefix("vrrp_") + ("_us" if argument.scale == SECOND else "")
    return Row(name=name, doc=doc, argument=argument, field=field, default=default, invalid=invalid, **more)


VRRP = table(
    Row(
        name="dynamic_interfaces",
        doc="Interfaces may be missing at start; allow_if_changes: and come back with another type.",
        argument=Words("[allow_if_changes]"),
        bind=_bind_dynamic_interfaces,
        default="off",
    ),
    Row(
        name="default_interface",
        doc="Interface of static addresses without one.",
        argument=Text("INTERFACE"),
        field="default_interface",
        default="eth0",
        missing="default_interface requires interface name",
    ),
    Row(
        name="vrrp_version",
        doc="VRRP version of instances.",
        argument=Integer(2, 3),
        field="version",
        default="2",
        invalid="VRRP Error: Version must be either 2 or 3",
    ),
    boolean("vrrp_strict", "Hold to the RFCs; default of strict_mode.", "strict", runs=True),
    Row(
        name="vrrp_mcast_group4",
        doc="Multicast group of IPv4 adverts.",
        argument=Words("<MULTICAST IP>", 1),
        bind=_bind_multicast_group,
        field="multicast_group_4",
        default="224.0.0.18",
    ),
    Row(
        name="vrrp_mcast_group6",
        doc="Multicast group of IPv6 adverts.",
        argument=Words("<MULTICAST IP>", 1),
        bind=_bind_multicast_group,
        field="multicast_group_6",
        default="ff02::12",
    ),
    _garp(
        "vrrp_garp_master_delay",
        _DELAY,
        "Seconds to the second burst of gratuitous ARPs; 0 for none.",
        "5",
        "vrrp_garp_master_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "vrrp_garp_master_repeat",
        _REPEAT,
        "Gratuitous ARPs in a burst.",
        "5",
        "vrrp_garp_master_repeat '{value}' invalid - ignoring",
        zero="vrrp_garp_master_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "vrrp_garp_master_refresh",
        Integer(0, UINT_MAX, "seconds", scale=SECOND),
        "Seconds between gratuitous ARPs while master; 0 for none.",
        "0",
        "Invalid vrrp_garp_master_refresh '{value}' - ignoring",
        fallback=0,
    ),
    _garp(
        "vrrp_garp_master_refresh_repeat",
        _REPEAT,
        "Gratuitous ARPs in a refresh.",
        "1",
        "vrrp_garp_master_refresh_repeat '{value}' invalid - ignoring",
        zero="vrrp_garp_master_refresh_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "vrrp_garp_lower_prio_delay",
        _DELAY,
        "Seconds to the second burst after an advert of lower priority.",
        "vrrp_garp_master_delay",
        "vrrp_garp_lower_prio_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "vrrp_garp_lower_prio_repeat",
        Integer(0, INT_MAX, "times"),
        "Gratuitous ARPs after an advert of lower priority.",
        "vrrp_garp_master_repeat",
        "Invalid vrrp_garp_lower_prio_repeat '{value}'",
    ),
    Row(
        name="vrrp_garp_interval",
        doc="Seconds between gratuitous ARPs on one interface.",
        argument=_INTERVAL,
        field="garp_interval_us",
        default="0",
        invalid="vrrp_garp_interval '{value}' is invalid",
    ),
    Row(
        name="vrrp_gna_interval",
        doc="Seconds between neighbour advertisements on one interface.",
        argument=_INTERVAL,
        field="gna_interval_us",
        default="0",
        invalid="vrrp_gna_interval '{value}' is invalid",
    ),
    Row(
        name="vrrp_min_garp",
        doc="Send one gratuitous ARP and no repeats, where garp settings were not changed before.",
        argument=Boolean(),
        bind=_bind_min_garp,
    ),
    listed(
        "vrrp_garp_extra_if",
        "Seconds between gratuitous ARPs for addresses on other interfaces with a VMAC; all: on any.",
        "[all] <INT:1..86400>",
        bind=_bind_garp_extra,
        default="off",
        runs=True,
    ),
    listed(
        "vrrp_vmac_garp_intvl",
        "Old name of vrrp_garp_extra_if.",
        "[all] <INT:1..86400>",
        bind=_bind_garp_extra,
        renamed_to="vrrp_garp_extra_if",
        runs=True,
        deprecated='Keyword "vrrp_vmac_garp_intvl" is deprecated - please use "vrrp_garp_extra_if"',
    ),
    Row(
        name="vrrp_down_timer_adverts",
        doc="Adverts that must be missed before the master counts as down.",
        argument=Integer(1, 100, "adverts"),
        field="down_timer_adverts",
        default="3",
        invalid="Invalid vrrp_down_timer_adverts [1:100] '{value}'",
    ),
    boolean(
        "vrrp_lower_prio_no_advert",
        "As master do not answer adverts of lower priority at once.",
        "lower_prio_no_advert",
        "Invalid value for vrrp_lower_prio_no_advert specified",
        runs=True,
    ),
    boolean(
        "vrrp_higher_prio_send_advert",
        "Send an advert before yielding to a higher priority.",
        "higher_prio_send_advert",
        "Invalid value for vrrp_higher_prio_send_advert specified",
        runs=True,
    ),
    boolean(
        "vrrp_owner_ignore_adverts",
        "Discard adverts while owner of the addresses.",
        "owner_ignore_adverts",
        since="2.3.3",
        runs=True,
    ),
    flag(
        "vrrp_check_unicast_src", "Accept unicast adverts only from peers.", "check_unicast_source", runs=True
    ),
    boolean(
        "vrrp_skip_check_adv_addr",
        "Do not compare the addresses in adverts of a known master.",
        "skip_check_adv_addr",
        "Invalid value '{value}' for global vrrp_check_adv_addr specified",
        runs=True,
    ),
    boolean(
        "vrrp_notify_priority_changes",
        "Notify of changes of the effective priority, too.",
        "notify_priority_changes",
        runs=True,
    ),
    flag("log_unknown_vrids", "Log adverts of other virtual routers.", "log_unknown_vrids", runs=True),
    Row(
        name="vrrp_startup_delay",
        doc="Seconds that instances wait at start.",
        argument=Words("<SECONDS:0.001..4294>", 1),
        bind=_bind_startup_delay,
        default="0",
    ),
    Row(
        name="vrrp_delay_after_boot",
        doc="Seconds since the machine was started before instances begin.",
        argument=Words("<SECONDS:0.001..4294.967295>", 1),
        bind=_bind_delay_after_boot,
        default="0",
        since="2.4.0",
    ),
    listed(
        "vrrp_rx_bufs_policy",
        "Size of the receive buffers of adverts: in bytes, by the MTU or by the size of an advert.",
        "MTU|ADVERT|<INT bytes>",
        bind=_bind_receive_policy,
        field="receive_buffer",
        default="1 MiB",
        runs=True,
    ),
    listed(
        "vrrp_rx_bufs_multiplier",
        "So many packets fit into them.",
        "<INT:1..4294967295>",
        bind=_bind_receive_packets,
        field="receive_buffer_packets",
        default="3",
        runs=True,
    ),
    flag(
        "disable_local_igmp",
        "No reports of link-local groups by VMAC interfaces.",
        "disable_local_igmp",
        runs=True,
    ),
    flag(
        "v3_checksum_as_v2",
        "Compute the checksum of version 3 over IPv4 without pseudo-header, as version 2 does.",
        "v3_checksum_as_v2",
        since="2.2.8",
        runs=True,
    ),
    once(
        "vmac_prefix",
        "Start of the names of VMAC interfaces.",
        "vmac_prefix",
        "vmac prefix has already been specified - ignoring {value}",
        default="vrrp",
        runs=True,
    ),
    once(
        "vmac_addr_prefix",
        "Start of the names of VMAC interfaces for addresses.",
        "vmac_addr_prefix",
        "vmac_addr prefix has already been specified - ignoring {value}",
        default="vmac_prefix",
        runs=True,
    ),
)
