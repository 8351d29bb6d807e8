"""What all checkers have in common, and those that connect to something."""

from ipaddress import IPv6Address

from keepalived_py.config.statement import Entry, Statement
from keepalived_py.schema.addresses import INTERFACE_NAME_MAX
from keepalived_py.schema.arguments import UINT_MAX, Argument, Boolean, Integer, Words
from keepalived_py.schema.lvs.draft import CheckerDraft, ConnectionDraft, RealServerDraft
from keepalived_py.schema.lvs.endpoints import PORT, parse_host
from keepalived_py.schema.lvs.timing import CONNECT_TIMEOUT, timing
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def new_connection(real: RealServerDraft) -> ConnectionDraft:
    """A connection to the real server itself."""
    return ConnectionDraft(real.endpoint.address, real.endpoint.port)


def connection_of(scope: Scope) -> ConnectionDraft:
    """That of the checker whose block is being read."""
    connection: ConnectionDraft = scope.block.connection
    return connection


def reachable(scope: Scope, head: Statement, connection: ConnectionDraft) -> bool:
    """Whether it is clear over which interface to connect."""
    address = connection.address
    if isinstance(address, IPv6Address) and address.is_link_local and not connection.bind_interface:
        message = f"Checker link local address {address} requires a bind_if"
        scope.error(head, "link-local", message, help="add: bind_if INTERFACE")
        return False
    return True


def end_checker(scope: Scope, draft: CheckerDraft) -> None:
    """A checker that connects is complete."""
    assert draft.connection is not None
    if reachable(scope, draft.head, draft.connection):
        draft.real.checkers.append(draft)


def _bind_connect_ip(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    connection = connection_of(scope)
    word = statement.words[1]
    connection.address = parse_host(word)
    if connection.address is None:
        message = f"Invalid connect_ip address {word} - ignoring"
        scope.error(statement, "bad-address", message, word=1)
    elif connection.bind_address and connection.bind_address.version != connection.address.version:
        message = f"connect_ip address {word} does not match address family of bindto - skipping"
        scope.error(statement, "family", message, word=1)
        connection.address = None


def _bind_bindto(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    connection = connection_of(scope)
    word = statement.words[1]
    connection.bind_address = parse_host(word)
    if connection.bind_address is None:
        message = f"Invalid bindto address {word} - ignoring"
        scope.error(statement, "bad-address", message, word=1)
    elif connection.address and connection.address.version != connection.bind_address.version:
        message = f"bindto address {word} does not match address family of connect_ip - skipping"
        scope.error(statement, "family", message, word=1)
        connection.bind_address = None


def _bind_bind_if(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    name = statement.words[1]
    if len(name) > INTERFACE_NAME_MAX:
        message = f"Interface name {name} is too long - ignoring"
        scope.error(statement, "bad-interface", message, word=1)
    else:
        connection_of(scope).bind_interface = name


def _number(name: str, doc: str, argument: Argument, field: str, invalid: str, default: str) -> Row:
    def bind(scope: Scope, row: Row, entry: Entry) -> None:
        statement = head_of(entry)
        value = argument.read(scope, statement, 1)
        if value is None:
            scope.error(statement, "bad-value", invalid.format(value=statement.words[1]), word=1)
        else:
            setattr(connection_of(scope), field, value)

    return Row(name=name, doc=doc, argument=argument, default=default, bind=bind)


CHECKER = timing(
    retry="Invalid retry connection value '{value}'",
    delay_before_retry="Invalid delay_before_retry connection value '{value}'",
    warmup="Invalid warmup connection value '{value}'",
    delay_loop="delay_loop '{value}' is invalid - ignoring",
    inherited="that of the real server",
    retry_least=0,
) | table(
    Row(
        name="alpha",
        doc="The check counts as failed until it has succeeded.",
        argument=Boolean(),
        field="alpha",
        default="that of the real server",
        invalid="Invalid alpha parameter {value}",
    ),
    Row(
        name="log_all_failures",
        doc="Log failures that are tried again, too.",
        argument=Boolean(),
        field="log_all_failures",
        default="checker_log_all_failures",
        invalid="Invalid log_all_failures parameter {value}",
    ),
)

CONNECTION = table(
    Row(
        name="connect_ip",
        doc="Address to connect to.",
        argument=Words("<ADDRESS>", 1),
        default="that of the real server",
        bind=_bind_connect_ip,
    ),
    _number(
        "connect_port",
        "Port to connect to.",
        PORT,
        "port",
        "Invalid checker connect_port '{value}'",
        "that of the real server",
    ),
    Row(
        name="bindto",
        doc="Address to connect from.",
        argument=Words("<ADDRESS>", 1),
        default="the kernel's choice",
        bind=_bind_bindto,
    ),
    _number(
        "bind_port",
        "Port to connect from.",
        PORT,
        "bind_port",
        "Invalid checker bind_port '{value}'",
        "the kernel's choice",
    ),
    Row(
        name="bind_if",
        doc="Interface to connect over; needed for a link-local address.",
        argument=Words("<INTERFACE>", 1),
        default="by the routes",
        bind=_bind_bind_if,
    ),
    _number(
        "connect_timeout",
        "Seconds that making the connection, and each answer, may take.",
        CONNECT_TIMEOUT,
        "timeout_us",
        "connect_timeout {value} invalid - ignoring",
        "that of the real server",
    ),
    _number(
        "fwmark",
        "Firewall mark of the packets.",
        Integer(0, UINT_MAX),
        "fwmark",
        "Invalid fwmark connection value '{value}'",
        "0, none",
    ),
)

CONNECTED = CHECKER | CONNECTION
