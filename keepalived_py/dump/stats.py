"""SIGUSR2: what each instance has counted, in the form of keepalived's /tmp/keepalived.stats."""

from collections.abc import Iterator

from keepalived_py.vrrp.counters import Counters
from keepalived_py.vrrp.engine import Engine


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
    yield f"    Missing: {counters.auth_ext_missing}"
    yield f"    Malformed: {counters.auth_ext_malformed}"
    yield f"    Unknown Key: {counters.auth_ext_unknown_key}"
    yield f"    Invalid HMAC: {counters.auth_ext_invalid_hmac}"
    yield f"    Stale: {counters.auth_ext_stale}"
    yield f"    Replay: {counters.auth_ext_replay}"
    yield "  Priority Zero:"
    yield f"    Received: {counters.priority_zero_received}"
    yield f"    Sent: {counters.priority_zero_sent}"
