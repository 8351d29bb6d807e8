"""The issue's pair of nginx servers, on its unmodified file."""

from shutil import which

import pytest

from conformance.lab import Lan
from conformance.nginx_pair import (
    KEEPALIVED_CONF,
    KEEPALIVED_CONF_OF_B,
    VIP,
    await_answer,
    kill_nginx,
    start_nginx,
)
from conformance.routers import C, Router


def configure(router: Router, configuration: str) -> None:
    """The file as it is; but keepalived 2.2.7 runs `pidof` as the `killall5` it is a link to."""
    if router.program is C:
        configuration = configuration.replace('"pidof nginx"', '"/usr/bin/pgrep nginx"')
    router.configure(configuration)


@pytest.mark.skipif(which("nginx") is None, reason="nginx is not installed")
def test_address_follows_nginx_to_b_and_back(pair: tuple[Router, Router], lan: Lan) -> None:
    a, b = pair
    client = lan.host()
    configure(a, KEEPALIVED_CONF)
    configure(b, KEEPALIVED_CONF_OF_B)
    for router in pair:
        start_nginx(router.host)
        router.start()

    await_answer(client, "A")
    kill_nginx(a.host)
    await_answer(client, "B")
    assert client.pings(VIP)
    assert not a.host.has(VIP)

    start_nginx(a.host)
    await_answer(client, "A")
    b.host.await_no_address(VIP)
    assert client.pings(VIP)

    for router in pair:
        assert router.stop() == 0
        kill_nginx(router.host)
        assert router.host.processes() == {}
        assert not router.host.has(VIP)
