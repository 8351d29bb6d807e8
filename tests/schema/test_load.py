"""What configurations mean: defaults, inheritance, what does not go together, and how reading goes on
after a mistake. Expected values are those of keepalived 2.4.3."""

from ipaddress import ip_address, ip_interface
from pathlib import Path

import pytest

from keepalived_py.model.address import AddressFlag, Broadcast
from keepalived_py.model.command import Account, Command
from keepalived_py.model.router import AuthType, InitialState, VirtualRouter
from keepalived_py.model.tracking import ParameterMatch, Weight
from keepalived_py.schema.load import Loaded, load

ISSUE = Path(__file__).with_name("nginx_pair.conf")


def loaded(path: Path, text: str) -> Loaded:
    file = path / "keepalived.conf"
    file.write_text(text)
    return load(str(file), config_id="here")


def instance(path: Path, body: str, before: str = "", name: str = "V") -> VirtualRouter:
    text = f"{before}\nvrrp_instance {name} {{\ninterface eth0\nvirtual_router_id 51\n{body}\n"
    if "virtual_ipaddress" not in body:
        text += "virtual_ipaddress {\n10.0.0.1\n}\n"
    return loaded(path, text + "}\n").configuration.routers[name]


def messages(path: Path, text: str) -> list[str]:
    return [one.message for one in loaded(path, text).diagnostics]


def test_the_nginx_pair_s_file_is_clean_and_means_what_it_says() -> None:
    result = load(str(ISSUE))
    assert result.diagnostics == ()
    assert result.verdict == 0
    assert result.subsystems == {"vrrp"}
    assert result.files == (str(ISSUE),)
    router = result.configuration.routers["VI_1"]
    assert (router.vrid, router.interface, router.priority, router.state) == (
        51,
        "eth0",
        100,
        InitialState.MASTER,
    )
    assert [str(one.interface) for one in router.virtual_addresses] == ["10.0.0.101/32"]
    assert [one.name for one in router.track_scripts] == ["chk_nginx"]
    script = result.configuration.scripts["chk_nginx"]
    assert script.command == Command(("pidof", "nginx"))
    assert script.interval_us == 2_000_000
    assert (router.place.line, router.place.column) == (6, 15)


@pytest.mark.parametrize(
    ("body", "state", "priority"),
    [
        ("", InitialState.BACKUP, 100),
        ("state MASTER", InitialState.MASTER, 255),
        ("state MASTER\npriority 50", InitialState.MASTER, 50),
        ("priority 255", InitialState.MASTER, 255),
        ("state BACKUP\npriority 255", InitialState.BACKUP, 255),
        ("state FOO", InitialState.BACKUP, 100),
        ("priority 300", InitialState.BACKUP, 100),
    ],
)
def test_state_and_priority_complete_each_other(
    tmp_path: Path, body: str, state: InitialState, priority: int
) -> None:
    router = instance(tmp_path, body)
    assert (router.state, router.priority) == (state, priority)


@pytest.mark.parametrize(
    ("body", "version", "interval_us"),
    [
        ("", 2, 1_000_000),
        ("advert_int 2.4", 2, 2_000_000),
        ("advert_int 0.3", 2, 1_000_000),
        ("version 3\nadvert_int 0.105", 3, 110_000),
        ("version 3\nadvert_int 50", 3, 40_950_000),
        ("version 3\nadvert_int 0.01", 3, 10_000),
        ("virtual_ipaddress {\nfe80::1\n}", 3, 1_000_000),
        ("native_ipv6\nvirtual_ipaddress {\nfe80::1\n}", 3, 1_000_000),
    ],
)
def test_the_interval_fits_the_version(tmp_path: Path, body: str, version: int, interval_us: int) -> None:
    router = instance(tmp_path, body)
    assert (router.version, router.advert_interval_us) == (version, interval_us)


