"""Interfaces of instances: their names, and what is on them."""

from ipaddress import ip_address, ip_interface

import pytest

from keepalived_py.model.address import IpAddress
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import GlobalDefinitions
from keepalived_py.model.router import VirtualRouter
from keepalived_py.model.vmac import Ipvlan, Vmac
from keepalived_py.vrrp.vmac import ExistingLink, Kind, Origin, place_vmacs

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


VIRTUAL_MAC = bytes.fromhex("00005e000105")
BASES = (ExistingLink(index=2, name="eth0"), ExistingLink(index=3, name="eth1"))


def macvlan(name: str, base_index: int = 2, mac: bytes = VIRTUAL_MAC, fit: bool = True) -> ExistingLink:
    return ExistingLink(index=9, name=name, kind=Kind.MACVLAN, fit=fit, base_index=base_index, mac=mac)


@pytest.mark.parametrize(
    ("configured", "existing", "ours", "name", "origin", "supersedes"),
    [
        (None, None, "", "vrrp.5", Origin.MADE, None),
        (None, macvlan("left"), "", "left", Origin.FOUND, None),
        ("named", macvlan("left"), "", "left", Origin.FOUND, None),
        ("named", macvlan("left"), "left", "named", Origin.MADE, "left"),
        (None, macvlan("other", mac=bytes(6)), "", "vrrp.5", Origin.MADE, None),
        (None, macvlan("other", base_index=3), "", "vrrp.5", Origin.MADE, None),
        ("named", macvlan("named", mac=bytes(6)), "", "named", Origin.UPDATED, None),
        ("named", macvlan("named", fit=False), "", "named", Origin.UPDATED, None),
        ("named", macvlan("named", base_index=3), "", "named", Origin.REPLACED, None),
        ("named", ExistingLink(index=9, name="named"), "", "vrrp.5", Origin.MADE, None),
        (None, ExistingLink(index=9, name="vrrp.5"), "", "vrrp1.5", Origin.MADE, None),
    ],
)
def test_what_exists_is_used_changed_or_avoided(
    configured: str | None,
    existing: ExistingLink | None,
    ours: str,
    name: str,
    origin: Origin,
    supersedes: str | None,
) -> None:
    one = router("A", 5, address("10.0.0.1/32"), own_interface=Vmac(name=configured))
    present = (*BASES, existing) if existing else BASES
    placement = place_vmacs(Configuration(routers={"A": one}), present, [ours])
    [link] = placement.links
    assert (link.name, link.origin, link.supersedes) == (name, origin, supersedes)
    assert placement.configuration.routers["A"].virtual_addresses[0].device == name


def test_a_macvlan_on_a_macvlan_is_really_on_the_interface_below() -> None:
    first = ExistingLink(index=4, name="mac0", kind=Kind.MACVLAN, fit=True, base_index=2, mac=bytes(6))
    one = router("A", 5, interface="mac0")
    placement = place_vmacs(Configuration(routers={"A": one}), (*BASES, first, macvlan("left")))
    assert [link.origin for link in placement.links] == [Origin.FOUND]


def test_an_ipvlan_is_found_by_its_address() -> None:
    own = Ipvlan(address=ip_interface("10.0.0.7/24"))
    others = [
        ExistingLink(
            index=9 + number,
            name=f"ipvlan{number}",
            kind=Kind.IPVLAN,
            fit=True,
            base_index=2,
            addresses=(ip_address(f"10.0.0.{number}"),),
        )
        for number in (6, 7)
    ]
    placement = place_vmacs(
        Configuration(routers={"A": router("A", 5, own_interface=own)}), (*BASES, *others)
    )
    assert [(link.name, link.origin) for link in placement.links] == [("ipvlan7", Origin.FOUND)]
