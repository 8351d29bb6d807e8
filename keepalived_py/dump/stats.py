"""SIGUSR2: what each instance has counted, in the form of keepalived's /tmp/keepalived.stats."""

from collections.abc import Iterator

from keepalived_py.vrrp.counters import Counters
from keepalived_py.vrrp.engine import Engine

_EXTENSION_ERRORS = ("Missing", "Malformed", "Unknown Key", "Invalid HMAC", "Stale", "Replay")
"""Of `auth_hmac`: keepalived has the lines also where nobody uses it."""


def lines(engine: Engine) -> Iterator[str]:
    """The file, line by line."""
    for name, instance in engine.instances.items():
        yield f"VRRP Instance: {name}"
        yield from _counts(instance.counters)


def clear(engine: Engine) -> None:
    """Begin to count anew."""
    for instance in engine.instances.values():
        instance.counters = Counters()


def _counts(counters: Counters) -> Iterator[str]:
    yield "  Advertisements:"
    yield f"    Received: {counters.adverts_received}"
    yield f"    Sent: {counters.adverts_sent}"
    yield f"  Became master: {counters.became_master}"
    yield f"  Released master: {counters.released_master}"
    yield "  Packet Errors:"
    yield f"    Length: {counters.packet_length_errors}"
    yield f"    TTL: {counters.ttl_errors}"
    yield f"    Invalid Type: {counters.invalid_type_received}"
    yield f"    Advertisement Interval: {counters.advert_interval_errors}"
    yield f"    Address List: {counters.address_list_errors}"
    yield "  Authentication Errors:"
    yield f"    Invalid Type: {counters.invalid_auth_type}"
    yield f"    Type Mismatch: {counters.auth_type_mismatch}"
    yield f"    Failure: {counters.auth_failure}"
    yield "  Authentication Extension Errors:"
    yield from (f"    {what}: 0" for what in _EXTENSION_ERRORS)
    yield "  Priority Zero:"
    yield f"    Received: {counters.priority_zero_received}"
    yield f"    Sent: {counters.priority_zero_sent}"
