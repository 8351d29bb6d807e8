"""What nftables has on a host."""

import json
from typing import Any

from conformance.lab import Host


def ruleset(host: Host) -> list[Any]:
    """All that nftables has, but for the numbers that the kernel gives and what was counted."""
    found = json.loads(host.run("nft", "-j", "list", "ruleset"))["nftables"]
    return [_without_numbers(it) for it in found if "metainfo" not in it]


def _without_numbers(it: Any) -> Any:
    if isinstance(it, dict):
        left = {key: value for key, value in it.items() if key not in ("handle", "packets", "bytes")}
        return {key: _without_numbers(value) for key, value in left.items()}
    return [_without_numbers(each) for each in it] if isinstance(it, list) else it


def filtered(host: Host, family: str = "ip") -> list[str]:
    """The addresses that packets are dropped for."""
    sets = [it["set"] for it in ruleset(host) if "set" in it]
    return [
        each for it in sets if (it["family"], it["name"]) == (family, "vips") for each in it.get("elem", ())
    ]
