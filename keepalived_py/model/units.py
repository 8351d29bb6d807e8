"""Units that every layer shares. All times are integers of microseconds, as in keepalived's timers."""

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import TypeAlias

Microseconds: TypeAlias = int
Address: TypeAlias = IPv4Address | IPv6Address
Interface: TypeAlias = IPv4Interface | IPv6Interface

CENTISECOND: Microseconds = 10_000
MILLISECOND: Microseconds = 1_000
SECOND: Microseconds = 1_000_000


def format_seconds(duration_us: Microseconds) -> str:
    """A duration as seconds with as many decimals as it needs: 1500000 → "1.5"."""
    whole, fraction = divmod(duration_us, SECOND)
    return f"{whole}.{fraction:06}".rstrip("0").rstrip(".")
