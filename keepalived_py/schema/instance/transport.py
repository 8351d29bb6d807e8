"""Where adverts come from and go to."""

from ipaddress import IPv4Address, IPv6Address

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.definitions import LvsSyncDaemon
from keepalived_py.model.router import UnicastChecksum, UnicastPeer
from keepalived_py.schema import addresses
from keepalived_py.schema.arguments import (
    Entries,
    Integer,
    Words,
    parse_endpoint,
)
from keepalived_py.schema.draft import InstanceDraft, assign
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, body_of, head_of, place_of


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


def _bind_unicast_flag(scope: Scope, row: Row, entry: Entry) -> None:
    scope.block.unicast = True


def _bind_old_checksum(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    scope.block.unicast = True
    if len(statement.words) == 1:
        scope.block.unicast_checksum = UnicastChecksum.OLD
    elif statement.words[1] == "never":
        scope.block.unicast_checksum = UnicastChecksum.NEVER_OLD
    else:
        message = f"({scope.block.name}) Unknown old_unicast_chksum mode {statement.words[1]} - ignoring"
        scope.error(statement, "unknown-option", message, word=1, help="never")


def _bind_linkbeat(scope: Scope, row: Row, entry: Entry) -> None:
    message = (
        f"({scope.block.name}) 'linkbeat_use_polling' in vrrp instance deprecated - "
        "use linkbeat_interfaces block"
    )
    scope.error(head_of(entry), "deprecated", message, help="linkbeat_interfaces { INTERFACE }")


def _bind_sync_daemon(scope: Scope, row: Row, entry: Entry) -> None:
    """`lvs_sync_daemon_interface`: the old place of the global `lvs_sync_daemon`."""
    statement = head_of(entry)
    name = scope.block.name
    definitions = scope.drafts.definitions
    advice = "lvs_sync_daemon in global_defs"
    message = f"({name}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated."
    scope.error(statement, "deprecated", message, help=advice)
    message = f"      {' ' * abs(len(name) - 2)}Please use global lvs_sync_daemon"
    scope.error(statement, "deprecated", message, help=advice)
    known = definitions.lvs.sync_daemon
    if known is None:
        daemon = LvsSyncDaemon(interface=statement.words[1], instance=name, of_instance=True)
        assign(definitions, "lvs.sync_daemon", daemon)
    else:
        message = (
            f"({name}) lvs_sync_daemon_interface has already been specified as {known.interface} - ignoring"
        )
        scope.error(statement, "duplicate", message, word=1)


TRANSPORT = table(
    Row(
        name="interface",
        doc="Interface that adverts are sent on.",
        argument=Words("<INTERFACE>", 1),
        bind=_bind_interface,
        default="required, unless unicast_src_ip is given",
    ),
    Row(
        name="dont_track_primary",
        doc="Do not go to FAULT when the own interface is down.",
        field="track_primary",
        sets=False,
    ),
    Row(
        name="mcast_src_ip",
        doc="Source address of adverts.",
        argument=Words("<IP>", 1),
        bind=_bind_source,
        default="the primary address of the interface",
    ),
    Row(
        name="unicast_src_ip",
        doc="Source address of unicast adverts.",
        argument=Words("<IP>", 1),
        bind=_bind_source,
        default="the primary address of the interface",
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
        default="none: multicast",
    ),
    Row(
        name="unicast_fault_no_peer",
        doc="Stay in FAULT as long as there is no unicast peer.",
        field="unicast_fault_no_peer",
        bind=_bind_unicast_flag,
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
        doc="Sum unicast adverts as versions before 1.3 did; never: do not even look for peers that do.",
        argument=Words("[never]"),
        bind=_bind_old_checksum,
        default="as the peer does",
    ),
    Row(
        name="linkbeat_use_polling",
        doc="Ask the driver of the interface for the state of its link again and again.",
        field="linkbeat_use_polling",
        bind=_bind_linkbeat,
    ),
    Row(
        name="lvs_sync_daemon_interface",
        doc="Interface that IPVS connections are synchronised over.",
        argument=Words("<INTERFACE>", 1),
        bind=_bind_sync_daemon,
        runs=False,
        default="none",
    ),
)
