"""What saves work changes nothing: adverts that are as the last one was, and those that leave together."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import SyncGroup, VirtualRouter
from keepalived_py.model.units import CENTISECOND, MILLISECOND, SECOND, Microseconds
from keepalived_py.vrrp.actions import Action, SendAdvert
from keepalived_py.vrrp.engine import EARLY_MAX_US, EARLY_SHARE, Engine
from keepalived_py.vrrp.events import AdvertReceived, LinkChanged, SourceAddressChanged
from keepalived_py.vrrp.packet.advert import Advert, decode, encode
from keepalived_py.vrrp.packet.ip import pack_ipv4, parse_ipv4

OURS = IPv4Address("10.0.0.2")
NAMES = ("VI_1", "VI_2")


def address(text: str) -> IpAddress:
    return IpAddress(interface=IPv4Interface(text))


def router(name: str, vrid: int, **fields: Any) -> VirtualRouter:
    addresses = (address("10.0.0.101/32"),)
    return VirtualRouter(name=name, vrid=vrid, interface="eth0", virtual_addresses=addresses, **fields)


def started(*routers: VirtualRouter, grouped: bool = False) -> Engine:
    groups = {"G": SyncGroup(name="G", members=tuple(each.name for each in routers))} if grouped else {}
    engine = Engine(Configuration(routers={each.name: each for each in routers}, groups=groups))
    engine.handle(LinkChanged("eth0", True), 0)
    engine.handle(SourceAddressChanged("eth0", 4, OURS), 0)
    engine.start(0)
    return engine


def advert(router: VirtualRouter, sender: int, priority: int, **changes: Any) -> Advert:
    """What a router with this configuration, but for `changes`, sends from 10.0.0.`sender`."""
    source = IPv4Address(f"10.0.0.{sender}")
    datagram = encode(replace(router, **changes), priority, source, router.multicast_group)
    return decode(parse_ipv4(pack_ipv4(datagram, 1)))


routers = st.fixed_dictionaries(
    {
        "version": st.sampled_from([2, 3]),
        "priority": st.sampled_from([50, 100, 254]),
        "nopreempt": st.booleans(),
        "preempt_delay_us": st.sampled_from([0, 5 * SECOND]),
        "advert_interval_us": st.sampled_from([SECOND, 2 * SECOND]),
    }
)
variants = st.sampled_from(
    [
        {},
        {"advert_interval_us": 3 * SECOND},
        {"virtual_addresses": (address("10.0.0.102/32"),)},
        {"virtual_addresses": ()},
    ]
)
heard = st.tuples(
    st.sampled_from(NAMES), st.sampled_from([1, 3]), st.sampled_from([0, 50, 100, 254]), variants
)


@given(routers, st.lists(heard, min_size=1, max_size=3), st.data(), st.booleans())
def test_an_advert_like_the_last_one_does_what_it_would_do_alone(
    fields: dict[str, Any], kinds: list[tuple[str, int, int, Any]], data: st.DataObject, grouped: bool
) -> None:
    """Of two engines one hears the same object whenever an advert is equal, the other a new one each time."""
    mine = [
        VirtualRouter(
            name=name,
            vrid=51 + number,
            interface="eth0",
            virtual_addresses=(address("10.0.0.101/32"),),
            **fields,
        )
        for number, name in enumerate(NAMES)
    ]
    short, long = started(*mine, grouped=grouped), started(*mine, grouped=grouped)
    adverts = [
        (name, advert(mine[NAMES.index(name)], sender, priority, **changes))
        for name, sender, priority, changes in kinds
    ]
    now_us = 0
    for _ in range(data.draw(st.integers(1, 40))):
        now_us += data.draw(st.sampled_from([0, 10 * MILLISECOND, SECOND, 4 * SECOND]))
        assert run_until(short, now_us) == run_until(long, now_us)
        what = data.draw(st.one_of(st.sampled_from(adverts), st.sampled_from(adverts), st.booleans()))
        if isinstance(what, bool):
            assert short.handle(LinkChanged("eth0", what), now_us) == long.handle(
                LinkChanged("eth0", what), now_us
            )
            continue
        name, same = what
        one = short.handle(AdvertReceived(name, same, now_us), now_us)
        assert one == long.handle(AdvertReceived(name, replace(same), now_us), now_us)
        for name in NAMES:
            assert short.instances[name].counters == long.instances[name].counters
            assert short.instances[name].wanted is long.instances[name].wanted


def run_until(engine: Engine, now_us: Microseconds) -> list[tuple[Microseconds, Action]]:
    done: list[tuple[Microseconds, Action]] = []
    while (due_us := engine.next_deadline()) is not None and due_us <= now_us:
        done += [(due_us, action) for action in engine.expire(due_us)]
    return done


def test_most_adverts_are_like_the_last_one() -> None:
    router = VirtualRouter(
        name="VI_1", vrid=51, interface="eth0", virtual_addresses=(address("10.0.0.101/32"),)
    )
    engine = started(router)
    same = advert(router, 1, 200)
    for second in range(1, 4):
        engine.handle(AdvertReceived("VI_1", same, 0), second * SECOND)
        settled = engine.instances["VI_1"].settled
        assert settled is not None
        assert settled.advert is same


@given(
    st.lists(
        st.tuples(st.integers(1, 500), st.integers(1, 254)), min_size=1, max_size=8, unique_by=lambda it: it
    )
)
def test_adverts_keep_their_rhythm_and_none_is_late(timings: list[tuple[int, int]]) -> None:
    engine = started(
        *(
            VirtualRouter(
                name=f"VI_{vrid}",
                vrid=vrid,
                interface="eth0",
                version=3,
                advert_interval_us=centiseconds * CENTISECOND,
                priority=priority,
            )
            for vrid, (centiseconds, priority) in enumerate(timings, 1)
        )
    )
    first_us: dict[str, Microseconds] = {}
    sent: dict[str, int] = dict.fromkeys(engine.instances, 0)
    for now_us, action in run_until(engine, 30 * SECOND):
        if isinstance(action, SendAdvert):
            interval_us = engine.instances[action.instance].config.advert_interval_us
            due_us = first_us.setdefault(action.instance, now_us) + sent[action.instance] * interval_us
            assert 0 <= due_us - now_us <= min(interval_us // EARLY_SHARE, EARLY_MAX_US)
            sent[action.instance] += 1
    assert all(sent.values())


def test_adverts_that_are_due_within_a_moment_leave_together() -> None:
    first = VirtualRouter(name="VI_1", vrid=1, interface="eth0", priority=101)
    engine = started(first, replace(first, name="VI_2", vrid=2, priority=100))
    run_until(engine, 5 * SECOND)
    sent_at_us = [at for at, action in run_until(engine, 8 * SECOND) if isinstance(action, SendAdvert)]
    assert len(sent_at_us) == 6
    assert len(set(sent_at_us)) == 3