@pytest.mark.parametrize(
    ("body", "nopreempt", "delay_us"),
    [
        ("nopreempt", True, 0),
        ("nopreempt\npreempt", False, 0),
        ("nopreempt\nstate MASTER\npriority 9", False, 0),
        ("nopreempt\npriority 255", False, 0),
        ("preempt_delay 1.5", False, 1_500_000),
        ("preempt_delay 5\nstate MASTER\npriority 9", False, 0),
        ("preempt_delay 5\nnopreempt", True, 0),
        ("preempt_delay 1001", False, 0),
    ],
)
def test_preemption_rules(tmp_path: Path, body: str, nopreempt: bool, delay_us: int) -> None:
    router = instance(tmp_path, body)
    assert (router.nopreempt, router.preempt_delay_us) == (nopreempt, delay_us)


@pytest.mark.parametrize(
    ("body", "auth_type", "data"),
    [
        ("authentication {\nauth_type PASS\nauth_pass 1111\n}", AuthType.PASS, b"1111\0\0\0\0"),
        ("authentication {\nauth_type PASS\nauth_pass 123456789\n}", AuthType.PASS, b"12345678"),
        ("authentication {\nauth_type PASS\n}", AuthType.NONE, bytes(8)),
        ("version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}", AuthType.NONE, b"x" + bytes(7)),
        ("strict_mode\nauthentication {\nauth_type PASS\nauth_pass x\n}", AuthType.NONE, b"x" + bytes(7)),
    ],
)
def test_authentication(tmp_path: Path, body: str, auth_type: AuthType, data: bytes) -> None:
    router = instance(tmp_path, body)
    assert (router.auth_type, router.auth_data) == (auth_type, data)


def test_instances_inherit_from_global_defs_unless_they_say_otherwise(tmp_path: Path) -> None:
    before = """global_defs {
        vrrp_version 3
        vrrp_garp_master_delay 9
        vrrp_garp_master_repeat 2
        vrrp_skip_check_adv_addr
        vrrp_down_timer_adverts 5
        vrrp_mcast_group4 224.0.0.99
    }"""
    router = instance(tmp_path, "garp_master_repeat 7", before)
    assert (router.version, router.skip_check_adv_addr, router.down_timer_adverts) == (3, True, 5)
    assert (router.garp.master_delay_us, router.garp.master_repeat) == (9_000_000, 7)
    assert router.garp.lower_prio_repeat == 2, "of global_defs, not of the instance"
    assert router.multicast_group == ip_address("224.0.0.99")


def test_strict_mode_takes_away_what_it_forbids(tmp_path: Path) -> None:
    body = "strict_mode\nstate MASTER\npriority 90\npreempt_delay 3\n"
    body += "garp_lower_prio_repeat 4\ndown_timer_adverts 2"
    router = instance(tmp_path, body)
    assert router.state is InitialState.BACKUP
    assert (router.preempt_delay_us, router.garp.lower_prio_repeat, router.down_timer_adverts) == (0, 0, 3)
    assert (router.lower_prio_no_advert, router.accept) == (True, False)


def test_an_address_line_with_every_option(tmp_path: Path) -> None:
    router = instance(
        tmp_path,
        "virtual_ipaddress {\n"
        "10.1.0.5/16 brd + dev eth1 scope link label eth1:1 no_track noprefixroute home\n"
        "10.1.0.6 peer 10.1.0.7\n}\nvirtual_ipaddress_excluded {\n2001:db8::1/64 -nodad\n2001:db8::2\n}",
    )
    first, second = router.virtual_addresses
    assert (str(first.interface), first.device, first.scope, first.label) == (
        "10.1.0.5/16",
        "eth1",
        253,
        "eth1:1",
    )
    assert first.broadcast is Broadcast.HOST_BITS_SET
    assert str(first.broadcast_address) == "10.1.255.255"
    assert not first.tracked
    assert first.flags == AddressFlag.NOPREFIXROUTE | AddressFlag.HOME
    assert (second.peer, second.interface) == (ip_address("10.1.0.7"), ip_interface("10.1.0.6/32"))
    third, fourth = router.excluded_addresses
    assert (third.flags, third.preferred_lifetime_seconds) == (AddressFlag.DAD, None)
    assert fourth.preferred_lifetime_seconds == 0, "a host address of IPv6 is deprecated"


