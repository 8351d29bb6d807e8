"""That the messages in tests/config/preprocessor.txt are keepalived's."""

import os
import subprocess
from pathlib import Path

import pytest

from conformance.routers import C, is_newer
from tests.config.preprocessor import Case, cases, once

THEIRS = [case for case in cases() if case.mark != "ours"]


@pytest.mark.skipif(not C.path.exists(), reason=f"no {C.path}")
@pytest.mark.parametrize("case", THEIRS, ids=lambda case: case.name)
def test_keepalived_says_what_is_recorded_of_it(tmp_path: Path, case: Case) -> None:
    if case.mark == "since 2.4" and not is_newer(C):
        pytest.skip("an older keepalived says something else")
    command = [C.path, "-t", "-n", "-l", "-i", "here", "-f", case.write(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if name != "NOT_SET_AT_ALL"}
    said = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert sorted(once(said.stdout + said.stderr, tmp_path)) == sorted(case.messages)
    assert said.returncode == case.status
