"""The files that SIGUSR1 and SIGUSR2 ask for.

Expected texts were taken from keepalived 2.4.3 running the same configuration, less what we do not
have: sockets, kernel interfaces, read timeouts, and options that are not built.
"""

import os
import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface
from pathlib import Path

import pytest

from keepalived_py.daemon.log import Logger
from keepalived_py.daemon.report_file import data_path, temporary_path, write_report
from keepalived_py.dump import stats
from keepalived_py.dump.machine import Link, LinkFlag
from keepalived_py.dump.view import Moment, View
from keepalived_py.dump.vrrp import data_lines
from keepalived_py.model.address import AddressFlag, Broadcast, IpAddress
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import (
    AuthType,
    GratuitousArp,
    InitialState,
    SyncGroup,
    UnicastPeer,
    VirtualRouter,
)
from keepalived_py.model.tracking import ParameterMatch, Tracked, TrackProcess, TrackScript, Weight
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, ScriptExited, SourceAddressChanged

TRUE = "/usr/bin/true"
EXPECTED = Path(__file__).parent / "keepalived.data"
SILENT = Logger(detail=False, console=False, syslog=None)

SCRIPT_USER = Account("nobody")


class Node:
    """A machine with one interface besides lo; its programs are where they are said to be."""

    def host_name(self) -> str:
        return "node"

    def user_name(self) -> str:
        return "root"

    def address_of(self, host: str) -> str:
        return host

    def credentials(self, account: Account | None, default: Account | None) -> tuple[int, int]:
        return {"root": (0, 0), "nobody": (65534, 65534)}[(account or default or Account("root")).user]

    def program(self, command: Command, default: Account | None) -> tuple[str, str | None]:
        return command.arguments[0], None

    def links(self) -> tuple[Link, ...]:
        lo, flags = IPv4Address("127.0.0.1"), LinkFlag.UP | LinkFlag.RUNNING
        eth0 = flags | LinkFlag.BROADCAST | LinkFlag.MULTICAST
        return (
            Link(
                index=1, name="lo", flags=flags | LinkFlag.LOOPBACK, mtu=65536, hardware_type=772, ipv4=(lo,)
            ),
            Link(
                index=2,
                name="eth0",
                flags=eth0,
                mtu=1500,
                hardware_type=1,
                hardware_address=bytes((2, 0, 0, 0, 0, 1)),
                broadcast=b"\xff" * 6,
                ipv4=(IPv4Address("10.0.0.1"), IPv4Address("10.0.0.8")),
            ),
        )


def configuration() -> Configuration:
    vi_1 = VirtualRouter(
        name="VI_1",
        interface="eth0",
        state=InitialState.MASTER,
        vrid=51,
        virtual_addresses=(
            IpAddress(interface=IPv4Interface("10.0.0.101"), device="eth0", scope=253, tracked=False),
            IpAddress(
                interface=IPv4Interface("10.0.0.102/24"), broadcast=Broadcast.HOST_BITS_SET, label="eth0:1"
            ),
        ),
        excluded_addresses=(
            IpAddress(interface=IPv6Interface("fd00::1/64"), flags=AddressFlag.DAD),
            IpAddress(interface=IPv6Interface("fd00::2"), preferred_lifetime_seconds=0),
        ),
        garp=GratuitousArp(master_refresh_us=10 * SECOND),
        track_interfaces=(Tracked(name="lo", weight=Weight(5)),),
        notify=NotifyScripts(
            master=Command((TRUE, "m")),
            any=Command((TRUE,), Account("root")),
            deleted=Command((TRUE,)),
            report_deleted=True,
        ),
    )
    vi_2 = VirtualRouter(
        name="VI_2",
        interface="eth0",
        vrid=52,
        version=3,
        track_primary=False,
        advert_interval_us=SECOND // 2,
        source_address=IPv4Address("10.0.0.1"),
        unicast_peers=(
            UnicastPeer(address=IPv4Address("10.0.0.2")),
            UnicastPeer(address=IPv4Address("10.0.0.3"), min_ttl=254),
        ),
        check_unicast_source=True,
        says_check_unicast_source=True,
        track_processes=(Tracked(name="nx", weight=Weight(7, reverse=True)),),
        virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.103")),),
    )
    chk = TrackScript(
        name="chk",
        command=Command((TRUE, "-x", "a b"), Account("root")),
        interval_us=2 * SECOND,
        timeout_us=SECOND,
        weight=Weight(-20, reverse=True),
        rise=2,
        fall=3,
    )
    nx = TrackProcess(
        name="nx",
        path="nginx",
        parameters=("a", "b"),
        parameter_match=ParameterMatch.PARTIAL,
        full_command=True,
        weight=Weight(3),
        quorum=2,
        terminate_delay_us=SECOND // 2,
    )
    group = SyncGroup(
        name="G",
        members=("VI_1", "VI_2"),
        track_scripts=(Tracked(name="chk", weight=chk.weight),),
        tracking_weight=True,
        notify=NotifyScripts(any=Command((TRUE, "group")), stop=Command((TRUE, "stop"))),
    )
    return Configuration(
        definitions=GlobalDefinitions(
            router_id="lvs_a", script_security=True, script_account=SCRIPT_USER, umask=0o177
        ),
        scripts={"chk": chk},
        processes={"nx": nx},
        routers={"VI_1": vi_1, "VI_2": vi_2},
        groups={"G": group},
        static_addresses=(IpAddress(interface=IPv4Interface("10.9.9.9/24"), device="eth0"),),
    )


