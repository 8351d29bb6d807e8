"""Route and rule lines: what they mean, printed as keepalived prints it, and what keepalived says of them."""

from pathlib import Path

import pytest

from keepalived_py.model.route_text import route_line, rule_line
from keepalived_py.schema.load import Loaded, load


def loaded(directory: Path, block: str, line: str) -> Loaded:
    file = directory / "keepalived.conf"
    file.write_text(f"track_group tg {{\ngroup {{\nVI\n}}\n}}\n{block} {{\n{line}\n}}\n")
    return load(str(file), config_id="here")


def said(result: Loaded) -> list[str]:
    return [one.message for one in result.diagnostics if one.reported_at and one.reported_at[1] == 7]


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("10.0.0.0/8 via 192.0.2.1", "prepend 10.0.0.0/8 via inet 192.0.2.1 proto 18"),
        ("default via 192.0.2.1 dev eth0", "prepend 0.0.0.0/0 via inet 192.0.2.1 dev eth0 proto 18"),
        ("to 10.0.0.1 dev eth0 table 100", "prepend 10.0.0.1 dev eth0 table 100 proto 18"),
        ("default6 via fe80::1 dev eth0", "prepend ::/0 via inet6 fe80::1 dev eth0 proto 18"),
        ("default expires 30", "prepend ::/0 proto 18 expires 30sec"),
        ("blackhole 10.0.0.0/8 append", "append blackhole 10.0.0.0/8 proto 18"),
        ("brd 10.0.0.0 add", "add broadcast 10.0.0.0 proto 18"),
        ("10.0.0.0/8 scope link metric 5", "prepend 10.0.0.0/8 proto 18 scope 253 metric 5"),
        ("10.0.0.0/8 table local tos 0x10", "prepend 10.0.0.0/8 tos 16 table 255 proto 18"),
        ("10.0.0.0/8 protocol static no_track", "prepend 10.0.0.0/8 proto 4 no_track"),
        ("10.0.0.0/8 no_track", "prepend 10.0.0.0/8 no_track"),
        ("10.0.0.0/8 rtt lock 1.5s", "prepend 10.0.0.0/8 proto 18 rtt lock 1.5s"),
        ("10.0.0.0/8 rtt 4000", "prepend 10.0.0.0/8 proto 18 rtt 500ms"),
        ("10.0.0.0/8 rto_min 300ms", "prepend 10.0.0.0/8 proto 18 rto_min 300ms"),
        ("10.0.0.0/8 realms 1/2 mtu lock 1400", "prepend 10.0.0.0/8 proto 18 realms 1/2 mtu lock 1400"),
        ("2001:db8::/32 pref high", "prepend 2001:db8::/32 proto 18 pref high"),
        ("10.0.0.0/8 encap mpls 100/200", "prepend 10.0.0.0/8 encap mpls 64000/c8100 proto 18"),
        (
            "10.0.0.0/8 encap ip id 5 dst 192.0.2.1 dev eth0",
            "prepend 10.0.0.0/8 encap ip id 5 dst 192.0.2.1 dev eth0 proto 18",
        ),
        (
            "10.0.0.0/8 nexthop via 192.0.2.1 dev eth0 weight 2 nexthop via 192.0.2.2 onlink",
            "prepend 10.0.0.0/8 proto 18 nexthop via inet 192.0.2.1 dev eth0 weight 2 "
            "nexthop via inet 192.0.2.2 onlink",
        ),
        ("10.0.0.0/8 dev eth0 track_group tg", "prepend 10.0.0.0/8 dev eth0 proto 18 track_group tg"),
    ],
)
def test_a_route_means_what_keepalived_prints_of_it(tmp_path: Path, line: str, printed: str) -> None:
    result = loaded(tmp_path, "static_routes", line)
    assert said(result) == []
    assert [route_line(route) for route in result.configuration.static_routes] == [printed]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("via 192.0.2.1", "Route must have a destination"),
        ("10.0.0.0/8 via fe80::1", "Cannot mix IPv4 and IPv6 addresses for route"),
        ("via 192.0.2.1 default", "Cannot mix IPv4 and IPv6 addresses for route (default)"),
        ("inet default via 192.0.2.1", "Route must have a destination"),
        ("10.0.0.0/8 sideways", "unknown route keyword sideways"),
        ("10.0.0.0/8 scope 256", "Scope 256 not found or invalid for route"),
        ("10.0.0.0/8 mtu many", "Invalid MTU many specified for route"),
        ("10.0.0.0/8 rtt 1e3", "rtt value exponential form 1e3 no longer supported"),
        ("10.0.0.0/8 rtt 10ms", "rtt value 10ms below minimum 200ms, resetting"),
        ("10.0.0.0/8 expires 5", "expires is only valid for IPv6"),
        (
            "10.0.0.0/8 nexthop via 192.0.2.1 congctl cubic",
            "Route has trailing nonsense after nexthops - congctl",
        ),
        ("10.0.0.0/8 encap gre", "Unknown encap type - gre"),
        ("10.0.0.0/8 track_group tg", "Static route cannot have track group if no oif specified"),
        ("10.0.0.0/8 dev eth0 track_group other", "track_group other not found"),
        (
            "10.0.0.0/8 protocol static",
            "Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol",
        ),
        (
            "10.0.0.0/8 via",
            "*** Configuration line starting `10.0.0.0/8` is missing a parameter after keyword `via` "
            "at word position 3",
        ),
    ],
)
def test_a_wrong_route_is_reported_in_keepalived_s_words(tmp_path: Path, line: str, message: str) -> None:
    assert message in said(loaded(tmp_path, "static_routes", line))


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (
            "from 10.0.0.0/8 table 100 priority 7",
            "from 10.0.0.0/8 priority 7 tos 0x0 protocol 18 lookup 100",
        ),
        ("to 10.0.0.1 lookup main pref 7", ""),
        (
            "not from all blackhole order 9",
            "not from 0.0.0.0/0 priority 9 tos 0x0 protocol 18 type blackhole",
        ),
        ("goto 200 preference 100", "from all priority 100 tos 0x0 protocol 18 goto 200"),
        ("nop preference 0x10 no_track", "from all priority 16 tos 0x0 nop no_track"),
        (
            "fwmark 0x5/0xff iif lo l3mdev preference 3",
            "from all priority 3 tos 0x0 fwmark 0x5/0xff iif lo l3mdev protocol 18 lookup 0",
        ),
        (
            "sport 1-2 dport 80-80 ipproto 6 table 9 preference 3",
            "from all priority 3 tos 0x0 protocol 18 ipproto 6 sport 1-2 dport 80-80 lookup 9",
        ),
    ],
)
def test_a_rule_means_what_keepalived_prints_of_it(tmp_path: Path, line: str, printed: str) -> None:
    result = loaded(tmp_path, "static_rules", line)
    assert [rule_line(rule) for rule in result.configuration.static_rules] == ([printed] if printed else [])
    assert bool(said(result)) == (not printed)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("from 10.0.0.0/8", "No action specified for rule - ignoring"),
        ("table 0 preference 5", "Table 0 is not valid"),
        ("sport 80 table 9 preference 5", "invalid sport range 80"),
        ("from 10.0.0.0/8 to 2001:db8::/32 nop", "rule specification has mixed IPv4 and IPv6"),
        ("goto 5", "Invalid rule - goto target 5 specified without preference"),
        ("goto 5 preference 6", "Invalid rule - preference 6 >= goto target 5"),
        (
            "table 5 nop",
            "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable/l3mdev for rule",
        ),
        ("realms 1 nop preference 5", "suppressor/realm specified for non table action - skipping"),
        ("fwmark -1 table 9", "Invalid rule fwmark -1 specified"),
        ("preference no table 9", "Invalid rule preference preference specified"),
        ("upwards", "Unknown rule option upwards"),
        (
            "table 9",
            "Rule has no preference specified - setting to 16384. This is probably not what you want.",
        ),
    ],
)
def test_a_wrong_rule_is_reported_in_keepalived_s_words(tmp_path: Path, line: str, message: str) -> None:
    assert message in said(loaded(tmp_path, "static_rules", line))


def test_automatic_preferences_count_down_for_each_family(tmp_path: Path) -> None:
    lines = "table 1\ntable 2\nfrom 2001:db8::/32 table 3"
    result = loaded(tmp_path, "static_rules", lines)
    assert [rule.priority for rule in result.configuration.static_rules] == [16384, 16383, 16384]


def test_names_of_tables_are_kept_where_the_host_is_not_known(tmp_path: Path) -> None:
    result = loaded(tmp_path, "static_routes", "10.0.0.0/8 table uplink")
    assert result.configuration.static_routes[0].table == "uplink"
