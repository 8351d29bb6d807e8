"""Mailed alerts (`smtp_alert`): one letter for each change of state, with keepalived's words.

The engine never waits for a mail server. One thread sends a letter after the other, in the order of
the changes, and what is too much for it is dropped.
"""

import queue
import smtplib
import threading
from asyncio import AbstractEventLoop, Event
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from time import time
from typing import Protocol

from keepalived_py.model.definitions import GlobalDefinitions, Mail
from keepalived_py.model.units import SECOND
from keepalived_py.vrrp.actions import Level, Log, Notify, Subject
from keepalived_py.vrrp.state import State

QUEUE_MAX = 100
"""Letters that may wait for the server."""
DEFAULT_TIMEOUT_SECONDS = 30

_INSTANCE_TEXTS = {
    State.MASTER: ("Entering MASTER state", "=> VRRP Instance is now owning VRRP VIPs <="),
    State.BACKUP: ("Entering BACKUP state", "=> VRRP Instance is no longer owning VRRP VIPs <="),
    State.FAULT: ("Entering FAULT state", "=> VRRP Instance is no longer owning VRRP VIPs <="),
    State.STOP: ("Stopping", "=> VRRP Instance stopping <="),
    State.DELETED: ("Deleted", "=> VRRP Deleted at reload <="),
}
_GROUP_TEXTS = {
    State.MASTER: ("Entering MASTER state", "=> All VRRP group instances are now in MASTER state <="),
    State.BACKUP: ("Entering BACKUP state", "=> All VRRP group instances are now in BACKUP state <="),
    State.FAULT: ("Entering FAULT state", "=> All VRRP group instances are now in FAULT state <="),
    State.STOP: ("Stopping", "=> All VRRP group instances are now stopping <="),
}


class Machine(Protocol):
    """What letters tell of the machine; may take its time to find out."""

    def host_name(self) -> str: ...

    def user_name(self) -> str: ...

    def address_of(self, host: str) -> str: ...


class MailError(Exception):
    """Why a letter was not sent, in keepalived's words."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`at` is when it happened, in seconds of the wall clock."""

    subject: str
    body: str
    at: float

    def encoded(self, sender: str, recipients: tuple[str, ...]) -> bytes:
        """As it is sent, without the final dot."""
        lines = (
            f"Date: {formatdate(self.at, localtime=True)}",
            f"From: {sender}",
            f"Subject: {self.subject}",
            "X-Mailer: Keepalived",
            "To: " + ",\r\n ".join(recipients),
            "",
            self.body,
            "",
            "",
        )
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


