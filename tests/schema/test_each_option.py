"""One accepted and one rejected example, at least, for each option of addresses, routes and rules; in those
that are rejected the word that is reported is in «»."""

from pathlib import Path

import pytest

from keepalived_py.config.diagnostic import Diagnostic, Severity
from keepalived_py.schema.addresses import BARE, VALUED
from keepalived_py.schema.load import load
from keepalived_py.schema.routing import encapsulation, route, rule

ADDRESSES = {
    "dev": (["10.0.0.1 dev eth0"], ["10.0.0.1 «dev»"]),
    "scope": (["10.0.0.1 scope link"], ["10.0.0.1 scope «x»", "10.0.0.1 «scope»"]),
    "broadcast": (["10.0.0.1/24 broadcast 10.0.0.255"], ["10.0.0.1/24 broadcast «x»"]),
    "brd": (["10.0.0.1/24 brd +", "10.0.0.1/24 brd -"], ["10.0.0.1/24 brd «x»"]),
    "label": (["10.0.0.1 label eth0:1"], ["10.0.0.1 label «name-with-16-chars»"]),
    "peer": (["10.0.0.1/32 peer 10.0.0.2"], ["10.0.0.1/32 peer «fe80::2»", "10.0.0.1/32 peer «x»"]),
    "preferred_lft": (
        ["fe80::1 preferred_lft 0", "fe80::1 preferred_lft forever"],
        ["fe80::1 preferred_lft «x»"],
    ),
    "track_group": (["10.0.0.1 dev eth0 track_group tg"], ["10.0.0.1 dev eth0 track_group «x»"]),
    "home": (["fe80::1 home"], ["fe80::1 «home1»"]),
    "-nodad": (["fe80::1 -nodad"], ["fe80::1 «-nodad1»"]),
    "mngtmpaddr": (["fe80::1 mngtmpaddr"], ["fe80::1 «mngtmpaddr1»"]),
    "noprefixroute": (["10.0.0.1 noprefixroute"], ["10.0.0.1 «noprefixroute1»"]),
    "autojoin": (["10.0.0.1 autojoin"], ["10.0.0.1 «autojoin1»"]),
    "no_track": (["10.0.0.1 no_track"], ["10.0.0.1 «no_track1»"]),
    "use_vmac": ([], ["10.0.0.1 «use_vmac»"]),
}

"""`use_vmac` is for virtual addresses only."""

