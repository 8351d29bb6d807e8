"""Parts of the tables that are imported when a file has use for them: most have no virtual servers."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from keepalived_py.schema.row import Row


class LateTable(Mapping[str, Row]):
    """A table of another module, which is imported when a keyword is looked up."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    @cached_property
    def _table(self) -> Mapping[str, Row]:
        table: Mapping[str, Row] = getattr(import_module(self._module), self._name)
        return table

    def __getitem__(self, keyword: str) -> Row:
        return self._table[keyword]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def get(self, keyword: str, default: Any = None) -> Any:
        return self._table.get(keyword, default)


def late(module: str, name: str) -> Callable[..., Any]:
    """A function of another module, which is imported when it is called."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call
