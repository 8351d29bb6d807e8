"""The words that may stand within an entry or after an argument, for the reference and for people:
options of addresses, routes, rules, trackers. What reads them is in the modules of their keywords."""

from typing import NamedTuple

from keepalived_py.schema.arguments import Words
from keepalived_py.schema.row import NOTHING, Row, Table, table


class Options(NamedTuple):
    """A set of options, the keywords in whose entries they stand, and what it is called."""

    what: str
    keywords: tuple[str, ...]
    rows: Table


def _option(name: str, form: str, doc: str, default: str = "", *, same_as: str = "") -> Row:
    argument = Words(form) if form else NOTHING
    return Row(name=name, argument=argument, doc=doc, default=default, renamed_to=same_as)


def _same(name: str, form: str, other: str) -> Row:
    return _option(name, form, f"Another name of `{other}`.", same_as=other)


_ADDRESS = table(
    _option("<IP>[/<LENGTH>]", "", "The address, first on its line; without a length that of a host."),
    _option("dev", "<INTERFACE>", "Interface that the address is put on.", "the instance's interface"),
    _option("scope", "<SCOPE>|<INT:0..255>", "Scope of an IPv4 address.", "global"),
    _option(
        "broadcast",
        "<IPv4>|+|-",
        "Broadcast address; + and - derive it from the prefix by setting or clearing all host bits.",
        "none",
    ),
    _same("brd", "<IPv4>|+|-", "broadcast"),
    _option("label", "<STRING>", "Label of an IPv4 address, at most 15 characters.", "none"),
    _option("peer", "<IP>", "Address at the other end of a point-to-point link, without mask.", "none"),
    _option("home", "", "Mark an IPv6 address as home address.", "off"),
    _option("-nodad", "", "Do perform duplicate address detection for IPv6.", "no detection"),
    _option("mngtmpaddr", "", "Let the kernel manage temporary addresses made from this IPv6 one.", "off"),
    _option("noprefixroute", "", "Make no route for the prefix of the address.", "off"),
    _option("autojoin", "", "Join multicast groups through the address.", "off"),
    _option("no_track", "", "Do nothing if someone else removes the address.", "it is watched"),
    _option(
        "preferred_lft",
        "<INT seconds>|forever",
        "Seconds for which the address is preferred as a source; with 0 it is deprecated.",
        "0 for an IPv6 /128, else forever",
    ),
    _option("track_group", "<NAME>", "Track group that a static address belongs to.", "none"),
    _option(
        "use_vmac",
        "",
        "Put the address on a VMAC of its interface; not for static addresses.",
        "off",
    ),
)

