"""In the machine: what the network is while each of two programs runs a configuration, and after.

python -m conformance.uml.guest CONFIGURATION AWAITED-ADDRESS PROGRAM...
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable

PATIENCE_SECONDS = 40.0


def ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout


def network() -> dict[str, object]:
    """Of each interface what keepalived may have changed."""
    addresses = {it["ifname"]: it["addr_info"] for it in json.loads(ip("-json", "address"))}
    return {
        it["ifname"]: {
            "link": it.get("link"),
            "group": it["group"],
            "master": it.get("master"),
            "kind": it.get("linkinfo"),
            "addresses": [(one["local"], one["prefixlen"]) for one in addresses[it["ifname"]]],
        }
        for it in json.loads(ip("-details", "-json", "link"))
    }


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as `condition` holds. Raises TimeoutError, saying `what` did not come true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


def main(configuration: str, address: str, *programs: str) -> None:
    found = []
    for program in programs:
        process = subprocess.Popen([program, "-n", "-l", "-D", "-f", configuration], stdout=sys.stderr)
        wait_until(lambda: address in ip("address"), f"{address} is there")
        during = network()
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        found.append({"during": during, "after": network()})
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
