"""Address lines of `virtual_ipaddress`, `virtual_ipaddress_excluded` and `static_ipaddress`."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Interface, ip_interface

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Statement
from keepalived_py.model.address import AddressFlag, Broadcast, IpAddress
from keepalived_py.model.units import Interface
from keepalived_py.schema.arguments import UINT_MAX, Integer, parse_address
from keepalived_py.schema.draft import ANY_DEVICE, InstanceDraft
from keepalived_py.schema.scope import Scope, place_of

SCOPES = {"global": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255, "universe": 0}
INTERFACE_NAME_MAX = 15

FLAGS = {
    "home": AddressFlag.HOME,
    "-nodad": AddressFlag.DAD,
    "mngtmpaddr": AddressFlag.MNGTMPADDR,
    "noprefixroute": AddressFlag.NOPREFIXROUTE,
    "autojoin": AddressFlag.AUTOJOIN,
}
VALUED = ("dev", "scope", "broadcast", "brd", "label", "peer", "preferred_lft", "track_group")
BARE = (*FLAGS, "no_track", "use_vmac")


class _SkippedError(Exception):
    """The whole line is to be ignored."""


def parse_interface(scope: Scope, statement: Statement, index: int) -> Interface | None:
    """An address with an optional prefix length, by default that of a host."""
    word = statement.words[index]
    text, slash, length = word.partition("/")
    family = 6 if ":" in word else 4
    bits = 128 if family == 6 else 32
    prefix: int | None = bits
    if slash:
        prefix = _prefix_length(scope, statement, index, length, bits)
        if prefix is None:
            message = f"Invalid address prefix len {length} for address {word} - using {bits}"
            scope.error(statement, "bad-prefix", message, word=index, help=f"0 to {bits}")
            prefix = bits
    address = parse_address(text)
    if address is None or address.version != family:
        scope.error(
            statement,
            "bad-address",
            f"VRRP parsed invalid IP {word}. skipping IP...",
            word=index,
            help="an address, with /LENGTH if it is not a host's",
        )
        return None
    return ip_interface(f"{address}/{prefix}")


def _prefix_length(scope: Scope, statement: Statement, index: int, text: str, bits: int) -> int | None:
    problem = ""
    if text.startswith("-"):
        problem = f"negative number '{text}'"
    elif not text.isascii() or not text.isdecimal():
        problem = f"invalid number '{text}'" if text else "number '' outside range"
        if not text:
            return 0  # as strtoul reads nothing
    elif len(text) > 9 or int(text) > bits:
        problem = f"number '{text}' outside range [0, {bits}]"
    if problem:
        scope.error(statement, "bad-number", problem, word=index, help=f"0 to {bits}")
        return None
    return int(text)


def address_line(scope: Scope, statement: Statement, *, static: bool = False) -> IpAddress | None:
    """The address that a line means; None if keepalived ignores the line."""
    interface = parse_interface(scope, statement, 0)
    if interface is None:
        return None
    found = IpAddress(interface=interface, place=place_of(statement))
    try:
        found = _options(scope, statement, found, static=static)
    except _SkippedError:
        return None
    return _complete(scope, statement, found)


def _options(scope: Scope, statement: Statement, found: IpAddress, *, static: bool) -> IpAddress:
    words = statement.words
    lifetime_given = False
    index = 1
    while index < len(words):
        option = words[index]
        allowed = option in VALUED and (static or option != "track_group")
        if allowed and index + 1 == len(words):
            message = f"No {option} parameter specified for {words[0]}"
            scope.error(statement, "missing-argument", message, word=index, help=f"'{option}' needs a value")
            raise _SkippedError
        if allowed:
            index += 1
            found = _valued(scope, statement, found, option, index)
            lifetime_given |= option == "preferred_lft"
        elif option in FLAGS:
            found = replace(found, flags=found.flags | FLAGS[option])
        elif option == "no_track":
            found = replace(found, tracked=False)
        elif option == "use_vmac" and not static:
            found = replace(found, use_vmac=True)
        else:
            scope.error(
                statement,
                "unknown-option",
                f"Unknown configuration entry '{option}' for ip address - ignoring",
                word=index,
                help="one address a line; options: " + " ".join((*VALUED, *BARE)),
            )
        index += 1
    if found.interface.version == 6 and not lifetime_given and found.interface.network.prefixlen == 128:
        found = replace(found, preferred_lifetime_seconds=0)
    return found


def _valued(scope: Scope, statement: Statement, found: IpAddress, option: str, index: int) -> IpAddress:
    value = statement.words[index]
    line = statement.words[0]
    match option:
        case "dev":
            if found.device is not None:
                message = f"Cannot specify ipaddress device more than once for {line}"
                scope.error(statement, "duplicate", message, word=index)
                raise _SkippedError
            if not scope.has_interface(value, statement):
                message = f"WARNING - interface {value} for ip address {line} doesn't exist"
                scope.error(statement, "no-interface", message, word=index)
                raise _SkippedError
            return replace(found, device=value)
        case "scope":
            number = SCOPES.get(value, int(value) if value.isdecimal() and len(value) < 4 else 256)
            if number > 255:
                message = f"Invalid scope '{value}' specified for {line} - ignoring"
                scope.error(statement, "bad-scope", message, word=index, help=" ".join(SCOPES))
                return found
            return replace(found, scope=number)
        case "broadcast" | "brd":
            return replace(found, broadcast=_broadcast(scope, statement, found, index))
        case "label":
            if len(value) > INTERFACE_NAME_MAX:
                message = (
                    f"Address label {value} is longer than maximum length {INTERFACE_NAME_MAX} "
                    "- removing address"
                )
                scope.error(statement, "bad-label", message, word=index)
                raise _SkippedError
            return replace(found, label=value)
        case "peer":
            return _peer(scope, statement, found, index)
        case "preferred_lft":
            if value == "forever":
                return replace(found, preferred_lifetime_seconds=None)
            seconds = Integer(0, UINT_MAX, "seconds").read(scope, statement, index)
            if seconds is None:
                scope.error(statement, "bad-number", f"preferred_lft {value} is invalid", word=index)
            return replace(found, preferred_lifetime_seconds=seconds)
        case _:
            return _track_group(scope, statement, found, index)


def _track_group(scope: Scope, statement: Statement, found: IpAddress, index: int) -> IpAddress:
    name = statement.words[index]
    if found.track_group is not None:
        scope.error(statement, "duplicate", f"track_group {name} is a duplicate", word=index)
    elif name not in scope.drafts.track_groups:
        scope.error(
            statement,
            "unknown-name",
            f"track_group {name} not found",
            word=index,
            help="define it earlier: track_group NAME",
        )
    else:
        return replace(found, track_group=name)
    return found


def _broadcast(scope: Scope, statement: Statement, found: IpAddress, index: int) -> IPv4Address | Broadcast:
    value, line = statement.words[index], statement.words[0]
    if found.interface.version == 6:
        message = (
            f"VRRP is trying to assign a broadcast {statement.words[index - 1]} "
            f"to the IPv6 address {line} !!?? WTF... skipping VIP..."
        )
        scope.error(statement, "family", message, word=index - 1, help="IPv6 has no broadcast")
        raise _SkippedError
    if value in ("+", "-"):
        return Broadcast(value)
    address = parse_address(value)
    if not isinstance(address, IPv4Address):
        message = f"VRRP is trying to assign invalid broadcast {value}. skipping VIP..."
        scope.error(statement, "bad-address", message, word=index, help="an IPv4 address, + or -")
        raise _SkippedError
    return address


def _peer(scope: Scope, statement: Statement, found: IpAddress, index: int) -> IpAddress:
    value = statement.words[index]
    problem = ""
    peer = parse_address(value)
    if found.peer is not None:
        problem = f"Peer {value} - another peer has already been specified"
    elif peer is None:
        scope.error(statement, "bad-address", f"VRRP parsed invalid IP {value}. skipping IP...", word=index)
        problem = f"Invalid peer address {value}"
    elif peer.version != found.interface.version:
        problem = f"Peer address {value} does not match address family"
    if problem or peer is None:
        scope.error(
            statement, "bad-peer", problem, word=index, help="an address of the same family, without mask"
        )
        return found
    bits = peer.max_prefixlen
    if found.interface.network.prefixlen != bits:
        message = "Cannot specify address prefix when specifying peer address - ignoring"
        scope.error(statement, "bad-peer", message, word=0)
    return replace(found, peer=peer, interface=ip_interface(f"{found.address}/{bits}"))


def _complete(scope: Scope, statement: Statement, found: IpAddress) -> IpAddress:
    """What the options of a line do to each other."""
    length = found.interface.network.prefixlen
    line = statement.words[0]
    if found.broadcast is not None and found.peer is not None:
        message = "Cannot specify broadcast and peer addresses - ignoring broadcast address"
        scope.error(statement, "bad-peer", message)
        found = replace(found, broadcast=None)
    elif isinstance(found.broadcast, Broadcast) and length > 30:
        scope.error(statement, "bad-broadcast", f"Address prefix length {length} too long for broadcast")
        found = replace(found, broadcast=None)
    if isinstance(found.interface, IPv6Interface):
        if found.scope:
            message = f"Cannot specify scope for IPv6 addresses ({line}) - ignoring scope"
            scope.error(statement, "family", message)
            found = replace(found, scope=0)
        if found.label is not None:
            message = f"Cannot specify label for IPv6 addresses ({line}) - ignoring label"
            scope.error(statement, "family", message)
            found = replace(found, label=None)
    return found


def bind_static(scope: Scope, statement: Statement) -> None:
    """A line of `static_ipaddress`."""
    found = address_line(scope, statement, static=True)
    if found is None:
        return
    if found.device is None and not scope.has_interface(
        scope.drafts.definitions.default_interface, statement
    ):
        scope.error(
            statement,
            "no-interface",
            f"Static address {statement.words[0]} requires either an interface "
            "or default interface must exist",
            consequence=Consequence.FATAL,
        )
        return
    scope.drafts.static_addresses.append(found)


def bind_virtual(scope: Scope, statement: Statement, *, excluded: bool) -> None:
    """A line of `virtual_ipaddress` or `virtual_ipaddress_excluded`."""
    found = address_line(scope, statement)
    if found is None:
        return
    instance: InstanceDraft = scope.block
    line = statement.words[0]
    version = found.interface.version
    if not excluded:
        instance.family = instance.family or version
        if instance.family != version:
            scope.error(
                statement,
                "family",
                f"({instance.name}): address family must match VRRP instance [{line}] - ignoring",
                help="put addresses of the other family into virtual_ipaddress_excluded",
            )
            return
    prefix = f"({instance.name}): {'Excluded ' if excluded else ''}VIP duplicates"
    where = (found.address, found.device)
    anywhere = (found.address, ANY_DEVICE)
    if (where if excluded else anywhere) in instance.virtual_known:
        scope.error(statement, "duplicate", f"{prefix} a VIP {line} - ignoring")
    elif where in instance.excluded_known:
        scope.error(statement, "duplicate", f"{prefix} an excluded VIP {line} - ignoring")
    elif excluded:
        instance.excluded_addresses.append(found)
        instance.excluded_known.add(where)
    else:
        instance.first_address = instance.first_address or statement
        instance.virtual_addresses.append(found)
        instance.virtual_known |= {where, anywhere}
