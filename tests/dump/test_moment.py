"""What the data file tells of instances that have heard what they should not, as keepalived 2.4.3 does."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest

from keepalived_py.dump.instance import instance_lines
from keepalived_py.dump.view import Moment, View
from keepalived_py.dump.vrrp import data_lines
from keepalived_py.model.address import IpAddress
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import InitialState, VirtualRouter
from keepalived_py.model.tracking import TrackScript
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import AdvertReceived, LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.packet.advert import decode, encode
from tests.dump.test_checker import Node

US, RIVAL = IPv4Address("10.0.0.2"), IPv4Address("10.0.0.1")
OWNER = VirtualRouter(
    name="A",
    vrid=1,
    interface="eth0",
    state=InitialState.MASTER,
    priority=255,
    virtual_addresses=(IpAddress(interface=IPv4Interface("10.0.0.101")),),
)


@pytest.fixture
def engine() -> Engine:
    """Of an address owner that is master and hears another one after half a second."""
    engine = Engine(Configuration(routers={"A": OWNER}))
    engine.handle(LinkChanged("eth0", up=True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, US), 0)
    engine.start(0)
    hear(engine, OWNER, SECOND // 2)
    return engine


def hear(engine: Engine, router: VirtualRouter, now_us: int) -> None:
    """What is due happens, and then an advert of the rival comes, which is configured as `router`."""
    while (due_us := engine.next_deadline()) is not None and due_us <= now_us:
        engine.expire(due_us)
    advert = decode(encode(router, router.priority, RIVAL, OWNER.multicast_group))
    engine.handle(AdvertReceived("A", advert, 0), now_us)


def told(engine: Engine, start: str) -> list[str]:
    lines = instance_lines(engine.instances["A"], engine, View(Node(), Moment.RUNNING))
    return [line.strip() for line in lines if line.strip().startswith(start)]


def test_another_owner_is_counted_down(engine: Engine) -> None:
    assert told(engine, "Rog") == [
        "Rogue master counter = 2",
        "Roger timer thread = (nil)",
        "Roger adver interval = 1000 ms",
    ]
    hear(engine, replace(OWNER, vrid=9, version=3), 3 * SECOND)
    counter, timer, interval = told(engine, "Rog")
    assert counter == "Rogue master counter = 0"
    assert timer != "Roger timer thread = (nil)"
    assert interval == "Roger adver interval = 1000 ms"


def test_what_is_wrong_with_adverts_is_told_by_its_number(engine: Engine) -> None:
    assert told(engine, "Rate-limit") == []
    other = (IpAddress(interface=IPv4Interface("10.0.0.102")),)
    hear(engine, replace(OWNER, priority=100, virtual_addresses=other), SECOND)
    hear(engine, replace(OWNER, advert_interval_us=2 * SECOND), SECOND)
    assert told(engine, "Rate-limit") == ["Rate-limit flags = 0x2040"]


def test_an_instance_that_can_never_run_says_so() -> None:
    engine = Engine(Configuration(routers={"A": replace(OWNER, unicast_configured=True, config_faults=1)}))
    engine.handle(LinkChanged("eth0", up=True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, US), 0)
    engine.start(0)
    assert told(engine, "Number of tracker") == ["Number of tracker faults = 0"]
    assert told(engine, "config error") == ["config error"]
    assert told(engine, "Wantstate") == ["Wantstate = MASTER"]


def test_scripts_that_nothing_tracks_are_forgotten_at_the_start() -> None:
    script = TrackScript(name="unused", command=Command(("/bin/true",)))
    engine = Engine(Configuration(routers={"A": OWNER}, scripts={"unused": script}))
    engine.start(0)
    line = " VRRP Script = unused"
    assert line in data_lines(engine, View(Node(), Moment.BEFORE_START))
    assert line not in data_lines(engine, View(Node(), Moment.RUNNING))


def test_interfaces_have_the_intervals_of_all_while_it_runs() -> None:
    definitions = GlobalDefinitions(garp_interval_us=SECOND // 100)
    engine = Engine(Configuration(routers={"A": OWNER}, definitions=definitions))
    line = " GARP interval = 0.010000"
    assert line in data_lines(engine, View(Node(), Moment.RUNNING))
    assert line not in data_lines(engine, View(Node(), Moment.START))
