"""The cases of `preprocessor.txt`: small files, and what keepalived 2.4.3 says of them.

    === NAME
    text of keepalived.conf; \\r is a carriage return
    --- FILE
    text of another file
    >>> EXIT STATUS [ours | since 2.4]
    messages, each once

Unknown keywords show what became of the text. `since 2.4`: 2.2.7 says something else. `ours`: keepalived
does, because its processes read a copy without comments and escapes and each knows other keywords, so that
they disagree over broken files; because it crashes (`${_ENV}`), or fills a line up to its end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXT = Path(__file__).with_name("preprocessor.txt")
_MAIN = "keepalived.conf"


@dataclass(frozen=True)
class Case:
    """Files, and what is said of them."""

    name: str
    files: dict[str, str]
    status: int
    mark: str
    messages: list[str]

    def write(self, directory: Path) -> Path:
        """Make the files; returns the main one."""
        for name, text in self.files.items():
            (directory / name).parent.mkdir(exist_ok=True)
            (directory / name).write_text(text.replace("\\r", "\r"), newline="")
        return directory / _MAIN


def cases() -> list[Case]:
    return list(_cases())


def _cases() -> Iterator[Case]:
    for part in re.split("(?m)^=== ", TEXT.read_text())[1:]:
        name, _, rest = part.partition("\n")
        text, status, mark, said = re.split(r"(?m)^>>> (\d+) ?(.*)\n", rest)
        main, *others = re.split(r"(?m)^--- (.*)\n", text)
        files = {_MAIN: main} | dict(zip(others[::2], others[1::2], strict=True))
        yield Case(name, files, int(status), mark, [line for line in said.splitlines() if line])


def once(text: str, directory: Path) -> list[str]:
    """The messages of a keepalived, each once, without the directory. It leaves out the name of the main
    file while that is the only one it knows of."""
    lines = text.replace(f"{directory}/", "").splitlines()
    return list(dict.fromkeys(re.sub(r"^\(Line", f"({_MAIN}: Line", line) for line in lines))