ROUTES = {
    "inet": (["10.0.0.0/8 inet x"], ["fe80::/64 «inet» x"]),
    "inet6": (["fe80::/64 inet6 x"], ["10.0.0.0/8 «inet6» x"]),
    "src": (["10.0.0.0/8 src 10.0.0.1"], ["10.0.0.0/8 src «x»", "10.0.0.0/8 src «fe80::1»"]),
    "as": ([], ["10.0.0.0/8 as to «10.0.0.1»", "10.0.0.0/8 as «10.0.0.1»"]),
    "via": (["10.0.0.0/8 via 10.0.0.1", "10.0.0.0/8 via inet 10.0.0.1"], ["10.0.0.0/8 via «x»"]),
    "gw": ([], ["10.0.0.0/8 «gw» 10.0.0.1"]),
    "from": (["fe80::/64 from fe80::/64"], ["10.0.0.0/8 from «10.0.0.1»", "fe80::/64 from «x»"]),
    "tos": (["10.0.0.0/8 tos 0x10"], ["10.0.0.0/8 tos «256»"]),
    "dsfield": (["10.0.0.0/8 dsfield 16"], ["10.0.0.0/8 dsfield «-1»"]),
    "table": (["10.0.0.0/8 table main", "10.0.0.0/8 table 100"], ["10.0.0.0/8 «table»"]),
    "protocol": (["10.0.0.0/8 no_track protocol 4"], ["10.0.0.0/8 no_track protocol «256»"]),
    "scope": (["10.0.0.0/8 scope link"], ["10.0.0.0/8 scope «256»"]),
    "metric": (["10.0.0.0/8 metric 5"], ["10.0.0.0/8 metric «x»"]),
    "priority": (["10.0.0.0/8 priority 5"], ["10.0.0.0/8 priority «-1»"]),
    "preference": (["10.0.0.0/8 preference 5"], ["10.0.0.0/8 preference «4294967296»"]),
    "dev": (["10.0.0.0/8 dev eth0"], ["10.0.0.0/8 «dev»"]),
    "oif": (["10.0.0.0/8 oif eth0"], ["10.0.0.0/8 «oif»"]),
    "onlink": (["10.0.0.0/8 via 10.0.0.1 dev eth0 onlink"], ["10.0.0.0/8 «onlink1»"]),
    "encap": (["10.0.0.0/8 encap mpls 100"], ["10.0.0.0/8 encap «x»"]),
    "expires": (["fe80::/64 expires 30"], ["fe80::/64 expires «x»", "10.0.0.0/8 expires «30»"]),
    "mtu": (["10.0.0.0/8 mtu 1400", "10.0.0.0/8 mtu lock 1400"], ["10.0.0.0/8 mtu «x»"]),
    "hoplimit": (["10.0.0.0/8 hoplimit 255"], ["10.0.0.0/8 hoplimit «256»"]),
    "advmss": (["10.0.0.0/8 advmss lock 1000"], ["10.0.0.0/8 advmss «x»"]),
    "rtt": (
        ["10.0.0.0/8 rtt 500ms", "10.0.0.0/8 rtt lock 1s"],
        ["10.0.0.0/8 rtt «1e3»", "10.0.0.0/8 rtt «1m»"],
    ),
    "rttvar": (["10.0.0.0/8 rttvar 500ms"], ["10.0.0.0/8 rttvar «121s»", "10.0.0.0/8 rttvar «199ms»"]),
    "rto_min": (["10.0.0.0/8 rto_min 300"], ["10.0.0.0/8 rto_min «x»"]),
    "reordering": (["10.0.0.0/8 reordering 3"], ["10.0.0.0/8 reordering «x»"]),
    "window": (["10.0.0.0/8 window 3"], ["10.0.0.0/8 window «lock» 3"]),
    "cwnd": (["10.0.0.0/8 cwnd lock 3"], ["10.0.0.0/8 cwnd «-3»"]),
    "ssthresh": (["10.0.0.0/8 ssthresh 3"], ["10.0.0.0/8 ssthresh «3.5»"]),
    "realms": (["10.0.0.0/8 realms 1/2"], ["10.0.0.0/8 «realms»", "fe80::/64 realms «1»"]),
    "initcwnd": (["10.0.0.0/8 initcwnd 10"], ["10.0.0.0/8 initcwnd «x»"]),
    "initrwnd": (["10.0.0.0/8 initrwnd 10"], ["10.0.0.0/8 initrwnd «x»"]),
    "features": (["10.0.0.0/8 features ecn"], ["10.0.0.0/8 features «x»"]),
    "quickack": (["10.0.0.0/8 quickack 1"], ["10.0.0.0/8 quickack «2»"]),
    "congctl": (["10.0.0.0/8 congctl cubic", "10.0.0.0/8 congctl lock bbr"], ["10.0.0.0/8 «congctl»"]),
    "pref": (["fe80::/64 pref high"], ["fe80::/64 pref «256»", "10.0.0.0/8 pref «high»"]),
    "ttl-propagate": (["10.0.0.0/8 ttl-propagate enabled"], ["10.0.0.0/8 ttl-propagate «x»"]),
    "fastopen_no_cookie": (["10.0.0.0/8 fastopen_no_cookie 1"], ["10.0.0.0/8 fastopen_no_cookie «2»"]),
    "add": (["10.0.0.0/8 add"], ["10.0.0.0/8 «add1»"]),
    "append": (["10.0.0.0/8 append"], ["10.0.0.0/8 «append1»"]),
    "prepend": (["10.0.0.0/8 prepend"], ["10.0.0.0/8 «prepend1»"]),
    "or": ([], ["10.0.0.0/8 via 10.0.0.1 «or» 10.0.0.2"]),
    "no_track": (["10.0.0.0/8 no_track"], ["10.0.0.0/8 «no_track1»"]),
    "vrf": (["10.0.0.0/8 vrf red"], ["10.0.0.0/8 «vrf»"]),
    "nexthop": (
        [
            "10.0.0.0/8 nexthop via 10.0.0.1 dev eth0 weight 256 onlink nexthop via 10.0.0.2 realms 1",
            "10.0.0.0/8 nexthop via 10.0.0.1 encap mpls 100",
        ],
        [
            "10.0.0.0/8 nexthop via «x»",
            "10.0.0.0/8 nexthop via 10.0.0.1 weight «0»",
            "10.0.0.0/8 nexthop via 10.0.0.1 weight «257»",
            "10.0.0.0/8 nexthop via 10.0.0.1 as «10.0.0.2»",
            "10.0.0.0/8 nexthop via 10.0.0.1 «x»",
            "10.0.0.0/8 nexthop via «fe80::1»",
        ],
    ),
    "track_group": (["10.0.0.0/8 dev eth0 track_group tg"], ["10.0.0.0/8 dev eth0 track_group «x»"]),
    "to": (["to 10.0.0.0/8", "blackhole 10.0.0.0/8"], ["to «x»"]),
}
"""`or` and `gw` work, and are reported as old; `as` never works."""

