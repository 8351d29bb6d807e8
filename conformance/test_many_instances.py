"""As many virtual routers as an interface can have, nearly."""

from conformance.capture import Capture
from conformance.lab import wait_until
from conformance.routers import Router, vrrp_instance

COUNT = 250


def many(priority: int) -> str:
    return "".join(
        vrrp_instance(
            name=f"VI_{vrid}", vrid=vrid, priority=priority, interval=1, addresses=(f"10.1.0.{vrid}",)
        )
        for vrid in range(1, COUNT + 1)
    )


def held(router: Router) -> int:
    """How many virtual addresses are on the host."""
    return len(router.host.addresses()) - 1


def test_250_instances_elect_fail_over_and_stop_cleanly(
    pair: tuple[Router, Router], capture: Capture
) -> None:
    a, b = pair
    b.start(many(100))
    a.start(many(150))
    wait_until(lambda: held(a) == COUNT and held(b) == 0, f"{COUNT} addresses on A, none on B")
    seen = len(capture.adverts(a.host.address))
    adverts = capture.await_adverts(seen + 3 * COUNT, a.host.address)[seen:]
    assert {frame.advert.vrid for frame in adverts} == set(range(1, COUNT + 1))
    assert held(b) == 0

    assert a.stop() == 0
    assert held(a) == 0
    wait_until(lambda: held(b) == COUNT, f"{COUNT} addresses on B")
    goodbyes = [frame for frame in capture.adverts(a.host.address) if frame.advert.priority == 0]
    assert {frame.advert.vrid for frame in goodbyes} == set(range(1, COUNT + 1))
    assert b.stop() == 0
    assert held(b) == 0
