"""Scenarios: a configuration, what happens, and what the engine does about it, as reviewable text.

A file has a configuration, a line of dashes, and lines `SECONDS EVENT`. The lines after an event that
start with `>` are what the engine wants done by then; run pytest with REGENERATE=1 to write them anew,
and review the difference. Events:

    link INTERFACE up|down|gone [polled]       address INTERFACE ADDRESS|none|::
    start  stop  wait  oversleep               advert INSTANCE from ADDRESS priority N [KEY VALUE …]
    script NAME exits N | killed SIGNAL        processes NAME COUNT
    program SCRIPT ends|begins
    lost INTERFACE ADDRESS                     file NAME NUMBER
    lost route|rule INSTANCE INDEX
"""

import itertools
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from keepalived_py.model.route_text import route_line, rule_line
from keepalived_py.model.units import SECOND
from keepalived_py.schema.load import load
from keepalived_py.vrrp.actions import (
    Action,
    AddAddresses,
    AddDropRules,
    AddRoutes,
    AddRules,
    Announce,
    FilteredAddress,
    Level,
    Log,
    Notify,
    NotifyEvent,
    RemoveAddresses,
    RemoveDropRules,
    RemoveRoutes,
    RemoveRules,
    ReplaceRoute,
    RunScript,
    SendAdvert,
    SignalScript,
    Transition,
)
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.events import (
    AddressLost,
    AdvertReceived,
    Event,
    FileRead,
    LinkChanged,
    ProcessesCounted,
    ProgramChanged,
    RoutingLost,
    ScriptExited,
    SourceAddressChanged,
)
from keepalived_py.vrrp.packet.advert import CHECKSUM_OFFSET, Advert, decode, encode
from keepalived_py.vrrp.packet.ip import pack_ipv4, parse_ipv4
from keepalived_py.vrrp.replay import clock_sequence
from keepalived_py.vrrp.signing import sign
from keepalived_py.vrrp.vmac import place_vmacs

OUTPUT = "  > "
LINK_FLAGS = {"up": 0x11043, "down": 0x1003, "gone": 0}


def describe(action: Action) -> str | None:
    """An action in a few words; None for what a reader need not see."""
    match action:
        case SendAdvert(instance, priority, source, ah, old_checksum):
            more = f"{f' ah {ah}' if ah else ''}{' old checksum' if old_checksum else ''}"
            return f"advert {instance} priority {priority} from {source}{more}"
        case AddAddresses(_, interface, addresses):
            return f"add {' '.join(str(a.interface) for a in addresses)} to {interface}"
        case RemoveAddresses(_, interface, addresses):
            return f"remove {' '.join(str(a.interface) for a in addresses)} from {interface}"
        case AddDropRules(_, filtered):
            return f"drop {' '.join(map(_filtered_text, filtered))}"
        case RemoveDropRules(_, filtered):
            return f"drop no more {' '.join(map(_filtered_text, filtered))}"
        case AddRoutes(_, routes):
            return f"add routes {', '.join(map(route_line, routes))}"
        case RemoveRoutes(_, routes):
            return f"remove routes {', '.join(map(route_line, routes))}"
        case ReplaceRoute(_, before, after):
            return f"replace route {route_line(before)} by {route_line(after)}"
        case AddRules(_, rules):
            return f"add rules {', '.join(map(rule_line, rules))}"
        case RemoveRules(_, rules):
            return f"remove rules {', '.join(map(rule_line, rules))}"
        case Announce(interface, address):
            return f"announce {address} on {interface}"
        case RunScript(script):
            return f"run {script}"
        case SignalScript(script, signal):
            return f"signal {signal} to {script}"
        case Notify(subject, name, state, priority, again):
            return f"notify {subject.value} {name} {state.name} {priority}{' again' if again else ''}"
        case NotifyEvent(instance, event, priority):
            return f"notify_{event.value.lower()} {instance} {priority}"
        case Transition(instance, before, after, reason):
            return f"{instance}: {before.name} → {after.name}: {reason}"
        case Log(text, level):
            return None if level is Level.DETAIL else f"log {text}"


def _filtered_text(it: FilteredAddress) -> str:
    return f"{it.address}{'%' if it.survives_device else ' on '}{it.device}"


