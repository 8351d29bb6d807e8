"""`bfd_instance`: a BFD session with a neighbour, as the BFD and as the VRRP process read it."""

from dataclasses import dataclass

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.bfd import DEFAULT_TTL, NAME_LENGTH_MAX, BfdInstance, TrackBfd
from keepalived_py.model.place import Place
from keepalived_py.model.tracking import Weight
from keepalived_py.model.units import MILLISECOND, SECOND, Address, Microseconds
from keepalived_py.schema.arguments import UINT_MAX, Boolean, Decimal, Integer, Words, parse_endpoint
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of, place_of

SENSIBLE_MAX_MS = 10_000
WEIGHT = Integer(-253, 253)


@dataclass(slots=True)
class BfdDraft:
    """A `bfd_instance` block."""

    name: str
    head: Statement
    place: Place
    malformed: bool = False
    """The BFD process skips the rest of the block."""
    neighbor: Address | None = None
    source: Address | None = None
    min_rx_us: Microseconds = 10 * MILLISECOND
    min_tx_us: Microseconds = 10 * MILLISECOND
    idle_tx_us: Microseconds = SECOND
    multiplier: int = 5
    passive: bool = False
    ttl: int | None = None
    max_hops: int = 0
    multihop: bool = False
    weight: int = 0
    reverse: bool = False
    vrrp: bool = False
    checker: bool = False


def begin(scope: Scope, head: Statement) -> BfdDraft | None:
    name = head.words[1]
    if len(name) > NAME_LENGTH_MAX:
        scope.error(head, "name", f"BFD name {name} too long", word=1)
        message = (
            f"Configuration error: BFD instance {name} name too long (maximum length is "
            f"{NAME_LENGTH_MAX} characters) - ignoring"
        )
        scope.error(head, "name", message, word=1)
        return None
    if name in scope.drafts.tracked_bfds or name in scope.drafts.bfds:
        scope.error(head, "duplicate", f"BFD {name} already specified", word=1)
    if name in scope.drafts.bfds:
        message = f"Configuration error: BFD instance {name} already configured - ignoring"
        scope.error(head, "duplicate", message, word=1)
        return None
    return BfdDraft(name, head, place_of(head, 1))


def end(scope: Scope, bfd: BfdDraft) -> None:
    everyone = not bfd.vrrp and not bfd.checker
    if (bfd.vrrp or everyone) and bfd.name not in scope.drafts.tracked_bfds:
        weight = Weight(bfd.weight, bfd.reverse)
        scope.drafts.tracked_bfds[bfd.name] = TrackBfd(name=bfd.name, weight=weight)
    if bfd.checker or everyone:
        scope.drafts.checker_bfds.setdefault(bfd.name, bfd.head)
    if bfd.malformed:
        return
    problem = _problem(scope, bfd)
    if problem or bfd.neighbor is None:
        message = f"Configuration error: BFD instance {bfd.name} {problem}"
        scope.error(bfd.head, "no-neighbor", message, word=1, help="add: neighbor_ip ADDRESS")
        return
    ttl = bfd.ttl or DEFAULT_TTL[bfd.neighbor.version]
    if bfd.max_hops > ttl:
        message = f"BFD instance {bfd.name}: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit"
        scope.error(bfd.head, "bad-number", message, word=1)
    scope.drafts.bfds[bfd.name] = BfdInstance(
        name=bfd.name,
        neighbor=bfd.neighbor,
        source=bfd.source,
        min_rx_us=bfd.min_rx_us,
        min_tx_us=bfd.min_tx_us,
        idle_tx_us=bfd.idle_tx_us,
        multiplier=bfd.multiplier,
        passive=bfd.passive,
        ttl=ttl,
        max_hops=min(bfd.max_hops, ttl),
        multihop=bfd.multihop,
        vrrp=bfd.vrrp or everyone,
        checker=bfd.checker or everyone,
        place=bfd.place,
    )


def _problem(scope: Scope, bfd: BfdDraft) -> str:
    """Why keepalived leaves the instance out; empty if it does not."""
    spelling = scope.drafts.bfd_spelling
    if bfd.neighbor is None:
        return f"has no {spelling} address set, disabling instance"
    if bfd.source and bfd.source.version != bfd.neighbor.version:
        return (
            f"source address {bfd.source} and {spelling} address {bfd.neighbor} "
            "are not of the same family, disabling instance"
        )
    for other in scope.drafts.bfds.values():
        if (other.neighbor, other.multihop) != (bfd.neighbor, bfd.multihop):
            continue
        if other.source is None or bfd.source in (None, other.source):
            if bfd.source:
                return (
                    f"has duplicate source/{spelling} address {bfd.source}/{bfd.neighbor}, ignoring instance"
                )
            return f"has duplicate {spelling} address {bfd.neighbor}, ignoring instance"
    return ""