_ROUTE = table(
    _option(
        "[to] [<TYPE>] <IP>[/<LENGTH>]|default|any|all|default6",
        "",
        "Destination, with the type of the route before it: unicast, local, broadcast, multicast, throw, "
        "unreachable, prohibit, blackhole or nat.",
        "required",
    ),
    _option("inet", "", "Make it an IPv4 route; keepalived skips the word after it."),
    _option("inet6", "", "Make it an IPv6 route; keepalived skips the word after it."),
    _option("src", "<IP>", "Source address to prefer for packets on this route.", "the kernel's choice"),
    _option("as", "[to] <IP>", "MPLS address translation, which keepalived does not support."),
    _option("via", "[inet|inet6] <IP>", "Address of the gateway.", "none"),
    Row(
        name="gw",
        argument=Words("<IP>"),
        doc="Old name of `via`.",
        renamed_to="via",
        deprecated='"gw" for routes is deprecated. Please use "via"',
    ),
    _option("from", "<IP>[/<LENGTH>]", "Source prefix of an IPv6 route.", "any"),
    _option("tos", "<DSFIELD>", "Type of service that packets must have.", "any"),
    _same("dsfield", "<DSFIELD>", "tos"),
    _option("table", "<TABLE>", "Routing table, by name or number.", "main"),
    _option("protocol", "<PROTOCOL>", "Origin of the route, by name or number.", "keepalived (18)"),
    _option("scope", "<SCOPE>", "Scope of the destination.", "the kernel's choice"),
    _option("metric", "<INT>", "Metric: among equal routes the lowest is taken.", "0, for IPv6 1024"),
    _same("priority", "<INT>", "metric"),
    _same("preference", "<INT>", "metric"),
    _option("dev", "<INTERFACE>", "Interface that packets leave by.", "that of the gateway"),
    _same("oif", "<INTERFACE>", "dev"),
    _option("onlink", "", "Take the gateway to be on the link, whatever the addresses say.", "off"),
    _option("encap", "ip|ip6|mpls|ila ...", "Tunnel packets of this route.", "off"),
    _option("expires", "<INT seconds>", "Seconds after which an IPv6 route vanishes.", "never"),
    _option("mtu", "[lock] <INT bytes>", "MTU of the path; `lock` ignores path MTU discovery.", "unset"),
    _option("hoplimit", "<INT:0..255>", "Hop limit of packets that are sent.", "unset"),
    _option("advmss", "[lock] <INT bytes>", "TCP segment size to advertise.", "unset"),
    _option("rtt", "[lock] <TIME>", "First estimate of the round-trip time, such as 300ms or 1s.", "unset"),
    _option("rttvar", "[lock] <TIME>", "First estimate of its variance, such as 100ms.", "unset"),
    _option("reordering", "[lock] <INT>", "Packets by which a segment may be out of order.", "unset"),
    _option("window", "<INT bytes>", "Largest TCP window to advertise.", "unset"),
    _option("cwnd", "[lock] <INT packets>", "Clamp of the TCP congestion window.", "unset"),
    _option("ssthresh", "[lock] <INT packets>", "First slow-start threshold.", "unset"),
    _option("realms", "[<REALM>/]<REALM>", "Source and destination realm of an IPv4 route.", "none"),
    _option("rto_min", "[lock] <TIME>", "Least TCP retransmission timeout, such as 200ms.", "unset"),
    _option("initcwnd", "<INT packets>", "First TCP congestion window.", "unset"),
    _option("initrwnd", "<INT packets>", "First TCP receive window to advertise.", "unset"),
    _option("features", "ecn", "Features to use towards the destination.", "none"),
    _option("quickack", "0|1", "Acknowledge at once.", "unset"),
    _option("congctl", "[lock] <NAME>", "TCP congestion control algorithm.", "the system's"),
    _option("pref", "low|medium|high|<INT>", "Preference of an IPv6 router.", "medium"),
    _option("ttl-propagate", "enabled|disabled", "Carry the TTL over into MPLS labels.", "unset"),
    _option("fastopen_no_cookie", "0|1", "TCP Fast Open without cookies.", "unset"),
    _option("add", "", "Fail if there is such a route.", "off"),
    _option("append", "", "Put the route after those that are there.", "off"),
    _option("prepend", "", "Put the route before those that are there.", "on"),
    Row(
        name="or",
        argument=Words("<IP>"),
        doc="Second gateway, kept for old files.",
        renamed_to="nexthop",
    ),
    _option(
        "nexthop",
        "[via [inet|inet6] <IP>] [dev <INTERFACE>] [weight <INT:1..256>] [onlink] [encap ...] [realms ...]",
        "One of several gateways, last on the line; may be repeated.",
        "none",
    ),
    _option("no_track", "", "Do nothing if someone else removes the route.", "it is watched"),
    _option("track_group", "<NAME>", "Track group that a static route belongs to; needs `dev`.", "none"),
    _option("vrf", "<INTERFACE>", "Use the table of this VRF.", "none"),
)

_DSFIELD_DOC = "Type of service of the tunnel packets."
_ENCAP_IP = table(
    _option("id", "<INT64>", "Tunnel id.", "0"),
    _option("dst", "<IPv4>", "Far end of the tunnel.", "none"),
    _option("src", "<IPv4>", "Near end of the tunnel.", "the kernel's choice"),
    _option("tos", "<DSFIELD>", _DSFIELD_DOC, "0"),
    _option("ttl", "<INT:0..255>", "TTL of the tunnel packets.", "the kernel's choice"),
    _option("flags", "<INT:0..65535>", "Tunnel flags.", "0"),
)
_ENCAP_IP6 = table(
    _option("id", "<INT64>", "Tunnel id.", "0"),
    _option("dst", "<IPv6>", "Far end of the tunnel.", "none"),
    _option("src", "<IPv6>", "Near end of the tunnel.", "the kernel's choice"),
    _option("tc", "<DSFIELD>", "Traffic class of the tunnel packets.", "0"),
    _option("hoplimit", "<INT:0..255>", "Hop limit of the tunnel packets.", "the kernel's choice"),
    _option("flags", "<INT:0..65535>", "Tunnel flags.", "0"),
)
_ENCAP_OTHER = table(
    _option("mpls", "<LABEL>[/<LABEL>...]", "Labels to push, the outermost first."),
    _option("ila", "<LOCATOR>", "Locator of identifier-locator addressing."),
)

