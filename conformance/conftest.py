"""What the tests against the real thing share: they need root, and namespaces that they make."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conformance.capture import Capture
from conformance.lab import Lan
from conformance.routers import OURS, C, Program, Router

PAIRS = [(OURS, OURS), (OURS, C), (C, OURS), (C, C)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.geteuid() != 0:
        for item in items:
            if "conformance" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="needs root, to make network namespaces"))


def needs(*programs: Program) -> None:
    for program in programs:
        if not program.path.exists():
            pytest.skip(f"{program.path} is not installed")


@pytest.fixture
def lan() -> Iterator[Lan]:
    """An empty LAN of the test's own."""
    with Lan() as lan:
        yield lan


@pytest.fixture
def capture(lan: Lan) -> Iterator[Capture]:
    """All that crosses the LAN from now on."""
    with Capture(lan.switch) as capture:
        yield capture


@pytest.fixture(params=PAIRS, ids=lambda pair: "-".join(map(str, pair)))
def pair(request: pytest.FixtureRequest, lan: Lan) -> Iterator[tuple[Router, Router]]:
    """Routers on hosts A and B of the LAN, not yet started; in all four combinations."""
    needs(*request.param)
    with ExitStack() as stack:
        a, b = (stack.enter_context(Router(program, lan.host())) for program in request.param)
        yield a, b


@pytest.fixture(params=[OURS, C], ids=str)
def router(request: pytest.FixtureRequest, lan: Lan) -> Iterator[Router]:
    """One router on a host of the LAN, not yet started; of either kind."""
    needs(request.param)
    with Router(request.param, lan.host()) as router:
        yield router