def _bind_neighbor(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    if bfd.malformed:
        return
    if row.name == "neighbour_ip":
        scope.drafts.bfd_spelling = "neighbour"  # and in all that follow
    bfd.neighbor = parse_endpoint(statement.words[1])
    if bfd.neighbor is None:
        bfd.malformed = True
        message = (
            f"Configuration error: BFD instance {bfd.name} has malformed {scope.drafts.bfd_spelling} "
            f"address {statement.words[1]}, ignoring instance"
        )
        scope.error(statement, "bad-address", message, word=1, help="an address without mask")


def _bind_source(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    if bfd.malformed:
        return
    source = parse_endpoint(statement.words[1])
    if source is None:
        message = (
            f"Configuration error: BFD instance {bfd.name} has malformed source "
            f"address {statement.words[1]}, ignoring"
        )
        scope.error(statement, "bad-address", message, word=1, help="an address without mask")
    else:
        bfd.source = source


def _bind_interval(scope: Scope, row: Row, entry: Entry) -> None:
    """`min_rx`, `min_tx` and `idle_tx`: milliseconds."""
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    if bfd.malformed:
        return
    low = _LOW_MS[row.name]
    word = statement.words[1]
    value = _interval(low).read(scope, statement, 1)
    start = f"BFD instance {bfd.name} {row.name} value {word}"
    if value is None:
        message = (
            f"Configuration error: {start} is not valid "
            f"(must be in range [{low}-{UINT_MAX // 1000}]), ignoring"
        )
        scope.error(statement, "bad-number", message, word=1)
        return
    setattr(bfd, f"{row.name}_us", value)
    if value > SENSIBLE_MAX_MS * MILLISECOND:
        scope.warning(
            statement,
            "slow-bfd",
            f"Configuration warning: {start} is larger than max sensible ({SENSIBLE_MAX_MS})",
            word=1,
            help="milliseconds",
            consequence=Consequence.SILENT,
            located=False,
        )


def _bind_number(scope: Scope, row: Row, entry: Entry) -> None:
    """`multiplier`, `ttl`, `hoplimit` and `max_hops`."""
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    if bfd.malformed:
        return
    field, name, argument = _NUMBERS[row.name]
    value = argument.read(scope, statement, 1)
    if value is None:
        message = (
            f"Configuration error: BFD instance {bfd.name} {name} value {statement.words[1]} not valid "
            f"(must be in range [{argument.low}-{argument.high}]), ignoring"
        )
        scope.error(statement, "bad-number", message, word=1)
    else:
        setattr(bfd, field, value)


def _bind_multihop(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    if bfd.malformed:
        return
    wanted = Boolean().read(scope, statement, 1)
    if wanted is None:
        message = (
            f"Configuration error: BFD instance {bfd.name} multihop setting not valid - {statement.words[1]}"
        )
        scope.error(statement, "bad-boolean", message, word=1)
    else:
        bfd.multihop = wanted


def _bind_weight(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    bfd: BfdDraft = scope.block
    start = f"Configuration error: BFD instance {bfd.name}"
    weight = WEIGHT.read(scope, statement, 1)
    if weight is None:
        message = (
            f"{start} weight value {statement.words[1]} not valid (must be in range [-253-253]), ignoring"
        )
        scope.error(statement, "bad-number", message, word=1)
    else:
        bfd.weight = weight
    if len(statement.words) > 2:
        if statement.words[2] == "reverse":
            bfd.reverse = True
        else:
            message = f"{start} unknown weight option {statement.words[2]}"
            scope.error(statement, "unknown-option", message, word=2, help="reverse")


def _interval(low_ms: int) -> Decimal:
    return Decimal(low_ms * MILLISECOND, UINT_MAX // 1000 * MILLISECOND, decimals=3)


_LOW_MS = {"min_rx": 1, "min_tx": 1, "idle_tx": 1000}
_NUMBERS = {
    "multiplier": ("multiplier", "multiplier", Integer(1, 255)),
    "ttl": ("ttl", "ttl/hoplimit", Integer(1, 255)),
    "hoplimit": ("ttl", "ttl/hoplimit", Integer(1, 255)),
    "max_hops": ("max_hops", "max_hops", Integer(-1, 255)),
}

BFD = table(
    Row(
        name="neighbor_ip",
        doc="Address of the neighbour.",
        argument=Words("<IP>", 1),
        bind=_bind_neighbor,
        default="required",
    ),
    Row(
        name="neighbour_ip",
        doc="The same as neighbor_ip.",
        argument=Words("<IP>", 1),
        bind=_bind_neighbor,
    ),
    Row(
        name="source_ip",
        doc="Address to send from.",
        argument=Words("<IP>", 1),
        bind=_bind_source,
        default="as the kernel chooses",
    ),
    *(
        Row(
            name=name,
            doc=doc,
            argument=Words(f"<MILLISECONDS:{_LOW_MS[name]}..{UINT_MAX // 1000}>", 1),
            bind=_bind_interval,
            default=default,
        )
        for name, doc, default in (
            ("min_rx", "Least milliseconds between packets that can be received.", "10"),
            ("min_tx", "Least milliseconds between packets that are sent.", "10"),
            ("idle_tx", "Milliseconds between packets while the session is down.", "1000"),
        )
    ),
    *(
        Row(
            name=name,
            doc=doc,
            argument=Words(_NUMBERS[name][2].describe(), 1),
            bind=_bind_number,
            default=default,
        )
        for name, doc, default in (
            ("multiplier", "Packets that must be missed before the neighbour counts as down.", "5"),
            ("ttl", "TTL of packets.", "255, for IPv6 64"),
            ("hoplimit", "The same as ttl, as IPv6 calls it.", "64, for IPv4 255"),
            ("max_hops", "Routers that may be between, -1 for any number.", "0"),
        )
    ),
    Row(name="passive", doc="Send nothing before the neighbour does.", field="passive", default="off"),
    Row(
        name="multihop",
        doc="The neighbour is not on the same network.",
        argument=Words("[<BOOL>]"),
        bind=_bind_multihop,
        default="false",
        since="2.2.8",
    ),
    Row(
        name="weight",
        doc="Added to the priority of who tracks it while up, or subtracted while down; 0 is FAULT.",
        argument=Words("<INT:-253..253> [reverse]", 1),
        bind=_bind_weight,
        default="0",
    ),
    Row(
        name="vrrp",
        doc="Tell the VRRP process; not the checkers, unless they are named.",
        field="vrrp",
        default="on, unless only checker is given",
    ),
    Row(
        name="checker",
        doc="Tell the checkers; not the VRRP process, unless it is named.",
        field="checker",
        default="on, unless only vrrp is given",
    ),
)
