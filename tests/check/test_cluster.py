"""Each rule about a cluster, with a pair of configurations in which it finds something: at the words in
«», and showing those in ‹› of the other file; and what is right has no finding."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from keepalived_py.check.cluster import RULES, Node, compare
from keepalived_py.check.findings import examine
from keepalived_py.check.nodes import node_sources
from keepalived_py.check.report import Format, check_cluster
from keepalived_py.cli.tools import tools
from keepalived_py.config.diagnostic import Diagnostic

ADDRESSES = "virtual_ipaddress {\n10.0.0.101/24\n}"
SCRIPT = 'vrrp_script check {{\nscript "{}"\ninterval 2\nweight {}\n}}\n'
TRACK = "track_script {\ncheck\n}"
PEERS = "unicast_src_ip {}\nunicast_peer {{\n{}\n}}"
KEY = "auth_hmac {{\nkey 1 hex:{}\nactive_key 1\n}}"
PASSWORD = "authentication {{\nauth_type PASS\nauth_pass {}\n}}"
GROUP = "vrrp_sync_group «G» {\ngroup {\nV\nW\n}\n}\n"


def instance(*lines: str, name: str = "V", vrid: str = "51", addresses: str = ADDRESSES) -> str:
    return "\n".join(
        (f"vrrp_instance {name} {{", "interface eth0", f"virtual_router_id {vrid}", addresses, *lines, "}\n")
    )


def a(*lines: str, addresses: str = ADDRESSES, vrid: str = "51") -> str:
    return instance(*lines, "state MASTER", "priority 150", addresses=addresses, vrid=vrid)


def b(*lines: str, addresses: str = ADDRESSES, vrid: str = "51") -> str:
    return instance(*lines, "priority 100", addresses=addresses, vrid=vrid)


def second(*lines: str) -> str:
    return instance(*lines, name="W", vrid="52", addresses="virtual_ipaddress {\n10.0.0.102/24\n}")


CASES = {
    "cluster-version": [(a("version ‹2›"), b("version «3»"))],
    "cluster-interval": [(a("advert_int ‹1›"), b("advert_int «2»"))],
    "cluster-interval-learned": [
        (a("version 3", "advert_int ‹0.1›"), b("version 3", "advert_int «1»")),
    ],
    "cluster-authentication": [
        (a(PASSWORD.format("‹pass-one›")), b(PASSWORD.format("«pass-two»"))),
        (a(PASSWORD.format("pass-one")).replace("PASS", "‹PASS›"), b().replace(" V ", " «V» ")),
        (
            a(KEY.format("11" * 32)).replace("auth_hmac", "‹auth_hmac›"),
            b(KEY.format("22" * 32)).replace("auth_hmac", "«auth_hmac»"),
        ),
        (a(KEY.format("11" * 32)).replace("auth_hmac", "‹auth_hmac›"), b().replace(" V ", " «V» ")),
    ],
    "cluster-transport": [
        (
            a(PEERS.format("10.0.0.1", "10.0.0.2")).replace("unicast_peer", "‹unicast_peer›"),
            b().replace(" V ", " «V» "),
        ),
        (a("mcast_dst_ip ‹224.0.0.20›"), b("mcast_dst_ip «224.0.0.19»")),
    ],
    "cluster-checksum": [
        (a("version 3", "‹v3_checksum_as_v2›"), b("version 3").replace(" V ", " «V» ")),
    ],
    "cluster-peer": [
        (
            a(PEERS.format("10.0.0.1", "10.0.0.22")).replace("unicast_peer", "«unicast_peer»"),
            b(PEERS.format("‹10.0.0.2›", "10.0.0.1")),
        ),
    ],
    "cluster-same-peers": [
        (
            a("unicast_peer {\n10.0.0.2\n}").replace("unicast_peer", "‹unicast_peer›"),
            b("unicast_peer {\n10.0.0.2\n}").replace("unicast_peer", "«unicast_peer»"),
        ),
    ],
    "cluster-unknown-peer": [
        (
            a(PEERS.format("10.0.0.1", "10.0.0.2\n«10.0.0.3»")),
            b(PEERS.format("10.0.0.2", "10.0.0.1")),
        ),
    ],
    "cluster-same-source": [
        (a("mcast_src_ip ‹10.0.0.1›"), b("mcast_src_ip «10.0.0.1»")),
    ],
    "cluster-addresses": [
        (
            a(addresses="virtual_ipaddress {\n10.0.0.101/24\n«10.0.0.102/24»\n}"),
            b().replace("virtual_ipaddress", "‹virtual_ipaddress›"),
        ),
        (
            a("virtual_ipaddress_excluded {\n«10.0.1.1/24»\n}"),
            b().replace("virtual_ipaddress", "‹virtual_ipaddress›"),
        ),
    ],
    "cluster-prefix": [
        (
            a().replace("10.0.0.101/24", "‹10.0.0.101/24›"),
            b().replace("10.0.0.101/24", "«10.0.0.101/25»"),
        ),
    ],
    "cluster-strangers": [
        (a(vrid="‹51›"), b(addresses="virtual_ipaddress {\n10.0.0.202/24\n}", vrid="«51»")),
    ],
    "cluster-address-twice": [
        (
            a(addresses="virtual_ipaddress {\n‹10.0.0.101/24›\n}"),
            b(addresses="virtual_ipaddress {\n«10.0.0.101/24»\n}", vrid="52"),
        ),
    ],
    "cluster-alone": [
        (
            a() + second().replace(" W ", " «W» "),
            b(),
        ),
    ],
    "cluster-two-owners": [
        (instance("priority ‹255›"), instance("priority «255»")),
    ],
    "cluster-weight": [
        (
            SCRIPT.format("/bin/check", 2) + a(TRACK).replace("\ncheck", "\n«check»"),
            SCRIPT.format("/bin/check", 2) + b(TRACK).replace("priority 100", "priority ‹100›"),
        ),
        (
            SCRIPT.format("/bin/check", -50) + a(TRACK).replace("\ncheck", "\n«check»"),
            SCRIPT.format("/bin/check", -50) + b(TRACK).replace("priority 100", "priority ‹100›"),
        ),
    ],
    "cluster-equal-priorities": [
        (instance("priority ‹100›"), instance("priority «100»")),
    ],
    "cluster-state": [
        (instance("state «MASTER»", "priority 100"), instance("priority ‹150›")),
    ],
    "cluster-nopreempt": [
        (instance("priority 150").replace(" V ", " ‹V› "), instance("priority 100", "«nopreempt»")),
    ],
    "cluster-tracker": [
        (
            SCRIPT.format("/bin/check", 0) + a(TRACK).replace("\ncheck", "\n«check»"),
            b().replace(" V ", " ‹V› "),
        ),
    ],
    "cluster-nobody-left": [
        (
            SCRIPT.format("/bin/ping -c1 10.0.0.254", 0) + a(TRACK).replace("\ncheck", "\n«check»"),
            SCRIPT.format("/bin/ping -c1 10.0.0.254", 0) + b(TRACK).replace("track_script", "‹track_script›"),
        ),
    ],
    "cluster-group": [
        (
            a().replace(" V ", " ‹V› ") + second("priority 150"),
            GROUP + b() + second("priority 100"),
        ),
    ],
}
PAIRS = [(code, *pair) for code, pairs in CASES.items() for pair in pairs]

CLEAN = {
    "multicast": (a(), b()),
    "another name and interface": (a(), b().replace("eth0", "ens3").replace(" V ", " VI_9 ")),
    "fault": (
        SCRIPT.format("pidof nginx", 0) + a(TRACK),
        SCRIPT.format("pidof nginx", 0) + b(TRACK),
    ),
    "weight": (
        SCRIPT.format("pidof nginx", -60) + a(TRACK),
        SCRIPT.format("pidof nginx", -60) + b(TRACK),
    ),
    "unicast": (
        a(PEERS.format("10.0.0.1", "10.0.0.2")),
        b(PEERS.format("10.0.0.2", "10.0.0.1")),
    ),
    "nopreempt": (instance("priority 150", "nopreempt"), instance("priority 100", "nopreempt")),
    "password": (a(PASSWORD.format("k8gH.2tz")), b(PASSWORD.format("k8gH.2tz"))),
    "keys": (a(KEY.format("11" * 32)), b(KEY.format("11" * 32))),
}


def written(folder: Path, *texts: str) -> list[str]:
    """The files a.conf and b.conf, without the marks."""
    paths = [folder / name for name in ("a.conf", "b.conf")]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(re.sub("[«»‹›]", "", text))
    return [str(path) for path in paths]


def compared(paths: list[str]) -> list[Diagnostic]:
    nodes = []
    for source in node_sources(paths):
        subject, _ = examine(source.path, source.config_id)
        nodes.append(Node(source.name, subject.configuration, subject.text))
    return [*compare(nodes)]


def marked(name: str, text: str, left: str, right: str) -> list[tuple[str, int, int, int]]:
    """File, line, column and end column of the words between the marks."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub("[«»‹›]".replace(left, "").replace(right, ""), "", line)
        if left in bare:
            start, end = bare.index(left), bare.index(right) - 1
            found.append((name, number, start + 1, end + 1))
    return found


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case[0])
def test_a_rule_finds_what_it_is_for_at_the_exact_words_of_both(
    tmp_path: Path, case: tuple[str, str, str]
) -> None:
    code, *texts = case
    found = [one for one in compared(written(tmp_path, *texts)) if one.code == code]
    places = [one.span for one in found]
    related = [other.span for one in found for other in one.related]
    for spans, marks in ((places, "«»"), (related, "‹›")):
        wanted = [
            place
            for name, text in zip(("a.conf", "b.conf"), texts, strict=True)
            for place in marked(name, text, *marks)
        ]
        assert [(Path(one.file).name, one.line, one.column, one.end_column) for one in spans] == wanted