_RULE = table(
    _option("inet", "", "Make it an IPv4 rule; keepalived skips the word after it."),
    _option("inet6", "", "Make it an IPv6 rule; keepalived skips the word after it."),
    _option("from", "<IP>[/<LENGTH>]|default|any|all", "Source of the packets.", "all"),
    _option("to", "<IP>[/<LENGTH>]|default|any|all", "Destination of the packets.", "all"),
    _option("table", "<TABLE>", "Look the packets up in this routing table, by name or number."),
    _same("lookup", "<TABLE>", "table"),
    _option("not", "", "Apply to packets that do not match.", "off"),
    _option(
        "preference",
        "<INT>",
        "Priority of the rule: the lowest is asked first.",
        "downward from 16384, with an error",
    ),
    _same("order", "<INT>", "preference"),
    _same("priority", "<INT>", "preference"),
    _option("tos", "<DSFIELD>", "Type of service that packets must have.", "any"),
    _same("dsfield", "<DSFIELD>", "tos"),
    _option("fwmark", "<INT>[/<MASK>]", "Firewall mark that packets must have.", "any"),
    _option("realms", "[<REALM>/]<REALM>", "Realms to set, with `table`.", "none"),
    _option(
        "suppress_prefixlength",
        "<INT>",
        "Reject results with a prefix of this length or shorter.",
        "off",
    ),
    _same("sup_pl", "<INT>", "suppress_prefixlength"),
    _option("suppress_ifgroup", "<GROUP>", "Reject results by interfaces of this group.", "off"),
    _same("sup_group", "<GROUP>", "suppress_ifgroup"),
    _same("dev", "<INTERFACE>", "iif"),
    _option("iif", "<INTERFACE>", "Interface that packets come in by.", "any"),
    _option("oif", "<INTERFACE>", "Interface that the socket of packets is bound to.", "any"),
    _option("tunnel-id", "<INT64>", "Tunnel id that packets must have.", "any"),
    _option("uidrange", "<INT>-<INT>", "Users whose packets are meant.", "all"),
    _option("l3mdev", "", "Look the packets up in the table of their VRF.", "off"),
    _option("protocol", "<INT:0..255>", "Origin of the rule.", "18, unless no_track"),
    _option("ipproto", "<PROTOCOL>", "IP protocol of the packets, by name or number.", "any"),
    _option("sport", "<INT>-<INT>", "Range of source ports; a single port is rejected.", "any"),
    _option("dport", "<INT>-<INT>", "Range of destination ports; a single port is rejected.", "any"),
    _option("type", "<ACTION>", "Word that may stand before the action."),
    _option("goto", "<INT>", "Go on with the rule of this, higher, preference."),
    _option("nop", "", "Do nothing with the packets."),
    _option("blackhole", "", "Drop the packets."),
    _option("unreachable", "", "Reject the packets as unreachable."),
    _option("prohibit", "", "Reject the packets as prohibited."),
    _option("no_track", "", "Do nothing if someone else removes the rule.", "it is watched"),
    _option("track_group", "<NAME>", "Track group that a static rule belongs to; needs `iif`.", "none"),
)

_TRACKED = table(
    _option(
        "weight",
        "<INT:-254..254> [reverse|noreverse]",
        "What to do to the priority, instead of what the tracked object says itself.",
        "that of the object; 0 for interfaces",
    ),
    _option("reverse", "", "After the weight: take up for down and down for up.", "as the object"),
    _option("noreverse", "", "After the weight: undo `reverse` of the object.", "as the object"),
)

_ADDRESS_RANGE = table(
    _option(
        "<IP>[-<LAST>|-<IP>|/<LENGTH>] [<PORT>]",
        "",
        "An address, or a range of them by the last number, the last address or a mask.",
    ),
    _option("fwmark", "<INT> [inet|inet6]", "Firewall mark of the packets.", "inet"),
)

_SYNC_DAEMON = table(
    _option("inst", "<NAME>", "Instance whose state decides whether to send or to receive.", "none"),
    _option("id", "<INT:0..255>", "Id of the synchronisation.", "virtual_router_id of the instance"),
    _option("maxlen", "<INT:1..65507 bytes>", "Largest packet.", "the kernel's choice"),
    _option("port", "<INT:1..65535>", "UDP port.", "8848"),
    _option("ttl", "<INT:1..255>", "TTL of multicast packets.", "1"),
    _option("group", "<MULTICAST IP>", "Multicast group.", "224.0.0.81"),
)

_ROUTES = ("virtual_routes", "static_routes")

OPTIONS = (
    Options("ADDRESS", ("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"), _ADDRESS),
    Options("ROUTE", _ROUTES, _ROUTE),
    Options("ROUTE encap ip", _ROUTES, _ENCAP_IP),
    Options("ROUTE encap ip6", _ROUTES, _ENCAP_IP6),
    Options("ROUTE encap mpls, ila", _ROUTES, _ENCAP_OTHER),
    Options("RULE", ("virtual_rules", "static_rules"), _RULE),
    Options(
        "TRACKED",
        ("track_interface", "track_script", "track_process", "track_file", "track_bfd"),
        _TRACKED,
    ),
    Options("ADDRESS RANGE", ("virtual_server_group",), _ADDRESS_RANGE),
    Options("SYNC DAEMON", ("lvs_sync_daemon",), _SYNC_DAEMON),
)
