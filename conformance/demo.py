"""`make demo`: two nginx servers and one address, on the unmodified configuration file, live.

Exit status: 0 only if everything that is told was really seen.
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from conformance.lab import Host, Lan, wait_until
from conformance.nginx_pair import (
    KEEPALIVED_CONF,
    KEEPALIVED_CONF_OF_B,
    VIP,
    await_answer,
    kill_nginx,
    start_nginx,
)
from conformance.routers import OURS, Router


class Narrator:
    """Tells what happens, with the time since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._start:6.2f} s  {text}", flush=True)

    def show(self, hosts: list[Host]) -> None:
        """Where the address is, as `ip address` on each host has it."""
        for host in hosts:
            self.say(f"        {host.name}: eth0 has {', '.join(host.addresses())}")


def expect(fact: bool, claim: str) -> None:
    """Raises AssertionError, also under `python -O`, if a claim of the demonstration is untrue."""
    if not fact:
        raise AssertionError(f"not so: {claim}")


def await_move(client: Host, old: Host, new: Host) -> tuple[float, float]:
    """Watch the address go to the web server of `new`.

    Returns the seconds until it answered from there, and how long nobody had answered by then.
    """
    start = last_answer = time.monotonic()
    while (answer := client.http_get(VIP)) != new.name:
        now = time.monotonic()
        if answer == old.name:
            last_answer = now
        expect(now - start < 30, f"{VIP} moves to {new.name} within 30 s")
        time.sleep(0.01)
    expect(client.pings(VIP), f"{VIP} answers ping")
    expect(new.has(VIP), f"{VIP} is on {new.name}")
    old.await_no_address(VIP)
    return time.monotonic() - start, time.monotonic() - last_answer


def demonstrate(lan: Lan, narrator: Narrator) -> None:
    say = narrator.say
    a, b, client = lan.host(), lan.host(), lan.host()
    say(f"Hosts A ({a.address}), B ({b.address}) and a client ({client.address}), each a network namespace.")
    with ExitStack() as stack:
        on_a, on_b = (stack.enter_context(Router(OURS, host, show_log=False)) for host in (a, b))
        for router, configuration in ((on_a, KEEPALIVED_CONF), (on_b, KEEPALIVED_CONF_OF_B)):
            start_nginx(router.host)
            router.start(configuration)
        say("nginx and keepalived-py -f /etc/keepalived/keepalived.conf run on A and B.")
        await_answer(client, "A")
        expect(client.pings(VIP), f"{VIP} answers ping")
        expect(not b.has(VIP), f"{VIP} is not on B")
        say(f"A is elected: {VIP} answers ping, and nginx of A answers there.")
        narrator.show([a, b])

        kill_nginx(a)
        say("nginx on A: kill -9.")
        seconds, silent = await_move(client, a, b)
        say(
            f"B has taken over {seconds:.2f} s after the kill; the web was silent for {silent:.2f} s of them."
        )
        narrator.show([a, b])

        start_nginx(a)
        say("nginx on A: started again.")
        seconds, silent = await_move(client, b, a)
        say(f"A has taken back {seconds:.2f} s after that; the web was silent for {silent:.2f} s of them.")
        narrator.show([a, b])

        for router in (on_b, on_a):
            status = router.stop()
            expect(status == 0, f"keepalived-py on {router.host.name} ends with status 0, not {status}")
            kill_nginx(router.host)
            expect(not router.host.has(VIP), f"no {VIP} on {router.host.name}")
            left = list(router.host.processes().values())
            expect(not left, f"no process on {router.host.name}: {left}")
        say("Both stopped (SIGTERM): status 0, no address and no process left.")


def main() -> int:
    if os.geteuid() != 0:
        print("make demo makes network namespaces, which needs root: sudo make demo", file=sys.stderr)
        return 1
    narrator = Narrator()
    try:
        with Lan() as lan:
            demonstrate(lan, narrator)
            holders = [namespace.pid for namespace in (lan.switch, *lan.hosts)]
        wait_until(
            lambda: not any(Path(f"/proc/{pid}").exists() for pid in holders), "the namespaces are gone"
        )
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        narrator.say(f"FAILED: {error}")
        return 1
    narrator.say("The namespaces are gone. Success.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
