"""Gratuitous ARPs of a virtual router."""

from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    UINT_MAX,
    Integer,
    Words,
)
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of

_REPEAT = Integer(0, UINT_MAX, "times")


_DELAY = Integer(0, SECONDS_MAX, "seconds", scale=SECOND)


def _garp(name: str, field: str, argument: Integer, doc: str, invalid: str, **more: Any) -> Row:
    return Row(
        name=name, field=field, argument=argument, doc=doc, invalid=invalid, default=f"vrrp_{name}", **more
    )


def _bind_extra(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    seconds: int | None = None
    for index, word in enumerate(statement.words[1:], 1):
        if word == "all":
            instance.garp_extra_all_interfaces = True
            continue
        seconds = Integer(0, 86400).read(scope, statement, index)
        if seconds is None:
            message = f"({instance.name}): {row.name} '{word}' invalid - ignoring"
            scope.error(statement, "bad-number", message, word=index)
            return
    if seconds is None:
        message = f"({instance.name}): {row.name} specified without time - ignoring"
        scope.error(statement, "missing-argument", message, help="a number of seconds")
    else:
        instance.garp_extra_interval_us = seconds * SECOND


GARP = table(
    _garp(
        "garp_master_delay",
        "garp_master_delay_us",
        _DELAY,
        "Seconds to the second burst of gratuitous ARPs; 0 for none.",
        "({name}): garp_master_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "garp_master_repeat",
        "garp_master_repeat",
        _REPEAT,
        "Gratuitous ARPs in a burst.",
        "({name}): garp_master_repeat '{value}' invalid - ignoring",
        zero="({name}): garp_master_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "garp_master_refresh",
        "garp_master_refresh_us",
        Integer(0, UINT_MAX, "seconds", scale=SECOND),
        "Seconds between gratuitous ARPs while master; 0 for none.",
        "({name}): Invalid garp_master_refresh '{value}' - ignoring",
        fallback=0,
    ),
    _garp(
        "garp_master_refresh_repeat",
        "garp_master_refresh_repeat",
        _REPEAT,
        "Gratuitous ARPs in a refresh.",
        "({name}): garp_master_refresh_repeat '{value}' invalid - ignoring",
        zero="({name}): garp_master_refresh_repeat must be greater than 0, setting to 1",
    ),
    _garp(
        "garp_lower_prio_delay",
        "garp_lower_prio_delay_us",
        _DELAY,
        "Seconds to the second burst after an advert of lower priority.",
        "({name}): garp_lower_prio_delay '{value}' invalid - ignoring",
    ),
    _garp(
        "garp_lower_prio_repeat",
        "garp_lower_prio_repeat",
        Integer(0, INT_MAX, "times"),
        "Gratuitous ARPs after an advert of lower priority.",
        "({name}): Invalid garp_lower_prio_repeat '{value}'",
    ),
    Row(
        name="garp_extra_if",
        doc="Seconds between gratuitous ARPs for addresses on other interfaces with a VMAC; all: on any.",
        argument=Words("[all] <INT:0..86400>"),
        bind=_bind_extra,
        default="vrrp_garp_extra_if",
    ),
    Row(
        name="vmac_garp_intvl",
        doc="Old name of garp_extra_if.",
        argument=Words("[all] <INT:0..86400>"),
        bind=_bind_extra,
        renamed_to="garp_extra_if",
        deprecated='Keyword "vmac_garp_intvl" is deprecated - please use "garp_extra_if"',
    ),
)
