"""`keepalived-py explain`: what it says, and that it helps who mistypes."""

import io

import pytest

from keepalived_py.check.explain import explain
from keepalived_py.schema.reference import known


def explained(keyword: str, context: str = "") -> str:
    out = io.StringIO()
    assert explain(keyword, context, out) == 0
    return out.getvalue()


def test_a_keyword_with_its_arguments_context_meaning_and_default() -> None:
    text = explained("down_timer_adverts")
    assert text.startswith("down_timer_adverts <INT:1..100 adverts>\n")
    assert "missed before the master counts as down" in text
    assert "in: vrrp_instance\n" in text
    assert "default: vrrp_down_timer_adverts\n" in text


def test_a_keyword_of_several_contexts_can_be_limited_to_one() -> None:
    assert "track_process" not in explained("weight", "vrrp_script")
    assert explained("weight").count("\n\n") >= 2


def test_the_options_of_an_entry_are_listed_and_explained() -> None:
    assert "preferred_lft" in explained("virtual_ipaddress")
    assert explained("via", "virtual_routes").startswith("via ")


def test_directives_are_explained_too() -> None:
    assert explained("~SEQ").startswith("~SEQ(")
    assert explained("includem").startswith("includem <PATTERN>\n")


def test_an_old_name_says_the_present_one() -> None:
    assert "same as: sync_group_tracking_weight" in explained("global_tracking")


@pytest.mark.parametrize(
    ("keyword", "context", "said"),
    [
        ("virtual_ipadress", "", "did you mean virtual_ipaddress"),
        ("Priority", "vrrp_instance", "did you mean priority"),
        ("auth_pass", "vrrp_instance", "not in vrrp_instance, but in vrrp_instance/authentication"),
        ("xyzzy", "", "there is no keyword 'xyzzy'"),
        ("priority", "xyzzy", "but in vrrp_instance"),
        ("plugh", "xyzzy", "there is no context 'xyzzy'"),
    ],
)
def test_what_is_not_known_gets_the_nearest(
    keyword: str, context: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(keyword, context, io.StringIO()) == 1
    assert said in capsys.readouterr().err


def test_everything_that_has_a_name_can_be_explained() -> None:
    for context, row, _ in known():
        assert context in explained(row.name, context)
