"""Addresses with a port, and forwarding methods, as the words of a line."""

from dataclasses import replace

from keepalived_py.config.statement import Statement
from keepalived_py.model.endpoint import Endpoint
from keepalived_py.model.lvs import Checksum, Forwarding, Method, Tunnel
from keepalived_py.model.units import Address
from keepalived_py.schema.arguments import Integer, parse_address
from keepalived_py.schema.scope import Scope

PORT = Integer(1, 65535)
FORWARDING_FORM = "NAT|DR|TUN [type ipip|gue|gre] [port <INT:1..65535>] [nocsum|csum|remcsum]"
_CHECKSUMS = {checksum.value: checksum for checksum in Checksum}
_METHODS = {method.value: method for method in Method}
_TUNNELS = {tunnel.value: tunnel for tunnel in Tunnel}


def parse_host(word: str) -> Address | None:
    """An address; what follows a `-` or a `/` in the word is the business of others."""
    address = parse_address(word.partition("-" if "-" in word else "/")[0])
    return address if address and address.version == (6 if ":" in word else 4) else None


def port_word(statement: Statement, index: int) -> str | None:
    """The word of a port; a port 0 is none."""
    words = statement.words
    return words[index] if len(words) > index and words[index].strip("0") else None


def read_endpoint(scope: Scope, statement: Statement, index: int) -> Endpoint | None:
    """The address at `index` and the port after it, if there is one; None if one of them is wrong."""
    port: int | None = 0
    if port_word(statement, index + 1):
        port = PORT.read(scope, statement, index + 1)
    address = parse_host(statement.words[index])
    return None if port is None or address is None else Endpoint(address, port)


def read_forwarding(scope: Scope, statement: Statement, kind: str) -> Forwarding | None:
    """The method of an `lvs_method` line of a `kind` of server; None if it is not usable."""
    words = statement.words
    if words[1] not in _METHODS:
        message = f"PARSER : unknown [{words[1]}] routing method for {kind} server."
        scope.error(statement, "bad-value", message, word=1, help="NAT, DR or TUN")
        return None
    found = Forwarding(_METHODS[words[1]])
    index = 2
    while index < len(words):
        option = words[index]
        if option in ("type", "port"):
            index += 1
            value = _tunnel_option(scope, statement, index, found, kind)
            if value is None:
                return None
            found = value
        elif option in _CHECKSUMS:
            found = replace(found, checksum=_CHECKSUMS[option])
        else:
            message = f"Invalid tunnel option {option} for {kind} server."
            scope.error(statement, "unknown-option", message, word=index, help=FORWARDING_FORM)
            return None
        index += 1
    return _consistent(scope, statement, found)


def _tunnel_option(
    scope: Scope, statement: Statement, index: int, found: Forwarding, kind: str
) -> Forwarding | None:
    """The method with the type or port whose value is at `index`."""
    words = statement.words
    option = words[index - 1]
    if len(words) == index:
        what = "tunnel type" if option == "type" else "port"
        message = f"Missing {what} for {kind} server{'.' if option == 'type' else ' gue tunnel.'}"
        scope.error(statement, "missing-argument", message, word=index - 1)
        return None
    word = words[index]
    if option == "type":
        if word in _TUNNELS:
            return replace(found, tunnel=_TUNNELS[word])
        scope.error(
            statement,
            "bad-value",
            f"Unknown tunnel type {word} for {kind} server.",
            word=index,
            help=", ".join(_TUNNELS),
        )
        return None
    port = PORT.read(scope, statement, index)
    if port is None:
        scope.error(statement, "bad-value", f"Invalid gue tunnel port {word} for {kind} server.", word=index)
        return None
    return replace(found, port=port)


def _consistent(scope: Scope, statement: Statement, found: Forwarding) -> Forwarding | None:
    problem = ""
    if (found.tunnel is Tunnel.GUE) != bool(found.port):
        problem = "gue tunnels require port, otherwise cannot have port."
    elif found.tunnel is Tunnel.IPIP and found.checksum is not Checksum.NONE:
        problem = "ipip tunnels do not support checksum option."
    elif found.tunnel is Tunnel.GRE and found.checksum is Checksum.REMOTE:
        problem = "gre tunnels do not support remote checksum option."
    if problem:
        scope.error(statement, "incompatible", problem, word=None)
        return None
    return found