def test_addresses_that_do_not_fit_are_left_out(tmp_path: Path) -> None:
    router = instance(
        tmp_path,
        "virtual_ipaddress {\n10.0.0.1\nnonsense\n10.0.0.1\n2001:db8::1\n"
        "10.0.0.2 label 1234567890123456\n10.0.0.3 dev\n}",
    )
    assert [str(one.address) for one in router.virtual_addresses] == ["10.0.0.1"]


def test_unicast_peers(tmp_path: Path) -> None:
    router = instance(
        tmp_path,
        "unicast_src_ip 10.0.0.9\nunicast_peer {\n10.0.0.10 min_ttl 254\n10.0.0.10\nfe80::1\n10.0.0.11\n}",
    )
    assert [(str(peer.address), peer.min_ttl) for peer in router.unicast_peers] == [
        ("10.0.0.10", 254),
        ("10.0.0.11", None),
    ]
    assert router.unicast
    assert router.check_unicast_source
    assert router.source_address == ip_address("10.0.0.9")


def test_trackers_take_the_weight_of_what_they_track_or_their_own(tmp_path: Path) -> None:
    before = """vrrp_script s1 {
        script "/bin/a b 'c d'"
        weight -20 reverse
        user nobody nogroup
        timeout 1.5
    }
    vrrp_script s2 {
        script /bin/b
        weight 5
    }
    vrrp_track_process p {
        process nginx -g x
        quorum 2
        delay 0.5
    }"""
    body = "track_script {\ns1\ns2 weight 9\nnone\ns2\n}\ntrack_process {\np weight 3 reverse\n}\n"
    body += "track_interface {\neth1 weight 7\n}\nvirtual_ipaddress {\n10.0.0.1\n}\n"
    text = f"{before}\nvrrp_instance V {{\ninterface eth0\nvirtual_router_id 1\n{body}}}"
    result = loaded(tmp_path, text)
    router = result.configuration.routers["V"]
    assert {one.name: one.weight for one in router.track_scripts} == {
        "s1": Weight(-20, True),
        "s2": Weight(9),
    }
    assert [one.weight for one in router.track_processes] == [Weight(3, True)]
    assert [(one.name, one.weight) for one in router.track_interfaces] == [("eth1", Weight(7))]
    script = result.configuration.scripts["s1"]
    assert script.command == Command(("/bin/a", "b", "c d"), Account("nobody", "nogroup"))
    assert script.timeout_us == 1_500_000
    process = result.configuration.processes["p"]
    assert (process.path, process.parameters, process.parameter_match) == (
        "nginx",
        ("-g", "x"),
        ParameterMatch.EXACT,
    )
    assert (process.quorum, process.terminate_delay_us, process.fork_delay_us) == (2, 500_000, 500_000)
    assert "(V) track script none not found, ignoring..." in [one.message for one in result.diagnostics]
    assert "(V) duplicate track_script s2 - ignoring" in [one.message for one in result.diagnostics]


def test_groups_and_notifications(tmp_path: Path) -> None:
    one = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n"
    one += 'notify "/bin/n a" root\n}\n'
    two = one.replace("A {", "B {").replace("_id 1", "_id 2")
    group = "vrrp_sync_group G {\ngroup { A B C }\nnotify_master '/bin/g x'\nnotify_master /bin/h\n}\n"
    result = loaded(tmp_path, one + two + group)
    found = result.configuration.groups["G"]
    assert found.members == ("A", "B")
    assert found.notify.master == Command(("/bin/g", "x"))
    assert result.configuration.routers["A"].notify.any == Command(("/bin/n", "a"), Account("root"))
    said = [one.message for one in result.diagnostics]
    assert "Virtual router C specified in sync group G doesn't exist - ignoring" in said
    assert "vrrp group G: notify_master script already specified - ignoring /bin/h" in said


