"""One finding for one mistake, at the words that are wrong, with the advice that helps."""

from pathlib import Path

import pytest

from keepalived_py.check.findings import findings


def found(directory: Path, text: str) -> list[tuple[int, int, str, str]]:
    file = directory / "keepalived.conf"
    file.write_text(text)
    return [
        (one.span.line, one.span.column, one.code, one.help)
        for one in findings(str(file), "here")
        if one.code not in ("not-built", "unused-script")
    ]


INSTANCE = "vrrp_instance V {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n10.0.0.1\n}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vrrp_script s {\nscript /a\ninterval two\n}\n", [(3, 10, "bad-value")]),
        (INSTANCE + "priority 300\n}\n", [(7, 10, "bad-value")]),
        (INSTANCE + "version 4\n}\n", [(7, 9, "bad-version")]),
        (INSTANCE + "}\n}\n", [(8, 1, "extra-close-brace")]),
        (INSTANCE + "}\n~SEQ(i\n", [(8, 1, "bad-sequence")]),
        (INSTANCE + "virtual_routes {\n10.1.0.0/16 vai 10.0.0.2\n}\n}\n", [(8, 13, "bad-address")]),
        (
            "$V=\\\nvrrp_instance V${I} { \\\ninterface eth0 \\\nvirtual_router_id ${I} \\\nfoo ${I}\\\n"
            "virtual_ipaddress { \\\n10.0.0.${I} \\\n} \\\n}\n\n~SEQ(I, 1, 9) $V\n",
            [(11, 15, "unknown-keyword")],
        ),
        ("\ufeffglobal_defs {\nrouter_id a\n}\n", [(1, 1, "odd-character")]),
        (
            INSTANCE + "authentication {\nauth_type PASS\nauth_pass 1111!\n}\n}\n",
            [(9, 11, "comment-in-password")],
        ),
        (INSTANCE + "priority $P\n}\n", [(7, 10, "undefined-name")]),
        (
            "vrrp_instnace V {\ninterface eth0\nvirtual_router_id 51\n}\n" + INSTANCE + "}\n",
            [(1, 1, "unknown-keyword")],
        ),
        (INSTANCE + "authentification {\nauth_type PASS\n}\npriority 100\n}\n", [(7, 1, "unknown-keyword")]),
    ],
)
def test_one_mistake_is_one_finding(tmp_path: Path, text: str, expected: list[tuple[int, int, str]]) -> None:
    assert [one[:3] for one in found(tmp_path, text)] == expected


def test_two_mistakes_in_one_line_are_two(tmp_path: Path) -> None:
    text = INSTANCE + "unicast_peer {\n10.0.0.2 min_ttl x max_ttl y\n}\n}\n"
    assert len(found(tmp_path, text)) == 2


@pytest.mark.parametrize(
    ("text", "place", "advice"),
    [
        ("vrrp_script s {\nscript /a\nintervall 2\n}\n", (3, 1), "did you mean 'interval'?"),
        ("VRRP_INSTANCE V {\n}\n", (1, 1), "did you mean 'vrrp_instance'?"),
        (
            INSTANCE + "auth_pass abcdefgh\n}\n",
            (7, 1),
            "'auth_pass' belongs in authentication, not in vrrp_instance; is a brace missing or too many?",
        ),
        (
            INSTANCE + "auth_pas abcdefgh\n}\n",
            (7, 1),
            "did you mean 'auth_pass'? It belongs in authentication",
        ),
        (
            "virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\nHTTP_GET {\nnb_get_retry 3\n"
            "url {\npath /\nstatus_code 200\n}\n}\n}\n}\n",
            (4, 1),
            "'nb_get_retry' is the old name of 'retry'",
        ),
    ],
)
def test_advice_fits_the_context(tmp_path: Path, text: str, place: tuple[int, int], advice: str) -> None:
    assert (*place, advice) in [(one[0], one[1], one[3]) for one in found(tmp_path, text)]


def test_findings_come_in_the_order_of_the_text(tmp_path: Path) -> None:
    text = "vrrp_script s {\nscript /a\ntimeout 3\nfoo\ninterval 2\n}\n" + INSTANCE + "bar\n}\n"
    assert [one[0] for one in found(tmp_path, text)] == [3, 4, 13]