@pytest.fixture
def engine() -> Engine:
    """Both instances are master, after all timers of the election have run out."""
    engine = Engine(configuration())
    for event in (
        LinkChanged("eth0", True),
        LinkChanged("lo", True),
        SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")),
    ):
        engine.handle(event, 0)
    engine.start(0)
    now_us = 0
    while now_us < 10 * SECOND:
        due_us = engine.next_deadline()
        assert due_us is not None
        now_us = max(now_us, due_us)
        engine.handle(ScriptExited("chk", 0), now_us)
        engine.expire(now_us)
    engine.handle(ScriptExited("chk", 0), now_us)
    return engine


def test_the_data_file_is_keepalived_s(engine: Engine) -> None:
    text = "".join(f"{line}\n" for line in data_lines(engine, View(Node(), Moment.RUNNING, SCRIPT_USER)))
    text = re.sub(
        r"(Last transition|Read timeout) = \d+\.\d{6} \(... ... .\d ..:..:..\.\d{6} \d{4}\)", r"\1", text
    )
    if "UPDATE_EXPECTED" in os.environ:
        EXPECTED.write_text(text)
    assert text == EXPECTED.read_text()


def test_the_log_gets_only_what_is_configured(engine: Engine) -> None:
    lines = list(data_lines(engine, View(Node(), Moment.START, SCRIPT_USER)))
    assert " VRRP Instance = VI_1" in lines
    assert not [line for line in lines if "   State = MASTER" in line or "Effective priority" in line]
    assert not [line for line in lines if line.endswith(" set") and "10.0.0.10" in line]


def test_a_password_is_not_shown() -> None:
    router = replace(configuration().routers["VI_1"], auth_type=AuthType.PASS, auth_data=b"secret\0\0")
    lines = list(data_lines(Engine(Configuration(routers={"VI_1": router})), View(Node())))
    assert "   Authentication type = SIMPLE_PASSWORD" in lines
    assert not [line for line in lines if "secret" in line]


@pytest.mark.parametrize(
    ("settings", "replay"),
    [
        ({"time_window_seconds": 6}, "time, window = 6 sec"),
        ({"anti_replay_by_time": False}, "monotonic"),
    ],
)
def test_keys_are_counted_and_not_shown(settings: dict[str, int], replay: str) -> None:
    hmac = AuthHmac(keys={1: b"s" * 32, 9: b"t" * 40}, active_key=9, mode=HmacMode.PERMISSIVE, **settings)  # type: ignore[arg-type]
    router = replace(configuration().routers["VI_1"], auth_hmac=hmac)
    lines = list(data_lines(Engine(Configuration(routers={"VI_1": router})), View(Node())))
    at = lines.index("   Authentication extension = HMAC-SHA256-128")
    assert lines[at + 1 : at + 4] == [
        "     Keys = 2, active key id = 9",
        "     Mode = permissive",
        f"     Anti replay = {replay}",
    ]
    assert not [line for line in lines if "sss" in line or "ttt" in line]


