"""Which process of keepalived reads a top-level keyword; the first if there are several. All others
skip its block."""

from keepalived_py.model.process import Process
from keepalived_py.schema.global_defs import PROCESS_KEYWORDS
from keepalived_py.schema.keywords import ROOT

_OF_CHECKER = frozenset(("virtual_server", "virtual_server_group", "SSL", "track_file", "vrrp_track_file"))


def reader_of(keyword: str) -> Process:
    """The parent is who reads what nobody knows, too."""
    if keyword not in ROOT or keyword == "global_defs" or keyword in PROCESS_KEYWORDS:
        return Process.PARENT
    if keyword in _OF_CHECKER:
        return Process.CHECKER
    return Process.BFD if keyword == "bfd_instance" else Process.VRRP
