"""The files of SIGUSR1 and SIGUSR2, compared with keepalived's for the same configuration."""

import re
import signal
from pathlib import Path

import pytest

from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Router, vrrp_instance

CONFIGURATION = """
global_defs {
    router_id lab
    enable_script_security
    script_user root
}
track_file number {
    file /etc/keepalived/number
    weight 1
}
vrrp_track_process nginx {
    process nginx
    quorum 2
    weight 5 reverse
}
static_ipaddress {
    10.9.9.9/24 dev eth0
}
vrrp_script chk {
    script "/usr/bin/true -x 'a b'"
    interval 2
    timeout 1
    weight 20
    rise 2
    fall 3
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
    notify "/usr/bin/true group"
    sync_group_tracking_weight
    track_interface {
        lo
    }
}
""" + "".join(
    [
        vrrp_instance(
            "track_interface {",
            "    lo",
            "}",
            "notify_master /usr/bin/true",
            "garp_master_refresh 10",
            version=2,
            interval=1,
            addresses=("10.0.0.101/32 dev eth0 scope link no_track", "10.0.0.102/24 brd + label eth0:1"),
        ),
        vrrp_instance(
            *("unicast_peer {", "    10.0.0.9", "}"),
            *("track_file {", "    number weight 2", "}"),
            *("track_process {", "    nginx", "}"),
            name="VI_2",
            vrid=52,
            addresses=("10.0.0.103",),
        ),
        vrrp_instance(
            "no_accept", "track_script {", "    chk", "}", name="VI_3", vrid=53, addresses=("10.0.0.104",)
        ),
    ]
)

OF_THE_MOMENT = re.compile(r"(?m)^   (Last transition|Last advert sent|Read timeout) = .*\n")
OF_A_BUILD = re.compile(
    # Other versions and builds of keepalived have them, or have them not.
    r"(?m)^ (Don't set supplementary groups|keep script symlinks|libnftnl|SNMP RFCv[23]) .*\n"
    # What we have not: numbers of sockets, and when neighbours were told that we are no router.
    r"|^   (fd_in|Not IPv6 forwarding|No sockets) .*\n"
    r"|^------< VRRP Sockpool >------\n( .*\n)*"
)


def report(router: Router, number: int, name: str) -> Path:
    """Ask for a report, and wait until it is complete."""
    path = router.host.path(f"/tmp/{name}")
    path.unlink(missing_ok=True)
    router.signal(number)
    wait_until(lambda: path.exists() and path.read_text().endswith("\n"), f"{name} of {router}")
    return path


def normalised(text: str, router: Router) -> list[str]:
    """A data file, but for what differs from run to run and from build to build."""
    text = re.sub(rf"\b{router.host.address}\b", "OWN", text)
    text = re.sub(r"02:00:00:00:00:0\d|fe80::ff:fe00:\d", "LINK", text)
    return OF_A_BUILD.sub("", OF_THE_MOMENT.sub("", text)).splitlines()


@pytest.mark.parametrize("name", ["keepalived.data", "keepalived_parent.data"])
def test_what_we_dump_is_what_keepalived_dumps(lan: Lan, name: str) -> None:
    needs(C)
    version = lan.host().attempt(C.path, "-v").stderr
    if "Keepalived v2.4" not in version:
        pytest.skip("the words are those of keepalived 2.4")
    dumps = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.host.write("/etc/keepalived/number", "5\n")
            router.start(CONFIGURATION)
            for address in ("10.0.0.101", "10.0.0.103", "10.0.0.104"):
                router.host.await_address(address)
            router.await_log("(VI_3) Changing effective priority from 100 to 120")
            dumps.append(normalised(report(router, signal.SIGUSR1, name).read_text(), router))
            assert router.stop() == 0
    ours, theirs = dumps
    assert len(ours) > 70
    assert ours == theirs


def test_the_statistics_have_the_same_lines(lan: Lan) -> None:
    needs(C)
    files = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.start(vrrp_instance())
            router.host.await_address("10.0.0.101")
            path = report(router, signal.SIGUSR2, "keepalived.stats")
            assert path.stat().st_mode & 0o777 == 0o600
            files.append(re.sub(r"\d+$", "N", path.read_text(), flags=re.MULTILINE))
    ours, theirs = files
    ours, lateness, _ = ours.partition("Timer lateness\n")
    assert lateness
    if "Extension" not in theirs:  # older than 2.4
        ours = re.sub(r"  Authentication Extension Errors:\n(    .*\n)*", "", ours)
    assert ours == theirs
