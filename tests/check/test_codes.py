"""Codes are stable and documented."""

import ast
import re
from pathlib import Path

from keepalived_py.check.codes import REPORTED, documentation, reference
from keepalived_py.check.lint import RULES

PACKAGE = Path(__file__).parents[2] / "keepalived_py"
REPORTERS = ("error", "warning", "_report")
"""Methods that take a statement, a code and a message."""
PAGE = Path(__file__).parents[2] / "grammar" / "DIAGNOSTICS.md"


def codes_in_use() -> set[str]:
    """The codes that the sources name."""
    used: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            function = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            positional = node.args[1:2] if function in REPORTERS and len(node.args) > 2 else []
            used |= {
                one.value
                for one in (*named, *positional)
                if isinstance(one, ast.Constant) and re.fullmatch("[a-z]+(-[a-z]+)*", str(one.value))
            }
    return used


def test_every_code_that_is_reported_is_documented() -> None:
    assert codes_in_use() - REPORTED.keys() == set()


def test_a_rule_does_not_take_a_code_that_keepalived_s_messages_have() -> None:
    assert {rule.code for rule in RULES} & REPORTED.keys() == set()
    assert documentation("bad-number") == REPORTED["bad-number"]


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == reference(), "python -m keepalived_py.check.codes > grammar/DIAGNOSTICS.md"