ENCAPSULATIONS = {
    "ip": (
        ["ip id 5 dst 10.0.0.1 src 10.0.0.2 tos 16 ttl 64 flags 1"],
        ["ip dst «x»", "ip dst «fe80::1»", "ip id «x»", "ip id 5 ttl «256»", "ip id 5 flags «65536»", "«ip»"],
    ),
    "ip6": (
        ["ip6 id 5 dst fe80::1 src fe80::2 tc 16 hoplimit 64 flags 1"],
        ["ip6 dst «10.0.0.1»", "ip6 id 5 tc «256»", "ip6 id 5 hoplimit «256»"],
    ),
    "mpls": (["mpls 100", "mpls 100/200"], ["mpls «x»", "mpls «1048576»", "mpls «1/2/3»", "«mpls»"]),
    "ila": (["ila 1:2:3:4"], ["ila «1:2:3»", "ila «x:2:3:4»", "«ila»"]),
}

RULES = {
    "inet": (["inet x table 5"], ["from fe80::1 «inet» x table 5"]),
    "inet6": (["inet6 x table 5"], ["from 10.0.0.1 «inet6» x table 5"]),
    "from": (["from 10.0.0.0/8 table 5"], ["from «x» table 5"]),
    "to": (["to fe80::/64 table 5"], ["from 10.0.0.1 to «fe80::1» table 5"]),
    "table": (["table main"], ["table «0»", "«table»"]),
    "lookup": (["lookup 5"], ["table 5 lookup «6»"]),
    "not": (["not from 10.0.0.1 table 5"], ["table 5 «not1»"]),
    "preference": (["table 5 preference 10"], ["table 5 preference «x»"]),
    "order": (["table 5 order 10"], ["table 5 order «-1»"]),
    "priority": (["table 5 priority 0x10"], ["table 5 priority «4294967296»"]),
    "tos": (["tos 16 table 5"], ["tos «256» table 5"]),
    "dsfield": (["dsfield 0x10 table 5"], ["dsfield «-1» table 5"]),
    "fwmark": (
        ["fwmark 5 table 5", "fwmark 0x5/0xff table 5"],
        ["fwmark «x» table 5", "fwmark «5/» table 5"],
    ),
    "realms": (["realms 1/2 table 5"], ["table 5 «realms»", "from fe80::1 realms «1» table 5"]),
    "suppress_prefixlength": (["suppress_prefixlength 0 table 5"], ["suppress_prefixlength «-1» table 5"]),
    "sup_pl": (["sup_pl 32 table 5"], ["sup_pl «x» table 5"]),
    "suppress_ifgroup": (["suppress_ifgroup 5 table 5"], ["suppress_ifgroup «-1» table 5"]),
    "sup_group": (["sup_group default table 5"], ["table 5 «sup_group»"]),
    "dev": (["dev eth0 table 5"], ["table 5 «dev»"]),
    "iif": (["iif eth0 table 5"], ["table 5 «iif»"]),
    "oif": (["oif eth0 table 5"], ["table 5 «oif»"]),
    "tunnel-id": (["tunnel-id 18446744073709551615 table 5"], ["tunnel-id «x» table 5"]),
    "uidrange": (["uidrange 1-2 table 5"], ["uidrange «1» table 5"]),
    "l3mdev": (["l3mdev"], ["table 5 «l3mdev»"]),
    "protocol": (["table 5 no_track protocol 4"], ["table 5 no_track protocol «256»"]),
    "ipproto": (["table 5 ipproto tcp", "table 5 ipproto 127"], ["table 5 ipproto «128»"]),
    "sport": (["table 5 sport 80-80"], ["table 5 sport «80»"]),
    "dport": (["table 5 dport 80-81"], ["table 5 dport «x»"]),
    "no_track": (["table 5 no_track"], ["table 5 «no_track1»"]),
    "track_group": (["iif eth0 table 5 track_group tg"], ["iif eth0 table 5 track_group «x»"]),
    "goto": (["goto 200 preference 100"], ["goto «x»", "goto 50 preference «100»"]),
    "nop": (["from 10.0.0.1 nop"], ["table 5 «nop»"]),
    "type": (["from 10.0.0.1 type blackhole", "prohibit", "unreachable"], ["type «local»", "«x»"]),
}
NUMBERED = {"preference", "order", "priority", "goto"}
"""Whose examples have a preference."""


