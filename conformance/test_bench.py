"""`make bench` works: what it finds is nothing that a test could tell."""

import subprocess
import sys

from conformance.bench.table import HEAD, README
from conformance.lab import PROJECT


def test_a_figure_named_is_measured_and_shown_only() -> None:
    before = README.read_bytes()
    command = [sys.executable, "-m", "conformance.bench", "--quick", "10ms"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    head, rule, row = run.stdout.splitlines()
    assert [head, rule] == HEAD
    assert row.startswith("| VRRP 3 at 10 ms")
    assert float(row.split("|")[2].split()[0]) > 0.03  # three intervals at least
    assert README.read_bytes() == before
