"""Virtual servers: defaults, inheritance and what does not go together. Expected values are those of
keepalived 2.4.3."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from keepalived_py.model.checker import DnsCheck, HttpCheck, MiscCheck, SmtpCheck, TcpCheck, UdpCheck
from keepalived_py.model.endpoint import Endpoint
from keepalived_py.model.lvs import FALLBACK, Checksum, Forwarding, Method, Protocol, Tunnel, VirtualServer
from keepalived_py.model.tracking import Weight
from keepalived_py.model.units import SECOND
from keepalived_py.schema.load import Loaded, load

HEAD = "lvs_sched rr\nlvs_method NAT\nprotocol TCP\n"


def loaded(path: Path, text: str) -> Loaded:
    file = path / "keepalived.conf"
    file.write_text(text)
    return load(str(file), config_id="here")


def messages(path: Path, text: str) -> list[str]:
    return [one.message for one in loaded(path, text).diagnostics if one.code != "not-built"]


def server(path: Path, body: str, real: str = "", before: str = "") -> VirtualServer:
    text = f"{before}virtual_server 10.0.0.1 80 {{\n{body}\nreal_server 10.1.0.1 80 {{\n{real}\n}}\n}}\n"
    (found,) = loaded(path, text).configuration.virtual_servers
    return found


def test_a_real_server_and_its_checker_inherit_what_they_do_not_say(tmp_path: Path) -> None:
    body = f"{HEAD}delay_loop 6\nconnect_timeout 2\nalpha\nweight 7\nretry 4"
    (real,) = server(tmp_path, body, "TCP_CHECK {\nwarmup 1\n}").real_servers
    assert (real.weight, real.alpha, real.delay_loop_us, real.retry) == (7, True, 6 * SECOND, 4)
    (checker,) = real.checkers
    assert isinstance(checker, TcpCheck)
    assert (checker.retry, checker.alpha, checker.warmup_us) == (4, True, SECOND)
    assert checker.connection is not None
    assert checker.connection.timeout_us == 2 * SECOND
    assert checker.connection.destination == Endpoint(ip_address("10.1.0.1"), 80)


@pytest.mark.parametrize(
    ("block", "kind", "retry", "delay_before_retry_us"),
    [
        ("TCP_CHECK {\n}", TcpCheck, 1, SECOND),
        ("HTTP_GET {\nurl {\npath /\n}\n}", HttpCheck, 1, 3 * SECOND),
        ("DNS_CHECK {\n}", DnsCheck, 3, 6 * SECOND),
        ("MISC_CHECK {\nmisc_path /bin/true\n}", MiscCheck, 0, SECOND),
    ],
)
def test_each_checker_has_its_own_patience(
    tmp_path: Path, block: str, kind: type, retry: int, delay_before_retry_us: int
) -> None:
    (checker,) = server(tmp_path, f"{HEAD}delay_loop 6", block).real_servers[0].checkers
    assert type(checker) is kind
    assert (checker.retry, checker.delay_before_retry_us) == (retry, delay_before_retry_us)


def test_an_old_host_block_says_where_its_mail_server_check_connects(tmp_path: Path) -> None:
    block = "SMTP_CHECK {\nhost {\nconnect_ip 10.9.0.1\nconnect_port 2525\n}\n}"
    checkers = server(tmp_path, HEAD, block).real_servers[0].checkers
    assert all(isinstance(checker, SmtpCheck) for checker in checkers)
    places = [str(checker.connection.destination) for checker in checkers if checker.connection]
    assert places == ["[10.9.0.1]:2525", "[10.1.0.1]:80"]


def test_a_reply_is_compared_but_for_the_digits_left_open(tmp_path: Path) -> None:
    (checker,) = server(tmp_path, HEAD, "UDP_CHECK {\nrequire_reply 12 XX 3X 4\n}").real_servers[0].checkers
    assert isinstance(checker, UdpCheck)
    assert (checker.reply, checker.reply_mask) == (b"\x12\x00\x30\x04", b"\x00\xff\x0f\x00")


def test_status_codes_that_follow_one_another_are_one_range(tmp_path: Path) -> None:
    block = "HTTP_GET {\nurl {\npath /\nstatus_code 200 201 300-310 311\n}\n}"
    (checker,) = server(tmp_path, HEAD, block).real_servers[0].checkers
    assert isinstance(checker, HttpCheck)
    assert checker.urls[0].status_codes == ((200, 201), (300, 311))


@pytest.mark.parametrize(
    ("line", "forwarding"),
    [
        ("DR", Forwarding(Method.DR)),
        ("TUN", Forwarding(Method.TUN)),
        ("TUN type gue port 5555 csum", Forwarding(Method.TUN, Tunnel.GUE, 5555, Checksum.LOCAL)),
        ("TUN type gre", Forwarding(Method.TUN, Tunnel.GRE)),
    ],
)
def test_a_real_server_takes_the_method_of_its_virtual_server(
    tmp_path: Path, line: str, forwarding: Forwarding
) -> None:
    found = server(tmp_path, f"lvs_sched rr\nprotocol TCP\nlvs_method {line}")
    assert found.real_servers[0].forwarding == forwarding


def test_flags_of_a_hashing_scheduler_count_after_it_only(tmp_path: Path) -> None:
    assert server(tmp_path, "lvs_sched sh\nsh-fallback").scheduler_flags == FALLBACK
    assert "sh-fallback only applies to sh scheduler - ignoring" in messages(
        tmp_path, f"virtual_server 10.0.0.1 80 {{\nsh-fallback\n{HEAD}real_server 10.1.0.1 80 {{\n}}\n}}"
    )


def test_a_file_check_has_the_weight_of_its_file_unless_it_says_another(tmp_path: Path) -> None:
    before = "track_file F {\nfile /run/f\nweight 5\n}\n"
    block = "FILE_CHECK {\ntrack_file F\n}\nFILE_CHECK {\ntrack_file F\nweight 2 reverse\n}"
    files = server(tmp_path, HEAD, block, before).real_servers[0].track_files
    assert [file.weight for file in files] == [Weight(5), Weight(2, True)]


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        ("10.0.0.1 80", "", "Virtual server [10.0.0.1]:none:80: no protocol set - defaulting to UDP"),
        ("10.0.0.1 80", "", "Virtual server [10.0.0.1]:udp:80: no scheduler set, setting default 'wlc'"),
        (
            "10.0.0.1 80",
            "",
            "Virtual server [10.0.0.1]:udp:80: no forwarding method set, setting default NAT",
        ),
        (
            "10.0.0.1",
            HEAD,
            "Virtual server [10.0.0.1]:tcp:0: zero port only valid for persistent services - setting",
        ),
        (
            "fwmark 5",
            HEAD,
            "Warning: Virtual server FWM 5: protocol specified for fwmark - protocol will be ignored",
        ),
        (
            "10.0.0.1 80",
            f"{HEAD}quorum 9",
            "Warning - quorum 9 for [10.0.0.1]:tcp:80 exceeds total weight of real servers 1, "
            "reducing quorum to 1",
        ),
        (
            "10.0.0.1 80",
            f"{HEAD}hysteresis 1",
            "Virtual server [10.0.0.1]:tcp:80: hysteresis 1 >= quorum 1; setting hysteresis to 0",
        ),
        (
            "10.0.0.1 81",
            "lvs_sched rr\nlvs_method DR\nprotocol TCP",
            "WARNING - virtual server [10.0.0.1]:tcp:81 and real server [10.1.0.1]:tcp:80 "
            "ports don't match - resetting",
        ),
        (
            "10.0.0.1 80",
            f"{HEAD}sorry_server fe80::1 80",
            "Address family of virtual server and sorry server fe80::1 don't match - skipping sorry server.",
        ),
        (
            "10.0.0.1 80",
            f"{HEAD}real_server 10.1.0.1 80 {{\n}}",
            "VS [10.0.0.1]:tcp:80: real server [10.1.0.1]:tcp:80 is duplicated - removing second rs",
        ),
        (
            "group nope",
            HEAD,
            "Virtual server group nope specified but not configured - ignoring virtual server [nope]:0",
        ),
    ],
)
def test_what_does_not_go_together_is_said_in_keepalived_s_words(
    tmp_path: Path, head: str, body: str, message: str
) -> None:
    text = f"virtual_server {head} {{\n{body}\nreal_server 10.1.0.1 80 {{\n}}\n}}\n"
    assert message in messages(tmp_path, text)


def test_a_virtual_server_without_protocol_is_udp(tmp_path: Path) -> None:
    assert server(tmp_path, "lvs_sched rr\nlvs_method NAT").protocol is Protocol.UDP


@pytest.mark.parametrize(
    ("line", "ranges"),
    [
        ("10.0.0.1 80", ["10.0.0.1,80"]),
        ("10.0.0.1-9", ["10.0.0.1-10.0.0.9,0"]),
        ("10.0.0.1-10.0.1.9 80", ["10.0.0.1-10.0.1.9,80"]),
        ("10.0.0.4/30 80", ["10.0.0.4-10.0.0.7,80"]),
        ("fe80::1-ff 80", ["fe80::1-fe80::ff,80"]),
        ("10.0.0.9-1 80", []),
        ("10.0.0.5/30 80", []),
        ("10.0.0.1-256 80", []),
        ("10.0.0.1-fe80::1 80", []),
    ],
)
def test_a_line_of_a_group_is_a_range_of_addresses(tmp_path: Path, line: str, ranges: list[str]) -> None:
    text = f"virtual_server_group G {{\nfwmark 7\n{line}\n}}\n"
    (group,) = loaded(tmp_path, text).configuration.virtual_server_groups
    assert [str(entry) for entry in group.ranges] == ranges


def test_the_rest_of_a_checker_that_is_given_up_is_not_judged(tmp_path: Path) -> None:
    block = "BFD_CHECK {\nname none\nalpha nonsense\nfoo\n}"
    text = f"virtual_server 10.0.0.1 80 {{\n{HEAD}real_server 10.1.0.1 80 {{\n{block}\n}}\n}}\n"
    assert messages(tmp_path, text) == [
        "([10.1.0.1]:tcp:80) BFD_CHECK - BFD none not configured",
        "Unknown keyword 'foo'",
    ]
