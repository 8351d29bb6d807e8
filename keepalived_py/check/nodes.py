"""How the nodes of a cluster are named on the command line."""

import os
from collections.abc import Sequence
from typing import NamedTuple


class NodeSource(NamedTuple):
    """A node, its configuration file, and the id for lines of it that begin with @."""

    name: str
    path: str
    config_id: str


def node_sources(arguments: Sequence[str], config_ids: Sequence[str] = ()) -> list[NodeSource]:
    """Read `FILE` or `NAME=FILE`, of which there are at least two, and `NAME=ID`.

    The name of a node is by default that of its file, without suffix, and its id is its name: where one
    file serves all nodes, ids are their host names. Raises ValueError for what does not fit.
    """
    ids = dict(_divided(text, "an id is given as NAME=ID") for text in config_ids)
    sources: list[NodeSource] = []
    for argument in arguments:
        name, path = _divided(argument) if "=" in argument else (_stem(argument), argument)
        if any(source.name == name for source in sources):
            raise ValueError(f"two nodes are named {name}; give names as NAME=FILE")
        sources.append(NodeSource(name, path, ids.pop(name, name)))
    if len(sources) < 2:
        raise ValueError("a cluster has at least two nodes")
    if ids:
        raise ValueError(
            f"no node is named {next(iter(ids))}; there are {', '.join(s.name for s in sources)}"
        )
    return sources


def _divided(text: str, rule: str = "") -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or not value:
        raise ValueError(f"{text}: {rule or 'a node is given as FILE or NAME=FILE'}")
    return name, value


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
