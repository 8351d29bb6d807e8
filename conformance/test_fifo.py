"""Notify FIFOs: who owns them, what is written, and what becomes of their readers."""

import os
import signal
from pathlib import Path

from conformance.lab import wait_until
from conformance.routers import OURS, Router, vrrp_instance

VIP = "10.0.0.101"

READER = """#!/bin/sh
trap 'echo ended >>/tmp/lines; exit' TERM
echo "started $*" >>/tmp/lines
for path; do :; done
while read -r line <&3; do echo "$line" >>/tmp/lines; done 3<"$path"
"""

CONFIGURATION = """
global_defs {
    script_user root
    vrrp_notify_priority_changes
    fifo_write_vrrp_states_on_reload
    notify_fifo /tmp/everything nobody
    vrrp_notify_fifo /tmp/fifo
    vrrp_notify_fifo_script "/etc/keepalived/reader one"
}
vrrp_script chk {
    script "/usr/bin/test ! -e /tmp/bad"
    interval 1
    weight -30
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
""" + "".join(
    [
        vrrp_instance(),
        vrrp_instance(name="VI_2", vrid=52, addresses=("10.0.0.102",)),
        vrrp_instance("track_script {", "    chk", "}", name="VI_3", vrid=53, addresses=("10.0.0.103",)),
        vrrp_instance(name="PATIENT", vrid=54, interval=40, addresses=("10.0.0.104",)),
    ]
)


def lines(router: Router) -> list[str]:
    path = router.host.path("/tmp/lines")
    return path.read_text().splitlines() if path.exists() else []


def take(router: Router, *expected: str) -> None:
    """Wait until these lines have come, the first in their order, and none else."""
    wait_until(lambda: len(lines(router)) >= len(expected), f"{expected} in the lines of {router}")
    assert sorted(lines(router)) == sorted(expected)
    router.host.path("/tmp/lines").write_text("")


def owner(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_uid, status.st_mode & 0o777


def test_the_lines_and_the_reader_of_a_fifo(router: Router) -> None:
    router.host.write("/etc/keepalived/reader", READER, mode=0o755)
    router.start(CONFIGURATION)
    take(
        router,
        "started one /tmp/fifo",
        'GROUP "G" BACKUP 0',
        *(f'INSTANCE "{name}" BACKUP 100' for name in ("VI_1", "VI_2", "VI_3", "PATIENT")),
        *(f'INSTANCE "{name}" MASTER 100' for name in ("VI_1", "VI_2", "VI_3")),
        'GROUP "G" MASTER 0',
    )
    assert owner(router.host.path("/tmp/fifo")) == (0, 0o600)
    nobody = int(router.host.run("id", "-u", "nobody"))
    assert owner(router.host.path("/tmp/everything")) == (nobody, 0o600)

    router.host.write("/tmp/bad", "")
    take(router, 'INSTANCE "VI_3" MASTER_PRIORITY 70')
    router.host.path("/tmp/bad").unlink()
    take(router, 'INSTANCE "VI_3" MASTER_PRIORITY 100')

    router.signal(signal.SIGHUP)
    take(router, "ended", "started one /tmp/fifo", 'GROUP "G" MASTER 0', 'INSTANCE "PATIENT" BACKUP 100')
    assert router.stop() == 0
    assert not router.host.path("/tmp/fifo").exists()
    assert not router.host.path("/tmp/everything").exists()
    if router.program is OURS:
        stopped = [f'INSTANCE "{name}" STOP 100' for name in ("VI_1", "VI_2", "VI_3", "PATIENT")]
        take(router, *stopped, 'GROUP "G" STOP 0')


def test_a_master_tells_that_it_has_heard_a_lower_one(pair: tuple[Router, Router]) -> None:
    master, lower = pair
    script = 'notify_master_rx_lower_pri "/usr/bin/touch /tmp/heard"'
    fifo = "global_defs {\nscript_user root\nvrrp_notify_fifo /tmp/fifo\n}\n"
    # Its adverts go to nobody, so that the other becomes master, too.
    master.start(fifo + vrrp_instance(script, "unicast_peer {", "    10.0.0.9", "}", priority=150))
    master.host.await_address(VIP)
    lower.start(vrrp_instance("unicast_peer {", f"    {master.host.address}", "}"))
    heard = master.host.path("/tmp/heard")
    wait_until(heard.exists, "notify_master_rx_lower_pri ran")
    reader = os.open(master.host.path("/tmp/fifo"), os.O_RDONLY | os.O_NONBLOCK)
    told = os.read(reader, 10_000).decode().splitlines()
    os.close(reader)
    assert told[:2] == ['INSTANCE "VI_1" BACKUP 150', 'INSTANCE "VI_1" MASTER 150']
    assert set(told[2:]) == {'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150'}