def test_every_rule_has_a_case_a_code_of_its_own_and_a_documentation() -> None:
    assert sorted(CASES) == sorted(rule.code for rule in RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.documentation.endswith(".") for rule in RULES)


@pytest.mark.parametrize("texts", CLEAN.values(), ids=CLEAN)
def test_a_clean_pair_has_no_finding(tmp_path: Path, texts: tuple[str, str]) -> None:
    paths = written(tmp_path, *texts)
    assert compared(paths) == []
    assert check_cluster(node_sources(paths)) == 0


def test_the_arithmetic_is_shown(tmp_path: Path) -> None:
    (finding,) = compared(
        written(
            tmp_path,
            SCRIPT.format("pidof nginx", 2) + a(TRACK),
            SCRIPT.format("pidof nginx", 2) + b(TRACK),
        )
    )
    assert "152 − 2 = 150 > 102 of b" in finding.message


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    texts = a(PASSWORD.format("one-word")), b(PASSWORD.format("other"))
    (finding,) = compared(written(tmp_path, *texts))
    assert "one-word" not in finding.message + finding.help + finding.related[0].message


@settings(deadline=None)
@given(
    priority=st.integers(2, 254),
    weight=st.integers(-253, 253),
    lower=st.integers(1, 253),
)
def test_a_weight_is_reported_if_and_only_if_its_failure_moves_nothing(
    tmp_path_factory: pytest.TempPathFactory, priority: int, weight: int, lower: int
) -> None:
    folder = tmp_path_factory.mktemp("pair", numbered=True)
    texts = [
        SCRIPT.format("pidof nginx", weight) + instance(TRACK, f"priority {each}")
        for each in (priority, lower)
    ]
    codes = [one.code for one in compared(written(folder, *texts))]

    def effective(base: int, ok: bool) -> int:
        return max(1, min(254, base + (weight if ok is (weight > 0) else 0)))

    first, second = max(priority, lower), min(priority, lower)
    moves = effective(first, ok=False) < effective(second, ok=True)
    assert ("cluster-weight" in codes) is bool(weight and not moves)


