"""`--genhash`: the MD5 digest of a web page, for the `digest` of an HTTP_GET or SSL_GET."""

import getopt
import hashlib
import socket
import ssl
import sys
import time
from ipaddress import ip_address

_SHORT = "hvSIs:V:p:u:m:P:t:"
_LONG = {
    "help": "h", "verbose": "v", "use-ssl": "S", "use-sni": "I", "server=": "s", "use-virtualhost=": "V",
    "port=": "p", "url=": "u", "fwmark=": "m", "protocol=": "P", "timeout=": "t",
}  # fmt: skip
_PROTOCOLS = {"1.0": (0, ""), "1.0c": (0, "Connection: close\r\n"), "1.1": (1, "Connection: close\r\n")}
_PORT_MAX = 65535
_SO_MARK = 36
_USAGE = """\
Usage: keepalived-py --genhash COMMAND [OPTIONS]
Commands:
   -s server-address -p port -u url
   -S -s server-address -p port -u url
   -h

Options:
Either long or short options are allowed.
   --use-ssl         -S       Use SSL connection to remote server.
   --use-sni         -I       Use SNI during SSL handshake (uses virtualhost setting; see -V).
   --server          -s       Use the specified remote server address.
   --port            -p       Use the specified remote server port.
   --url             -u       Use the specified remote server url.
   --use-virtualhost -V       Use the specified virtualhost in GET query.
   --verbose         -v       Use verbose mode output.
   --help            -h       Display this short inlined help screen.
   --fwmark          -m       Use the specified FW mark.
   --protocol        -P       Use the specified HTTP protocol - '1.0', 1.0c', '1.1'.
                                1.0c means 1.0 with 'Connection: close'
   --timeout         -t       Timeout in seconds
"""


class _UsageError(Exception):
    """What is wrong with the arguments; empty: only the usage is to be shown."""


def genhash(arguments: list[str]) -> int:
    """Fetch a page, print its digest, and return the exit status: 1 for wrong arguments, else 0, also
    if the server cannot be reached. That is keepalived's way."""
    try:
        options = _read(arguments)
        request = _request(options)
    except _UsageError as error:
        print(*error.args, _USAGE, sep="\n" if error.args else "", end="", file=sys.stderr)
        return 1
    begun = time.monotonic_ns()
    try:
        answer = _fetch(options, request)
    except TimeoutError:
        print("Timeout connecting")
        return 0
    except OSError:
        print("Connection failed")
        return 0
    head, _, body = answer.partition(b"\r\n\r\n")
    if "v" in options:
        print("-----------------------[ HTTP Header Ascii Buffer ]-----------------------")
        print(head.decode(errors="replace"))
        print("-----------------------[ HTML hash final resulting ]-----------------------")
    print(hashlib.md5(body, usedforsecurity=False).hexdigest())
    if "v" in options:
        used_us = (time.monotonic_ns() - begun) // 1000
        print(f"\nGlobal response time for [{options['u']}] = {used_us} usecs")
    return 0


def _read(arguments: list[str]) -> dict[str, str]:
    """The options by their letters."""
    try:
        found, words = getopt.gnu_getopt(arguments, _SHORT, list(_LONG))
    except getopt.GetoptError as error:
        raise _UsageError(error.msg) from None
    letters = {f"--{name.removesuffix('=')}": letter for name, letter in _LONG.items()}
    options = {letters.get(name, name.lstrip("-")): value for name, value in found}
    if words:
        raise _UsageError(f"Unexpected argument(s): {' '.join(words)}")
    if "h" in options or not {"s", "p", "u"} <= options.keys():
        raise _UsageError
    for letter, what, least, most in (
        ("p", "port number", 1, _PORT_MAX), ("m", "fwmark", 0, 2**32 - 1), ("t", "timeout", 0, 2**32 - 1)
    ):  # fmt: skip
        number = options.get(letter, str(least))
        if not (number.isascii() and number.isdecimal() and least <= int(number) <= most):
            raise _UsageError(f"invalid {what} '{number}'")
    return options


def _request(options: dict[str, str]) -> str:
    server, protocol = options["s"], options.get("P", "1.0")
    if protocol.lower() not in _PROTOCOLS:
        raise _UsageError(f"invalid HTTP protocol version '{protocol}'")
    minor, connection = _PROTOCOLS[protocol.lower()]
    try:
        host = f"[{server}]" if ip_address(server).version == 6 else server
    except ValueError:
        raise _UsageError(f"server should be an IP, not {server}") from None
    host = options.get("V", f"{host}:{options['p']}")
    return (
        f"GET {options['u']} HTTP/1.{minor}\r\n"
        f"User-Agent: KeepAliveClient\r\n{connection}Host: {host}\r\n\r\n"
    )


def _fetch(options: dict[str, str], request: str) -> bytes:
    """Send a request, and read all that comes. Raises OSError."""
    family = socket.AF_INET6 if ":" in options["s"] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        if "t" in options:
            connection.settimeout(int(options["t"]))
        if "m" in options:
            connection.setsockopt(socket.SOL_SOCKET, _SO_MARK, int(options["m"]))
        connection.connect((options["s"], int(options["p"])))
        if "S" in options:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(
                connection, server_hostname=options.get("V") if "I" in options else None
            )
        with connection:
            connection.sendall(request.encode())
            return connection.makefile("rb").read()
