"""Mailed alerts: the same letters as keepalived's, to the same server."""

import socket
from dataclasses import replace
from datetime import datetime

from conformance.conftest import needs
from conformance.lab import Lan, wait_until
from conformance.mail_server import Mail, MailServer
from conformance.routers import OURS, C, Program, Router, vrrp_instance

CONFIGURATION = """
global_defs {{
    router_id lab
    smtp_server 127.0.0.1 {port}
    smtp_helo_name router.example
    smtp_connect_timeout 5
    smtp_alert
    notification_email_from keep@example
    notification_email {{
        admin@example
        oncall@example
    }}
}}
vrrp_sync_group G {{
    group {{
        VI_1
        VI_2
    }}
}}
"""
INSTANCES = (
    vrrp_instance()
    + vrrp_instance(name="VI_2", vrid=52, addresses=("10.0.0.102",))
    + vrrp_instance(name="VI_3", vrid=53, addresses=("10.0.0.103",))
    + vrrp_instance("smtp_alert no", name="SILENT", vrid=54, addresses=("10.0.0.104",))
)
SUBJECTS = [
    "[lab] VRRP Group G - Entering BACKUP state",
    "[lab] VRRP Group G - Entering FAULT state",
    "[lab] VRRP Group G - Entering MASTER state",
    *(
        f"[lab] VRRP Instance {name} - {what}"
        for name in ("VI_1", "VI_2", "VI_3")
        for what in ("Entering BACKUP state", "Entering FAULT state", "Entering MASTER state")
    ),
]


def letters(program: Program, lan: Lan) -> list[Mail]:
    """All that is mailed from the start through a fault to the end, by subject. keepalived means to
    mail of its stop, too, but ends before it has."""
    host = lan.host()
    with host.network():
        listening = socket.create_server(("127.0.0.1", 0))
    with MailServer(listening) as server, Router(program, host) as router:
        router.start(CONFIGURATION.format(port=server.port) + INSTANCES)
        for address in ("10.0.0.101", "10.0.0.102", "10.0.0.103", "10.0.0.104"):
            host.await_address(address)
        wait_until(lambda: len(server.mails) == 8, "letters of BACKUP and MASTER")
        host.plumb("ip link set eth0 down")
        wait_until(lambda: len(server.mails) == 12, "letters of FAULT")
        if program is OURS:
            assert router.stop() == 0
            wait_until(lambda: len(server.mails) == 16, "letters of STOP")
        assert "SMTP alert successfully sent." in router.log
        return sorted(server.mails, key=lambda mail: mail.subject)


def test_letters_are_the_same_header_for_header(lan: Lan) -> None:
    needs(C)
    ours, theirs = ([_undated(mail) for mail in letters(program, lan)] for program in (OURS, C))
    farewells = [mail.subject for mail in ours if mail.subject.endswith("Stopping")]
    names = ("Group G", "Instance VI_1", "Instance VI_2", "Instance VI_3")
    assert farewells == [f"[lab] VRRP {name} - Stopping" for name in names]
    ours = [mail for mail in ours if mail.subject not in farewells]
    assert [mail.subject for mail in ours] == SUBJECTS
    assert ours == theirs


def _undated(mail: Mail) -> Mail:
    date = mail.headers["Date"]
    assert (
        abs(datetime.now().timestamp() - datetime.strptime(date, "%a, %d %b %Y %H:%M:%S %z").timestamp()) < 60
    )
    # 2.2.7 does not fold the list of recipients.
    return replace(mail, text=mail.text.replace(date, "now").replace(",\r\n ", ", "))


def test_a_server_that_hangs_delays_nothing(lan: Lan) -> None:
    host = lan.host()
    with host.network():
        listening = socket.create_server(("127.0.0.1", 0))
    with listening, Router(OURS, host) as router:
        router.start(CONFIGURATION.format(port=listening.getsockname()[1]) + INSTANCES)
        host.await_address("10.0.0.101")
        assert router.stop() == 0
        assert not host.has("10.0.0.101")
