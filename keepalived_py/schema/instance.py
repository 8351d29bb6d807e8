"""`vrrp_instance`: one virtual router."""

from ipaddress import IPv4Address, IPv6Address
from typing import Any

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.router import AuthType, InitialState, UnicastPeer
from keepalived_py.model.units import SECOND
from keepalived_py.schema import addresses, routes
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    UINT_MAX,
    Boolean,
    Choice,
    CommandLine,
    Decimal,
    Entries,
    Integer,
    Text,
    Words,
    parse_endpoint,
)
from keepalived_py.schema.commands import bind_notify, notify_command
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, head_of, place_of
from keepalived_py.schema.tracking import TRACK_LISTS

PASSWORD_BYTES = 8


def begin(scope: Scope, head: Statement) -> InstanceDraft | None:
    if len(head.words) != 2:
        scope.error(head, "name", "vrrp_instance must have a name", help="vrrp_instance NAME {")
        return None
    name = head.words[1]
    if name in scope.drafts.instances:
        scope.error(
            head, "duplicate", f"vrrp instance {name} already defined", word=1, help="the block is skipped"
        )
        return None
    return InstanceDraft(name, head, place_of(head, 1))


def end(scope: Scope, instance: InstanceDraft) -> None:
    if instance.unicast and instance.use_vmac:
        if not instance.interface_exists:
            message = (
                f"({instance.name}): Cannot use VMAC/ipvlan with unicast and no interface - clearing use_vmac"
            )
            scope.error(instance.head, "vmac", message, word=1)
            instance.use_vmac = False
            instance.vmac_name = None
        elif not instance.vmac_xmit_base:
            message = f"({instance.name}) unicast with use_vmac requires vmac_xmit_base - setting"
            scope.error(instance.head, "vmac", message, word=1, help="add vmac_xmit_base")
            instance.vmac_xmit_base = True
    if not instance.unicast_peers and instance.unicast_ttl is not None:
        message = f"({instance.name}): Cannot use unicast_ttl without unicast peers - resetting"
        scope.error(instance.said["unicast_ttl"], "unicast", message)
        instance.unicast_ttl = None
    scope.drafts.instances[instance.name] = instance