def test_weights_go_where_priorities_must_not_change(tmp_path: Path) -> None:
    before = "vrrp_script s {\nscript /bin/a\nweight 5\n}"
    router = instance(
        tmp_path, "priority 255\ntrack_script {\ns\n}\ntrack_interface {\neth1 weight 3\n}", before
    )
    assert router.track_scripts == ()
    assert router.track_interfaces == ()


def test_two_instances_of_one_vrid_on_one_interface_are_one_too_many(tmp_path: Path) -> None:
    body = "interface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n"
    result = loaded(tmp_path, f"vrrp_instance A {{\n{body}vrrp_instance B {{\n{body}")
    assert list(result.configuration.routers) == ["A"]
    assert "A and B both use VRID 1 with IPv4 on interface eth0" in [
        one.message for one in result.diagnostics
    ]


# What happens after a mistake


def test_the_body_of_an_unknown_block_belongs_to_the_block_around_it(tmp_path: Path) -> None:
    text = """vrrp_instance B {
        virtual_router_id 1
        interface eth0
        priority 9
        virtual_ipaddress { 10.0.0.1 }
        foo {
            priority 3
        }
        priority 7
    }"""
    result = loaded(tmp_path, text)
    assert result.configuration.routers["B"].priority == 3
    assert [(one.span.line, one.message) for one in result.diagnostics] == [
        (6, "Unknown keyword 'foo'"),
        (6, "Unexpected '{' - ignoring"),
        (9, "Unknown keyword 'priority'"),
        (10, "Unknown keyword '}'"),
    ]


def test_a_block_without_its_brace_is_read_all_the_same(tmp_path: Path) -> None:
    result = loaded(tmp_path, "global_defs\n router_id X\n}")
    assert result.configuration.definitions.router_id == "X"
    assert result.diagnostics[0].message == "Missing '{' at beginning of configuration block"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 0),
        ("foo", 5),
        ("vrrp_script", 2),
        ("includem nothing.conf", 6),
        ("includem nothing.conf\nvrrp_script", 6),
        ("virtual_server 10.0.0.1 80 {\n}", 5),
        ("router_id x\nvrrp_script", 2),
    ],
)
def test_the_verdict_is_keepalived_s_exit_status(tmp_path: Path, text: str, status: int) -> None:
    assert loaded(tmp_path, text).verdict == status


def test_include_check_applies_to_what_follows_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, "include nothing.conf\nglobal_defs {\ninclude_check\n}").verdict == 0
    assert loaded(tmp_path, "global_defs {\ninclude_check match\n}\ninclude nothing.conf").verdict == 6


def test_a_known_keyword_without_function_is_one_warning_for_its_block(tmp_path: Path) -> None:
    text = "virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n"
    text += "TCP_CHECK {\nconnect_port 80\n}\n}\n}"
    result = loaded(tmp_path, text)
    assert [(one.code, one.span.line) for one in result.diagnostics] == [("not-built", 1)]
    assert result.subsystems == {"checker"}


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("vrrp_instance V {\nvirtual_router_i 1\n}", "did you mean 'virtual_router_id'?"),
        ("vrrp_instance V {\nauth_pass x\n}", "'auth_pass' belongs in authentication, not in vrrp_instance"),
        ("virtual_ipaddress {\n}", "'virtual_ipaddress' belongs in vrrp_instance, not at the top level"),
        ("vrrp_instance V {\nqqqqqqqq 1\n}", "there is no such keyword in vrrp_instance"),
    ],
)
def test_an_unknown_keyword_comes_with_advice(tmp_path: Path, text: str, advice: str) -> None:
    (first, *_) = [one for one in loaded(tmp_path, text).diagnostics if "keyword" in one.code]
    assert first.help.startswith(advice)
