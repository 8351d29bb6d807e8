"""Whatever configuration a model is printed as, read again it is the same model."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepalived_py.model.address import AddressFlag, Broadcast, IpAddress
from keepalived_py.model.command import Account, Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.definitions import (
    DBus,
    Fifo,
    GlobalDefinitions,
    LvsSettings,
    Mail,
    ProcessSettings,
    Snmp,
)
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import (
    AuthType,
    GratuitousArp,
    InitialState,
    SyncGroup,
    UnicastPeer,
    VirtualRouter,
)
from keepalived_py.model.tracking import (
    ParameterMatch,
    Tracked,
    TrackFile,
    TrackProcess,
    TrackScript,
    Weight,
)
from keepalived_py.model.units import SECOND
from keepalived_py.schema.load import load
from tests.schema.printing import printed

NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,8}", fullmatch=True)
INTERFACE = st.sampled_from(["eth0", "eth1", "bond0.5"])
PATH = NAME.map(lambda name: f"/run/{name}")
ARGUMENT = st.text(st.sampled_from("abc /.-_#!'\\é"), min_size=1, max_size=8)
ACCOUNT = st.none() | st.builds(Account, NAME, st.none() | NAME)
COMMAND = st.builds(
    Command, st.lists(ARGUMENT, max_size=3).flatmap(lambda more: PATH.map(lambda it: (it, *more))), ACCOUNT
)
WEIGHT = st.builds(Weight, st.integers(-253, 253), st.booleans())
MILLISECONDS_US = st.integers(1, 1000_000).map(lambda milliseconds: milliseconds * SECOND // 1000)
SECONDS_US = st.integers(1, 4000).map(lambda seconds: seconds * SECOND)
REPEAT = st.integers(1, 2**32 - 1)
MAYBE = st.none() | st.booleans()


def some(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(names, max_size=3, unique=True)


def optional(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


SCRIPTS = st.builds(
    TrackScript,
    name=NAME,
    command=COMMAND,
    interval_us=MILLISECONDS_US,
    timeout_us=optional(MILLISECONDS_US),
    weight=WEIGHT,
    rise=st.integers(1, 1000),
    fall=st.integers(1, 1000),
    init_fail=st.booleans(),
)


@st.composite
def processes(draw: st.DrawFn) -> TrackProcess:
    parameters = draw(optional(st.lists(NAME, min_size=1, max_size=2).map(tuple)))
    match = draw(st.sampled_from(ParameterMatch)) if parameters else ParameterMatch.EXACT
    return TrackProcess(
        name=draw(NAME),
        path=draw(PATH),
        parameters=parameters,  # type: ignore[arg-type]
        parameter_match=match,
        full_command=bool(parameters) or draw(st.booleans()),
        weight=draw(st.builds(Weight, st.integers(1, 254), st.booleans()) | st.just(Weight())),
        quorum=draw(st.integers(1, 100)),
        quorum_max=draw(optional(st.integers(100, 65535))),  # type: ignore[arg-type]
        terminate_delay_us=draw(st.integers(0, 3600 * SECOND)),
        fork_delay_us=draw(st.integers(0, 3600 * SECOND)),
    )


@st.composite
def files(draw: st.DrawFn) -> TrackFile:
    initial = draw(optional(st.integers(-254, 254)))
    return TrackFile(
        name=draw(NAME),
        path=draw(PATH),
        weight=draw(st.builds(Weight, st.integers(-254, 254), st.booleans())),
        initial_value=initial,  # type: ignore[arg-type]
        overwrite=initial is not None and draw(st.booleans()),
    )


@st.composite
def addresses(draw: st.DrawFn, family: int, number: int) -> IpAddress:
    prefix = draw(st.integers(8, 32 if family == 4 else 128))
    if family == 4:
        interface: IPv4Interface | IPv6Interface = IPv4Interface((0x0A000001 + number, prefix))
        peer = draw(optional(st.just(IPv4Address("10.9.9.9"))))
        return IpAddress(
            interface=IPv4Interface((int(interface.ip), 32)) if peer else interface,
            device=draw(st.none() | INTERFACE),
            scope=draw(st.integers(0, 254)),
            broadcast=None if peer or prefix > 30 else draw(st.none() | st.sampled_from(Broadcast)),
            label=draw(st.none() | NAME),
            peer=peer,  # type: ignore[arg-type]
            flags=draw(st.sampled_from([AddressFlag.NONE, AddressFlag.NOPREFIXROUTE])),
            preferred_lifetime_seconds=draw(optional(st.integers(0, 2**32 - 1))),  # type: ignore[arg-type]
            tracked=draw(st.booleans()),
        )
    first = 0xFE80 << 112 if number == 0 else 0x20010DB8 << 96
    return IpAddress(
        interface=IPv6Interface((first + 1 + number, prefix)),
        device=draw(st.none() | INTERFACE),
        flags=draw(st.sampled_from([AddressFlag.NONE, AddressFlag.DAD, AddressFlag.HOME, ~AddressFlag.NONE])),
        preferred_lifetime_seconds=draw(optional(st.integers(0, 2**32 - 1))),  # type: ignore[arg-type]
        tracked=draw(st.booleans()),
    )


NOTIFY = {name: optional(COMMAND) for name in ("master", "backup", "fault", "stop", "any")}


def garp() -> st.SearchStrategy[GratuitousArp]:
    return st.builds(
        GratuitousArp,
        master_delay_us=SECONDS_US,
        master_repeat=REPEAT,
        master_refresh_us=SECONDS_US,
        master_refresh_repeat=REPEAT,
        lower_prio_delay_us=SECONDS_US,
        lower_prio_repeat=st.integers(0, 2**31 - 1),
    )


@st.composite
def routers(draw: st.DrawFn, name: str, vrid: int, defined: Configuration) -> VirtualRouter:
    inherits_alert = defined.definitions.smtp_alert is not None
    family = draw(st.sampled_from([4, 6]))
    version = 3 if family == 6 else draw(st.sampled_from([2, 3]))
    auth = draw(st.sampled_from([AuthType.NONE, AuthType.PASS])) if version == 2 else AuthType.NONE
    password = draw(st.from_regex(r"[a-z0-9 ]{0,7}[a-z]", fullmatch=True)).encode() if auth.value else b""
    nopreempt = draw(st.booleans())
    count = draw(st.integers(1, 4))
    base = vrid * 16
    peers = tuple(
        UnicastPeer(address=IPv4Address(0x0A080000 + base + number))
        for number in range(draw(st.integers(0, 3)) if family == 4 else 0)
    )
    source = IPv4Address("10.7.0.1") if family == 4 and draw(st.booleans()) else None
    weighted = {
        field: tuple(
            Tracked(name=one, weight=draw(WEIGHT))
            for one in draw(
                st.lists(st.sampled_from(sorted(names)), max_size=2, unique=True) if names else st.just([])
            )
        )
        for field, names in (
            ("track_scripts", defined.scripts.keys()),
            ("track_processes", defined.processes.keys()),
            ("track_files", defined.files.keys()),
            ("track_interfaces", {"eth7", "eth8"}),
        )
    }
    deleted = draw(st.booleans())
    says_check = bool(peers) and draw(st.booleans())
    return VirtualRouter(
        name=name,
        vrid=vrid,
        interface="eth0",
        version=version,
        family=family,
        state=InitialState.BACKUP,
        priority=draw(st.integers(1, 254)),
        advert_interval_us=draw(st.integers(1, 40)) * SECOND,
        virtual_addresses=tuple(
            draw(addresses(family, base + number if number or family == 4 else 0)) for number in range(count)
        ),
        source_address=source,
        track_source_address=source is not None and draw(st.booleans()),
        unicast_peers=peers,
        unicast_configured=bool(peers),
        multicast_group=GROUPS[family],
        unicast_ttl=draw(optional(st.integers(0, 255))) if peers else None,  # type: ignore[arg-type]
        check_unicast_source=says_check,
        says_check_unicast_source=says_check,
        auth_type=auth,
        auth_data=password.ljust(8, b"\0"),
        nopreempt=nopreempt,
        preempt_delay_us=0 if nopreempt else draw(st.integers(0, 1000 * SECOND)),
        down_timer_adverts=draw(st.integers(1, 100)),
        accept=draw(st.booleans()),
        skip_check_adv_addr=draw(st.booleans()),
        lower_prio_no_advert=draw(st.booleans()),
        higher_prio_send_advert=draw(st.booleans()),
        garp=draw(garp()),
        track_primary=draw(st.booleans()),
        notify=NotifyScripts(
            **{field: draw(values) for field, values in NOTIFY.items()},  # type: ignore[arg-type]
            master_rx_lower_pri=draw(optional(COMMAND)),  # type: ignore[arg-type]
            deleted=draw(optional(COMMAND)) if deleted else None,  # type: ignore[arg-type]
            report_deleted=deleted,
            smtp_alert=draw(st.booleans() if inherits_alert else MAYBE),
        ),
        notify_priority_changes=draw(st.booleans()),
        debug=draw(st.integers(0, 4)),
        **weighted,  # type: ignore[arg-type]
    )


DEFAULTS = GlobalDefinitions()
GROUPS = {4: DEFAULTS.multicast_group_4, 6: DEFAULTS.multicast_group_6}
FIFO = st.builds(Fifo, path=optional(PATH)) | st.builds(
    Fifo, path=PATH, owner=ACCOUNT, reader=optional(COMMAND)
)
INTERVAL_US = st.integers(1, 30_000).map(lambda milliseconds: milliseconds * SECOND // 1000)
PROCESS = st.builds(
    ProcessSettings, nice=st.integers(-20, 19), no_swap=st.booleans(), realtime_priority=st.integers(0, 99)
)
DEFINITIONS = st.builds(
    GlobalDefinitions,
    router_id=st.none() | NAME,
    mail=st.builds(
        Mail,
        server=st.none() | st.just("mail.example.com"),
        helo_name=st.none() | NAME,
        connect_timeout_us=SECONDS_US,
        sender=st.none() | st.just("a@example.com"),
        recipients=some(NAME).map(tuple),
    ),
    smtp_alert=MAYBE,
    default_interface=INTERFACE,
    script_account=ACCOUNT,
    script_security=st.booleans(),
    dynamic_interfaces=st.booleans(),
    version=st.sampled_from([2, 3]),
    garp=st.builds(
        GratuitousArp,
        master_delay_us=SECONDS_US,
        master_repeat=REPEAT,
        master_refresh_us=SECONDS_US,
        master_refresh_repeat=REPEAT,
    ),
    garp_lower_prio_delay_us=st.none() | SECONDS_US,
    garp_lower_prio_repeat=st.none() | st.integers(0, 2**31 - 1),
    garp_interval_us=st.integers(1, 2**32 - 1),
    gna_interval_us=st.integers(1, 2**32 - 1),
    down_timer_adverts=st.integers(1, 100),
    lower_prio_no_advert=st.booleans(),
    higher_prio_send_advert=st.booleans(),
    owner_ignore_adverts=st.booleans(),
    log_unknown_vrids=st.booleans(),
    notify_priority_changes=st.booleans(),
    notify_fifo=FIFO,
    vrrp_notify_fifo=FIFO,
    use_pid_dir=st.booleans(),
    child_wait_time_us=SECONDS_US,
    umask=st.none() | st.integers(0, 0o777),
    vrrp_process=PROCESS,
    checker_process=PROCESS,
    bfd_process=PROCESS,
    snmp=st.builds(
        Snmp,
        vrrp=st.booleans(),
        checker=st.booleans(),
        rfc_v2=st.booleans(),
        rfc_v3=st.booleans(),
        traps=st.booleans(),
        virtual_server_interval_us=INTERVAL_US,
        real_server_interval_us=st.none() | INTERVAL_US,
    ),
    dbus=st.builds(
        DBus, enabled=st.booleans(), service_name=st.none() | NAME, no_interface_name=st.none() | NAME
    ),
    lvs=st.builds(
        LvsSettings,
        flush=st.booleans(),
        nftables_priority=st.integers(-(2**31), 2**31 - 1),
        nftables_start_fwmark=st.integers(1, 2**32 - 1),
        log_all_failures=st.booleans(),
        rs_init_notifies=st.booleans(),
        no_checker_emails=st.booleans(),
    ),
    data_use_instance=st.booleans(),
    use_symlink_paths=st.booleans(),
    set_supplementary_groups=st.booleans(),
    no_email_faults=st.booleans(),
    startup_delay_us=st.just(0) | st.integers(1000, 2**32 - 1),
)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    defined = Configuration(
        definitions=draw(DEFINITIONS),
        scripts={one.name: one for one in draw(st.lists(SCRIPTS, max_size=2))},
        processes={one.name: one for one in draw(st.lists(processes(), max_size=2))},
        files={one.name: one for one in draw(st.lists(files(), max_size=2))},
    )
    names = draw(some(NAME))
    found = {name: draw(routers(name, vrid, defined)) for vrid, name in enumerate(names, 1)}
    tracked = {it.name for router in found.values() for it in router.track_scripts}
    return Configuration(
        definitions=defined.definitions,
        scripts={
            name: replace(it, init_fail=it.init_fail and name not in tracked)
            for name, it in defined.scripts.items()
        },
        processes=defined.processes,
        files=defined.files,
        routers=found,
        static_addresses=tuple(
            draw(addresses(4, 4096 + number)) for number in range(draw(st.integers(0, 2)))
        ),
    )


@settings(deadline=None, max_examples=40)
@given(configuration=configurations())
def test_a_printed_configuration_is_read_as_the_same_model(
    tmp_path_factory: pytest.TempPathFactory, configuration: Configuration
) -> None:
    path = tmp_path_factory.getbasetemp() / "printed.conf"
    path.touch()
    text = printed(configuration)
    loaded = load(str(path), config_id="here", texts={str(path): text.encode()})
    assert loaded.configuration == configuration, text


@settings(deadline=None, max_examples=20)
@given(
    members=st.lists(NAME, min_size=2, max_size=3, unique=True),
    notify=st.fixed_dictionaries(NOTIFY),
    tracking_weight=st.booleans(),
)
def test_a_printed_group_is_read_as_the_same_group(
    tmp_path_factory: pytest.TempPathFactory,
    members: list[str],
    notify: dict[str, Any],
    tracking_weight: bool,
) -> None:
    path = tmp_path_factory.getbasetemp() / "printed.conf"
    path.touch()
    configuration = Configuration(
        routers={
            name: VirtualRouter(
                name=name,
                vrid=vrid,
                interface="eth0",
                virtual_addresses=(IpAddress(interface=IPv4Interface(f"10.0.0.{vrid}/24")),),
            )
            for vrid, name in enumerate(members, 1)
        },
        groups={
            "G": SyncGroup(
                name="G",
                members=tuple(members),
                notify=NotifyScripts(**notify),
                tracking_weight=tracking_weight,
            )
        },
    )
    text = printed(configuration)
    loaded = load(str(path), config_id="here", texts={str(path): text.encode()})
    assert loaded.configuration == configuration, text


def test_the_example_of_the_pair_survives_printing(tmp_path: Path) -> None:
    first = load(str(Path(__file__).with_name("nginx_pair.conf")), config_id="here").configuration
    file = tmp_path / "printed.conf"
    file.write_text(printed(first))
    assert load(str(file), config_id="here").configuration == first