def test_the_statistics_file_is_keepalived_s(engine: Engine) -> None:
    del engine.instances["VI_2"]
    counters = engine.instances["VI_1"].counters
    counters.adverts_sent, counters.became_master = 7, 1
    counters.packet_length_errors, counters.ttl_errors, counters.invalid_type_received = 2, 3, 4
    counters.advert_interval_errors, counters.address_list_errors = 5, 6
    counters.invalid_auth_type, counters.auth_type_mismatch, counters.auth_failure = 8, 9, 10
    counters.adverts_received, counters.released_master = 11, 12
    counters.auth_ext_missing, counters.auth_ext_malformed, counters.auth_ext_unknown_key = 15, 16, 17
    counters.auth_ext_invalid_hmac, counters.auth_ext_stale, counters.auth_ext_replay = 18, 19, 20
    counters.priority_zero_received, counters.priority_zero_sent = 13, 14
    assert (
        "\n".join(stats.lines(engine))
        == """\
VRRP Instance: VI_1
  Advertisements:
    Received: 11
    Sent: 7
  Became master: 1
  Released master: 12
  Packet Errors:
    Length: 2
    TTL: 3
    Invalid Type: 4
    Advertisement Interval: 5
    Address List: 6
  Authentication Errors:
    Invalid Type: 8
    Type Mismatch: 9
    Failure: 10
  Authentication Extension Errors:
    Missing: 15
    Malformed: 16
    Unknown Key: 17
    Invalid HMAC: 18
    Stale: 19
    Replay: 20
  Priority Zero:
    Received: 13
    Sent: 14"""
    )


def test_statistics_can_be_cleared(engine: Engine) -> None:
    assert engine.instances["VI_1"].counters.adverts_sent
    stats.clear(engine)
    assert engine.instances["VI_1"].counters.adverts_sent == 0


def test_a_report_goes_to_tmpdir_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    umask = os.umask(0o177)
    try:
        write_report(temporary_path("keepalived.stats"), ["one", "two"], SILENT)
    finally:
        os.umask(umask)
    file = tmp_path / "keepalived.stats"
    assert file.read_text() == "one\ntwo\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["keepalived.stats"]


def test_a_report_does_not_write_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "keepalived.stats").symlink_to(victim)
    write_report(temporary_path("keepalived.stats"), ["one"], SILENT)
    assert victim.read_text() == "precious"
    assert (tmp_path / "keepalived.stats").read_text() == "one\n"


def test_a_report_that_cannot_be_written_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "keepalived.stats").mkdir()
    write_report(temporary_path("keepalived.stats"), ["one"], Logger(detail=False, console=True, syslog=None))
    assert "Can't open dump file" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["keepalived.stats"]


@pytest.mark.parametrize(
    ("file", "path"),
    [
        (None, "/TMP/keepalived_parent.data"),
        ("state", "/TMP/state_parent"),
        ("dir/state.of.me", "/TMP/state.of_parent.me"),
        ("/var/lib/state.txt", "/var/lib/state_parent.txt"),
        ("/var/lib/", "/var/lib/keepalived_parent.data"),
        ("/state", "/state_parent"),
    ],
)
def test_the_data_file_goes_where_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str | None, path: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    definitions = GlobalDefinitions(state_dump_file=file, instance="a")
    assert str(data_path(definitions, "net", "_parent")) == path.replace("/TMP", str(tmp_path))


@pytest.mark.parametrize(
    ("namespace", "instance", "name"),
    [
        (None, None, "keepalived.data"),
        ("net", None, "keepalived.net.data"),
        (None, "a", "keepalived.a.data"),
        ("net", "a", "keepalived.net_a.data"),
    ],
)
def test_the_data_file_can_bear_the_name_of_the_instance(
    namespace: str | None, instance: str | None, name: str
) -> None:
    definitions = GlobalDefinitions(data_use_instance=True, instance=instance)
    assert data_path(definitions, namespace).name == name


def test_a_report_takes_names_that_are_no_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "report"
    write_report(path, ["caf\udce9"], SILENT)
    assert path.read_bytes() == b"caf\xe9\n"