def _bind_state(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    word = statement.words[1]
    if word == "BACKUP" and instance.state is InitialState.MASTER:
        message = f"({instance.name}) state previously set as MASTER - ignoring BACKUP"
        scope.error(statement, "duplicate", message, word=1)
    elif word in InitialState.__members__:
        instance.state = InitialState[word]
    else:
        message = f"({instance.name}) unknown state '{word}', defaulting to BACKUP"
        scope.error(statement, "bad-state", message, word=1, help="MASTER or BACKUP")
        instance.state = InitialState.BACKUP


def _bind_interface(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    name = statement.words[1]
    if len(name) > addresses.INTERFACE_NAME_MAX:
        scope.error(statement, "bad-interface", f"Interface name '{name}' too long - ignoring", word=1)
        return
    instance.interface = name
    instance.interface_exists = True
    if name == "lo":
        message = f"({instance.name}) cannot use a loopback interface ({name}) for vrrp - ignoring"
        scope.error(statement, "bad-interface", message, word=1)
        instance.interface, instance.interface_exists = None, False
    elif not scope.has_interface(name, statement):
        message = f"WARNING - interface {name} for vrrp_instance {instance.name} doesn't exist"
        scope.error(statement, "no-interface", message, word=1)
        instance.interface_exists = False


def _bind_source(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    instance.unicast |= row.name == "unicast_src_ip"
    word = statement.words[1]
    address = parse_endpoint(word)
    start = f"Configuration error: VRRP instance[{instance.name}]"
    if address is None:
        message = f"{start} malformed src address[{word}]. Skipping..."
        scope.error(statement, "bad-address", message, word=1, help="an address without mask")
        return
    if _same_family(instance, address.version):
        instance.source_address = address
    else:
        message = f"{start} and src address[{word}] MUST be of the same family !!! Skipping..."
        scope.error(statement, "family", message, word=1)
        instance.source_address = None


def _same_family(instance: InstanceDraft, family: int) -> bool:
    """Whether the instance is of this family; the first address decides."""
    instance.family = instance.family or family
    return instance.family == family


def _bind_multicast_group(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    word = statement.words[1]
    address = parse_endpoint(word)
    problem = ""
    if address is None:
        problem = f"malformed mcast dest address {word}. Skipping..."
    elif not _same_family(instance, address.version):
        problem = f"mcast dest address {word} MUST match VRRP instance family. Skipping..."
    elif not is_group(address):
        link_local = " link-local" if address.version == 6 else ""
        problem = f"mcast_dst_ip {word} not{link_local} multicast. Skipping..."
    if problem:
        scope.error(statement, "bad-address", f"({instance.name}) {problem}", word=1)
    else:
        instance.multicast_group = address


def is_group(address: IPv4Address | IPv6Address) -> bool:
    """Whether adverts may be sent to it: multicast, and in IPv6 of link-local scope."""
    if isinstance(address, IPv6Address):
        return address.packed[0] == 0xFF and address.packed[1] & 0x0F == 2
    return address.is_multicast


def _bind_peers(scope: Scope, row: Row, entry: Entry) -> None:
    instance: InstanceDraft = scope.block
    instance.unicast = True
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        if peer := _peer(scope, instance, statement):
            instance.unicast_peers[peer.address] = peer


def _peer(scope: Scope, instance: InstanceDraft, statement: Statement) -> UnicastPeer | None:
    word = statement.words[0]
    address = parse_endpoint(word)
    start = f"Configuration error: VRRP instance[{instance.name}]"
    if address is None:
        message = f"{start} malformed unicast peer address[{word}]. Skipping..."
        scope.error(statement, "bad-address", message, help="an address without mask, one a line")
        return None
    if not _same_family(instance, address.version):
        message = f"{start} and unicast peer address[{word}] MUST be of the same family !!! Skipping..."
        scope.error(statement, "family", message)
        return None
    bounds: dict[str, int] = {}
    for index in range(1, len(statement.words), 2):
        option = statement.words[index]
        if index + 1 == len(statement.words):
            message = f"({instance.name}) {word} - {option} is missing a value"
            scope.error(statement, "missing-argument", message, word=index)
            break
        ttl = Integer(0, 255).read(scope, statement, index + 1)
        if ttl is None:
            continue
        if option not in ("min_ttl", "max_ttl"):
            message = f"({instance.name}) {word} - unknown unicast_peer option {option}"
            scope.error(statement, "unknown-option", message, word=index, help="min_ttl, max_ttl")
            break
        bounds[option] = ttl
        instance.check_unicast_source = True
    if address in instance.unicast_peers:
        message = f"({instance.name}) {word} - duplicate unicast_peer"
        scope.error(statement, "duplicate", message)
        return None
    low, high = bounds.get("min_ttl", 0), bounds.get("max_ttl", 255)
    if low > high:
        message = f"({instance.name}) {word} - min_ttl {low} > max_ttl {high} - all packets will be discarded"
        scope.error(statement, "bad-ttl", message)
    return UnicastPeer(
        address=address,
        min_ttl=bounds.get("min_ttl"),
        max_ttl=bounds.get("max_ttl"),
        place=place_of(statement),
    )


def _bind_version(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    version = Integer(2, 3).read(scope, statement, 1)
    if version is None:
        scope.error(statement, "bad-version", f"({instance.name}): Version must be either 2 or 3", word=1)
    elif instance.version not in (None, version) or (version == 2 and instance.family == 6):
        message = (
            f"({instance.name}) vrrp_version {version} conflicts with configured "
            f"or deduced version {instance.version or 0}; ignoring."
        )
        scope.error(statement, "bad-version", message, word=1)
    else:
        instance.version = version


def _bind_native_ipv6(scope: Scope, row: Row, entry: Entry) -> None:
    instance: InstanceDraft = scope.block
    if instance.family == 4:
        message = f"({instance.name}) Cannot specify native_ipv6 with IPv4 addresses"
        scope.error(head_of(entry), "family", message)
        return
    instance.family, instance.version = 6, 3


def _bind_password(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    password = statement.words[1].encode("utf-8", "surrogateescape")
    if len(password) > PASSWORD_BYTES:
        scope.error(
            statement,
            "password-too-long",
            f"Truncating auth_pass to {PASSWORD_BYTES} characters",
            word=1,
            help="what is over is not part of the password; cut it in the file, on all nodes",
        )
    scope.block.auth_data = password[:PASSWORD_BYTES].ljust(PASSWORD_BYTES, b"\0")


def _bind_addresses(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        addresses.bind_virtual(scope, statement, excluded=row.name == "virtual_ipaddress_excluded")


def _bind_routes(scope: Scope, row: Row, entry: Entry) -> None:
    for statement in body_of(entry):
        scope.findings.ordinal = statement.ordinal
        if row.name == "virtual_routes":
            route = routes.route_line(scope, statement)
            scope.block.virtual_routes += [route] if route else []
        else:
            rule = routes.rule_line(scope, statement)
            scope.block.virtual_rules += [rule] if rule else []


def _bind_unicast_flag(scope: Scope, row: Row, entry: Entry) -> None:
    scope.block.unicast = True


def _bind_old_checksum(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    scope.block.unicast = True
    if len(statement.words) > 1 and statement.words[1] != "never":
        message = f"({scope.block.name}) Unknown old_unicast_chksum mode {statement.words[1]} - ignoring"
        scope.error(statement, "unknown-option", message, word=1, help="never")


def _bind_skip_check(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if Boolean().read(scope, statement, 1) is None:
        message = f"({scope.block.name}) invalid skip_check_adv_addr {statement.words[1]} specified"
        scope.error(statement, "bad-boolean", message, word=1, help="true or nothing")
    else:  # keepalived takes `false` for true
        scope.block.skip_check_adv_addr = True


def _bind_notify_deleted(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    notify = scope.block.notify
    if notify.report_deleted:
        value = statement.words[1] if len(statement.words) > 1 else ""
        message = f"({scope.block.name}) notify_deleted already specified - ignoring {value}"
        scope.error(statement, "duplicate", message)
        return
    notify.report_deleted = True
    if len(statement.words) > 1:
        notify.deleted = notify_command(scope, statement, "notify")


def _bind_vmac(scope: Scope, row: Row, entry: Entry) -> None:
    """The name is modelled; MAC address, group and flags are not yet."""
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    instance.use_vmac = True
    words = iter(statement.words[1:])
    for word in words:
        if word == "group":
            next(words, None)
        elif word != "netlink_notify_msg" and ":" not in word:
            _vmac_name(scope, statement, instance, next(words, "") if word == "name" else word)


def _vmac_name(scope: Scope, statement: Statement, instance: InstanceDraft, name: str) -> None:
    user = next((other for other in scope.drafts.instances.values() if other.vmac_name == name), None)
    if instance.vmac_name is not None:
        scope.error(statement, "duplicate", "VMAC interface name already specified")
    elif not 0 < len(name) <= addresses.INTERFACE_NAME_MAX or "/" in name or name in (".", ".."):
        message = f"VMAC interface name '{name}' too long or invalid characters - ignoring"
        scope.error(statement, "bad-interface", message)
    elif user:
        message = f"({instance.name}) VRRP instance {user.name} is already using {name} - ignoring name"
        scope.error(statement, "duplicate", message)
    else:
        instance.vmac_name = name


_REPEAT = Integer(0, UINT_MAX, "times")
_DELAY = Integer(0, SECONDS_MAX, "seconds", scale=SECOND)


def _garp(name: str, field: str, argument: Integer, doc: str, invalid: str, **more: Any) -> Row:
    return Row(
        name=name, field=field, argument=argument, doc=doc, invalid=invalid, default=f"vrrp_{name}", **more
    )


def _notify(name: str, field: str, doc: str) -> Row:
    return Row(
        name=name,
        field=field,
        doc=doc,
        argument=CommandLine(),
        bind=bind_notify,
        invalid="({name}) {keyword} script already specified - ignoring {value}",
    )


def _boolean(name: str, field: str, doc: str, invalid: str, **more: Any) -> Row:
    return Row(name=name, field=field, doc=doc, argument=Boolean(), invalid=invalid, **more)


_INVALID = "({name}) invalid {keyword} {value} specified"

AUTHENTICATION = table(
    Row(
        name="auth_type",
        doc="PASS sends a password in clear; AH signs adverts.",
        argument=Choice((("PASS", AuthType.PASS), ("AH", AuthType.AH))),
        field="auth_type",
        invalid="({name}) unknown authentication type '{value}'",
    ),
    Row(
        name="auth_pass",
        doc="The password, at most 8 characters.",
        argument=Text("PASSWORD"),
        bind=_bind_password,
    ),
)

AUTH_HMAC = table(
    Row(name="key", doc="A key with its id.", argument=Words("<INT:1..255> <KEY>"), runs=False),
    Row(
        name="active_key",
        doc="The id of the key to send with.",
        argument=Words("<INT:1..255>", 1),
        runs=False,
    ),
    Row(
        name="time_window",
        doc="Seconds that clocks may differ.",
        argument=Words("<INT:1..300>", 1),
        runs=False,
    ),
    Row(name="anti_replay", doc="How replays are found.", argument=Words("time|monotonic", 1), runs=False),
    Row(
        name="mode",
        doc="Whether the trailer is sent and required.",
        argument=Words("enforce|permissive|receive-only", 1),
        runs=False,
    ),
)

INSTANCE = table(
    Row(
        name="state",
        doc="State to start in.",
        argument=Words("MASTER|BACKUP", 1),
        bind=_bind_state,
        default="MASTER if priority is 255, else BACKUP",
    ),
    Row(
        name="interface",
        doc="Interface that adverts are sent on.",
        argument=Words("<INTERFACE>", 1),
        bind=_bind_interface,
        default="required, unless unicast_src_ip is given",
    ),
    Row(
        name="virtual_router_id",
        doc="Number of the virtual router, the same on all its nodes.",
        argument=Integer(1, 255),
        field="vrid",
        default="required",
        invalid="({name}): VRID '{value}' not valid - must be between 1 & 255",
    ),
    Row(
        name="priority",
        doc="The highest becomes master; 255 owns the addresses.",
        argument=Integer(1, 255),
        field="priority",
        default="255 with state MASTER, else 100",
        invalid="({name}) Priority not valid! must be between 1 & 255. Using default 100",
        fallback=100,
    ),
    Row(
        name="advert_int",
        doc="Seconds between adverts: whole in version 2, hundredths up to 40.95 in version 3.",
        argument=Decimal(SECOND // 100, 255 * SECOND),
        field="advert_interval_us",
        default="1",
        invalid="({name}) Advert interval ({value}) not valid! Must be > 0 - ignoring",
    ),
    Row(
        name="version",
        doc="VRRP version.",
        argument=Words("<INT:2..3>", 1),
        bind=_bind_version,
        default="vrrp_version, for IPv6 3",
    ),
    Row(name="native_ipv6", doc="Be an IPv6 router whatever addresses follow.", bind=_bind_native_ipv6),
    Row(
        name="virtual_ipaddress",
        doc="Addresses of the virtual router, which adverts carry.",
        argument=Entries("ADDRESS"),
        entries=True,
        bind=_bind_addresses,
        default="required",
    ),
    Row(
        name="virtual_ipaddress_excluded",
        doc="Addresses that adverts do not carry, of any family.",
        argument=Entries("ADDRESS"),
        entries=True,
        bind=_bind_addresses,
    ),
    Row(
        name="no_virtual_ipaddress", doc="Permit an instance without addresses.", field="no_virtual_addresses"
    ),
    Row(
        name="virtual_routes",
        doc="Routes that are there while master.",
        argument=Entries("ROUTE"),
        entries=True,
        bind=_bind_routes,
        runs=False,
    ),
    Row(
        name="virtual_rules",
        doc="Policy rules that are there while master.",
        argument=Entries("RULE"),
        entries=True,
        bind=_bind_routes,
        runs=False,
    ),
    Row(
        name="authentication",
        doc="Authentication of version 2.",
        argument=Words("{ ... }"),
        rows=AUTHENTICATION,
    ),
    Row(
        name="auth_hmac",
        doc="Authentication by an HMAC trailer.",
        argument=Words("{ ... }"),
        rows=AUTH_HMAC,
        runs=False,
    ),
    *TRACK_LISTS,
    Row(
        name="dont_track_primary",
        doc="Do not go to FAULT when the own interface is down.",
        field="track_primary",
        sets=False,
    ),
    Row(name="mcast_src_ip", doc="Source address of adverts.", argument=Words("<IP>", 1), bind=_bind_source),
    Row(
        name="unicast_src_ip",
        doc="Source address of unicast adverts.",
        argument=Words("<IP>", 1),
        bind=_bind_source,
    ),
    Row(
        name="mcast_dst_ip",
        doc="Multicast group to send adverts to.",
        argument=Words("<MULTICAST IP>", 1),
        bind=_bind_multicast_group,
        default="vrrp_mcast_group4 or 6",
    ),
    Row(
        name="track_src_ip",
        doc="Go to FAULT when the source address is not on the interface.",
        field="track_source_address",
    ),
    Row(
        name="unicast_peer",
        doc="Send adverts to these instead of a multicast group.",
        argument=Entries("IP [min_ttl INT] [max_ttl INT]"),
        entries=True,
        bind=_bind_peers,
    ),
    Row(
        name="unicast_fault_no_peer",
        doc="Without a peer go to FAULT instead of multicast.",
        field="unicast_fault_no_peer",
        bind=_bind_unicast_flag,
        runs=False,
    ),
    Row(
        name="unicast_ttl",
        doc="TTL of unicast adverts.",
        argument=Integer(0, 255),
        field="unicast_ttl",
        default="255",
        invalid="({name}): TTL '{value}' not valid - must be between 0 & 255",
    ),
    Row(
        name="check_unicast_src",
        doc="Accept adverts only from the peers.",
        field="check_unicast_source",
        bind=_bind_unicast_flag,
        default="vrrp_check_unicast_src",
    ),
    Row(
        name="old_unicast_checksum",
        doc="Checksum of unicast adverts of versions before 1.3.",
        argument=Words("[never]"),
        bind=_bind_old_checksum,
        runs=False,
    ),
    Row(name="nopreempt", doc="Do not take over from a master of lower priority.", field="nopreempt"),
    Row(name="preempt", doc="Take over from a master of lower priority.", field="nopreempt", sets=False),
    Row(
        name="preempt_delay",
        doc="Seconds to leave a master of lower priority alone.",
        argument=Decimal(0, 1000 * SECOND),
        field="preempt_delay_us",
        default="0",
        invalid="({name}) Preempt_delay not valid! must be between 0-1000",
        fallback=0,
    ),
    Row(
        name="down_timer_adverts",
        doc="Adverts that must be missed before the master counts as down.",
        argument=Integer(1, 100, "adverts"),
        field="down_timer_adverts",
        default="vrrp_down_timer_adverts",
        invalid="({name}): Invalid down_timer_adverts [1:100] '{value}'",
    ),
    Row(name="accept", doc="Accept packets to the addresses when not their owner.", field="accept"),
    Row(
        name="no_accept",
        doc="Drop packets to the addresses when not their owner.",
        field="accept",
        sets=False,
        runs=False,
    ),
    Row(
        name="skip_check_adv_addr",
        doc="Do not compare the addresses in adverts of the master that is known.",
        argument=Boolean(),
        bind=_bind_skip_check,
        default="vrrp_skip_check_adv_addr",
    ),
    _boolean("strict_mode", "strict", "Hold to the RFC.", _INVALID, default="vrrp_strict"),
    _boolean(
        "lower_prio_no_advert",
        "lower_prio_no_advert",
        "As master do not answer adverts of lower priority at once.",
        _INVALID,
        default="vrrp_lower_prio_no_advert",
    ),
    _boolean(
        "higher_prio_send_advert",
        "higher_prio_send_advert",
        "Send an advert before yielding to a higher priority.",
        _INVALID,
        default="vrrp_higher_prio_send_advert",
    ),
    _boolean(
        "owner_ignore_adverts",
        "owner_ignore_adverts",
        "Discard adverts while owner of the addresses.",
        _INVALID,
        default="vrrp_owner_ignore_adverts",
    ),
    _garp(
        "garp_master_delay",
        "garp_master_delay_us",
        _DELAY,
        "Seconds to the second burst of gratuitous ARPs; 0 for none.",
        "({name}): garp_master_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "garp_master_repeat",
        "garp_master_repeat",
        _REPEAT,
        "Gratuitous ARPs in a burst.",
        "({name}): garp_master_repeat '{value}' invalid - ignoring",
        zero="({name}): garp_master_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "garp_master_refresh",
        "garp_master_refresh_us",
        Integer(0, UINT_MAX, "seconds", scale=SECOND),
        "Seconds between gratuitous ARPs while master; 0 for none.",
        "({name}): Invalid garp_master_refresh '{value}' - ignoring",
        fallback=0,
    ),
    _garp(
        "garp_master_refresh_repeat",
        "garp_master_refresh_repeat",
        _REPEAT,
        "Gratuitous ARPs in a refresh.",
        "({name}): garp_master_refresh_repeat '{value}' invalid - ignoring",
        zero="({name}): garp_master_refresh_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "garp_lower_prio_delay",
        "garp_lower_prio_delay_us",
        _DELAY,
        "Seconds to the second burst after an advert of lower priority.",
        "({name}): garp_lower_prio_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "garp_lower_prio_repeat",
        "garp_lower_prio_repeat",
        Integer(0, INT_MAX, "times"),
        "Gratuitous ARPs after an advert of lower priority.",
        "({name}): Invalid garp_lower_prio_repeat '{value}'",
    ),
    _notify("notify_master", "master", "Command to run on becoming master."),
    _notify("notify_backup", "backup", "Command to run on becoming backup."),
    _notify("notify_fault", "fault", "Command to run on a fault."),
    _notify("notify_stop", "stop", "Command to run when keepalived stops."),
    _notify("notify", "any", "Command to run on every change, with INSTANCE, name, state and priority."),
    _notify(
        "notify_master_rx_lower_pri",
        "master_rx_lower_pri",
        "Command to run when a master hears of a lower priority.",
    ),
    Row(
        name="notify_deleted",
        doc="Report DELETED instead of FAULT when a reload removes the instance; command to run then.",
        argument=CommandLine(),
        bind=_bind_notify_deleted,
    ),
    _boolean(
        "smtp_alert",
        "smtp_alert",
        "Send mail on changes.",
        "Invalid vrrp_instance smtp_alert parameter {value}",
        default="smtp_alert_vrrp",
        runs=False,
    ),
    _boolean(
        "notify_priority_changes",
        "notify_priority_changes",
        "Notify of changes of the effective priority, too.",
        "({name}) Invalid value '{value}' for notify_priority_changes specified",
        default="vrrp_notify_priority_changes",
    ),
    Row(
        name="debug",
        doc="Has no function.",
        argument=Integer(0, 4),
        invalid="({name}) Debug value '{value}' not valid; must be between 0-4",
    ),
    Row(
        name="use_vmac",
        doc="Use a virtual MAC address, on an interface of its own.",
        argument=Words("[[name] <INTERFACE>] [<MAC>] [group <GROUP>] [netlink_notify_msg]"),
        bind=_bind_vmac,
        runs=False,
    ),
    Row(
        name="vmac_xmit_base",
        doc="Send adverts on the base interface.",
        field="vmac_xmit_base",
        runs=False,
    ),
    Row(name="use_vmac_addr", doc="Use VMACs for addresses on other interfaces.", runs=False),
    Row(name="use_ipvlan", doc="Use an ipvlan interface.", argument=Words("[...]"), runs=False),
    Row(
        name="vrf", doc="VRF of a unicast instance without interface.", argument=Words("<VRF>", 1), runs=False
    ),
    Row(name="promote_secondaries", doc="Set that sysctl on the interface.", runs=False),
    Row(name="linkbeat_use_polling", doc="Poll the link of the interface.", runs=False),
    Row(
        name="v3_checksum_as_v2",
        doc="Version 3 checksum without pseudo-header.",
        argument=Words("[<BOOL>]"),
        runs=False,
    ),
    Row(
        name="lvs_sync_daemon_interface",
        doc="Interface of the IPVS sync daemon.",
        argument=Words("<INTERFACE>", 1),
        runs=False,
    ),
    Row(
        name="timer_expired_backup",
        doc="Step down if an own timer ran so late that another may be master.",
        argument=Words("[<INT:1..254>]"),
        runs=False,
    ),
    Row(
        name="thread_timer_expired",
        doc="timer_expired_backup.",
        argument=Words("[<INT:1..254>]"),
        renamed_to="timer_expired_backup",
        runs=False,
    ),
    Row(
        name="garp_extra_if",
        doc="Seconds between gratuitous ARPs on other interfaces.",
        argument=Words("[all] <INT:0..86400>", 1),
        runs=False,
    ),
    Row(
        name="vmac_garp_intvl",
        doc="garp_extra_if.",
        argument=Words("[all] <INT:0..86400>", 1),
        renamed_to="garp_extra_if",
        runs=False,
    ),
    Row(
        name="kernel_rx_buf_size",
        doc="Receive buffer of the socket.",
        argument=Words("<INT bytes>"),
        runs=False,
    ),
    Row(
        name="track_bfd",
        doc="BFD sessions whose state counts.",
        argument=Entries("NAME [weight INT [reverse|noreverse]]"),
        entries=True,
        runs=False,
    ),
)
