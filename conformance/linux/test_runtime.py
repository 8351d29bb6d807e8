"""The engine on a real machine: what happens to links, addresses, scripts and processes, and what is
done about it."""

import subprocess
import time
from ipaddress import ip_address
from itertools import pairwise

from conformance.capture import Capture
from conformance.lab import Lan
from conformance.linux.machine import VIP, configuration, eventually, on, router, running, vip
from keepalived_py.model.command import Command
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import InitialState, SyncGroup, UnicastPeer
from keepalived_py.model.tracking import Tracked, TrackProcess, TrackScript
from keepalived_py.model.units import MILLISECOND
from keepalived_py.vrrp.actions import Notify
from keepalived_py.vrrp.state import State


def test_master_has_its_addresses_and_nothing_is_left_after_the_stop(lan: Lan) -> None:
    host = lan.host()
    before = host.addresses()

    async def scenario() -> None:
        several = (vip(), vip("10.0.0.102/24"), vip("10.1.0.1/24", label="eth0:9"))
        async with running(configuration(router(virtual_addresses=several))) as machine:
            await machine.becomes(State.MASTER)
            assert set(host.addresses()) == {*before, VIP, "10.0.0.102", "10.1.0.1"}

    on(host, scenario())
    assert host.addresses() == before


def test_addresses_left_by_a_crash_are_removed_and_no_source(lan: Lan) -> None:
    host = lan.host()
    host.plumb("ip address flush dev eth0")
    host.plumb(f"ip address add {VIP}/32 dev eth0")
    host.plumb(f"ip address add {host.address}/24 dev eth0")

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            assert not host.has(VIP)
            assert str(machine.runtime.engine.instances["VI_1"].source_address) == host.address

    on(host, scenario())