def test_one_file_serves_nodes_by_their_ids(tmp_path: Path) -> None:
    shared = tmp_path / "keepalived.conf"
    shared.write_text(instance("@lb1 priority 150", "@lb2 priority 100", "@other priority 150"))
    run = CliRunner().invoke(tools, ["check", "--cluster", f"lb1={shared}", f"lb2={shared}"])
    assert (run.exit_code, run.output) == (0, "")
    run = CliRunner().invoke(
        tools, ["check", "--cluster", f"lb1={shared}", f"lb2={shared}", "-i", "lb2=other", "--strict"]
    )
    assert run.exit_code == 1
    assert "cluster-equal-priorities" in run.output


@pytest.mark.parametrize(
    ("arguments", "ids", "says"),
    [
        (["a.conf"], [], "at least two"),
        (["a.conf", "x/a.conf"], [], "two nodes are named a"),
        (["a.conf", "b.conf"], ["c=1"], "no node is named c"),
        (["a.conf", "=b.conf"], [], "NAME=FILE"),
        (["a.conf", "b.conf"], ["one"], "NAME=ID"),
    ],
)
def test_what_does_not_name_a_cluster_is_refused(arguments: list[str], ids: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        node_sources(arguments, ids)


def test_the_formats_have_both_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = written(tmp_path, a("version 2"), b("version 3"))
    outputs = {}
    for output in Format:
        assert check_cluster(node_sources(paths), output=output) == 1
        outputs[output] = capsys.readouterr().out
    (one,) = json.loads(outputs[Format.JSON])["diagnostics"]
    assert (one["file"], one["related"][0]["file"]) == (paths[1], paths[0])
    (result,) = json.loads(outputs[Format.SARIF])["runs"][0]["results"]
    places = [result["locations"][0], result["relatedLocations"][0]]
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in places] == [
        f"file://{path}" for path in reversed(paths)
    ]
    assert paths[0] in outputs[Format.TEXT]
    assert paths[0] in outputs[Format.GITHUB]


def test_a_file_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    (path, _) = written(tmp_path, a(), b())
    assert check_cluster(node_sources([path, str(tmp_path / "c.conf")])) == 2


def test_a_third_node_is_compared_with_the_first(tmp_path: Path) -> None:
    paths = written(tmp_path, a(), b())
    third = tmp_path / "c.conf"
    third.write_text(instance("priority 50", "advert_int 2"))
    found = compared([*paths, str(third)])
    assert [(one.code, Path(one.span.file).name) for one in found] == [("cluster-interval", "c.conf")]
