"""In the machine: two routers on one link, which may lose packets; A dies, comes back, and both stop.

python -m conformance.uml.failover INTERFACE ADDRESS PROGRAM-A PROGRAM-B

A is here and B in the network `b`; /mnt/a.conf and /mnt/b.conf are theirs.
"""

import json
import signal
import subprocess
import sys

from conformance.uml.guest import ip, wait_until


class Node:
    """A router and its network: this one, or a named one."""

    def __init__(self, name: str, network: tuple[str, ...], program: str, interface: str) -> None:
        self._network = network
        files = [f"--{kind}=/run/{name}.{kind}" for kind in ("pid", "vrrp_pid")]
        self._command = [program, "-n", "-l", "-D", "-f", f"/mnt/{name}.conf", *files]
        self._interface = interface
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        enter = ["ip", "netns", "exec", self._network[1]] if self._network else []
        return subprocess.Popen([*enter, *self._command], stdout=sys.stderr, start_new_session=True)

    def again(self) -> None:
        self.process = self._start()

    def kill(self) -> None:
        """End parent and child at once."""
        subprocess.run(["pkill", "-9", "-s", str(self.process.pid)], check=True)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def addresses(self) -> list[str]:
        [link] = json.loads(ip(*self._network, "-json", "-4", "address", "show", "dev", self._interface))
        return [it["local"] for it in link["addr_info"]]


def main(interface: str, address: str, first: str, second: str) -> None:
    a = Node("a", (), first, interface)
    b = Node("b", ("-n", "b"), second, interface)

    def await_on(node: Node, other: Node, *, alone: bool = True) -> None:
        def holds() -> bool:
            return address in node.addresses() and not (alone and address in other.addresses())

        wait_until(holds, f"{address} is on {node.process.args}")

    await_on(a, b)
    a.kill()
    await_on(b, a, alone=False)  # nobody has cleaned up behind A
    a.again()
    await_on(a, b)
    assert a.stop() == 0
    await_on(b, a)
    assert b.stop() == 0
    print(json.dumps({"a": a.addresses(), "b": b.addresses(), "lost": lost()}))


def lost() -> int:
    """How many packets of A the link has lost."""
    said = subprocess.run(["tc", "-s", "-j", "qdisc", "show", "dev", "eth0"], check=True, capture_output=True)
    return sum(int(discipline["drops"]) for discipline in json.loads(said.stdout))


if __name__ == "__main__":
    main(*sys.argv[1:])
