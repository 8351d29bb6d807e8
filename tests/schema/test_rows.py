"""The keyword tables: what each row accepts, what it rejects, and that the tables hold together."""

from dataclasses import fields
from pathlib import Path

import pytest

from keepalived_py.config.diagnostic import Severity
from keepalived_py.schema.arguments import Boolean, Choice, Decimal, Integer
from keepalived_py.schema.bfd import BfdDraft
from keepalived_py.schema.draft import (
    FileDraft,
    GlobalDraft,
    GroupDraft,
    InstanceDraft,
    NotifyDraft,
    ProcessDraft,
    ScriptDraft,
)
from keepalived_py.schema.keywords import ROOT, contexts
from keepalived_py.schema.load import Loaded, load
from keepalived_py.schema.lvs import draft as lvs
from keepalived_py.schema.row import Row

DRAFTS = {
    "": GlobalDraft,
    "global_defs": GlobalDraft,
    "vrrp_instance": InstanceDraft,
    "vrrp_instance/authentication": InstanceDraft,
    "vrrp_sync_group": GroupDraft,
    "vrrp_script": ScriptDraft,
    "vrrp_track_process": ProcessDraft,
    "track_file": FileDraft,
    "vrrp_track_file": FileDraft,
    "bfd_instance": BfdDraft,
}
LVS_DRAFTS = {
    "SSL": lvs.TlsDraft,
    "virtual_server": lvs.VirtualServerDraft,
    "real_server": lvs.RealServerDraft,
    "MISC_CHECK": lvs.MiscDraft,
    "SMTP_CHECK": lvs.SmtpDraft,
    "host": lvs.SmtpDraft,
    "TCP_CHECK": lvs.TcpDraft,
    "PING_CHECK": lvs.PingDraft,
    "UDP_CHECK": lvs.UdpDraft,
    "HTTP_GET": lvs.HttpDraft,
    "SSL_GET": lvs.HttpDraft,
    "url": lvs.UrlDraft,
    "DNS_CHECK": lvs.DnsDraft,
    "FILE_CHECK": lvs.FileDraft,
    "BFD_CHECK": lvs.BfdDraft,
}
NAMES = {"virtual_server": " 10.0.0.1 80", "real_server": " 10.0.0.2 80", "global_defs": ""}
GENERIC = [
    (context, row)
    for context, row in contexts()
    if row.field and isinstance(row.argument, Integer | Decimal | Boolean | Choice)
]


def loaded(path: Path, text: str) -> Loaded:
    file = path / "keepalived.conf"
    file.write_text(text)
    return load(str(file), config_id="here")


def within(context: str, line: str) -> str:
    """A configuration with a line in a context."""
    for block in reversed(context.split("/") if context else []):
        name = NAMES.get(block, " NAME" if ROOT.get(block) else "")
        line = f"{block}{name} {{\n{line}\n}}"
    return line


def accepted(row: Row) -> str:
    match row.argument:
        case Integer(low=low, high=high):
            return str(max(low, min(high, 2)))
        case Decimal(low=low, decimals=decimals):
            return f"{max(low, 1) / 10**decimals:.{decimals}f}"
        case Choice(values=values):
            return values[0][0]
        case _:
            return "true"


def errors_about(result: Loaded, line: int) -> list[str]:
    return [
        one.message
        for one in result.diagnostics
        if one.severity is Severity.ERROR and one.span.line == line and one.span.column > 1
    ]


@pytest.mark.parametrize(("context", "row"), GENERIC, ids=lambda value: getattr(value, "name", value))
def test_a_value_in_range_is_taken_and_nonsense_is_not(tmp_path: Path, context: str, row: Row) -> None:
    line = context.count("/") + 1 + bool(context)
    good = loaded(tmp_path, within(context, f"{row.name} {accepted(row)}"))
    assert errors_about(good, line) == []
    bad = loaded(tmp_path, within(context, f"{row.name} nonsense"))
    found = errors_about(bad, line)
    assert found, f"{row.name} nonsense"
    assert all("nonsense" in message or row.name.removeprefix("vrrp_") in message for message in found[:1])


@pytest.mark.parametrize(
    ("context", "row"), list(contexts()), ids=lambda value: getattr(value, "name", value)
)
def test_each_row_fills_a_field_that_exists(context: str, row: Row) -> None:
    if not row.field:
        return
    draft = DRAFTS.get(context) or LVS_DRAFTS[context.rpartition("/")[2]]
    if row.name.startswith("notify") and hasattr(NotifyDraft, row.field):
        draft = NotifyDraft
    name, _, inner = row.field.partition(".")
    assert name in {field.name for field in fields(draft)}
    if inner:
        assert inner in {field.name for field in fields(getattr(draft(), name))}


def test_a_keyword_that_does_something_is_documented() -> None:
    assert [row.name for _, row in contexts() if row.runs and not row.doc] == []


def test_what_an_old_name_stands_for_exists() -> None:
    for context, row in contexts():
        if row.renamed_to:
            siblings = {other.name for place, other in contexts() if place == context}
            assert row.renamed_to in siblings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vrrp_instance {\n}", "vrrp_instance must have a name"),
        ("vrrp_instance a b {\n}", "vrrp_instance must have a name"),
        ("vrrp_sync_group {\n}", "vrrp_sync_group must have a name - skipping"),
        ("vrrp_script a {\n}", "No script set for vrrp_script a - removing"),
        ("vrrp_track_process a {\n}", "track process 'a' process name not specified"),
        ("track_file a {\n}", "No file set for track_file a - ignoring"),
        ("vrrp_instance a {\n}", "(a) the virtual router id must be set"),
        ("vrrp_instance a {\nvirtual_router_id 1\n}", "(a) Unknown interface!"),
        ("vrrp_sync_group a {\n}", "Sync group a has no members - removing"),
        (
            "vrrp_script {\n}",
            "*** Configuration line starting `vrrp_script` is missing a parameter "
            "after keyword `vrrp_script` at word position 2",
        ),
        ("global_defs {\nrouter_id\n}", "routerid name missing - ignoring"),
    ],
)
def test_a_block_that_lacks_something_is_reported_in_keepalived_s_words(
    tmp_path: Path, text: str, message: str
) -> None:
    assert message in [one.message for one in loaded(tmp_path, text).diagnostics]