def run(path: Path) -> str:
    """The scenario as it should read: its own lines, with the output that the engine gives now."""
    text = path.read_text()
    head, script = text.split("\n---\n", 1)
    configuration_file = path.with_suffix(".conf.tmp")
    configuration_file.write_text(head + "\n")
    try:
        engine = Engine(place_vmacs(load(str(configuration_file)).configuration).configuration)
    finally:
        configuration_file.unlink()
    lines: list[str] = []
    for line in script.splitlines():
        if line.startswith(OUTPUT.rstrip()):
            continue
        lines.append(line)
        if line.strip() and not line.startswith("#"):
            lines += _step(engine, line)
    return f"{head}\n---\n" + "\n".join(lines) + "\n"


def _step(engine: Engine, line: str) -> Iterator[str]:
    seconds, verb, *words = line.split()
    now_us = round(float(seconds) * SECOND)
    while verb != "oversleep" and (due_us := engine.next_deadline()) is not None and due_us <= now_us:
        yield from _tell(engine.expire(due_us), due_us)
    match verb:
        case "wait":
            return
        case "oversleep":
            actions = engine.expire(now_us)
        case "start":
            actions = engine.start(now_us)
        case "stop":
            actions = engine.stop(now_us)
        case _:
            actions = engine.handle(_event(engine, verb, words, now_us), now_us)
    yield from _tell(actions, now_us)


def _tell(actions: list[Action], now_us: int) -> Iterator[str]:
    for text, repeated in itertools.groupby(filter(None, map(describe, actions))):
        count = len(list(repeated))
        times = f" ×{count}" if count > 1 else ""
        yield f"{OUTPUT}{now_us / SECOND:.3f} {text}{times}"


def _event(engine: Engine, verb: str, words: list[str], now_us: int) -> Event:
    match verb, words:
        case "link", [interface, state, *polled]:
            flags = LINK_FLAGS[state]
            return LinkChanged(interface, state == "up", flags, state != "gone", bool(polled))
        case "file", [name, number]:
            return FileRead(name, int(number))
        case "address", [interface, "none"]:
            return SourceAddressChanged(interface, 4, None)
        case "address", [interface, "::"]:
            return SourceAddressChanged(interface, 6, None)
        case "address", [interface, text]:
            address = ip_address(text)
            return SourceAddressChanged(interface, address.version, address)
        case "script", [name, "exits", status]:
            return ScriptExited(name, int(status))
        case "script", [name, "killed", signal]:
            return ScriptExited(name, None, int(signal))
        case "program", [script, "ends" | "begins" as what]:
            return ProgramChanged(script, what == "begins")
        case "processes", [name, count]:
            return ProcessesCounted(name, int(count))
        case "lost", ["route" | "rule" as kind, instance, number]:
            config = engine.instances[instance].config
            items = config.virtual_routes if kind == "route" else config.virtual_rules
            return RoutingLost(items[int(number)])
        case "lost", [interface, address]:
            return AddressLost(interface, ip_address(address))
        case "advert", [instance, "from", source, "priority", priority, *changes]:
            advert = _advert(engine, instance, source, int(priority), changes, now_us)
            return AdvertReceived(instance, advert, wall_us=now_us)
    raise ValueError(f"no such event: {verb} {words}")


def _advert(
    engine: Engine, instance: str, source: str, priority: int, changes: list[str], now_us: int
) -> Advert:
    """An advert of a peer with our own configuration, but for `changes`: field and number, in turn.

    `ah` is its sequence number with AH, `clock` the seconds that it was signed at with auth_hmac,
    `old_checksum` 1 says that it is summed as before 1.3.7.
    """
    config = engine.instances[instance].config
    destination = engine.facts.source_of(config) if config.unicast else config.multicast_group
    words = dict(zip(changes[::2], changes[1::2], strict=True))
    clock_us = round(float(words.pop("clock", now_us / SECOND)) * SECOND)
    number = int(words.pop("ah", 0)) or clock_sequence(clock_us)
    old = bool(int(words.pop("old_checksum", 0)))
    unsigned = encode(config, priority, ip_address(source), destination, old_checksum=old)
    datagram = sign(config, unsigned, number, 1)
    advert = decode(parse_ipv4(pack_ipv4(datagram, 1)) if config.family == 4 else datagram)
    fields = {field: getattr(advert, field) for field in Advert.__slots__}
    for field, value in words.items():
        match field:
            case "addresses":
                fields[field] = (ip_address(value),)
            case "checksum":
                fields["pdu"] = set_checksum(advert.pdu, int(value))
            case _:
                fields[field] = int(value)
    return Advert(**fields)


def set_checksum(pdu: bytes, value: int) -> bytes:
    return pdu[:CHECKSUM_OFFSET] + value.to_bytes(2) + pdu[CHECKSUM_OFFSET + 2 :]
