"""`keepalived-py simulate`: from files and events on the command line to the other world."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from keepalived_py.check.nodes import NodeSource
from keepalived_py.check.render import Style
from keepalived_py.config.diagnostic import Severity
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.hmac import KEY_OCTETS_MIN
from keepalived_py.model.units import Microseconds
from keepalived_py.schema.host import AnyHost, Secret
from keepalived_py.schema.load import ConfigurationError, load
from keepalived_py.simulate.explore import explore
from keepalived_py.simulate.findings import findings_as_text, findings_as_value
from keepalived_py.simulate.outcome import as_text, as_value, simulate
from keepalived_py.simulate.scenario import Step, divide_scenario
from keepalived_py.simulate.steps import parse_steps

EXIT_CLEAN, EXIT_FOUND, EXIT_UNREADABLE = 0, 1, 2


class Nodes(AnyHost):
    """Machines that have everything; keys in files, which are not read, are the same on all."""

    def secret(self, path: str) -> Secret:
        return Secret(b"?" * KEY_OCTETS_MIN)


def run_simulation(
    sources: Sequence[NodeSource],
    events: Sequence[str],
    scenario: str | None,
    *,
    duration_us: Microseconds | None,
    seed: int,
    as_json: bool,
) -> int:
    """Print what happens. Returns 0, 1 if the world breaks a rule when it has come to rest, or 2 if a file
    cannot be read or an event makes no sense."""
    try:
        configurations = _load_all(sources)
        steps = _steps(events, scenario, configurations)
        files = _reloaded(steps, sources)
    except ValueError as error:
        print(f"keepalived-py simulate: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    outcome = simulate(configurations, steps, files=files, duration_us=duration_us, seed=seed)
    if as_json:
        print(json.dumps(as_value(outcome), indent=2))
    else:
        print(as_text(outcome, Style.of(sys.stdout).paint))
    return EXIT_FOUND if outcome.violations else EXIT_CLEAN


def run_exploration(sources: Sequence[NodeSource], budget: int, *, seed: int, as_json: bool) -> int:
    """Print the faults after which an address is not served as it should be. Returns 1 if there are any,
    2 if a file cannot be read."""
    try:
        configurations = _load_all(sources)
    except ValueError as error:
        print(f"keepalived-py simulate: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    exploration = explore(configurations, budget, seed)
    files = [_argument(source) for source in sources]
    if as_json:
        print(json.dumps(findings_as_value(exploration, files), indent=2))
    else:
        print(findings_as_text(exploration, files, Style.of(sys.stdout).paint))
    return EXIT_FOUND if exploration.findings else EXIT_CLEAN


def _argument(source: NodeSource) -> str:
    return source.path if Path(source.path).stem == source.name else f"{source.name}={source.path}"


def _load_all(sources: Sequence[NodeSource]) -> dict[str, Configuration]:
    return {source.name: _load(source.path, source.config_id) for source in sources}


def _load(path: str, config_id: str) -> Configuration:
    """What keepalived would run; mistakes are counted, `check` shows them. Raises ValueError."""
    try:
        loaded = load(path, config_id=config_id, host=Nodes())
    except ConfigurationError as error:
        raise ValueError(f"{path}: {error.message}") from None
    errors = sum(one.severity is Severity.ERROR for one in loaded.diagnostics)
    if errors:
        print(f"{path}: {errors} error(s); see keepalived-py check {path}", file=sys.stderr)
    if not loaded.configuration.routers:
        raise ValueError(f"{path}: no vrrp_instance to run")
    return loaded.configuration


def _steps(events: Sequence[str], scenario: str | None, nodes: dict[str, Configuration]) -> list[Step]:
    texts = list(events)
    if scenario:
        try:
            texts += divide_scenario(Path(scenario).read_text())
        except OSError as error:
            raise ValueError(f"{scenario}: {error.strerror}") from None
    return [step for text in texts for step in parse_steps(text, nodes)]


def _reloaded(steps: Sequence[Step], sources: Sequence[NodeSource]) -> dict[str, dict[str, Configuration]]:
    """The files that nodes are to reload, read with the ids of the nodes."""
    ids = {source.name: source.config_id for source in sources}
    files: dict[str, dict[str, Configuration]] = {}
    for step in steps:
        if step.verb == "reload":
            files.setdefault(step.node, {})[step.argument] = _load(step.argument, ids[step.node])
    return files
