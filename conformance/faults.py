"""Random faults of a router with a healthy peer, one after the other: `make faults`, or
`python -m conformance.faults [SEED [CYCLES]]`.

After each, A must serve the address again within BOUND_SECONDS, for good and alone, and in the end nothing
may be left behind. The same seed makes the same faults.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random

from conformance.lab import Host, Lan, children, wait_until
from conformance.routers import OURS, C, Router, vrrp_instance

VIP = "10.0.0.101"
BOUND_SECONDS = 20.0
"""Generous: a router that is started again needs a second to start and four intervals to be master."""
HOLD_SECONDS = 2.0
"""What holds for so long, ten intervals, holds for good."""
STORM = 20
CHECK = (
    'vrrp_script chk {\n    script "/usr/bin/test ! -e /tmp/broken"\n    interval 1\n    user root\n}\n'
    "track_file load {\n    file /tmp/load\n    init_file 0\n}\n"
)
TRACK = ("track_script {", "    chk", "}", "track_file {", "    load weight 1", "}")
# The address that differs is excluded: 2.2.7 does not hear a master whose list is not its own.
A_CONFIGURATIONS = tuple(
    CHECK + vrrp_instance(*TRACK, "virtual_ipaddress_excluded {", other, "}", priority=priority)
    for priority, other in ((150, "10.0.0.102"), (140, "10.0.0.103"))
)
B_CONFIGURATION = vrrp_instance(priority=100)


@dataclass
class Cluster:
    """A, which has the faults, its peer B, and a client who wants the address."""

    a: Router
    b: Router
    client: Host
    random: Random

    @property
    def serves(self) -> bool:
        """One node has the address, and it answers."""
        return self.a.host.has(VIP) is not self.b.host.has(VIP) and self.client.pings(VIP)

    def kill_child(self) -> str:
        os.kill(self.a.vrrp_child, signal.SIGKILL)
        return "kill -9 of the VRRP process"

    def kill_parent(self) -> str:
        family = children(self.a.pid)
        self.a.signal(signal.SIGKILL)
        self.a.wait()
        wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in family), "the children end")
        self.a.start()
        return "kill -9 of the parent, and a start"

    def kill_all(self) -> str:
        self.a.kill()
        wait_until(lambda: self.b.host.has(VIP), "B takes over", BOUND_SECONDS)
        self.a.start()
        return "kill -9 of all processes, and a start"

    def flap(self) -> str:
        times = self.random.randint(1, 5)
        for _ in range(times):
            for state in ("down", "up"):
                self.a.host.plumb(f"ip link set eth0 {state}")
                time.sleep(self.random.random() * 0.3)
        return f"link down and up, {times} times"

    def lose_link(self) -> str:
        self.a.host.plumb("ip link set eth0 down")
        wait_until(lambda: self.b.host.has(VIP) and self.client.pings(VIP), "B serves", BOUND_SECONDS)
        self.a.host.plumb("ip link set eth0 up")
        return "link down until the other serves, and up"

    def delete(self) -> str:
        for router in (self.a, self.b):
            if router.host.has(VIP):
                router.host.plumb(f"ip address del {VIP}/32 dev eth0")
        return "address deleted"

    def reload(self) -> str:
        for _ in range(STORM):
            self.a.configure(self.random.choice(A_CONFIGURATIONS))
            self.a.signal(signal.SIGHUP)
            time.sleep(self.random.random() * 0.1)
        return f"{STORM} reloads"

    def toggle(self) -> str:
        for _ in range(STORM):
            self.a.host.write("/tmp/broken", "")
            self.a.host.write("/tmp/load", f"{self.random.randint(-100, 100)}\n")
            time.sleep(self.random.random() * 0.2)
            self.a.host.path("/tmp/broken").unlink()
        self.a.host.write("/tmp/load", "0\n")
        return f"{STORM} times a script that fails and a file that changes"

    def cycle(self) -> tuple[str, float]:
        """A fault, and how many seconds after it A serves the address for good."""
        faults = (
            self.kill_child,
            self.kill_parent,
            self.kill_all,
            self.flap,
            self.lose_link,
            self.delete,
            self.reload,
            self.toggle,
        )
        said = self.random.choice(faults)()
        begin = since = time.monotonic()

        def holds() -> bool:
            nonlocal since
            if not (self.a.host.has(VIP) and self.serves):
                since = time.monotonic()
            return time.monotonic() - since > HOLD_SECONDS

        wait_until(holds, f"A serves after: {said}", BOUND_SECONDS + HOLD_SECONDS)
        return said, since - begin

    def end(self) -> None:
        """Stop both; nothing may be left."""
        assert self.a.stop() == 0
        assert self.b.stop() == 0
        for router in (self.a, self.b):
            assert router.host.addresses() == [router.host.address]
            wait_until(lambda host=router.host: not host.processes(), f"no process of {router}")  # type: ignore[misc]
            assert not list(router.host.path("/run").glob("*.pid"))


@contextmanager
def cluster(seed: int) -> Iterator[Cluster]:
    peer = C if C.present else OURS
    with ExitStack() as stack:
        lan = stack.enter_context(Lan())
        a, b = (stack.enter_context(Router(program, lan.host())) for program in (OURS, peer))
        it = Cluster(a, b, lan.host(), Random(seed))
        a.start(A_CONFIGURATIONS[0])
        b.start(B_CONFIGURATION)
        wait_until(lambda: a.host.has(VIP) and it.serves, "A serves", BOUND_SECONDS)
        yield it


def main(seed: int = 1, cycles: int = 20) -> None:
    with cluster(seed) as it:
        for number in range(1, cycles + 1):
            said, seconds = it.cycle()
            print(f"{number:3}  {seconds:5.2f} s  {said}", flush=True)
        it.end()
    print(f"seed {seed}: {cycles} faults, each repaired in {BOUND_SECONDS:g} s; nothing is left.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
