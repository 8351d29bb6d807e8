"""Reports of addresses, as pyroute2 writes what the kernel would say."""

from ipaddress import IPv4Interface, IPv6Interface
from socket import AF_BRIDGE, AF_INET, AF_INET6

import pytest
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg

from keepalived_py.linux.address_message import InterfaceAddress, decode_address

TENTATIVE = 0x40


def report(family: int, prefix_length: int, *attributes: tuple[str, object], flags: int = 0) -> bytes:
    message = ifaddrmsg()
    message.update({"family": family, "prefixlen": prefix_length, "flags": flags, "scope": 0, "index": 7})
    message["attrs"] = list(attributes)
    message.encode()
    return bytes(message.data)


def test_of_a_link_between_two_the_local_address_counts() -> None:
    both = ("IFA_ADDRESS", "10.0.0.2"), ("IFA_LOCAL", "10.0.0.1"), ("IFA_LABEL", "eth0:1")
    expected = InterfaceAddress(7, IPv4Interface("10.0.0.1/30"), tentative=False)
    assert decode_address(report(AF_INET, 30, *both)) == expected


@pytest.mark.parametrize(
    ("header", "attribute", "tentative"),
    [(0, None, False), (TENTATIVE, None, True), (TENTATIVE, 0x200, False), (0, TENTATIVE | 0x200, True)],
)
def test_flags_of_the_attribute_count_before_those_of_the_header(
    header: int, attribute: int | None, tentative: bool
) -> None:
    flags = [("IFA_FLAGS", attribute)] if attribute is not None else []
    message = report(AF_INET6, 64, ("IFA_ADDRESS", "fe80::1"), *flags, flags=header)
    assert decode_address(message) == InterfaceAddress(7, IPv6Interface("fe80::1/64"), tentative)


def test_other_families_and_what_has_no_address_are_nothing() -> None:
    assert decode_address(report(AF_BRIDGE, 32, ("IFA_ADDRESS", "10.0.0.1"))) is None
    assert decode_address(report(AF_INET, 32)) is None
