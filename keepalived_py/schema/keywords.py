"""All keywords: the table of the top level, from which every other is reached."""

from collections.abc import Iterator
from functools import cache

from keepalived_py.schema import bfd, group, instance
from keepalived_py.schema.arguments import Words
from keepalived_py.schema.global_defs import GLOBAL_DEFS, PROCESS_KEYWORDS
from keepalived_py.schema.interfaces import INTERFACES
from keepalived_py.schema.lvs.keywords import LVS
from keepalived_py.schema.row import Row, Table, table
from keepalived_py.schema.static import STATIC
from keepalived_py.schema.tracking import file, process, script


def _named(name: str) -> Words:
    return Words(f"<{name}> {{ ... }}", 1)


ROOT: Table = (
    table(
        Row(
            name="global_defs",
            doc="What holds for the whole configuration.",
            argument=Words("{ ... }"),
            rows=GLOBAL_DEFS,
        ),
        Row(
            name="vrrp_instance",
            doc="A virtual router: its addresses are on one node of several at a time.",
            argument=Words("<NAME> { ... }"),
            rows=instance.INSTANCE,
            begin=instance.begin,
            end=instance.end,
            subsystem="vrrp",
        ),
        Row(
            name="vrrp_sync_group",
            doc="Instances that change state together.",
            argument=Words("<NAME> { ... }"),
            rows=group.GROUP,
            begin=group.begin,
            end=group.end,
        ),
        Row(
            name="vrrp_script",
            doc="A command that is run again and again, for track_script.",
            argument=_named("NAME"),
            rows=script.SCRIPT,
            begin=script.begin,
            end=script.end,
        ),
        Row(
            name="vrrp_track_process",
            doc="Processes that are counted, for track_process.",
            argument=_named("NAME"),
            rows=process.PROCESS,
            begin=process.begin,
            end=process.end,
        ),
        Row(
            name="track_file",
            doc="A file with a number in it, for track_file.",
            argument=_named("NAME"),
            rows=file.FILE,
            begin=file.begin,
            end=file.end,
        ),
        Row(
            name="vrrp_track_file",
            doc="Old name of track_file.",
            argument=_named("NAME"),
            rows=file.FILE,
            begin=file.begin,
            end=file.end,
            renamed_to="track_file",
        ),
        Row(
            name="bfd_instance",
            doc="A BFD session with a neighbour, for track_bfd and BFD_CHECK.",
            argument=_named("NAME"),
            rows=bfd.BFD,
            begin=bfd.begin,
            end=bfd.end,
            subsystem="bfd",
            runs=False,
        ),
    )
    | STATIC
    | INTERFACES
    | PROCESS_KEYWORDS
    | LVS
)


def contexts(rows: Table = ROOT, context: str = "") -> Iterator[tuple[str, Row]]:
    """Every keyword with its context: the blocks around it, from the outside in, "" for none."""
    for row in rows.values():
        yield context, row
        if row.rows:
            yield from contexts(row.rows, f"{context}/{row.name}" if context else row.name)


@cache
def homes() -> dict[str, tuple[str, ...]]:
    """In which contexts each keyword belongs."""
    found: dict[str, list[str]] = {}
    for context, row in contexts():
        found.setdefault(row.name, []).append(context)
    return {name: tuple(places) for name, places in found.items()}
