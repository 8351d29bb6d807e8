"""Codes are stable and documented."""

import ast
import re
from pathlib import Path

from keepalived_py.check.codes import REPORTED, documentation, reference
from keepalived_py.check.lint import RULES

PACKAGE = Path(__file__).parents[2] / "keepalived_py"
REPORTERS = ("error", "warning", "skip", "say", "_say", "_report")
"""Functions that take a code; it is the first of their arguments that looks like one."""
CODE = re.compile("[a-z]+(-[a-z]+)*")
PAGE = Path(__file__).parents[2] / "grammar" / "DIAGNOSTICS.md"


def codes_in_use() -> set[str]:
    """The codes that the sources name."""
    used: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                function = getattr(node.func, "attr", getattr(node.func, "id", ""))
                positional = [one for one in node.args if is_code(one)] if function in REPORTERS else []
                used |= {one.value for one in (*named, *positional[:1]) if is_code(one)}
    return used


def is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(CODE.fullmatch(str(node.value)))


def test_every_code_that_is_reported_is_documented() -> None:
    assert codes_in_use() - REPORTED.keys() == set()


def test_a_rule_does_not_take_a_code_that_keepalived_s_messages_have() -> None:
    assert {rule.code for rule in RULES} & REPORTED.keys() == set()
    assert documentation("bad-number") == REPORTED["bad-number"]


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == reference(), "python -m keepalived_py.check.codes > grammar/DIAGNOSTICS.md"
