"""Where in the configuration something stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a configuration file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Place("", 0, 0)
