"""What is said of files with odd definitions, conditions, sequences, includes, braces, quotes, comments."""

import io
from pathlib import Path

import pytest

from keepalived_py.check.config_test import config_test
from tests.config.preprocessor import Case, cases, once


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_configuration_test_says_what_keepalived_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.delenv("NOT_SET_AT_ALL", raising=False)
    said = io.StringIO()
    status = config_test(str(case.write(tmp_path)), "here", said)
    assert once(said.getvalue(), tmp_path) == case.messages
    assert status == case.status