def test_address_removed_by_someone_else_comes_back_through_backup(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            host.plumb(f"ip address del {VIP}/32 dev eth0")
            await machine.becomes(State.BACKUP)
            await machine.becomes(State.MASTER)
            assert host.has(VIP)

    on(host, scenario())


def test_own_removal_is_not_mistaken_for_someone_elses(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            notified = len(machine.notified)
            # Removed and set again before the kernel's report of it is read.
            machine.runtime.reload(configuration(router(virtual_addresses=(vip("10.0.0.102"),))))
            machine.runtime.reload(configuration(router()))
            host.plumb("ip link set lo down")  # reported after our own changes
            await eventually(lambda: not machine.runtime.engine.facts.links["lo"], "all reports are read")
            assert len(machine.notified) == notified
            assert machine.state() is State.MASTER

    on(host, scenario())


def test_link_down_is_a_fault_until_it_is_up(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            host.plumb("ip link set eth0 down")
            await machine.becomes(State.FAULT)
            assert not host.has(VIP)
            host.plumb("ip link set eth0 up")
            await machine.becomes(State.MASTER)
            assert host.has(VIP)

    on(host, scenario())


def test_lost_carrier_is_a_fault(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            lan.switch.plumb(f"ip link set {host.port} down")
            await machine.becomes(State.FAULT)

    on(host, scenario())


def test_interface_that_is_made_anew_is_used_again(lan: Lan, capture: Capture) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            host.plumb("ip link del eth0")
            await machine.becomes(State.FAULT)
            seen = len(capture.adverts(host.address))
            lan.switch.plumb(f"ip link add {host.port} type veth peer name eth0 netns {host.pid}")
            lan.switch.plumb(f"ip link set {host.port} master br0 up")
            host.plumb(f"ip address add {host.address}/24 dev eth0")
            host.plumb("ip link set eth0 up")
            await machine.becomes(State.MASTER)
            assert host.has(VIP)
            await eventually(
                lambda: len(capture.adverts(host.address)) > seen, "adverts on the new interface"
            )

    on(host, scenario())


def test_renamed_interface_is_gone_under_its_old_name(lan: Lan) -> None:
    host = lan.host()

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            await machine.becomes(State.MASTER)
            host.plumb("ip link set eth0 name other0")
            await machine.becomes(State.FAULT)
            host.plumb("ip link set other0 name eth0")
            await machine.becomes(State.MASTER)

    on(host, scenario())


def test_interface_without_an_address_is_a_fault_until_it_has_one(lan: Lan) -> None:
    host = lan.host()
    host.plumb("ip address flush dev eth0")

    async def scenario() -> None:
        async with running(configuration(router())) as machine:
            assert machine.state() is State.FAULT
            host.plumb(f"ip address add {host.address}/24 dev eth0")
            await machine.becomes(State.MASTER)

    on(host, scenario())


def test_failing_script_is_a_fault_until_it_succeeds(lan: Lan) -> None:
    host = lan.host()
    host.write("/tmp/healthy", "")
    script = TrackScript(
        name="check",
        command=Command(("test", "-e", str(host.path("/tmp/healthy")))),
        interval_us=50 * MILLISECOND,
    )

    async def scenario() -> None:
        tracked = router(track_scripts=(Tracked(name="check"),))
        async with running(configuration(tracked, scripts={"check": script})) as machine:
            await machine.becomes(State.MASTER)
            host.path("/tmp/healthy").unlink()
            await machine.becomes(State.FAULT)
            host.write("/tmp/healthy", "")
            await machine.becomes(State.MASTER)

    on(host, scenario())


def test_script_over_its_time_is_killed_with_all_that_it_started(lan: Lan) -> None:
    host = lan.host()
    stubborn = "trap '' TERM; sleep 4242 & wait; sleep 4242"
    script = TrackScript(name="check", command=Command(("sh", "-c", stubborn)), timeout_us=100 * MILLISECOND)

    def sleepers() -> bool:
        return subprocess.run(["pgrep", "-f", "^sleep 4242"], stdout=subprocess.DEVNULL).returncode == 0

    async def scenario() -> None:
        tracked = router(track_scripts=(Tracked(name="check"),))
        async with running(configuration(tracked, scripts={"check": script})) as machine:
            await eventually(sleepers, "the script runs")
            await machine.becomes(State.FAULT)
            await eventually(lambda: not machine.runtime.engine.scripts["check"].running, "it was killed")
        await eventually(lambda: not sleepers(), "its children are dead too")

    on(host, scenario())


def test_death_of_a_process_is_noticed_at_once(lan: Lan) -> None:
    host = lan.host()
    kind = TrackProcess(name="service", path="sleep", full_command=True, parameters=("4343",))

    async def scenario() -> None:
        service = subprocess.Popen(["sleep", "4343"])
        tracked = router(track_processes=(Tracked(name="service"),))
        async with running(configuration(tracked, processes={"service": kind})) as machine:
            await machine.becomes(State.MASTER)
            killed = time.monotonic()
            service.kill()
            await machine.becomes(State.FAULT)
            # Looking every second would be too slow for this.
            assert time.monotonic() - killed < 0.5
            service.wait()
            service = subprocess.Popen(["sleep", "4343"])
            await machine.becomes(State.MASTER)
            service.kill()
            service.wait()

    on(host, scenario())


def test_static_addresses_stay_in_place_while_we_run(lan: Lan) -> None:
    host = lan.host()
    static = (vip("10.3.0.1/24"), vip("10.3.0.2/32", tracked=False))
    definitions = GlobalDefinitions(default_interface="eth0")

    async def scenario() -> None:
        plan = configuration(router(), static_addresses=static, definitions=definitions)
        async with running(plan):
            assert {"10.3.0.1", "10.3.0.2"} <= set(host.addresses())
            host.plumb("ip address del 10.3.0.2/32 dev eth0")
            host.plumb("ip address del 10.3.0.1/24 dev eth0")
            await eventually(lambda: host.has("10.3.0.1"), "the address is put back")
            assert not host.has("10.3.0.2")
        assert not host.has("10.3.0.1")

    on(host, scenario())


def test_static_address_can_be_the_source_of_adverts(lan: Lan) -> None:
    host = lan.host()
    host.plumb("ip address flush dev eth0")
    static = (vip("10.3.0.1/24", device="eth0"),)

    async def scenario() -> None:
        async with running(configuration(router(), static_addresses=static)) as machine:
            assert str(machine.runtime.engine.instances["VI_1"].source_address) == "10.3.0.1"
            assert [notice.state for notice in machine.notified if isinstance(notice, Notify)] == [
                State.BACKUP
            ]

    on(host, scenario())


def test_reload_changes_static_addresses(lan: Lan) -> None:
    host = lan.host()
    one, two, three = (vip(f"10.3.0.{n}/24", device="eth0") for n in (1, 2, 3))

    async def scenario() -> None:
        async with running(configuration(router(), static_addresses=(one, two))) as machine:
            machine.runtime.reload(configuration(router(), static_addresses=(two, three)))
            # The kernel took the second with the first, as both are of one subnet.
            await eventually(lambda: host.has("10.3.0.2"), "the second is back")
            assert set(host.addresses()) == {host.address, "10.3.0.2", "10.3.0.3"}

    on(host, scenario())


def test_reload_leaves_the_unchanged_instance_alone(lan: Lan, capture: Capture) -> None:
    host = lan.host()
    stays = router("stays")
    leaves = router("leaves", vrid=52, virtual_addresses=(vip("10.0.0.102"),))
    comes = router("comes", vrid=53, virtual_addresses=(vip("10.0.0.103"),))

    async def scenario() -> None:
        async with running(configuration(stays, leaves)) as machine:
            await machine.becomes(State.MASTER, "stays")
            await machine.becomes(State.MASTER, "leaves")
            machine.runtime.reload(configuration(stays, comes))
            assert host.has(VIP)
            assert not host.has("10.0.0.102")
            await machine.becomes(State.MASTER, "comes")
            assert host.has("10.0.0.103")

    on(host, scenario())
    assert capture.adverts(vrid=52)[-1].advert.priority == 0
    times = [frame.time for frame in capture.adverts(vrid=51) if frame.advert.priority]
    gaps = [after - before for before, after in pairwise(times)]
    assert max(gaps) < 0.25  # two and a half intervals: a backup would not even have noticed


def test_unicast_peers_elect_a_master(lan: Lan) -> None:
    a, b = lan.host(), lan.host()
    high = router(priority=150, unicast_peers=(UnicastPeer(address=ip_address(b.address)),))
    low = router(unicast_peers=(UnicastPeer(address=ip_address(a.address)),))

    async def scenario() -> None:
        async with running(configuration(low), b) as machine_b:
            await machine_b.becomes(State.MASTER)
            async with running(configuration(high)) as machine_a:
                await machine_a.becomes(State.MASTER)
                await machine_b.becomes(State.BACKUP)
            await machine_b.becomes(State.MASTER)

    on(a, scenario())


def test_many_instances_on_one_interface(lan: Lan) -> None:
    host = lan.host()
    many = [
        router(
            f"VI_{n}",
            vrid=n,
            advert_interval_us=1000 * MILLISECOND,
            virtual_addresses=(vip(f"10.4.0.{n}"),),
            priority=255,
            state=InitialState.MASTER,
        )
        for n in range(1, 251)
    ]
    group = SyncGroup(name="G", members=tuple(each.name for each in many[:3]))

    async def scenario() -> None:
        async with running(configuration(*many, groups={"G": group})) as machine:
            await eventually(
                lambda: all(machine.state(each.name) is State.MASTER for each in many), "all are masters"
            )
            assert len(host.addresses()) == 251
        assert len(host.addresses()) == 1

    on(host, scenario())
