"""Mailed alerts, to a real SMTP server."""

import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from conformance.mail_server import MailServer
from keepalived_py.daemon import mail as mail_module
from keepalived_py.daemon.mail import Letter, Mailer
from keepalived_py.model.definitions import GlobalDefinitions, Mail
from keepalived_py.vrrp.actions import Notify, Subject
from keepalived_py.vrrp.state import State


class Node:
    """A machine that knows who it is."""

    def host_name(self) -> str:
        return "node.example"

    def user_name(self) -> str:
        return "root"

    def address_of(self, host: str) -> str:
        return host


def listening() -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def wants(port: int, **more: object) -> GlobalDefinitions:
    """Definitions that want mail on a server."""
    mail = Mail(
        server="127.0.0.1",
        port=port,
        recipients=("a@example", '"B. C" <b@example>'),
        connect_timeout_us=5_000_000,
    )
    return replace(GlobalDefinitions(mail=mail), **more)  # type: ignore[arg-type]


def instance(state: State, name: str = "VI_1") -> Notify:
    return Notify(Subject.INSTANCE, name, state, 100)


def group(state: State) -> Notify:
    return Notify(Subject.GROUP, "G", state, 0)


def play(definitions: GlobalDefinitions, scene: Callable[[Mailer], Awaitable[None] | None]) -> list[str]:
    """Play a scene to a mailer and wait until it has nothing left to send. Returns what was logged."""
    logged: list[str] = []

    async def run() -> None:
        mailer = Mailer(asyncio.get_running_loop(), Node(), lambda entry: logged.append(entry.text))
        mailer.configure(definitions)
        result = scene(mailer)
        if result is not None:
            await result
        await asyncio.wait_for(mailer.idle.wait(), 30)

    asyncio.run(run())
    return logged


def tells(*actions: Notify) -> Callable[[Mailer], None]:
    def scene(mailer: Mailer) -> None:
        for action in actions:
            mailer.notify(action)

    return scene


def test_a_letter_is_keepalived_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    letter = Letter("[node] VRRP Instance VI_1 - Entering MASTER state", "=> now <=", 1_700_000_000)
    assert letter.encoded("me@here", ("a@x", "B <b@x>")) == (
        b"Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nFrom: me@here\r\n"
        b"Subject: [node] VRRP Instance VI_1 - Entering MASTER state\r\nX-Mailer: Keepalived\r\n"
        b"To: a@x,\r\n B <b@x>\r\n\r\n=> now <=\r\n\r\n"
    )


def test_a_change_is_mailed_to_all() -> None:
    with MailServer(listening()) as server:
        logged = play(wants(server.port), tells(instance(State.MASTER)))
    [mail] = server.mails
    assert logged == ["SMTP alert successfully sent."]
    assert mail.helo == "node.example"
    assert mail.sender == "root@node.example"
    assert mail.recipients == ("a@example", "b@example")
    assert list(mail.headers) == ["Date", "From", "Subject", "X-Mailer", "To"]
    assert mail.subject == "[node.example] VRRP Instance VI_1 - Entering MASTER state"
    assert mail.headers["To"] == 'a@example, "B. C" <b@example>'
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", mail.headers["Date"])
    assert mail.body == "=> VRRP Instance is now owning VRRP VIPs <=\r\n\r\n"


def test_each_state_has_its_words_and_they_come_in_order() -> None:
    states = (State.BACKUP, State.MASTER, State.FAULT, State.STOP, State.DELETED)
    with MailServer(listening()) as server:
        definitions = wants(server.port, router_id="R")
        play(definitions, tells(*map(instance, states), *map(group, states)))
    assert server.subjects == [
        "[R] VRRP Instance VI_1 - Entering BACKUP state",
        "[R] VRRP Instance VI_1 - Entering MASTER state",
        "[R] VRRP Instance VI_1 - Entering FAULT state",
        "[R] VRRP Instance VI_1 - Stopping",
        "[R] VRRP Instance VI_1 - Deleted",
        "[R] VRRP Group G - Entering BACKUP state",
        "[R] VRRP Group G - Entering MASTER state",
        "[R] VRRP Group G - Entering FAULT state",
        "[R] VRRP Group G - Stopping",
    ]


def test_sender_and_name_may_be_given() -> None:
    with MailServer(listening()) as server:
        definitions = wants(server.port)
        mail = replace(definitions.mail, sender="Keep <keep@example>", helo_name="me")
        play(replace(definitions, mail=mail), tells(instance(State.MASTER)))
    [letter] = server.mails
    assert (letter.helo, letter.sender) == ("me", "keep@example")
    assert letter.headers["From"] == "Keep <keep@example>"


def test_what_was_mailed_last_is_not_mailed_again_before_a_reload() -> None:
    with MailServer(listening()) as server:
        definitions = wants(server.port)

        def scene(mailer: Mailer) -> None:
            tells(instance(State.BACKUP), instance(State.BACKUP), instance(State.BACKUP, "VI_2"))(mailer)
            mailer.configure(definitions)
            mailer.notify(instance(State.BACKUP))

        play(definitions, scene)
    assert [subject.split()[3] for subject in server.subjects] == ["VI_1", "VI_2", "VI_1"]


def test_faults_may_be_kept_back() -> None:
    with MailServer(listening()) as server:
        definitions = wants(server.port, no_email_faults=True)
        play(definitions, tells(instance(State.BACKUP), instance(State.FAULT), instance(State.BACKUP)))
    assert [subject.split(" - ")[1] for subject in server.subjects] == ["Entering BACKUP state"]


def test_nothing_is_mailed_to_nobody() -> None:
    with MailServer(listening()) as server:
        definitions = wants(server.port)
        nobody = replace(definitions, mail=replace(definitions.mail, recipients=()))
        assert play(nobody, tells(instance(State.MASTER))) == []
    assert server.mails == []


def test_if_one_recipient_is_refused_nobody_gets_it() -> None:
    with MailServer(listening(), refuses="b@example") as server:
        logged = play(wants(server.port), tells(instance(State.MASTER)))
        where = f"[127.0.0.1]:{server.port}"
    assert server.mails == []
    assert logged == [f"Error processing RCPT cmd on SMTP server {where}. SMTP status code = 550"]


def test_without_a_server_it_is_logged() -> None:
    closed = listening()
    definitions = wants(closed.getsockname()[1])
    closed.close()
    logged = play(definitions, tells(instance(State.MASTER)))
    assert logged == [f"SMTP connection ERROR to [127.0.0.1]:{definitions.mail.port}."]


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    with listening() as silent:
        definitions = wants(silent.getsockname()[1])
        definitions = replace(definitions, mail=replace(definitions.mail, connect_timeout_us=200_000))

        async def scene(mailer: Mailer) -> None:
            mailer.notify(instance(State.MASTER))
            assert not mailer.idle.is_set()

        logged = play(definitions, scene)
    assert logged == [f"Timeout reading data to remote SMTP server [127.0.0.1]:{definitions.mail.port}."]


def test_too_many_letters_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "QUEUE_MAX", 1)
    with listening() as silent:
        definitions = wants(silent.getsockname()[1])
        definitions = replace(definitions, mail=replace(definitions.mail, connect_timeout_us=200_000))
        logged = play(definitions, tells(*(instance(State.MASTER, f"VI_{number}") for number in range(9))))
    assert "1 mails wait for the SMTP server - dropping one more" in logged
