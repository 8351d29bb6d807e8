"""Interfaces that an instance has for itself, and VRFs."""

import re
from dataclasses import replace
from ipaddress import ip_interface

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.units import Interface
from keepalived_py.model.vmac import MAC_OCTETS, Ipvlan, IpvlanType, Vmac, is_virtual_mac
from keepalived_py.schema import addresses
from keepalived_py.schema.arguments import Words, parse_address
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.host import VlanKind
from keepalived_py.schema.routing.names import GROUPS, resolve
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

_OCTET = "[0-9a-fA-F]{1,2}"
_MAC = re.compile(f"(?:{_OCTET}:){{4}}{_OCTET}:?")
_WHOLE_MAC = re.compile(f"((?:{_OCTET}:){{5}}{_OCTET})(?::[0-9a-fA-F:]*)?")
_TYPES = {kind.value: kind for kind in IpvlanType}


def _bind_vmac(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    vmac = instance.vmac or Vmac()
    index = 1
    while index < len(statement.words):
        word = statement.words[index]
        if ":" in word:
            vmac = _with_mac(scope, statement, index, vmac)
        elif word == "netlink_notify_msg":
            vmac = replace(vmac, notify_base=True)
        elif word == "group":
            index += 1
            if index == len(statement.words):
                scope.missing(statement, index - 1)
                break
            group = resolve(scope, GROUPS, statement.words[index])
            if group is None:
                message = f"VMAC group {statement.words[index]} not found"
                scope.error(statement, "unknown-name", message, word=index)
            else:
                vmac = replace(vmac, group=group)
        else:
            index += word == "name"
            if vmac.name is not None:
                message = "VMAC interface name already specified"
                scope.error(statement, "duplicate", message, word=min(index, len(statement.words) - 1))
            elif index == len(statement.words):
                scope.missing(statement, index - 1)
            else:
                vmac = replace(vmac, name=_vmac_name(scope, statement, index))
        index += 1
    instance.vmac = vmac


def _with_mac(scope: Scope, statement: Statement, index: int, vmac: Vmac) -> Vmac:
    word = statement.words[index]
    if vmac.mac is not None:
        problem = "VMAC interface address already specified"
        scope.error(statement, "duplicate", problem, word=index)
        return vmac
    mac = _octets(word)
    if mac is None:
        other = set(word) - set("0123456789ABCDEFabcdef:")
        problem = f"VMAC invalid MAC address {word}" + ("" if other else " - ignored")
    elif mac[0] & 0x01:
        problem = f"VMAC MAC address is multicast {word} - ignoring"
    elif is_virtual_mac(mac.ljust(MAC_OCTETS, b"\0")):
        problem = f"VMAC MAC address not allowed to be RFC5798 address ({word}) - ignoring"
    else:
        return replace(vmac, mac=mac)
    scope.error(statement, "bad-address", problem, word=index, help="six octets, or five and a colon")
    return vmac


def _octets(word: str) -> bytes | None:
    """Six octets, or five where the VRID is to be the sixth."""
    if whole := _WHOLE_MAC.fullmatch(word):
        word = whole[1]
    elif not _MAC.fullmatch(word):
        return None
    return bytes(int(octet, 16) for octet in word.split(":") if octet)


def _vmac_name(scope: Scope, statement: Statement, index: int) -> str | None:
    """The name for a VMAC; None if it cannot have it."""
    name = statement.words[index]
    if not _is_device_name(name):
        message = f"VMAC interface name '{name}' too long or invalid characters - ignoring"
        scope.error(statement, "bad-interface", message, word=index)
        return None
    if _name_is_used(scope, statement, index):
        return None
    if scope.host.has_other(name, VlanKind.MACVLAN):
        message = (
            f"({scope.block.name}) interface {name} already exists and is not a private macvlan; "
            "ignoring vmac if_name"
        )
        scope.error(statement, "bad-interface", message, word=index)
        return None
    return name


def _is_device_name(name: str) -> bool:
    """Whether the kernel takes it."""
    good = 0 < len(name) <= addresses.INTERFACE_NAME_MAX and name not in (".", "..")
    return good and not any(character in "/:" or character.isspace() for character in name)


def _name_is_used(scope: Scope, statement: Statement, index: int) -> bool:
    name = statement.words[index]
    other = scope.drafts.own_interfaces.get(name)
    if other is None:
        return False
    message = f"({scope.block.name}) VRRP instance {other} is already using {name} - ignoring name"
    scope.error(statement, "duplicate", message, word=index)
    return True


def _bind_ipvlan(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    start = f"({instance.name})"
    if instance.ipvlan:
        scope.error(statement, "duplicate", f"{start} use_ipvlan already specified")
        return
    ipvlan = Ipvlan()
    words = statement.words
    typed = False
    index = 1
    while index < len(words):
        word = words[index]
        if word in _TYPES and typed:
            message = f"{start} ipvlan type already specified - ignoring '{word}'"
            scope.error(statement, "duplicate", message, word=index)
        elif word in _TYPES:
            ipvlan = replace(ipvlan, type=_TYPES[word])
            typed = True
        elif word in ("group", "name") and index + 1 == len(words):
            scope.missing(statement, index)
        elif word == "group":
            index += 1
            group = resolve(scope, GROUPS, words[index])
            if group is None:
                message = f"ipvlan group {words[index]} not found"
                scope.error(statement, "unknown-name", message, word=index)
            else:
                ipvlan = replace(ipvlan, group=group)
        elif word != "name" and (address := _address(word)):
            ipvlan = _with_address(scope, statement, index, ipvlan, address)
        else:
            index += word == "name"
            if ipvlan.name is not None:
                message = f"{start} IPVLAN interface already specified - ignoring '{words[index]}'"
                scope.error(statement, "duplicate", message, word=index)
            else:
                ipvlan = replace(ipvlan, name=_ipvlan_name(scope, statement, index))
        index += 1
    instance.ipvlan = ipvlan


def _address(word: str) -> Interface | None:
    """An address with or without prefix length."""
    text, slash, length = word.partition("/")
    address = parse_address(text)
    if address is None or (slash and not (length.isdecimal() and int(length[:9]) <= address.max_prefixlen)):
        return None
    return ip_interface(word)


def _with_address(
    scope: Scope, statement: Statement, index: int, ipvlan: Ipvlan, address: Interface
) -> Ipvlan:
    """Adverts come from it, too, if nothing else was said."""
    instance: InstanceDraft = scope.block
    word = statement.words[index]
    problem = ""
    if ipvlan.address:
        problem = f"({instance.name}) ipvlan address already specified - ignoring '{word}'"
    elif instance.family and instance.family != address.version:
        problem = f"({instance.name}) ipvlan address[{word}] MUST match vrrp instance family !!! Skipping..."
    if problem:
        scope.error(statement, "bad-address", problem, word=index)
        return ipvlan
    instance.family = address.version
    instance.source_address = instance.source_address or address.ip
    return replace(ipvlan, address=address)


def _ipvlan_name(scope: Scope, statement: Statement, index: int) -> str | None:
    """The name for an ipvlan; None if it cannot have it."""
    name = statement.words[index]
    start = f"({scope.block.name})"
    if len(name) > addresses.INTERFACE_NAME_MAX:
        problem = f"{start} IPVLAN interface name '{name}' too long - ignoring"
    elif _name_is_used(scope, statement, index):
        return None
    elif scope.host.has_other(name, VlanKind.IPVLAN):
        problem = f"{start} interface {name} already exists and is not an l2 ipvlan; ignoring ipvlan if_name"
    else:
        return name
    scope.error(statement, "bad-interface", problem, word=index)
    return None


def _bind_vrf(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    name = statement.words[1]
    problem = ""
    if len(name) > addresses.INTERFACE_NAME_MAX:
        problem = f"VRF interface name '{name}' too long - ignoring"
    elif instance.interface_exists:
        problem = "Cannot specify VRF interface and interface - ignoring"
    elif instance.vrf is not None:
        problem = f"VRF interface already specified as '{instance.vrf}' - ignoring"
    elif name == "lo":
        problem = f"cannot use a loopback interface ({name}) for VRF - ignoring"
    elif not scope.has_interface(name, statement):
        problem = f"WARNING - VRF interface {name} doesn't exist"
    else:
        instance.vrf = name
        return
    scope.error(statement, "bad-interface", f"({instance.name}) {problem}", word=1)


VMAC = table(
    Row(
        name="use_vmac",
        doc="Use a virtual MAC address, on an interface of its own.",
        argument=Words("[[name] <INTERFACE>] [<MAC>] [group <GROUP>] [netlink_notify_msg]"),
        bind=_bind_vmac,
    ),
    Row(
        name="vmac_xmit_base",
        doc="Send and receive adverts on the base interface, not on the VMAC.",
        field="vmac_xmit_base",
    ),
    Row(
        name="use_vmac_addr",
        doc="Put addresses on other interfaces on VMACs, too.",
        field="use_vmac_addr",
    ),
    Row(
        name="use_ipvlan",
        doc="Use an ipvlan interface, with an address to send adverts from.",
        argument=Words("[[name] <INTERFACE>] [<IP>[/<LENGTH>]] [bridge|private|vepa] [group <GROUP>]"),
        bind=_bind_ipvlan,
    ),
    Row(
        name="vrf",
        doc="VRF of a unicast instance without interface.",
        argument=Words("<VRF>", 1),
        bind=_bind_vrf,
    ),
)
