"""What an exploration found, for people and for programs: each with the command that shows it."""

import shlex
from collections.abc import Callable, Iterator, Sequence

from keepalived_py.model.units import SECOND
from keepalived_py.simulate.explore import Exploration, Finding


def findings_as_text(exploration: Exploration, files: Sequence[str], paint: Callable[[str, str], str]) -> str:
    """One paragraph for each finding, and how much was tried."""
    lines: list[str] = []
    for finding in exploration.findings:
        lines += _paragraph(finding, files, paint)
    count = len(exploration.findings)
    rest = "" if exploration.complete else "; there are more: raise --budget"
    lines.append(f"{count or 'no'} finding{'' if count == 1 else 's'} in {exploration.stories} stories{rest}")
    return "\n".join(lines)


def _paragraph(finding: Finding, files: Sequence[str], paint: Callable[[str, str], str]) -> Iterator[str]:
    after = ", then ".join(step.action for step in finding.steps)
    who = f" ({', '.join(finding.nodes)})" if finding.nodes else ""
    when = f"after {after}" if after else "from the start"
    yield f"{paint(f'{finding.address} {finding.trouble.value}', '31')}{who} {when}"
    yield f"    {command(finding, files)}"


def command(finding: Finding, files: Sequence[str]) -> str:
    """The command line that shows it."""
    words = ["keepalived-py", "simulate", *files]
    for step in finding.steps:
        words += ["--at", str(step)]
    return shlex.join(words)


def findings_as_value(exploration: Exploration, files: Sequence[str]) -> dict[str, object]:
    """For JSON."""
    return {
        "findings": [
            {
                "address": str(finding.address),
                "trouble": finding.trouble.name.lower(),
                "nodes": list(finding.nodes),
                "steps": [
                    {"t": step.at_us / SECOND, "node": step.node, "action": step.action}
                    for step in finding.steps
                ],
                "command": command(finding, files),
            }
            for finding in exploration.findings
        ],
        "stories": exploration.stories,
        "complete": exploration.complete,
    }