def cases(kind: int) -> list[object]:
    """All examples that are accepted, 0, or rejected, 1, each with the block it is for."""
    encapsulated = {
        name: tuple([f"10.0.0.0/8 encap {line}" for line in lines] for lines in both)
        for name, both in ENCAPSULATIONS.items()
    }
    found = []
    for block, options in (
        ("static_ipaddress", ADDRESSES),
        ("static_routes", ROUTES),
        ("static_routes", encapsulated),
        ("static_rules", RULES),
    ):
        for name, both in options.items():
            for line in both[kind]:
                if block == "static_rules" and name not in NUMBERED:
                    line += " preference 10" if kind == 0 else ""
                found.append(pytest.param(block, line, id=f"{block} {line}"))
    return found


def found_at(directory: Path, block: str, line: str) -> list[Diagnostic]:
    file = directory / "keepalived.conf"
    file.write_text(
        f"track_group tg {{\ngroup {{\nV\n}}\n}}\n{block} {{\n{line}\n}}\n"
        "vrrp_instance V {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n10.9.9.9\n}\n}\n"
    )
    return [one for one in load(str(file), config_id="here").diagnostics if one.span.line == 7]


@pytest.mark.parametrize(("block", "line"), cases(0))
def test_an_accepted_option_has_no_finding(tmp_path: Path, block: str, line: str) -> None:
    assert found_at(tmp_path, block, line) == []


@pytest.mark.parametrize(("block", "line"), cases(1))
def test_a_rejected_option_has_a_finding_at_the_word(tmp_path: Path, block: str, line: str) -> None:
    place = line.index("«") + 1, line.index("»")
    errors = [
        one
        for one in found_at(tmp_path, block, line.replace("«", "").replace("»", ""))
        if one.severity is Severity.ERROR
    ]
    assert place in [(one.span.column, one.span.end_column) for one in errors], errors


def test_every_option_has_examples() -> None:
    assert {*ADDRESSES} == {*VALUED, *BARE}
    assert {*ROUTES} == {*route.OPTIONS, "nexthop", "track_group", "to"}
    assert {*ENCAPSULATIONS} == {*encapsulation.KINDS}
    assert {*RULES} - {"goto", "nop", "type", "track_group"} == {*rule.OPTIONS}
    examples = [*ADDRESSES.values(), *ROUTES.values(), *ENCAPSULATIONS.values(), *RULES.values()]
    assert all(rejected for _, rejected in examples)
    assert {name for name, (accepted, _) in ROUTES.items() if not accepted} == {"as", "gw", "or"}
