"""Settings of instances and groups that do not go together, in keepalived's words."""

from pathlib import Path

import pytest

from keepalived_py.schema.load import Loaded, load


def loaded(tmp_path: Path, text: str) -> Loaded:
    file = tmp_path / "keepalived.conf"
    file.write_text(text)
    return load(str(file))


def instance(*lines: str) -> str:
    return "\n".join(["vrrp_instance V {", "virtual_router_id 1", *lines, "}\n"])


def test_an_instance_does_not_run_with_unicast_peers_in_strict_mode(tmp_path: Path) -> None:
    text = instance(
        "interface eth0", "strict_mode", "unicast_peer {\n10.0.0.2\n}", "virtual_ipaddress {\n10.0.0.9\n}"
    )
    result = loaded(tmp_path, text)
    assert "(V) Unicast peers are not supported in strict mode" in [it.message for it in result.diagnostics]
    assert not result.configuration.routers


@pytest.mark.parametrize(("kind", "keyword"), [("vip", ""), ("evip", "_excluded")])
def test_addresses_without_an_interface_are_left_out(tmp_path: Path, kind: str, keyword: str) -> None:
    text = instance(
        "unicast_src_ip 10.0.0.1",
        "unicast_peer {\n10.0.0.2\n}",
        "virtual_ipaddress {\n10.0.0.8 dev eth0\n}",
        f"virtual_ipaddress{keyword} {{\n10.0.0.9/24\n10.0.0.10 dev eth0\n}}",
    )
    result = loaded(tmp_path, text)
    assert f"(V): no interface for {kind} 10.0.0.9/24 - removing" in [it.message for it in result.diagnostics]
    addresses = result.configuration.routers["V"].all_addresses
    assert [str(it.address) for it in addresses] == ["10.0.0.8", "10.0.0.10"]


@pytest.mark.parametrize(
    ("lines", "reported"),
    [
        (("interface eth0",), {"eth0"}),
        (("interface eth0", "dont_track_primary"), set()),
        (("interface eth1", "track_interface {\neth0\n}"), {"eth0"}),
        (("interface eth1",), set()),
    ],
)
def test_an_interface_is_tracked_by_an_instance_or_by_its_group(
    tmp_path: Path, lines: tuple[str, ...], reported: set[str]
) -> None:
    text = instance(*lines, "virtual_ipaddress {\n10.0.0.9\n}")
    text += "vrrp_sync_group G {\ngroup {\nV\n}\ntrack_interface {\neth0\n}\n}\n"
    expected = {
        f"(V) track_interface {name} is configured on VRRP instance and sync group. "
        "Remove vrrp instance or sync group config"
        for name in reported
    }
    messages = {it.message for it in loaded(tmp_path, text).diagnostics}
    assert {it for it in messages if "and sync group" in it} == expected
