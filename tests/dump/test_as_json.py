"""The JSON report. Expected texts were taken from keepalived 2.4.3 running the same configuration."""

import json
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

from keepalived_py.check.machine import ThisMachine
from keepalived_py.dump.as_json import json_text
from keepalived_py.dump.view import Moment, View
from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.model.tracking import ParameterMatch, Tracked, TrackProcess, TrackScript, Weight
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import LinkChanged, ProcessesCounted, SourceAddressChanged

TRUE = Command(("/usr/bin/true", "it's", "/tmp/a"), Account("root"))
VIEW = View(ThisMachine(), Moment.RUNNING)


def router(**changes: object) -> VirtualRouter:
    plain = VirtualRouter(
        name="VI_1",
        vrid=51,
        interface="eth0",
        virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.101")),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def report(configuration: Configuration) -> str:
    return json_text(Engine(configuration), VIEW)


def test_a_plain_instance_has_the_keys_and_types_of_keepalived() -> None:
    text = report(Configuration(routers={"VI_1": router()}))
    assert text == (
        r'[{"data":{"iname":"VI_1","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,'
        r'"vmac_ifname":"","ifp_ifname":"eth0","master_priority":0,"last_transition":0.0,"garp_delay":5,'
        r'"garp_refresh":0,"garp_rep":5,"garp_refresh_rep":1,"garp_lower_prio_delay":5,'
        r'"garp_lower_prio_rep":5,"lower_prio_no_advert":0,"higher_prio_send_advert":0,"vrid":51,'
        r'"base_priority":100,"effective_priority":100,"vipset":false,"promote_secondaries":false,'
        r'"adver_int":1,"master_adver_int":1,"accept":1,"nopreempt":false,"preempt_delay":0,"state":0,'
        r'"wantstate":1,"version":2,"smtp_alert":false,"notify_deleted":false,'
        r'"vips":["10.0.0.101 dev eth0 scope global"],"auth_type":0},'
        r'"stats":{"advert_rcvd":0,"advert_sent":0,"become_master":0,"release_master":0,'
        r'"packet_len_err":0,"advert_interval_err":0,"ip_ttl_err":0,"invalid_type_rcvd":0,'
        r'"addr_list_err":0,"invalid_authtype":0,"authtype_mismatch":0,"auth_failure":0,'
        r'"auth_ext_missing":0,"auth_ext_malformed":0,"auth_ext_unknown_key":0,'
        r'"auth_ext_invalid_hmac":0,"auth_ext_stale":0,"auth_ext_replay":0,"pri_zero_rcvd":0,'
        r'"pri_zero_sent":0}}]'
    )


def test_commands_are_quoted_and_slashes_escaped() -> None:
    notify = NotifyScripts(master=TRUE, any=TRUE, master_rx_lower_pri=TRUE)
    scripts = {"chk": TrackScript(name="chk", command=TRUE)}
    vi_1 = router(notify=notify, track_scripts=(Tracked(name="chk"),))
    text = report(Configuration(routers={"VI_1": vi_1}, scripts=scripts))
    assert r"""'\/usr\/bin\/true' 'it'\\''s' '\/tmp\/a'""" in text
    [entry] = json.loads(text)
    data = entry["data"]
    command = r"'/usr/bin/true' 'it'\''s' '/tmp/a'"
    assert [data[key] for key in ("script_master", "script", "script_master_rx_lower_pri")] == [command] * 3
    assert data["track_script"] == [command]
    assert "script_backup" not in data


def test_a_password_is_not_told() -> None:
    vi_1 = router(auth_type=AuthType.PASS, auth_data=b"secret\0\0")
    [entry] = json.loads(report(Configuration(routers={"VI_1": vi_1})))
    assert (entry["data"]["auth_type"], entry["data"]["auth_data"]) == (1, "********")


def test_seconds_have_a_fraction_where_they_need_one() -> None:
    [entry] = json.loads(report(Configuration(routers={"VI_1": router(advert_interval_us=SECOND // 4)})))
    assert entry["data"]["adver_int"] == 0.25


def test_version_2_is_an_object_that_has_the_processes_too() -> None:
    definitions = GlobalDefinitions(json_version=2)
    nx = TrackProcess(
        name="nx",
        path="nginx",
        parameters=("a", "b"),
        parameter_match=ParameterMatch.PARTIAL,
        weight=Weight(3, reverse=True),
        quorum_max=4,
        terminate_delay_us=SECOND // 2,
    )
    vi_1 = router(track_processes=(Tracked(name="nx"),))
    without = json.loads(report(Configuration(definitions=definitions, routers={"VI_1": router()})))
    assert list(without) == ["vrrp"]
    engine = Engine(Configuration(definitions=definitions, routers={"VI_1": vi_1}, processes={"nx": nx}))
    for event in (
        LinkChanged("eth0", True),
        SourceAddressChanged("eth0", 4, IPv4Address("10.0.0.1")),
        ProcessesCounted("nx", 1),
    ):
        engine.handle(event, 0)
    engine.start(0)
    engine.handle(ProcessesCounted("nx", 0), 1)
    with_process = json.loads(json_text(engine, VIEW))
    assert with_process["vrrp"][0]["data"]["track_process"] == ["nx"]
    assert with_process["track_process"] == [
        {
            "process": "nx",
            "parameters": "a b",
            "param_match": "partial",
            "min_processes": 1,
            "max_processes": 4,
            "current_processes": 0,
            "have_quorum": True,
            "weight": -3,
            "terminate_delay": 0.5,
            "fork_delay": 0,
            "fork_delay_timer_running": False,
            "terminate_delay_timer_running": True,
            "full_command": False,
        }
    ]
