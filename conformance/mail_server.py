"""A real SMTP server, which keeps what it gets."""

import asyncio
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter, and with what words it came."""

    helo: str
    sender: str
    recipients: tuple[str, ...]
    text: str

    @property
    def headers(self) -> dict[str, str]:
        head = self.text.partition("\r\n\r\n")[0].replace("\r\n ", " ")
        return dict(line.split(": ", 1) for line in head.split("\r\n"))

    @property
    def subject(self) -> str:
        return self.headers["Subject"]

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]


class MailServer:
    """Serves on a listening socket, wherever that is, while the context lasts. `refuses` is a recipient
    that it does not take."""

    def __init__(self, listening: socket.socket, refuses: str = "") -> None:
        self.mails: list[Mail] = []
        self.port: int = listening.getsockname()[1]
        self._socket = listening
        self._refuses = refuses
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        serving = self._loop.create_server(lambda: SMTP(self, loop=self._loop), sock=self._socket)
        asyncio.run_coroutine_threadsafe(serving, self._loop).result(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._socket.close()
        self._loop.close()

    @property
    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 — the name that aiosmtpd calls
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == self._refuses:
            return "550 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        text = envelope.original_content.decode()
        self.mails.append(Mail(session.host_name, envelope.mail_from, tuple(envelope.rcpt_tos), text))
        return "250 OK"
