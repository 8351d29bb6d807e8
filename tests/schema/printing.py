"""A model as configuration text, from the same rows that read it: what is printed and read again must
be the same model. Routes, rules, BFD and virtual servers are not printed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from keepalived_py.model.address import Broadcast, IpAddress
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import Fifo, GlobalDefinitions, ProcessSettings
from keepalived_py.model.router import AuthType, UnicastPeer, VirtualRouter
from keepalived_py.model.tracking import ParameterMatch, Tracked, TrackFile, TrackProcess, TrackScript, Weight
from keepalived_py.schema.addresses import FLAGS
from keepalived_py.schema.arguments import Boolean, Choice, Decimal, Integer, Nothing, Text
from keepalived_py.schema.keywords import ROOT
from keepalived_py.schema.row import Row, Table

Lines = Iterable[str]
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=|*^-]+")


def printed(configuration: Configuration) -> str:
    """The text of a configuration."""
    definitions = configuration.definitions
    lines: list[str] = []
    lines += _rows(ROOT, _definition_values(definitions), _PROCESS, definitions)
    lines += _block("global_defs", "", _definition_values(definitions), _DEFINITIONS, definitions)
    for keyword, models, writers in (
        ("vrrp_script", configuration.scripts, _SCRIPT),
        ("vrrp_track_process", configuration.processes, _TRACK_PROCESS),
        ("track_file", configuration.files, _TRACK_FILE),
        ("vrrp_instance", configuration.routers, _INSTANCE),
        ("vrrp_sync_group", configuration.groups, _GROUP),
    ):
        for name, model in models.items():
            lines += _block(keyword, name, _values(model), writers, model)
    lines += _list("static_ipaddress", map(_address, configuration.static_addresses))
    return "\n".join(lines) + "\n"


def _block(keyword: str, name: str, values: dict[str, Any], writers: "Writers", model: Any) -> Lines:
    rows = ROOT[keyword].rows or {}
    yield f"{keyword} {_word(name)} {{" if name else f"{keyword} {{"
    yield from _rows(rows, values, writers, model)
    yield "}"


def _rows(rows: Table, values: dict[str, Any], writers: "Writers", model: Any) -> Iterator[str]:
    """The lines of a block, each row by its writer, else by the type of its argument."""
    for row in rows.values():
        if row.name in writers:
            yield from writers[row.name](model)
        elif row.field in values and not row.bind and not row.renamed_to:
            text = _argument(row, values[row.field])
            if text is not None:
                yield f"{row.name} {text}".rstrip()


def _argument(row: Row, value: Any) -> str | None:
    """The argument that means a value; None for a row that is to be left out."""
    match row.argument:
        case _ if value is None:
            return None
        case Nothing():
            return "" if value == row.sets else None
        case Boolean():
            return "true" if value else "false"
        case Choice(values=words):
            return next(word for word, meaning in words if meaning == value)
        case Integer(scale=scale):
            return str(value // scale)
        case Decimal(decimals=decimals, scale=scale):
            whole, fraction = divmod(value // scale, 10**decimals)
            return f"{whole}.{fraction:0{decimals}}"
        case Text():
            return _word(value)
    raise AssertionError(f"{row.name}: no way to print {row.argument}")


def _values(model: Any) -> dict[str, Any]:
    """The fields of a model, those of its parts by the names that drafts have for them."""
    values = {field.name: getattr(model, field.name) for field in fields(model)}
    for part in ("garp", "notify"):
        if part in values:
            prefix = "garp_" if part == "garp" else ""
            inner = values.pop(part)
            values |= {f"{prefix}{field.name}": getattr(inner, field.name) for field in fields(inner)}
    return values


def _definition_values(definitions: GlobalDefinitions) -> dict[str, Any]:
    values = {
        field.name: getattr(definitions, field.name)
        for field in fields(definitions)
        if not field.name.startswith("garp") or field.name.startswith("garp_")
    }
    garp = {f"garp_{name}": getattr(definitions.garp, name) for name in _GLOBAL_GARP}
    mail = definitions.mail
    parts = {
        f"{name}.{field.name}": getattr(part, field.name)
        for name, part in values.items()
        if is_dataclass(part)
        for field in fields(part)
    }
    return (
        parts
        | garp
        | values
        | {
            "smtp_helo_name": mail.helo_name,
            "smtp_connect_timeout_us": mail.connect_timeout_us,
        }
    )


_GLOBAL_GARP = ("master_delay_us", "master_repeat", "master_refresh_us", "master_refresh_repeat")


# Words


def _word(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    assert not set(text) & set('"\n\r$\\'), f"not to be written as one word: {text}"
    return f'"{text}"'


def _account(account: Account | None) -> str:
    if account is None:
        return ""
    return f" {account.user}" + (f" {account.group}" if account.group else "")


def _command(command: Command) -> str:
    words = ("'" + re.sub(r"(['\\])", r"\\\1", word) + "'" for word in command.arguments)
    return f'"{" ".join(words)}"{_account(command.account)}'


def _weight(weight: Weight, noreverse: str = "") -> str:
    return f"{weight.value} reverse" if weight.reverse else f"{weight.value} {noreverse}".rstrip()


def _address(address: IpAddress) -> str:
    words = [str(address.interface), f"scope {address.scope}" if address.scope else ""]
    words += [f"dev {address.device}" if address.device else ""]
    if address.broadcast is not None:
        broadcast = address.broadcast
        words.append(f"brd {broadcast.value if isinstance(broadcast, Broadcast) else broadcast}")
    words += [f"label {_word(address.label)}" if address.label else ""]
    words += [f"peer {address.peer}" if address.peer else ""]
    words += [word for word, flag in FLAGS.items() if flag in address.flags]
    seconds = address.preferred_lifetime_seconds
    words += [f"preferred_lft {'forever' if seconds is None else seconds}"]
    words += ["" if address.tracked else "no_track", "use_vmac" if address.use_vmac else ""]
    words += [f"track_group {address.track_group}" if address.track_group else ""]
    return " ".join(filter(None, words))


def _peer(peer: UnicastPeer) -> str:
    low = f" min_ttl {peer.min_ttl}" if peer.min_ttl is not None else ""
    high = f" max_ttl {peer.max_ttl}" if peer.max_ttl is not None else ""
    return f"{peer.address}{low}{high}"


# Lines of rows that are more than a value


Writers = dict[str, Callable[[Any], Lines]]


def _line(keyword: str, text: str | None) -> Lines:
    return [] if text is None else [f"{keyword} {text}".rstrip()]


def _list(keyword: str, entries: Lines) -> Lines:
    found = list(entries)
    return [f"{keyword} {{", *found, "}"] if found else []


def _tracked(keyword: str, tracked: Iterable[Tracked]) -> Lines:
    noreverse = "" if keyword == "track_interface" else "noreverse"
    return _list(keyword, (f"{_word(one.name)} weight {_weight(one.weight, noreverse)}" for one in tracked))


def _flag(keyword: str, given: bool) -> Lines:
    return [keyword] if given else []


def _authentication(router: VirtualRouter) -> Lines:
    if router.auth_type is AuthType.NONE:
        return []
    password = router.auth_data.rstrip(b"\0").decode()
    return ["authentication {", f"auth_type {router.auth_type.name}", f"auth_pass {_word(password)}", "}"]


def _deleted(router: VirtualRouter) -> Lines:
    if not router.notify.report_deleted:
        return []
    return _line("notify_deleted", _command(router.notify.deleted) if router.notify.deleted else "")


def _notify(keyword: str, field: str) -> tuple[str, Callable[[Any], Lines]]:
    def write(model: Any) -> Lines:
        command: Command | None = getattr(model.notify, field)
        return _line(keyword, _command(command) if command else None)

    return keyword, write


def _fifo(field: str, keyword: str) -> Writers:
    def path(definitions: GlobalDefinitions) -> Lines:
        fifo: Fifo = getattr(definitions, field)
        return _line(keyword, f"{_word(fifo.path)}{_account(fifo.owner)}" if fifo.path else None)

    def script(definitions: GlobalDefinitions) -> Lines:
        fifo: Fifo = getattr(definitions, field)
        return _line(f"{keyword}_script", _command(fifo.reader) if fifo.reader else None)

    return {keyword: path, f"{keyword}_script": script}


def _process_settings(process: str) -> Writers:
    def priority(definitions: GlobalDefinitions) -> Lines:
        settings: ProcessSettings = getattr(definitions, f"{process}_process")
        return _line(f"{process}_priority", str(settings.nice))

    def realtime(definitions: GlobalDefinitions) -> Lines:
        settings: ProcessSettings = getattr(definitions, f"{process}_process")
        return _line(f"{process}_rt_priority", str(settings.realtime_priority or "") or None)

    return {f"{process}_priority": priority, f"{process}_rt_priority": realtime}


_PROCESS: Writers = {
    "net_namespace": lambda it: _line("net_namespace", it.net_namespace),
    "instance": lambda it: _line("instance", it.instance),
}
_DEFINITIONS: Writers = {
    **_fifo("notify_fifo", "notify_fifo"),
    **_fifo("vrrp_notify_fifo", "vrrp_notify_fifo"),
    "notification_email": lambda it: _list("notification_email", it.mail.recipients),
    "notification_email_from": lambda it: _line("notification_email_from", it.mail.sender),
    "smtp_server": lambda it: _line(
        "smtp_server", f"{it.mail.server} {it.mail.port}" if it.mail.server else None
    ),
    "script_user": lambda it: _line(
        "script_user", _account(it.script_account).strip() if it.script_account else None
    ),
    "dynamic_interfaces": lambda it: _flag("dynamic_interfaces", it.dynamic_interfaces),
    "vrrp_mcast_group4": lambda it: _line("vrrp_mcast_group4", str(it.multicast_group_4)),
    "vrrp_mcast_group6": lambda it: _line("vrrp_mcast_group6", str(it.multicast_group_6)),
    **_process_settings("vrrp"),
    **_process_settings("checker"),
    **_process_settings("bfd"),
    "vrrp_startup_delay": lambda it: _line(
        "vrrp_startup_delay", f"{it.startup_delay_us / 1e6:.6f}" if it.startup_delay_us else None
    ),
    "umask": lambda it: _line("umask", f"0{it.umask:o}" if it.umask is not None else None),
}


def _script(script: TrackScript) -> Lines:
    return [f"script {_command(Command(script.command.arguments))}"]


_SCRIPT: Writers = {
    "script": _script,
    "weight": lambda it: [f"weight {_weight(it.weight)}"],
    "user": lambda it: _line("user", _account(it.command.account).strip() or None),
}


def _process(process: TrackProcess) -> Lines:
    words = [process.path, *(process.parameters or ())]
    return ["process " + " ".join(map(_word, words))]


def _match(process: TrackProcess) -> Lines:
    if process.parameters is None or (process.parameter_match is ParameterMatch.EXACT and process.parameters):
        return []
    word = "" if process.parameter_match is ParameterMatch.EXACT else process.parameter_match.value
    return _line("param_match", word)


_TRACK_PROCESS: Writers = {
    "process": _process,
    "param_match": _match,
    "weight": lambda it: [f"weight {_weight(it.weight)}"] if it.weight.value else [],
    "quorum": lambda it: [f"quorum {it.quorum}"],
    "quorum_max": lambda it: _line("quorum_max", None if it.quorum_max is None else str(it.quorum_max)),
    "terminate_delay": lambda it: _line("terminate_delay", _delay(it.terminate_delay_us)),
    "fork_delay": lambda it: _line("fork_delay", _delay(it.fork_delay_us)),
}


def _delay(microseconds: int) -> str | None:
    return f"{microseconds / 1e6:.6f}" if microseconds else None


def _initial(file: TrackFile) -> Lines:
    if file.initial_value is None:
        return []
    return [f"init_file {file.initial_value}{' overwrite' if file.overwrite else ''}"]


_TRACK_FILE: Writers = {
    "file": lambda it: [f"file {_word(it.path)}"],
    "weight": lambda it: [f"weight {_weight(it.weight)}"],
    "init_file": _initial,
}

_TRACK_LISTS: Writers = {
    "track_interface": lambda it: _tracked("track_interface", it.track_interfaces),
    "track_script": lambda it: _tracked("track_script", it.track_scripts),
    "track_process": lambda it: _tracked("track_process", it.track_processes),
    "track_file": lambda it: _tracked("track_file", it.track_files),
}
_NOTIFY: Writers = dict(
    (
        _notify("notify_master", "master"),
        _notify("notify_backup", "backup"),
        _notify("notify_fault", "fault"),
        _notify("notify_stop", "stop"),
        _notify("notify", "any"),
    )
)

_INSTANCE: Writers = {
    **_TRACK_LISTS,
    **_NOTIFY,
    **dict((_notify("notify_master_rx_lower_pri", "master_rx_lower_pri"),)),
    "notify_deleted": _deleted,
    "state": lambda it: [f"state {it.state.value}"],
    "interface": lambda it: _line("interface", it.interface),
    "version": lambda it: [f"version {it.version}"],
    "virtual_ipaddress": lambda it: _list("virtual_ipaddress", map(_address, it.virtual_addresses)),
    "virtual_ipaddress_excluded": lambda it: _list(
        "virtual_ipaddress_excluded", map(_address, it.excluded_addresses)
    ),
    "authentication": _authentication,
    "mcast_src_ip": lambda it: _line(
        "mcast_src_ip", str(it.source_address) if it.source_address and not it.unicast else None
    ),
    "unicast_src_ip": lambda it: _line(
        "unicast_src_ip", str(it.source_address) if it.source_address and it.unicast else None
    ),
    "mcast_dst_ip": lambda it: [] if it.unicast else [f"mcast_dst_ip {it.multicast_group}"],
    "unicast_peer": lambda it: _list("unicast_peer", map(_peer, it.unicast_peers)),
    "skip_check_adv_addr": lambda it: _flag("skip_check_adv_addr", it.skip_check_adv_addr),
    "check_unicast_src": lambda it: _flag("check_unicast_src", it.check_unicast_source),
    "owner_ignore_adverts": lambda it: _flag("owner_ignore_adverts", it.owner_ignore_adverts),
    "track_src_ip": lambda it: _flag("track_src_ip", it.track_source_address),
}
_GROUP: Writers = {
    **_TRACK_LISTS,
    **_NOTIFY,
    "group": lambda it: _list("group", map(_word, it.members)),
}
