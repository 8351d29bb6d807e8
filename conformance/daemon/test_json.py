"""The JSON report: as keepalived's for the same configuration, and as exporters read it."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.conftest import needs
from conformance.daemon.test_reports import CONFIGURATION, report
from conformance.lab import Lan
from conformance.routers import OURS, C, Program, Router, vrrp_instance
from keepalived_py.daemon.signals import JSON

Entries = list[dict[str, dict[str, Any]]]

OF_THE_MOMENT = {"last_transition", "advert_sent", "advert_rcvd"}
SINCE_2_4 = {"auth_ext_missing", "auth_ext_malformed", "auth_ext_unknown_key", "auth_ext_invalid_hmac",
             "auth_ext_stale", "auth_ext_replay", "track_process"}  # fmt: skip
STATES = {"INIT": 0, "BACKUP": 1, "MASTER": 2, "FAULT": 3}


def json_of(router: Router) -> Path:
    return report(router, JSON, "keepalived.json")


def version_of(program: Program, lan: Lan) -> tuple[int, ...]:
    """Of a keepalived."""
    banner = lan.host().attempt(program.path, "-v").stderr
    return tuple(map(int, banner.split()[1].removeprefix("v").split(".")))


def typed(entry: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, object]]:
    """Section, key, type and value of all that does not depend on the moment, in order."""
    return [
        (section, key, type(value).__name__, None if key in OF_THE_MOMENT else value)
        for section, fields in entry.items()
        for key, value in fields.items()
    ]


def test_instances_have_keepalived_s_keys_types_and_values(lan: Lan) -> None:
    needs(C)
    version = version_of(C, lan)
    reports: list[Entries] = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.start(CONFIGURATION)
            for address in ("10.0.0.101", "10.0.0.103", "10.0.0.104"):
                router.host.await_address(address)
            router.await_log("Changing effective priority from 100 to 120")
            path = json_of(router)
            assert path.stat().st_mode & 0o777 == 0o600
            text = path.read_text()
            assert text.endswith("]\n")
            assert text.count("\n") == 1
            assert "\\/usr\\/bin\\/true" in text
            reports.append(json.loads(text))
            assert router.stop() == 0
    ours, theirs = reports
    assert [entry["data"]["iname"] for entry in ours] == ["VI_1", "VI_2", "VI_3"]
    for our_entry, their_entry in zip(ours, theirs, strict=True):
        if version < (2, 4):
            for section in our_entry.values():
                for key in SINCE_2_4 & section.keys():
                    del section[key]
        assert typed(our_entry) == typed(their_entry)


def test_version_2_has_processes_beside_the_instances(lan: Lan) -> None:
    needs(C)
    if version_of(C, lan) < (2, 3):
        pytest.skip("json_version is newer")
    process = "vrrp_track_process sleeper {\nprocess sleep 1000\nquorum 2\nterminate_delay 0.5\nweight 5\n}\n"
    reports = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.start(
                "global_defs {\njson_version 2\n}\n"
                + process
                + vrrp_instance("track_process {", "    sleeper", "}")
            )
            router.host.await_address("10.0.0.101")
            reports.append(json.loads(json_of(router).read_text()))
    ours, theirs = reports
    assert list(ours) == list(theirs) == ["vrrp", "track_process"]
    assert ours["track_process"] == theirs["track_process"]
    assert typed(ours["vrrp"][0]) == typed(theirs["vrrp"][0])


def test_statistics_can_be_cleared_and_are_told_anew(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address("10.0.0.101")
    [before] = json.loads(json_of(router).read_text())
    assert before["stats"]["become_master"] == 1
    number = router.host.run(router.program.path, "--signum=STATS_CLEAR")
    router.signal(int(number))
    router.await_log("Printing and clearing VRRP stats")
    [after] = json.loads(json_of(router).read_text())
    assert after["stats"]["become_master"] == 0
    assert after["data"]["state"] == STATES["MASTER"]
