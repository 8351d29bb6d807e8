"""`--genhash`, beside keepalived's where there is one that knows it."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.cli.test_options import KEEPALIVED

PAGE = b"hello\n" * 1000


class _Page(BaseHTTPRequestHandler):
    """Answers with PAGE, and with the headers of the question at /headers."""

    def do_GET(self) -> None:
        body = bytes(self.headers) + self.requestline.encode() if self.path == "/headers" else PAGE
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_port)
        server.shutdown()


def run(*arguments: str) -> list[tuple[int, str]]:
    """Exit status and standard output, ours and keepalived's."""
    programs = [[sys.executable, "-m", "keepalived_py"]]
    if (
        KEEPALIVED
        and "--genhash COMMAND" in subprocess.run([KEEPALIVED, "-T"], capture_output=True, text=True).stderr
    ):
        programs.append([KEEPALIVED])
    results = [
        subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60, check=False)
        for program in programs
    ]
    return [(result.returncode, result.stdout) for result in results]


@pytest.mark.parametrize(
    "more", [[], ["--protocol", "1.0c"], ["-P1.1"], ["-V", "www.example.com", "--timeout=5"]], ids=str
)
def test_a_page_has_the_digest_that_keepalived_finds(port: str, more: list[str]) -> None:
    digest = hashlib.md5(PAGE, usedforsecurity=False).hexdigest()
    for result in run("--genhash", "-s", "127.0.0.1", "-p", port, "-u", "/", *more):
        assert result == (0, f"{digest}\n")
    results = run("-T", "-s", "127.0.0.1", "-p", port, "--url=/headers", *more)
    assert len(set(results)) == 1


def test_a_server_that_is_not_there_is_told(port: str) -> None:
    for result in run("-T", "-s", "127.0.0.1", "-p", "1", "-u", "/"):
        assert result == (0, "Connection failed\n")


@pytest.mark.parametrize(
    "arguments",
    [[], ["-h"], ["-s", "localhost", "-p", "80", "-u", "/"], ["-s", "127.0.0.1", "-p", "0", "-u", "/"],
     ["-s", "127.0.0.1", "-p", "80"], ["-s", "127.0.0.1", "-p", "80", "-u", "/", "-P", "2"], ["-x"]],
    ids=str,
)  # fmt: skip
def test_wrong_arguments_end_with_status_1(arguments: list[str]) -> None:
    for result in run("-T", *arguments):
        assert result == (1, "")
