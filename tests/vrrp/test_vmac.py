"""Interfaces of instances: their names, and what is on them."""

from ipaddress import ip_interface

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.vmac import Ipvlan, Vmac
from keepalived_py.vrrp.vmac import place_vmacs

DEFINITIONS = GlobalDefinitions()


def router(name: str, vrid: int, *addresses: IpAddress, **more: object) -> VirtualRouter:
    fields = {"interface": "eth0", "own_interface": Vmac(), "virtual_addresses": addresses} | more
    return VirtualRouter(name=name, vrid=vrid, **fields)  # type: ignore[arg-type]


def address(text: str, **more: object) -> IpAddress:
    return IpAddress(interface=ip_interface(text), **more)  # type: ignore[arg-type]


def placed(*routers: VirtualRouter, definitions: GlobalDefinitions = DEFINITIONS) -> list[VirtualRouter]:
    configuration = Configuration(definitions=definitions, routers={it.name: it for it in routers})
    return list(place_vmacs(configuration).configuration.routers.values())


def names(*routers: VirtualRouter, definitions: GlobalDefinitions = DEFINITIONS) -> list[str | None]:
    return [it.own_interface and it.own_interface.name for it in placed(*routers, definitions=definitions)]


def test_one_without_a_name_gets_one_that_no_other_has() -> None:
    assert names(
        router("A", 1),
        router("B", 1, family=6),
        router("C", 2),
        router("D", 3, own_interface=Vmac(name="vrrp.2")),
        router("E", 1, interface="eth1"),
        router("F", 1, interface="eth1", family=6),
        router("G", 9, own_interface=Ipvlan()),
    ) == ["vrrp.1", "vrrp6.1", "vrrp1.2", "vrrp.2", "vrrp1.1", "vrrp2.1", "vrrp.9"]


def test_a_long_prefix_is_cut() -> None:
    definitions = GlobalDefinitions(vmac_prefix="a-long-prefix")
    both = (router("A", 255), router("B", 255, interface="eth1"))
    assert names(*both, definitions=definitions) == ["a-long-pref.255", "a-long-pre1.255"]


def test_addresses_are_on_the_vmac_of_their_interface_and_family() -> None:
    first, second = placed(
        router(
            "A",
            5,
            address("10.0.0.1/32"),
            address("10.0.0.2/32", device="eth0"),
            address("10.0.1.1/32", device="eth1"),
            excluded_addresses=(
                address("fe80::1/64"),
                address("10.0.1.2/32", device="eth1", use_vmac=True),
                address("10.0.1.3/32", device="eth1", use_vmac=True),
                address("fe80::2/64", use_vmac=True),
            ),
        ),
        router("B", 6, address("10.0.1.4/32", device="eth1"), own_interface=None, use_vmac_addr=True),
        definitions=GlobalDefinitions(vmac_addr_prefix="addr"),
    )
    assert [it.device for it in first.virtual_addresses] == ["vrrp.5", "vrrp.5", "eth1"]
    assert [it.device for it in first.excluded_addresses] == [None, "addr.5", "addr.5", "addr6.5"]
    assert [it.device for it in second.virtual_addresses] == ["addr.6"]
