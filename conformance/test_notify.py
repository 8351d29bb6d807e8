"""Notify scripts: whom, with which arguments, in which order."""

import signal

from conformance.lab import wait_until
from conformance.routers import Router, vrrp_instance

RECORD = "/etc/keepalived/record"


def record_in(router: Router) -> None:
    router.host.write(RECORD, '#!/bin/sh\necho "$*" >> /tmp/events\n', mode=0o755)


def recorded(router: Router) -> list[str]:
    events = router.host.path("/tmp/events")
    return events.read_text().splitlines() if events.exists() else []


def test_notify_tells_instance_name_state_and_priority_in_order(router: Router) -> None:
    record_in(router)
    router.start(vrrp_instance(f"notify {RECORD}", priority=150))
    wait_until(lambda: len(recorded(router)) >= 2, "two notifications")
    assert router.stop() == 0
    assert recorded(router) == [
        "INSTANCE VI_1 BACKUP 150",
        "INSTANCE VI_1 MASTER 150",
        "INSTANCE VI_1 STOP 150",
    ]


def test_scripts_of_a_state_get_only_their_own_arguments(router: Router) -> None:
    record_in(router)
    states = ("master", "backup", "fault", "stop")
    body = (f'notify_{state} "{RECORD} {state} of {{}}"'.replace("{}", "mine") for state in states)
    router.start(vrrp_instance(*body))
    wait_until(lambda: "master of mine" in recorded(router), "notify_master ran")
    router.host.plumb("ip link set eth0 down")
    wait_until(lambda: "fault of mine" in recorded(router), "notify_fault ran")
    assert router.stop() == 0
    assert recorded(router) == [f"{state} of mine" for state in ("backup", "master", "fault", "stop")]


def test_group_is_told_once_and_its_members_are_not(router: Router) -> None:
    record_in(router)
    group = (
        f"vrrp_sync_group G {{\n    group {{\n        VI_1\n        VI_2\n    }}\n    notify {RECORD}\n}}\n"
    )
    router.start(
        group
        + vrrp_instance(f"notify {RECORD}", name="VI_1", vrid=1)
        + vrrp_instance(f"notify {RECORD}", name="VI_2", vrid=2, addresses=("10.0.0.102",))
    )
    wait_until(lambda: "GROUP G MASTER 0" in recorded(router), "the group is master")
    assert router.stop() == 0
    assert [event for event in recorded(router) if event.startswith("GROUP")] == [
        "GROUP G BACKUP 0",
        "GROUP G MASTER 0",
        "GROUP G STOP 0",
    ]


def test_a_removed_instance_is_told_of_as_it_wants(router: Router) -> None:
    record_in(router)

    def configuration(*instances: str) -> str:
        return "global_defs {\n    script_user root\n}\n" + "".join(instances)

    stays = vrrp_instance(f"notify {RECORD}")
    gone = (
        vrrp_instance(
            f"notify {RECORD}",
            f'notify_deleted "{RECORD} deleted"',
            f'notify_fault "{RECORD} fault of B"',
            name="B",
            vrid=52,
            addresses=("10.0.0.102",),
        ),
        vrrp_instance(
            *(f"notify {RECORD}", f'notify_fault "{RECORD} fault of C"'),
            name="C",
            vrid=53,
            addresses=("10.0.0.103",),
        ),
    )
    router.start(configuration(stays, *gone))
    wait_until(lambda: sum("MASTER" in event for event in recorded(router)) == 3, "three masters")
    router.host.path("/tmp/events").write_text("")
    router.configure(configuration(stays))
    router.signal(signal.SIGHUP)
    wait_until(lambda: len(recorded(router)) >= 3, "both are told of")
    router.host.await_no_address("10.0.0.103")
    assert router.stop() == 0
    told = [event for event in recorded(router) if "STOP" not in event]
    assert sorted(told) == ["INSTANCE B DELETED 100", "INSTANCE C FAULT 100", "deleted"]
