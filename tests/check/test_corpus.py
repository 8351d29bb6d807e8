"""Over files that people use: nothing raises, and all that is found can be written and explained."""

import json
import os
from pathlib import Path

import pytest

from keepalived_py.check.codes import documentation
from keepalived_py.check.findings import findings
from keepalived_py.check.formats import as_github, as_json, as_sarif

CORPUS = (
    Path(os.environ.get("KEEPALIVED_PY_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "files"
)


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}; see KEEPALIVED_PY_CORPUS")
def test_what_is_found_in_files_of_others_has_a_place_a_documented_code_and_every_format() -> None:
    for path in sorted(CORPUS.glob("*.conf"))[::5]:
        found = findings(str(path), "here")
        assert all(documentation(one.code) for one in found)
        assert all(1 <= one.span.column <= one.span.end_column for one in found)
        assert len(json.loads(as_json(found))["diagnostics"]) == len(found)
        assert len(json.loads(as_sarif(found))["runs"][0]["results"]) == len(found)
        assert len(as_github(found).splitlines()) == len(found)
