"""Configurations with the words that are wrong in «», and what is found at them."""

import re
from pathlib import Path

from keepalived_py.check.findings import findings
from keepalived_py.config.diagnostic import Diagnostic
from keepalived_py.schema.host import Host

ADDRESSES = "virtual_ipaddress {\n10.0.0.101/24\n}"


def instance(*lines: str, name: str = "V", vrid: int = 51, addresses: str = ADDRESSES) -> str:
    """An instance that is right but for these lines."""
    return "\n".join(
        (
            f"vrrp_instance {name} {{",
            "interface eth0",
            f"virtual_router_id {vrid}",
            addresses,
            *lines,
            "}",
            "",
        )
    )


def script(*lines: str, command: str = "/bin/check") -> str:
    return "\n".join(("vrrp_script check {", f'script "{command}"', *lines, "}", ""))


TRACK = "track_script {\ncheck\n}"
MARKED_TRACK = "track_script {\n«check»\n}"
PASSWORD = "authentication {{\nauth_type PASS\nauth_pass {}\n}}"
GLOBAL = "global_defs {{\n{}\n}}\n"
CHECKED = "real_server 10.0.0.2 80 {\nTCP_CHECK {\n}\n}"
SERVER = "virtual_server 10.0.0.101 80 {{\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n{}\n}}\n"
MISC = 'delay_loop 10\nreal_server 10.0.0.2 80 {{\nMISC_CHECK {{\nmisc_path "/bin/a"\nmisc_timeout {}\n}}\n}}'
GROUP = "vrrp_sync_group G {\ngroup {\nV\nW\n}\n}\n"
OTHER = "virtual_ipaddress {\n10.0.0.102/24\n}"
PEERS = "unicast_src_ip 10.0.0.1\nunicast_peer {{\n{}\n}}"


def addresses(*lines: str) -> str:
    return "\n".join(("virtual_ipaddress {", *lines, "}"))


def checked(directory: Path, text: str, host: Host | None = None) -> list[Diagnostic]:
    file = directory / "keepalived.conf"
    file.write_text(text)
    return findings(str(file), "here", host)


def without_marks(marked: str) -> tuple[str, list[tuple[int, int, int]]]:
    """A text without its «», and the line and the columns of what was in them."""
    places = [
        (number, match.start() + 1, match.end() - 1)
        for number, line in enumerate(marked.split("\n"), 1)
        if (match := re.search("«(.*)»", line))
    ]
    return re.sub("[«»]", "", marked), places


def spans(found: list[Diagnostic], code: str) -> list[tuple[int, int, int]]:
    return [(one.span.line, one.span.column, one.span.end_column) for one in found if one.code == code]
