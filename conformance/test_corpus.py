"""What `-t` and `-t -d` say of files that people use, compared with what keepalived 2.4.3 has said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.routers import OURS

CORPUS = Path(os.environ.get("KEEPALIVED_PY_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
ORACLE = CORPUS.parent / "tools" / "oracle"
RECORDED = CORPUS / "keepalived-2.4.3.jsonl.gz"
EVERY = 20
"""So many files stand for one that is tried."""
LINES_MAX = 1000
FLOORS = "verdict=0.98,messages=0.98,dump=0.98"
"""They only rise. One run of the sample may differ: a loaded machine is late with its interfaces."""


@pytest.mark.skipif(not ORACLE.exists(), reason=f"no corpus at {CORPUS}; see KEEPALIVED_PY_CORPUS")
def test_a_sample_of_the_corpus_is_judged_and_dumped_as_by_keepalived(tmp_path: Path) -> None:
    files = sorted(CORPUS.glob("files/*.conf"))[::EVERY]
    ids = [file.stem for file in files if file.read_bytes().count(b"\n") < LINES_MAX]
    ours = tmp_path / "ours.jsonl.gz"
    oracle = [sys.executable, str(ORACLE)]
    run = [*oracle, "run", "--binary", str(OURS.path), "--dump", "--corpus", str(CORPUS), "--out", str(ours)]
    subprocess.run([*run, "--ids", *ids], check=True)
    compare = [*oracle, "compare", str(RECORDED), str(ours), "--require", FLOORS, "--ids", *ids]
    compared = subprocess.run(compare, capture_output=True, text=True)
    assert compared.returncode == 0, compared.stdout + compared.stderr
