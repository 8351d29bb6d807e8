"""Addresses as keepalived prints them."""

from keepalived_py.model.address import AddressFlag, IpAddress

_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
_NOWHERE = "(null)@NOWHERE"
_FLAGS = {
    AddressFlag.HOME: "home",
    AddressFlag.DAD: "-nodad",
    AddressFlag.MNGTMPADDR: "mngtmpaddr",
    AddressFlag.NOPREFIXROUTE: "noprefixroute",
    AddressFlag.AUTOJOIN: "autojoin",
}


def address_line(address: IpAddress, device: str | None, is_set: bool) -> str:
    """An address on a device, in one line."""
    interface = address.interface
    host = interface.network.prefixlen == interface.max_prefixlen
    words = [str(interface.ip) if host or address.peer else str(interface)]
    if address.broadcast_address:
        words += ["brd", str(address.broadcast_address)]
    words += ["dev", device or _NOWHERE]
    if address.use_vmac:
        words.append("use_vmac")
    words += ["scope", _SCOPES.get(address.scope, str(address.scope))]
    if address.label:
        words += ["label", address.label]
    if address.peer:
        words += ["peer", f"{address.peer}/{interface.network.prefixlen}"]
    words += [word for flag, word in _FLAGS.items() if flag in address.flags]
    if not address.tracked:
        words.append("no_track")
    if address.track_group:
        words += ["track_group", address.track_group]
    if interface.version == 6:
        words.append(_preferred_lifetime(address.preferred_lifetime_seconds))
    if is_set:
        words.append("set")
    return " ".join(words)


def _preferred_lifetime(seconds: int | None) -> str:
    if seconds is None:
        return "preferred_lft forever"
    return f"preferred_lft {seconds}" if seconds else "deprecated"
