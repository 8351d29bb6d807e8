"""What adverts are to carry, and how often."""

from keepalived_py.model.address import IpAddress
from keepalived_py.model.hmac import AuthHmac
from keepalived_py.model.router import AuthType
from keepalived_py.model.units import CENTISECOND, SECOND, Microseconds
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import InstanceDraft

ADVERT_ADDRESSES_MAX = 255
MTU = 1500
_HEADER_BYTES = {4: 14 + 20 + 8, 6: 14 + 40 + 8}
_ADDRESS_BYTES = {4: 4, 6: 16}
AUTHENTICATION_BYTES = 8
_AH_BYTES = 24
_TRAILER_BYTES = 28


def check_first_address(completion: Completion, draft: InstanceDraft, family: int, strict: bool) -> None:
    """The first IPv6 address must be link-local, as adverts come from it."""
    addresses, first = draft.virtual_addresses, draft.first_address
    if family == 6 and first and not draft.unicast_peers and not addresses[0].address.is_link_local:
        completion.error(
            first,
            "first-address",
            f"({draft.name}) the first IPv6 VIP address {'must' if strict else 'should'} be link local",
            word=0,
            help="a link-local address before it, the same on all nodes: fe80::1/64",
            warning=not strict,
            silent=not strict,
        )


def fitting_addresses(
    completion: Completion,
    draft: InstanceDraft,
    family: int,
    version: int,
    auth_type: AuthType,
    hmac: AuthHmac | None,
) -> tuple[list[IpAddress], list[IpAddress]]:
    """The addresses that fit into an advert, and the others."""
    header = _HEADER_BYTES[family]
    if family == 4 and version == 2:
        header += AUTHENTICATION_BYTES + (_AH_BYTES if auth_type is AuthType.AH else 0)
    if hmac is not None and hmac.signs:
        header += _TRAILER_BYTES
    most = min(ADVERT_ADDRESSES_MAX, (MTU - header) // _ADDRESS_BYTES[family])
    addresses = draft.virtual_addresses
    if len(addresses) > most:
        completion.error(
            draft.said["virtual_ipaddress"],
            "too-many-addresses",
            f"({draft.name}) Number of VIPs ({len(addresses)}) exceeds maximum/space available in packet "
            f"(max {most} addresses) - excess moved to eVIPs",
            word=0,
            help="put addresses into virtual_ipaddress_excluded",
        )
    return addresses[:most], addresses[most:]


def advert_interval_us(completion: Completion, draft: InstanceDraft, version: int) -> Microseconds:
    """The advert interval in the unit and the range of the version."""
    unit, units = (SECOND, 256) if version == 2 else (CENTISECOND, 4096)
    interval_us = SECOND if draft.advert_interval_us is None else draft.advert_interval_us
    seconds = interval_us / SECOND
    start = f"VRRPv{version} advertisement interval"
    if interval_us >= unit * units:
        most = unit * (units - 1)
        limit, setting = (
            (f"{units}s", f"{units - 1}s")
            if version == 2
            else (f"{units / 100:.2f}s", f"{most / SECOND:.2f}s")
        )
        message = f"{start} {seconds:.2f}s is out of range. Must be less than {limit}. Setting to {setting}"
        completion.reset(draft, "advert_int", message)
        return most
    if interval_us % unit:
        how = "must be an integer. rounding" if version == 2 else "must be in units of 10ms - rounding"
        completion.reset(draft, "advert_int", f"{start} {seconds:.6f}s {how}")
        rounded = (interval_us + unit // 2) // unit
        return unit * max(1, min(units - 1, rounded))
    return interval_us