class Mailer:
    """Decides which changes are mailed, and has them sent."""

    def __init__(self, loop: AbstractEventLoop, machine: Machine, log: Callable[[Log], None]) -> None:
        self._loop = loop
        self._machine = machine
        self._log = log
        self._definitions = GlobalDefinitions()
        self._last_mailed: dict[tuple[Subject, str], State] = {}
        self._letters: queue.Queue[Callable[[], None]] = queue.Queue(QUEUE_MAX)
        self._thread: threading.Thread | None = None
        self._unsent = 0
        self.idle = Event()
        """Set while no letter waits or is being sent."""
        self.idle.set()

    def configure(self, definitions: GlobalDefinitions) -> None:
        """Send as these want it; letters that wait are still sent as they were wanted."""
        self._definitions = definitions
        self._last_mailed.clear()

    def notify(self, action: Notify) -> None:
        """Mail a change of an instance or group that has `smtp_alert`, unless it was the last mailed."""
        mail = self._definitions.mail
        key = action.subject, action.name
        texts = _INSTANCE_TEXTS if action.subject is Subject.INSTANCE else _GROUP_TEXTS
        if (
            not mail.server
            or not mail.recipients
            or action.state not in texts
            or self._last_mailed.get(key) is action.state
            or (self._definitions.no_email_faults and action.state is State.FAULT)
        ):
            return
        self._last_mailed[key] = action.state
        what, body = texts[action.state]
        kind = "Instance" if action.subject is Subject.INSTANCE else "Group"
        letter = Letter(f"VRRP {kind} {action.name} - {what}", body, time())
        self._post(partial(self._send, mail, self._definitions.router_id, letter))

    def _post(self, job: Callable[[], None]) -> None:
        try:
            self._letters.put_nowait(job)
        except queue.Full:
            self._log(Log(f"{QUEUE_MAX} mails wait for the SMTP server - dropping one more"))
            return
        self._unsent += 1
        self.idle.clear()
        if self._thread is None:
            # A daemon thread: the end of the process does not wait for a server that hangs.
            self._thread = threading.Thread(target=self._work, name="mail", daemon=True)
            self._thread.start()

    def _note_sent(self) -> None:
        self._unsent -= 1
        if not self._unsent:
            self.idle.set()

    # In the thread

    def _work(self) -> None:
        while True:
            job = self._letters.get()
            job()
            self._tell_loop(self._note_sent)

    def _send(self, mail: Mail, router_id: str | None, letter: Letter) -> None:
        machine = self._machine
        sender = mail.sender or f"{machine.user_name()}@{machine.host_name()}"
        letter = Letter(f"[{router_id or machine.host_name()}] {letter.subject}", letter.body, letter.at)
        try:
            address = machine.address_of(mail.server or "")
            helo_name = mail.helo_name or machine.host_name()
            deliver(mail, address, helo_name, sender, letter.encoded(sender, mail.recipients))
        except MailError as error:
            self._tell_loop(self._log, Log(str(error)))
        else:
            self._tell_loop(self._log, Log("SMTP alert successfully sent.", Level.DETAIL))

    def _tell_loop(self, call: Callable[..., None], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop has ended; so will we
            self._loop.call_soon_threadsafe(call, *arguments)


def deliver(mail: Mail, address: str, helo_name: str, sender: str, text: bytes) -> None:
    """Send a letter to all recipients or to none, each step within `smtp_connect_timeout`.

    Raises MailError.
    """
    where = f"[{address}]:{mail.port}"
    timeout_us = mail.connect_timeout_us
    timeout = DEFAULT_TIMEOUT_SECONDS if timeout_us is None else timeout_us / SECOND
    server = smtplib.SMTP(local_hostname=helo_name, timeout=timeout)
    server.command_encoding = "utf-8"
    try:
        _expect(220, "(E)SMTP", where, _connect(server, address, mail.port, where))
        _expect(250, "HELO", where, server.helo())
        _expect(250, "MAIL", where, server.mail(sender))
        for recipient in mail.recipients:
            _expect(250, "RCPT", where, server.rcpt(recipient))
        _expect(250, "BODY", where, server.data(text))
    except smtplib.SMTPDataError as error:
        raise _refusal("DATA", where, error.smtp_code) from None
    except smtplib.SMTPServerDisconnected as error:
        if isinstance(error.__context__, TimeoutError):
            raise MailError(f"Timeout reading data to remote SMTP server {where}.") from None
        raise MailError(f"Remote SMTP server {where} has closed the connection.") from None
    except OSError:
        raise MailError(f"Cannot send data to remote SMTP server {where}.") from None
    except ValueError as error:
        raise MailError(f"SMTP server {where} cannot be told a name: {error}") from None
    finally:
        with suppress(OSError):
            server.quit()
        server.close()


def _connect(server: smtplib.SMTP, address: str, port: int, where: str) -> tuple[int, bytes]:
    try:
        return server.connect(address, port)
    except TimeoutError:
        raise MailError(f"Timeout opening connection to remote SMTP server {where}.") from None
    except smtplib.SMTPException:
        raise
    except OSError:
        raise MailError(f"SMTP connection ERROR to {where}.") from None


def _expect(code: int, command: str, where: str, reply: tuple[int, bytes]) -> None:
    if reply[0] != code:
        raise _refusal(command, where, reply[0])


def _refusal(command: str, where: str, code: int) -> MailError:
    return MailError(f"Error processing {command} cmd on SMTP server {where}. SMTP status code = {code}")
