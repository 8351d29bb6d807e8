"""The law of the project: what is pure stays pure, and imports go one way."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "keepalived_py"
IMPURE = {
    "asyncio",
    "datetime",
    "logging",
    "os",
    "random",
    "secrets",
    "select",
    "signal",
    "socket",
    "subprocess",
    "threading",
    "time",
    "pyroute2",
    "psutil",
    "typer",
}
MAY_IMPORT = {
    "model": set(),
    "vrrp": {"model"},
    "config": {"model"},
    "schema": {"config", "model"},
    "dump": {"vrrp", "model"},
    "check": {"schema", "config", "dump", "model"},
    "linux": {"vrrp", "model"},
    "simulate": {"vrrp", "model"},
    "daemon": {"linux", "dump", "check", "schema", "config", "vrrp", "model"},
    "cli": {"daemon", "simulate", "check", "schema", "config", "model"},
}
MODULES = sorted(path for part in MAY_IMPORT for path in (PACKAGE / part).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_parts_import_only_what_is_below_them(path: Path) -> None:
    part = path.relative_to(PACKAGE).parts[0]
    used = {name.split(".")[1] for name in imports(path) if name.startswith("keepalived_py.")}
    assert used - {part} <= MAY_IMPORT[part]


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in ("model", "vrrp")],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_the_core_is_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE
