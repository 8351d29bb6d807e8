"""The forms that many global keywords have."""

from typing import Any

from keepalived_py.schema.arguments import (
    Boolean,
    Words,
)
from keepalived_py.schema.row import Row


def flag(name: str, doc: str, field: str = "", **more: Any) -> Row:
    return Row(name=name, doc=doc, field=field, runs=bool(field), **more)


def boolean(name: str, doc: str, field: str = "", invalid: str = "", **more: Any) -> Row:
    words = invalid or f"Invalid value '{{value}}' for global {name} specified"
    return Row(
        name=name,
        doc=doc,
        argument=Boolean(),
        field=field,
        invalid=words,
        runs=more.pop("runs", bool(field)),
        **more,
    )


def other(name: str, doc: str, words: str = "", least: int = 0, **more: Any) -> Row:
    return Row(name=name, doc=doc, argument=Words(words, least), runs=False, **more)
