"""Parent and child: pid files, background, respawn, and how all of it ends."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.conftest import needs
from conformance.lab import Lan, children, wait_until
from conformance.routers import CONFIGURATION, OURS, C, Program, Router, vrrp_instance

VIP = "10.0.0.101"
PID_FILES = ("/run/keepalived.pid", "/run/vrrp.pid")


@pytest.fixture
def ours(lan: Lan) -> Iterator[Router]:
    """A router of ours on a host of the LAN, not yet started."""
    with Router(OURS, lan.host()) as router:
        yield router


def pids(router: Router) -> list[int]:
    """What the pid files say."""
    return [int(router.host.path(name).read_text()) for name in PID_FILES]


def run_in_background(router: Router, *options: str) -> None:
    router.configure(vrrp_instance())
    router.host.run(OURS.path, "-G", "-f", CONFIGURATION, *options)


def test_pid_files_name_parent_and_child_and_go_with_them(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address(VIP)
    parent, child = pids(router)
    assert router.host.run("cat", f"/proc/{child}/status").count(f"PPid:\t{parent}\n") == 1
    for name in PID_FILES:
        assert router.host.path(name).stat().st_mode & 0o777 == 0o644
    assert router.stop() == 0
    assert not [name for name in PID_FILES if router.host.path(name).exists()]


def test_a_killed_child_is_respawned_and_takes_its_address_back(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address(VIP)
    child = router.vrrp_child
    os.kill(child, signal.SIGKILL)
    router.await_log("Respawning")
    router.await_log("Entering MASTER STATE", count=2)
    router.host.await_address(VIP)
    assert router.host.addresses().count(VIP) == 1
    assert router.vrrp_child != child


def test_a_child_that_dies_again_and_again_is_started_later_and_later(ours: Router) -> None:
    ours.start(vrrp_instance())
    for delay in (0, 1):
        ours.host.await_address(VIP)
        os.kill(ours.vrrp_child, signal.SIGKILL)
        ours.await_log(f"Restart of VRRP process delayed {delay} seconds to limit respawn rate")
    ours.await_log("Starting VRRP child process", count=3)


def test_without_respawn_the_death_of_the_child_ends_it(router: Router) -> None:
    router.start(vrrp_instance(), "-R")
    router.host.await_address(VIP)
    os.kill(router.vrrp_child, signal.SIGKILL)
    assert router.wait() == 0


def test_the_child_ends_in_order_when_the_parent_is_killed(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address(VIP)
    router.signal(signal.SIGKILL)
    router.host.await_no_address(VIP)
    wait_until(lambda: not router.host.processes(), "the child has ended")


def test_a_killed_daemon_can_be_started_again_at_once(ours: Router) -> None:
    ours.start(vrrp_instance())
    ours.host.await_address(VIP)
    ours.signal(signal.SIGKILL)
    ours.wait()
    ours.start()
    ours.await_log("Entering MASTER STATE", count=2)
    assert "already running" not in ours.log


@pytest.mark.parametrize(("first", "second"), [(OURS, OURS), (OURS, C), (C, OURS)], ids=str)
def test_a_second_daemon_sees_that_one_is_running(lan: Lan, first: Program, second: Program) -> None:
    needs(first, second)
    host = lan.host()
    with Router(first, host) as running, Router(second, host) as late:
        running.start(vrrp_instance())
        host.await_address(VIP)
        late.start()
        assert late.wait() == 0
        assert "daemon is already running" in late.log
        assert host.has(VIP)


def test_a_child_that_does_not_end_is_killed(ours: Router) -> None:
    ours.start(vrrp_instance() + "child_wait_time 1\n")
    ours.host.await_address(VIP)
    child = ours.vrrp_child
    os.kill(child, signal.SIGSTOP)
    assert ours.stop() == 0
    ours.await_log("VRRP process failed to die - forcing termination")
    wait_until(lambda: not ours.host.processes(), "the child is dead")


def test_a_missing_interface_is_a_permanent_error(router: Router) -> None:
    router.start(vrrp_instance().replace("eth0", "eth9"))
    assert router.wait() == 2
    assert "interface eth9 for vrrp_instance VI_1 doesn't exist" in router.log


def test_without_configuration_it_waits_for_one(ours: Router) -> None:
    ours.start("global_defs {\n    router_id none\n}\n")
    ours.await_log("Warning - keepalived has no configuration to run")
    ours.configure(vrrp_instance())
    ours.signal(signal.SIGHUP)
    ours.host.await_address(VIP)


def test_a_file_with_errors_it_runs_with_can_be_reloaded_but_none_with_new_ones(ours: Router) -> None:
    tolerated = vrrp_instance("nopreempt", "state MASTER")
    ours.start(tolerated)
    ours.host.await_address(VIP)
    ours.configure(tolerated.replace(VIP, "10.0.0.102").replace("priority", "priorety"))
    ours.signal(signal.SIGHUP)
    ours.await_log("keeping the running configuration")
    assert ours.host.has(VIP)
    ours.configure(tolerated.replace(VIP, "10.0.0.102"))
    ours.signal(signal.SIGHUP)
    ours.host.await_address("10.0.0.102")
    ours.host.await_no_address(VIP)


@pytest.mark.parametrize("text", [None, "", "\0\1\2", "vrrp_instance VI_1 {\n    interface eth9\n"])
def test_a_file_that_is_gone_or_useless_changes_nothing(ours: Router, text: str | None) -> None:
    ours.start(vrrp_instance())
    ours.host.await_address(VIP)
    if text is None:
        ours.host.path(CONFIGURATION).unlink()
    else:
        ours.configure(text)
    ours.signal(signal.SIGHUP)
    ours.await_log("keeping the running configuration")
    assert ours.host.has(VIP)
    assert ours.stop() == 0


def test_in_the_background_it_leaves_terminal_and_directory(ours: Router) -> None:
    run_in_background(ours)
    ours.host.await_address(VIP)
    parent, child = pids(ours)
    for pid in (parent, child):
        assert ours.host.run("readlink", f"/proc/{pid}/cwd").strip() == "/"
        streams = [ours.host.run("readlink", f"/proc/{pid}/fd/{number}").strip() for number in range(3)]
        assert streams == ["/dev/null"] * 3
    ours.host.run("kill", str(parent))
    ours.host.await_no_address(VIP)
    wait_until(lambda: not ours.host.processes(), "all has ended")


def test_a_reload_finds_a_relative_configuration_file_again(ours: Router) -> None:
    ours.configure(vrrp_instance())
    ours.host.run("sh", "-c", f"cd /etc/keepalived && {OURS.path} -G -f keepalived.conf")
    ours.host.await_address(VIP)
    ours.configure(vrrp_instance(addresses=(VIP, "10.0.0.102")))
    ours.host.run("kill", "-HUP", str(pids(ours)[0]))
    ours.host.await_address("10.0.0.102")


def test_the_processes_have_keepaliveds_name(router: Router) -> None:
    router.start(vrrp_instance())
    names = [Path(f"/proc/{pid}/comm").read_text() for pid in (router.pid, router.vrrp_child)]
    assert names == ["keepalived\n"] * 2


def test_signals_to_all_of_a_name_do_no_harm(ours: Router) -> None:
    """keepalived 2.2.7 can lose its address this way: a second reload comes in the middle of the first."""
    ours.start(vrrp_instance())
    ours.host.await_address(VIP)
    child = ours.vrrp_child
    for pid in (ours.pid, child):
        os.kill(pid, signal.SIGHUP)
    ours.await_log("Reload complete")
    assert ours.host.has(VIP)
    assert ours.vrrp_child == child


def test_an_interrupt_from_the_terminal_ends_it_in_order(ours: Router) -> None:
    ours.start(vrrp_instance())
    ours.host.await_address(VIP)
    for pid in (ours.vrrp_child, ours.pid):
        os.kill(pid, signal.SIGINT)
    assert ours.wait() == 0
    assert not ours.host.has(VIP)
    assert "died" not in ours.log


def test_addresses_stay_on_request(router: Router) -> None:
    router.start(vrrp_instance(), "-V")
    router.host.await_address(VIP)
    assert router.stop() == 0
    assert router.host.has(VIP)


def test_stop_scripts_are_waited_for(ours: Router) -> None:
    ours.start(vrrp_instance("notify_stop \"/bin/sh -c 'sleep 0.5; touch /tmp/stopped'\""))
    ours.host.await_address(VIP)
    assert ours.stop() == 0
    assert ours.host.path("/tmp/stopped").exists()


def test_a_track_script_is_asked_to_end_and_killed_if_it_does_not(ours: Router) -> None:
    stubborn = "#!/bin/sh\ntrap 'touch /tmp/asked' TERM\ntouch /tmp/runs\nwhile :; do sleep 0.1; done\n"
    ours.host.write("/etc/keepalived/stubborn", stubborn, mode=0o755)
    script = "vrrp_script stubborn {\nscript /etc/keepalived/stubborn\ninterval 60\n}\n"
    ours.start(script + vrrp_instance("track_script {\nstubborn\n}"))
    wait_until(ours.host.path("/tmp/runs").exists, "the script runs")
    assert ours.stop() == 0
    assert ours.host.path("/tmp/asked").exists()
    assert ours.host.run("sh", "-c", "pgrep -f '^/bin/sh /etc/keepalived/stubborn' || echo none") == "none\n"


def test_scripts_start_with_no_signal_blocked_or_ignored(ours: Router) -> None:
    show = "grep -E '^Sig(Blk|Ign)' /proc/self/status"
    ours.host.write("/etc/keepalived/show", f"#!/bin/sh\n{show} >>/tmp/masks\n", mode=0o755)
    fifo = "vrrp_notify_fifo /tmp/fifo\nvrrp_notify_fifo_script /etc/keepalived/show\n"
    ours.start(f"global_defs {{\n{fifo}}}\n" + vrrp_instance("notify /etc/keepalived/show"))
    masks = ours.host.path("/tmp/masks")
    wait_until(lambda: masks.exists() and masks.read_text().count("\n") >= 4, "two scripts have run")
    of_libc = 1 << 31 | 1 << 32  # its own two signals, which only it can touch
    assert {int(line.split()[1], 16) & ~of_libc for line in masks.read_text().splitlines()} == {0}


def test_systemd_is_told(ours: Router) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(ours.host.path("/tmp/notify")))
        systemd.settimeout(30)
        ours.configure(vrrp_instance("notify \"/bin/sh -c 'env >/tmp/environment'\""))
        command = ours.host.inside(
            *("env", "NOTIFY_SOCKET=/tmp/notify", OURS.path, "-n", "-G", "-f", CONFIGURATION)
        )
        with subprocess.Popen(command) as shell:
            assert re.fullmatch(r"READY=1\nMAINPID=\d+", systemd.recv(100).decode())
            [parent] = children(shell.pid)
            os.kill(parent, signal.SIGHUP)
            assert systemd.recv(100) == b"RELOADING=1"
            assert systemd.recv(100).startswith(b"READY=1")
            os.kill(parent, signal.SIGTERM)
            assert systemd.recv(100) == b"STOPPING=1"
        environment = ours.host.path("/tmp/environment")
        wait_until(environment.exists, "a script has run")
        assert "NOTIFY_SOCKET" not in environment.read_text()


def test_it_runs_in_a_network_namespace(ours: Router) -> None:
    host = ours.host
    host.run("ip", "netns", "add", "blue")
    host.run("ip", "link", "set", "eth0", "netns", "blue")
    for command in ("ip address add 10.0.0.1/24 dev eth0", "ip link set eth0 up"):
        host.run("ip", "netns", "exec", "blue", *command.split())
    ours.start(vrrp_instance(), "-s", "blue")
    wait_until(
        lambda: VIP in host.run("ip", "-n", "blue", "-4", "address"), "the address is in the namespace"
    )
    assert host.path("/run/keepalived/blue/keepalived.pid").exists()
    assert ours.stop() == 0
    assert VIP not in host.run("ip", "-n", "blue", "-4", "address")
    assert not host.path("/run/keepalived/blue").exists()


@pytest.mark.parametrize(
    ("configuration", "options", "expected"),
    [
        ("use_pid_dir", (), ["/run/keepalived/keepalived.pid", "/run/keepalived/vrrp.pid"]),
        ("instance one", (), ["/run/keepalived/keepalived_one.pid", "/run/keepalived/vrrp_one.pid"]),
        ("instance one", ("-p", "/run/my.pid"), ["/run/keepalived/vrrp_one.pid", "/run/my.pid"]),
        ("net_namespace blue", (), ["/run/keepalived/blue/keepalived.pid", "/run/keepalived/blue/vrrp.pid"]),
        (
            "net_namespace green\ninstance one",
            ("-s", "blue"),
            ["/run/keepalived/blue/keepalived_one.pid", "/run/keepalived/blue/vrrp_one.pid"],
        ),
    ],
    ids=lambda value: "" if isinstance(value, list) else None,
)
def test_pid_files_have_their_places(
    router: Router, configuration: str, options: tuple[str, ...], expected: list[str]
) -> None:
    if "namespace" in configuration:
        router.host.run("ip", "netns", "add", "blue")
        router.host.run("ip", "link", "set", "eth0", "netns", "blue")
        for command in ("ip address add 10.0.0.1/24 dev eth0", "ip link set eth0 up"):
            router.host.run("ip", "netns", "exec", "blue", *command.split())
    router.start(f"{configuration}\n" + vrrp_instance(), *options)
    router.await_log("Entering MASTER STATE")
    assert sorted(router.host.run("find", "/run", "-name", "*.pid").split()) == expected
    assert router.stop() == 0
    assert not router.host.path("/run/keepalived").exists()


def test_what_a_crash_has_left_is_cleaned_up_at_the_next_start(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address(VIP)
    router.kill()
    assert router.host.has(VIP)
    router.start(vrrp_instance(interval=10))
    router.await_log("Entering BACKUP STATE (init)", count=2)
    router.host.await_no_address(VIP)
    assert router.stop() == 0


def test_without_privileges_it_says_so_and_ends(router: Router) -> None:
    router.configure(vrrp_instance())
    capabilities = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    result = router.host.attempt(*capabilities, router.program.path, "-n", "-l", "-G", "-f", CONFIGURATION)
    assert result.returncode == 4
    assert "exited with permanent error missing permission. Terminating" in result.stderr


def test_a_signal_that_means_nothing_does_nothing(router: Router) -> None:
    router.start(vrrp_instance())
    router.host.await_address(VIP)
    child = router.vrrp_child
    names = [
        "QUIT",
        "TRAP",
        "ABRT",
        "ALRM",
        "STKFLT",
        "TSTP",
        "TTIN",
        "TTOU",
        "URG",
        "VTALRM",
        "PROF",
        "WINCH",
        "POLL",
        "PWR",
        "SYS",
        "RTMAX",
    ]
    for name in names:
        for pid in (router.pid, child):
            os.kill(pid, signal.Signals[f"SIG{name}"])
    os.kill(router.pid, signal.SIGUSR1)
    router.await_log("Printing VRRP data for process")
    assert router.vrrp_child == child
    assert router.host.has(VIP)
    assert router.stop() == 0
