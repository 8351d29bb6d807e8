"""The table as Markdown, as a part of the README, and as JSON."""

import json
import os
import platform
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from conformance.bench.frame import Row, Statistic
from conformance.lab import PROJECT
from conformance.routers import C

RESULTS = Path(__file__).with_name("results.json")
README = PROJECT / "README.md"
BEGIN = "<!-- make bench writes from here -->"
END = "<!-- make bench writes to here -->"
HEAD = ["| figure | ours | keepalived | ratio | aim | reached |", "|---|---|---|---|---|---|"]


@cache
def version_of_c() -> str:
    """Its name and version, e.g. "keepalived 2.2.7"; "no keepalived" without one."""
    if not C.present:
        return "no keepalived"
    told = subprocess.run([C.path, "--version"], capture_output=True, text=True).stderr
    found = re.search(r"v(\d+\.\d+\.\d+)", told)
    return f"keepalived {found[1]}" if found else "keepalived of unknown version"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = f" of {model[1].strip()}" if model else ""
    kernel, python = platform.release(), platform.python_version()
    return f"{cores} cores{processor}, Linux {kernel.partition('-')[0]}, Python {python}"


@dataclass(slots=True)
class Results:
    """All that was measured so far in this run."""

    quick: bool
    started: str = field(default_factory=lambda: time.strftime("%Y-%m-%d %H:%M"))
    machine: str = field(default_factory=_machine)
    keepalived: str = field(default_factory=version_of_c)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    figures: dict[str, list[Row]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Why a figure was not measured."""

    def markdown(self) -> str:
        """The table, with a heading that says what was measured, and where."""
        quick = "A quick run, with few repeats: " if self.quick else ""
        heading = (
            f"{quick}{self.started}, {self.machine}, load {self.load:.2f} at the start, against "
            f"{self.keepalived}. Medians, or what is named, with the least and the most in brackets."
        )
        rows = [line(row) for found in self.figures.values() for row in found]
        rows += [f"| {name} | not measured: {why} | | | | |" for name, why in self.missing.items()]
        return "\n".join([heading, "", *HEAD, *rows])

    def write(self) -> None:
        """Replace the JSON file and the table in the README."""
        document = {
            "started": self.started,
            "quick": self.quick,
            "machine": self.machine,
            "keepalived": self.keepalived,
            "load_at_start": self.load,
            "figures": {name: [_as_json(row) for row in rows] for name, rows in self.figures.items()},
            "missing": self.missing,
        }
        RESULTS.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        README.write_text(replaced(README.read_text(), self.markdown()))


def replaced(text: str, table: str) -> str:
    """`text` with another table between the two comments. Raises ValueError if they are not there."""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def line(row: Row) -> str:
    """The row of the table."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    reached = {None: "", True: "yes", False: "**no**"}[row.reached]
    what = f"{row.what}, {row.unit}" + (", worst" if row.statistic is Statistic.WORST else "")
    aim = "" if row.aim is None else str(row.aim)
    return f"| {what} | {_values(row, row.ours)} | {_values(row, row.c)} | {ratio} | {aim} | {reached} |"


def _values(row: Row, values: Sequence[float]) -> str:
    if not values:
        return ""
    value = _number(row.statistic.of(values))
    if len(values) == 1 or row.statistic is Statistic.WORST:
        return value
    return f"{value} ({_number(min(values))}…{_number(max(values))})"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _as_json(row: Row) -> dict[str, object]:
    return {
        "what": row.what,
        "unit": row.unit,
        "statistic": row.statistic.value,
        "ours": row.ours,
        "c": row.c,
        "ratio": row.ratio,
        "aim": None if row.aim is None else str(row.aim),
        "reached": row.reached,
    }
