"""BFD sessions as keepalived prints them, in their state before the start."""

from collections.abc import Iterator

from keepalived_py.model.bfd import BfdInstance, TrackBfd
from keepalived_py.model.configuration import Configuration

_BEFORE_START = (
    "fd_out -1",
    "thread_open_fd_out 0x(nil)",
    "thread_out 0x(nil)",
    "sands_out = [disabled]",
    "thread_exp 0x(nil)",
    "sands_exp = [disabled]",
    "thread_rst 0x(nil)",
    "sands_rst = [disabled]",
    "send error = false",
    "local state = AdminDown",
    "remote state = AdminDown",
    "local discriminator = 0x0",
    "remote discriminator = 0x0",
    "local diag = No Diagnostic",
    "remote diag = No Diagnostic",
    "remote min tx intv = 0 us",
    "remote min rx intv = 0 us",
    "local demand = 0",
    "remote demand = 0",
    "remote detect multiplier = 0",
    "!poll, !final",
    "local tx intv = 0 us",
    "remote tx intv = 0 us",
    "local detection time = 0 us",
    "remote detection time = 0 us",
    "last_seen = [never]",
)


def bfd_lines(configuration: Configuration) -> Iterator[str]:
    """The part of the BFD process, after the globals."""
    yield "------< BFD Data >------"
    yield " thread_in = 0x(nil)"
    if configuration.bfds:
        yield "------< BFD Topology >------"
        for bfd in configuration.bfds.values():
            yield from _instance(bfd)


def tracked_bfd_lines(bfd: TrackBfd) -> Iterator[str]:
    """A session as the VRRP process knows it, before the instances that track it."""
    yield f" VRRP Track BFD = {bfd.name}"
    yield f"   Weight = {bfd.weight.value}{' reverse' if bfd.weight.reverse else ''}"
    yield "   Bfd is down"
    yield "   Tracking VRRP instances :"


def _instance(bfd: BfdInstance) -> Iterator[str]:
    yield f" BFD Instance = {bfd.name}"
    yield f"   Neighbor IP = {bfd.neighbor}"
    if bfd.source is not None:
        yield f"   Source IP = {bfd.source}"
    yield f"   Required min RX interval = {bfd.min_rx_us} us"
    yield f"   Desired min TX interval = {bfd.min_tx_us} us"
    yield f"   Desired idle TX interval = {bfd.idle_tx_us} us"
    yield f"   Detection multiplier = {bfd.multiplier}"
    yield f"   {'hoplimit' if bfd.neighbor.version == 6 else 'TTL'} = {bfd.ttl}"
    yield f"   max_hops = {bfd.max_hops}"
    yield f"   passive = {'true' if bfd.passive else 'false'}"
    yield f"   send event to VRRP process = {'Yes' if bfd.vrrp else 'No'}"
    yield f"   send event to checker process = {'Yes' if bfd.checker else 'No'}"
    yield from (f"   {line}" for line in _BEFORE_START)
