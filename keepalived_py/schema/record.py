"""A dataclass for what nobody compares or prints."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A slotted dataclass with only `__init__`, made in half the time: a small check makes dozens."""
    return dataclass(slots=True, eq=False, repr=False)(cls)
