"""Of generated pairs of files the clean ones pass both looks at a cluster, and a planted mistake neither."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keepalived_py.check.cluster import Node, compare
from keepalived_py.check.findings import examine
from keepalived_py.simulate.explore import Exploration, explore

STORIES = 30
"""Every single fault of such a pair, and some that follow."""


@dataclass(frozen=True)
class File:
    """What a node is told. `weight` None: there is no script; 0: its failure is a fault."""

    number: int
    priority: int
    version: int
    interval: int
    instances: int
    grouped: bool
    unicast: bool
    weight: int | None
    nopreempt: bool = False
    peer: int | None = None

    def text(self) -> str:
        blocks = []
        if self.weight is not None:
            blocks.append(f'vrrp_script chk {{\nscript "pidof nginx"\ninterval 1\nweight {self.weight}\n}}')
        if self.grouped:
            names = "\n".join(f"V{number}" for number in range(self.instances))
            blocks.append(f"vrrp_sync_group G {{\ngroup {{\n{names}\n}}\n}}")
        blocks += [self._instance(number) for number in range(self.instances)]
        return "\n".join([*blocks, ""])

    def _instance(self, number: int) -> str:
        peer = self.peer or 3 - self.number
        network = f"10.{number}.0"
        lines = [
            f"interface eth{number}",
            f"virtual_router_id {51 + number}",
            f"priority {self.priority}",
            f"version {self.version}",
            f"advert_int {self.interval}",
            f"virtual_ipaddress {{\n{network}.101/24\n}}",
        ]
        if self.nopreempt:
            lines.append("nopreempt")
        if self.weight is not None:
            lines.append("track_script {\nchk\n}")
        if self.unicast:
            lines.append(f"unicast_src_ip {network}.{self.number}\nunicast_peer {{\n{network}.{peer}\n}}")
        return "\n".join([f"vrrp_instance V{number} {{", *lines, "}"])


@st.composite
def pairs(draw: st.DrawFn, **given_: object) -> tuple[File, File]:
    """A first node that is preferred, and a second one that is like it."""
    low, gap = draw(st.integers(65, 120)), draw(st.integers(5, 60))  # no sum leaves 1 to 254
    instances = draw(st.integers(1, 2))
    first = File(
        number=1,
        priority=low + gap,
        version=draw(st.sampled_from((2, 3))),
        interval=draw(st.integers(1, 2)),
        instances=instances,
        grouped=instances == 2,
        unicast=draw(st.booleans()),
        # In a sync group the weights of members do not count.
        weight=draw(st.sampled_from((None, 0, -gap - 2, gap + 2) if instances == 1 else (None, 0))),
    )
    first = replace(first, **given_)  # type: ignore[arg-type]
    return first, replace(first, number=2, priority=low)


def looked_at(pair: tuple[File, File]) -> tuple[set[str], Exploration]:
    """The codes of `check --cluster`, and what `simulate --explore` finds."""
    nodes, codes = [], set()
    with tempfile.TemporaryDirectory() as folder:
        for name, file in zip("AB", pair, strict=True):
            path = Path(folder, f"{name}.conf")
            path.write_text(file.text())
            source, findings = examine(str(path), None)
            codes |= {finding.code for finding in findings}
            nodes.append(Node(name, source.configuration, source.text))
    codes |= {finding.code for finding in compare(nodes)}
    return codes, explore({node.name: node.configuration for node in nodes}, STORIES)


unhurried = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)


@unhurried
@given(pairs())
def test_a_clean_pair_passes_both(pair: tuple[File, File]) -> None:
    codes, exploration = looked_at(pair)
    assert codes == set()
    assert exploration.findings == ()


Mistake = tuple[dict[str, object], Callable[[File, File], tuple[File, File]], str]
MISTAKES: dict[str, Mistake] = {
    "weight too small": (
        {"weight": -1, "instances": 1, "grouped": False},
        lambda a, b: (a, b),
        "cluster-weight",
    ),
    "wrong peer": (
        {"unicast": True},
        lambda a, b: (replace(a, peer=22), b),
        "cluster-peer",
    ),
    "other interval": (
        {"version": 2, "interval": 1},
        lambda a, b: (a, replace(b, interval=3)),
        "cluster-interval",
    ),
    "group on one side": (
        {"instances": 2, "grouped": True},
        lambda a, b: (replace(a, grouped=False), b),
        "cluster-group",
    ),
    "nopreempt with a weight": (
        {"weight": -200, "instances": 1, "grouped": False},
        lambda a, b: (replace(a, nopreempt=True), replace(b, nopreempt=True)),
        "weight-with-nopreempt",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_planted_mistake_passes_neither(mistake: Mistake) -> None:
    given_, plant, code = mistake

    @unhurried
    @given(pairs(**given_))
    def check(pair: tuple[File, File]) -> None:
        codes, exploration = looked_at(plant(*pair))
        assert code in codes
        assert exploration.findings

    check()
