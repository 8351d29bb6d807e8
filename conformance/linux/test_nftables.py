"""The tables of nftables, when others change them, too, and when there is much in them."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from conformance.lab import Host, Lan
from conformance.nft import filtered, ruleset
from keepalived_py.linux.nftables import Nftables
from keepalived_py.linux.nftables_message import ELEMENTS_MAX
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import Firewall, GlobalDefinitions
from keepalived_py.vrrp.actions import FilteredAddress, Log

ONE, OTHER = (
    FilteredAddress(ip_address("192.0.2.1"), "eth0"),
    FilteredAddress(ip_address("192.0.2.2"), "eth0"),
)


@pytest.fixture
def host(lan: Lan) -> Host:
    return lan.host()


@pytest.fixture
def log() -> list[Log]:
    return []


@pytest.fixture
def nftables(host: Host, log: list[Log]) -> Iterator[Nftables]:
    firewall = Firewall(nftables_table="keepalived")
    nftables = Nftables(log.append)
    nftables.configure(Configuration(definitions=GlobalDefinitions(firewall=firewall)))
    with host.network():
        yield nftables
        nftables.stop()
    assert ruleset(host) == []


def test_an_address_is_filtered_until_it_is_for_nobody(host: Host, nftables: Nftables) -> None:
    elsewhere = FilteredAddress(ONE.address, "lo")
    nftables.add_rules([ONE, elsewhere])
    nftables.add_rules([ONE])
    nftables.remove_rules([ONE])
    assert filtered(host) == ["192.0.2.1"]
    nftables.remove_rules([ONE])
    assert filtered(host) == ["192.0.2.1"]
    nftables.remove_rules([elsewhere])
    assert filtered(host) == []


def test_there_may_be_many_addresses(host: Host, nftables: Nftables, log: list[Log]) -> None:
    first = int(ip_address("2001:db8::"))
    addresses = [FilteredAddress(ip_address(first + n), "eth0") for n in range(2 * ELEMENTS_MAX + 1)]
    nftables.add_rules(addresses)
    assert set(filtered(host, "ip6")) == {str(it.address) for it in addresses}
    nftables.remove_rules(addresses)
    assert filtered(host, "ip6") == []
    assert log == []


def test_an_address_that_somebody_else_has_taken_out_is_no_error(
    host: Host, nftables: Nftables, log: list[Log]
) -> None:
    nftables.add_rules([ONE, OTHER])
    host.run("nft", "delete", "element", "ip", "keepalived", "vips", "{ 192.0.2.1 }")
    nftables.remove_rules([ONE, OTHER])
    assert filtered(host) == []
    assert log == []


def test_what_somebody_has_deleted_is_made_anew_with_the_next_address(
    host: Host, nftables: Nftables, log: list[Log]
) -> None:
    link_local = FilteredAddress(ip_address("fe80::7"), "eth0")
    nftables.add_vmac("vrrp.1", 77, 1, ip_address("fe80::1"), (4, 6))
    nftables.add_rules([ONE, link_local])
    rules = ruleset(host)
    host.run("nft", "delete", "table", "ip", "keepalived")
    nftables.add_rules([OTHER])
    nftables.remove_rules([OTHER])
    assert sorted(map(str, ruleset(host))) == sorted(map(str, rules))
    assert [it.text for it in log] == ["Deleting old ip6 keepalived table"]


def test_what_the_kernel_refuses_is_logged_and_the_rest_is_as_before(
    host: Host, nftables: Nftables, log: list[Log]
) -> None:
    nftables.add_rules([ONE])
    host.run("nft", "delete", "table", "ip", "keepalived")
    # A table of the same name whose sets are others'.
    host.run("nft", "add", "table", "ip", "keepalived")
    host.run("nft", "add", "set", "ip", "keepalived", "vips", "{ type ether_addr; }")
    nftables.add_rules([OTHER])
    assert [it.text for it in log] == ["nftables: error: Invalid argument(22)"]
    host.run("nft", "delete", "table", "ip", "keepalived")
    nftables.add_rules([OTHER])
    assert sorted(filtered(host)) == ["192.0.2.1", "192.0.2.2"]


def test_nothing_is_dropped_on_an_interface_that_does_not_exist(host: Host, nftables: Nftables) -> None:
    nowhere = FilteredAddress(ip_address("fe80::7"), "eth9")
    nftables.add_rules([ONE, nowhere])
    assert filtered(host) == ["192.0.2.1"]
    nftables.remove_rules([nowhere])
    named = FilteredAddress(ip_address("fe80::7"), "eth9", survives_device=True)
    nftables.add_rules([named])
    assert "vips_link_local_name" in str(ruleset(host))
