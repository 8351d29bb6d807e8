"""The dump of virtual servers. The expected lines are those that keepalived 2.4.3 writes."""

from pathlib import Path

from keepalived_py.dump.checker import checker_lines
from keepalived_py.dump.machine import Link
from keepalived_py.dump.view import View
from keepalived_py.model.command import Account, Command
from keepalived_py.schema.load import load


class Node:
    """A machine that knows nothing but root."""

    def host_name(self) -> str:
        return "node"

    def user_name(self) -> str:
        return "root"

    def address_of(self, host: str) -> str:
        return host

    def credentials(self, account: Account | None, default: Account | None) -> tuple[int, int]:
        return 0, 0

    def program(self, command: Command, default: Account | None) -> tuple[str, str | None]:
        return command.arguments[0], None

    def links(self) -> tuple[Link, ...]:
        return ()


def dumped(path: Path, text: str) -> list[str]:
    file = path / "keepalived.conf"
    file.write_text(text)
    return list(checker_lines(load(str(file), config_id="here").configuration, View(Node())))


def server(checks: str) -> str:
    return (
        "virtual_server 10.0.0.1 80 {\ndelay_loop 6\nlvs_sched rr\nlvs_method NAT\nprotocol TCP\n"
        f"real_server 10.1.0.1 80 {{\n{checks}\n}}\n}}\n"
    )


def test_a_real_server_is_told_after_its_virtual_server(tmp_path: Path) -> None:
    lines = dumped(tmp_path, server("weight 3\nnotify_up '/bin/up a'"))
    assert lines[:6] == [
        "------< LVS Topology >------",
        " System is compiled with LVS v1.2.1",
        " ------< Virtual server >------",
        " VS VIP = 10.0.0.1, VPORT = 80",
        "   Address family = inet",
        "   connection timeout = 5.000000",
    ]
    assert lines[lines.index("   ------< Real server >------") :] == [
        "   ------< Real server >------",
        "   RIP = 10.1.0.1, RPORT = 80, WEIGHT = 3 EFF WEIGHT = 3",
        "   forwarding method = NAT",
        "   Alpha is OFF",
        "   connection timeout = 5.000000",
        "   connection limit range = 0 -> 0",
        "   Delay loop = 6.000000",
        "   Inhibit on failure is OFF",
        "   RS up notify script = '/bin/up' 'a', uid:gid 0:0",
        "   Using smtp notification = yes",
        "   initial weight = 3",
        "   effective weight = 3",
        "   previous effective_weight = 0",
        "   alive = 0",
        "   num failed checkers = 0",
        "   RS set = 0",
        "   reloaded = 0",
    ]


def test_a_checker_is_told_with_all_its_times(tmp_path: Path) -> None:
    lines = dumped(tmp_path, server("HTTP_GET {\nurl {\npath /x\nstatus_code 200 204-206\n}\nretry 2\n}"))
    assert lines[lines.index("------< Health checkers >------") :] == [
        "------< Health checkers >------",
        " [10.0.0.1]:tcp:80 -> [10.1.0.1]:tcp:80",
        "   Enabled = yes",
        "   Up = yes",
        "   Has run = no",
        "   Current weight = 0",
        "   Alpha = no",
        "   Delay loop = 6000000 us",
        "   Warmup = 6000000 us",
        "   Retries = 2",
        "   Delay before retry = 3000000 us",
        "   Retries iterations = 2",
        "   Default delay before retry = 3000000 us",
        "   Log all failures = no",
        "   Connection",
        "     Dest = [10.1.0.1]:80",
        "     Timeout = 5.000000",
        "   Keepalive method = HTTP_GET, http protocol 1.0",
        "   Enable SNI unset",
        "   Fast recovery unset",
        "   Checked url = /x",
        "     tls_compliant unset",
        "     HTTP Status Code(s)",
        "       200",
        "       204-206",
    ]


def test_a_track_file_has_no_value_before_it_is_read(tmp_path: Path) -> None:
    lines = dumped(tmp_path, "track_file F {\nfile /run/f\nweight 2\ninit_file 7\n}\n")
    assert lines == [
        "------< Checker track files >------",
        " Track file = F",
        "   File = /run/f",
        "   Status = 0",
        "   Weight = 2",
    ]
