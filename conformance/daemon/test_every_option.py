"""Every option of the command line, shown at work: here, or by the test that is named here."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.lab import PROJECT, children, wait_until
from conformance.routers import Router, vrrp_instance
from keepalived_py.cli.options import OPTIONS

VIP = "10.0.0.101"
MASTER = "Entering MASTER STATE"
OTHER_FILE = "/etc/keepalived/other.conf"
GRATUITOUS = "gratuitous ARP on eth0 for 10.0.0.101"


def use_file(router: Router) -> None:
    router.host.write(OTHER_FILE, vrrp_instance(name="other"))
    router.start(vrrp_instance(), "--use-file", OTHER_FILE)
    router.await_log("(other) Entering MASTER")


def vrrp(router: Router) -> None:
    router.start(vrrp_instance(), "--vrrp")
    router.await_log(MASTER)
    assert len(children(router.pid)) == 1


def only_checkers(router: Router) -> None:
    router.start(vrrp_instance(), "-C")
    router.await_log("Warning - keepalived has no configuration to run")
    assert not children(router.pid)


def no_bfd(router: Router) -> None:
    router.start(vrrp_instance(), "--no_bfd")
    router.await_log(MASTER)


def all_(router: Router) -> None:
    router.start("", "--all")
    router.await_log("Starting VRRP child process")
    assert router.stop() == 0


def log_console(router: Router) -> None:
    router.start(vrrp_instance(), "--log-console", usual=("-n", "-G"))
    router.await_log(MASTER)


def log_detail(router: Router) -> None:
    router.start(vrrp_instance(), usual=("-n", "-l", "-G"))
    router.await_log(MASTER)
    router.stop()
    assert GRATUITOUS not in router.log
    router.start(vrrp_instance(), "--log-detail", usual=("-n", "-l", "-G"))
    router.await_log(GRATUITOUS)


def log_file(router: Router) -> None:
    if "-g requires" in router.host.attempt(router.program.path, "-g", "--signum=STOP").stderr:
        pytest.skip("built without log files")
    router.start(vrrp_instance(), "--log-file=/tmp/my.log", "--flush-log-file")
    vrrp_log = router.host.path("/tmp/my_vrrp.log")
    wait_until(lambda: vrrp_log.exists() and MASTER in vrrp_log.read_text(), "the file of the VRRP process")
    assert vrrp_log.stat().st_mode & 0o777 == 0o600
    parent_log = router.host.path("/tmp/my.log").read_text()
    assert "Starting VRRP child process" in parent_log
    stamp = r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{9} \d{4}: "
    assert all(re.match(stamp, line) for line in parent_log.splitlines())


def umask(router: Router) -> None:
    router.start(vrrp_instance(), "--umask=022")
    router.await_log(MASTER)
    router.signal(signal.SIGUSR1)
    data = router.host.path("/tmp/keepalived.data")
    wait_until(data.exists, "data")
    assert data.stat().st_mode & 0o777 == 0o644


def release_vips(router: Router) -> None:
    router.start(vrrp_instance(), "--release-vips")
    router.host.await_address(VIP)
    assert router.stop() == 0
    assert not router.host.has(VIP)


def dont_release_ipvs(router: Router) -> None:
    router.start(vrrp_instance(), "--dont-release-ipvs")
    router.host.await_address(VIP)
    assert router.stop() == 0


def dump_conf(router: Router) -> None:
    router.start(vrrp_instance(), "--dump-conf")
    router.await_log("------< VRRP Topology >------")
    router.await_log("VRRP Instance = VI_1")


def pid_files(router: Router) -> None:
    options = [f"--{name}=/tmp/{name}" for name in ("pid", "vrrp_pid", "checkers_pid", "bfd_pid")]
    router.start(vrrp_instance(), *options)
    router.await_log(MASTER)
    assert {path.name for path in router.host.path("/tmp").glob("*pid")} == {"pid", "vrrp_pid"}
    assert not list(router.host.path("/run").rglob("*.pid"))
    assert router.stop() == 0
    assert not list(router.host.path("/tmp").glob("*pid"))


def address_monitoring(router: Router) -> None:
    router.start(vrrp_instance(), "--address-monitoring")
    router.await_log("Netlink reflector reports IP 127.0.0.1 added to lo")
    router.await_log(MASTER)
    router.host.plumb("ip address add 10.9.9.9/24 dev eth0")
    router.await_log("Netlink reflector reports IP 10.9.9.9 added to eth0")
    router.host.plumb("ip address del 10.9.9.9/24 dev eth0")
    router.await_log("Netlink reflector reports IP 10.9.9.9 removed from eth0")
    assert "reports IP 10.0.0.101" not in router.log


def snmp(router: Router) -> None:
    router.start(vrrp_instance(), "--snmp", "--snmp-agent-socket=unix:/tmp/none")
    router.await_log(MASTER)


def all_config(router: Router) -> None:
    configuration = "include /etc/keepalived/none.conf\n" + vrrp_instance()
    router.start(configuration)
    router.await_log(MASTER)
    router.stop()
    router.start(configuration, "--all-config")
    assert router.wait() == 6


def config_id(router: Router) -> None:
    name = "@one vrrp_instance one {\n@two vrrp_instance two {\n"
    router.start(name + vrrp_instance().partition("\n")[2], "--config-id", "two")
    router.await_log("(two) Entering MASTER")


def ignore_sigint(router: Router) -> None:
    if "ignore-sigint" not in router.host.attempt(router.program.path, "--help").stderr:
        pytest.skip("this keepalived does not know it")
    router.start(vrrp_instance(), "--ignore-sigint")
    router.await_log(MASTER)
    for pid in (router.pid, router.vrrp_child):
        os.kill(pid, signal.SIGINT)
    router.signal(signal.SIGUSR1)
    router.await_log("Printing VRRP data for process")
    assert router.host.has(VIP)
    assert router.stop() == 0


CASES: dict[str, Callable[[Router], None]] = {
    "use-file": use_file,
    "vrrp": vrrp,
    "-C": only_checkers,
    "no_bfd": no_bfd,
    "all": all_,
    "log-console": log_console,
    "log-detail": log_detail,
    "log-file": log_file,
    "umask": umask,
    "release-vips": release_vips,
    "dont-release-ipvs": dont_release_ipvs,
    "dump-conf": dump_conf,
    "pid": pid_files,
    "address-monitoring": address_monitoring,
    "snmp": snmp,
    "all-config": all_config,
    "config-id": config_id,
    "ignore-sigint": ignore_sigint,
}

HERE = "conformance/daemon/test_every_option.py"
SUPERVISION = "conformance/daemon/test_supervision.py"
PROCESS = "conformance/daemon/test_process.py"
OPTION = "tests/cli/test_options.py"
CHECK = "tests/cli/test_check_options.py"

ELSEWHERE = {
    "flush-log-file": (HERE, "log_file"),
    "vrrp_pid": (HERE, "pid_files"),
    "checkers_pid": (HERE, "pid_files"),
    "bfd_pid": (HERE, "pid_files"),
    "snmp-agent-socket": (HERE, "snmp"),
    "log-facility": (OPTION, "test_facilities"),
    "no-syslog": (OPTION, "test_short_options_may_be_bundled"),
    "dont-release-vrrp": (SUPERVISION, "test_addresses_stay_on_request"),
    "dont-respawn": (SUPERVISION, "test_without_respawn_the_death_of_the_child_ends_it"),
    "dont-fork": (SUPERVISION, "test_in_the_background_it_leaves_terminal_and_directory"),
    "namespace": (SUPERVISION, "test_it_runs_in_a_network_namespace"),
    "core-dump": (PROCESS, "test_core_dumps_are_for_the_daemon_alone"),
    "core-dump-pattern": (PROCESS, "test_a_core_pattern_is_lent"),
    "check": (CHECK, ""),
    "format": (CHECK, ""),
    "strict": (CHECK, ""),
    "on-this-host": (CHECK, ""),
    "config-test": (OPTION, "test_an_optional_argument_has_to_be_attached"),
    "config-fd": (OPTION, "test_what_keepalived_says_to_itself_is_taken"),
    "genhash": ("tests/cli/test_genhash.py", "test_a_page_has_the_digest_that_keepalived_finds"),
    "signum": (OPTION, "test_exit_status_and_standard_output_are_keepaliveds"),
    "no-early-runs": ("conformance/test_early_runs.py", "test_nothing_is_noticed_early_on_request"),
    "version": (OPTION, "test_exit_status_and_standard_output_are_keepaliveds"),
    "help": (OPTION, "test_exit_status_and_standard_output_are_keepaliveds"),
}


def test_no_option_is_left_out() -> None:
    assert {row.long or f"-{row.short}" for row in OPTIONS} == CASES.keys() | ELSEWHERE.keys()
    for option, (path, name) in ELSEWHERE.items():
        assert f"def {name}" in Path(PROJECT, path).read_text(), option


@pytest.mark.parametrize("option", CASES)
def test_option(option: str, router: Router) -> None:
    CASES[option](router)
