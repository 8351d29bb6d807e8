"""The keyword tables hold together, and blocks say what they lack."""

from dataclasses import fields
from pathlib import Path

import pytest

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
from keepalived_py.schema.keywords import contexts
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


def loaded(path: Path, text: str) -> Loaded:
    file = path / "keepalived.conf"
    file.write_text(text)
    return load(str(file), config_id="here")


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
