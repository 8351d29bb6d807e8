"""What the checker process tells: virtual servers, real servers and their checkers. None of them has
run: nothing acts on them yet."""

from collections.abc import Iterator
from functools import singledispatch
from ipaddress import IPv4Address

from keepalived_py.dump.tracking import file_lines
from keepalived_py.dump.view import View, weight
from keepalived_py.model.checker import (
    REGEX_OPTIONS,
    BfdCheck,
    Checker,
    Connection,
    DnsCheck,
    HttpCheck,
    MiscCheck,
    PingCheck,
    SmtpCheck,
    TcpCheck,
    UdpCheck,
    Url,
)
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.lvs import (
    FALLBACK,
    PORT,
    Checksum,
    Forwarding,
    Method,
    Protocol,
    RealServer,
    SchedulerFlag,
    Tls,
    Tunnel,
    VirtualServer,
    VirtualServerGroup,
)
from keepalived_py.model.units import SECOND, Microseconds

_IPVS_VERSION = "1.2.1"
_UNSET_TIME_US = 2**64 - 1
_UNSET_NUMBER = 2**32 - 1
_CHECKSUMS = {
    Checksum.NONE: "no checksum",
    Checksum.LOCAL: "checksum",
    Checksum.REMOTE: "remote checksum",
}


def checker_lines(configuration: Configuration, view: View) -> Iterator[str]:
    """All that follows the global definitions."""
    servers = configuration.virtual_servers
    if configuration.tls:
        yield "------< SSL definitions >------"
        yield from _tls_lines(configuration.tls)
    if servers:
        yield "------< LVS Topology >------"
        yield f" System is compiled with LVS v{_IPVS_VERSION}"
        for group in configuration.virtual_server_groups:
            yield from _group_lines(group)
        for server in servers:
            yield from _server_lines(server, view)
    yield from _health_lines(configuration, view)
    if configuration.files:
        yield "------< Checker track files >------"
        for file in configuration.files.values():
            # Only the VRRP process knows of an initial value.
            yield from file_lines(file, None, Configuration(), view)
    if configuration.checker_bfds:
        yield "------< Checker track BFDs >------"
        for name in configuration.checker_bfds:
            yield from _bfd_lines(name, servers)


def _tls_lines(tls: Tls) -> Iterator[str]:
    if tls == Tls():
        yield " Using autogen SSL context"
    if tls.password is not None:
        yield f" Password : {tls.password}"
    if tls.ca is not None:
        yield f" CA-file : {tls.ca}"
    if tls.certificate is not None:
        yield f" Certificate file : {tls.certificate}"
    if tls.key is not None:
        yield f" Key file : {tls.key}"


def _group_lines(group: VirtualServerGroup) -> Iterator[str]:
    yield " ------< Virtual server group >------"
    families = ", ".join(f"IPv{family} = {_yes(family in group.families)}" for family in (4, 6))
    yield f" Virtual Server Group = {group.name}, {families}"
    for entry in group.ranges:
        if entry.first == entry.last:
            yield f"   VIP = {entry.first}, VPORT = {entry.port}"
        else:
            yield f"   VIP Range = {entry.first}-{entry.last}, VPORT = {entry.port}"
        yield "     Alive: 0 tcp, 0 udp, 0 sctp"
        yield "     reloaded = False"
    for mark in group.marks:
        yield f"   FWMARK = {mark.mark}{f' IPv{mark.family}' if mark.family else ''}"
        yield "     Alive: 0 IPv4, 0 IPv6"
        yield "     reloaded = False"


def _server_lines(server: VirtualServer, view: View) -> Iterator[str]:
    yield " ------< Virtual server >------"
    if server.group is not None:
        yield f" VS GROUP = {server}"
    elif server.fwmark:
        yield f" VS FWMARK = {server.fwmark}"
    else:
        yield f" VS VIP = {server.endpoint.host}, VPORT = {server.endpoint.port}"
    if server.virtualhost is not None:
        yield f"   VirtualHost = {server.virtualhost}"
    if server.snmp_name is not None:
        yield f"   SNMP name = '{server.snmp_name}'"
    yield f"   Address family = {_family(server)}"
    yield f"   connection timeout = {_seconds(server.connect_timeout_us)}"
    yield f"   delay_loop = {_seconds(server.delay_loop_us)}"
    yield from _scheduling_lines(server)
    if server.persistence_timeout_seconds:
        yield f"   persistence timeout = {server.persistence_timeout_seconds}"
    if server.persistence_granularity not in (None, IPv4Address(_UNSET_NUMBER)):
        yield f"   persistence granularity = {server.persistence_granularity}"
    protocol = server.protocol
    yield f"   protocol = {'none' if protocol is Protocol.NONE else protocol.name}"
    yield f"   alpha is {_on(server.alpha)}"
    yield f"   omega is {_on(server.omega)}"
    yield from _retry_lines(server)
    yield f"   Inhibit on failure is {_on(server.inhibit_on_failure)}"
    yield f"   quorum = {server.quorum}, hysteresis = {server.hysteresis}"
    yield from _script_lines(server.quorum_up, "Quorum up", view)
    yield from _script_lines(server.quorum_down, "Quorum down", view)
    if server.ha_suspend:
        yield "   Using HA suspend"
    yield f"   Using smtp notification = {_yes(server.smtp_alert)}"
    yield _forwarding(server.forwarding, "default ")
    if server.sorry_server:
        sorry = server.sorry_server
        duplicate = "(duplicates rs) " if server.sorry_server_is_real_server else ""
        yield f"   sorry server {duplicate}= {sorry.endpoint.of(protocol.value)}"
        yield _forwarding(sorry.forwarding, "  ")
        yield f"     Inhibit on failure is {_on(sorry.inhibit)}"
        yield "     set = 0"
        yield "     alive = 0"
    yield "   VS alive = 0"
    yield "   quorum_state_up = 0"
    yield "   reloaded = 0"
    for real in server.real_servers:
        yield from _real_lines(real, view)


def _family(server: VirtualServer) -> str:
    if server.family:
        return "inet" if server.family == 4 else "inet6"
    return "IPv4 & IPv6"


def _scheduling_lines(server: VirtualServer) -> Iterator[str]:
    flags, name = server.scheduler_flags, server.scheduler
    yield f"   lvs_sched = {name}"
    yield "   Hashed = disabled"
    if name in ("sh", "mh"):
        yield f"   {name}-port = {_abled(bool(flags & PORT))}"
        yield f"   {name}-fallback = {_abled(bool(flags & FALLBACK))}"
    else:
        for number, flag in enumerate(SchedulerFlag, 1):
            yield f"   flag-{number} = {_abled(bool(flags & flag))}"
    inactive = server.one_packet and server.protocol is not Protocol.UDP
    yield f"   One packet scheduling = {_abled(server.one_packet)}" + (
        " (inactive due to not UDP)" if inactive else ""
    )


def _retry_lines(it: VirtualServer | RealServer) -> Iterator[str]:
    if it.retry is not None:
        yield f"   Retry count = {it.retry}"
    if it.delay_before_retry_us is not None:
        yield f"   Retry delay = {_seconds(it.delay_before_retry_us)}"
    if it.warmup_us is not None:
        yield f"   Warmup = {_seconds(it.warmup_us)}"


def _script_lines(command: Command | None, kind: str, view: View) -> Iterator[str]:
    if command:
        owner = view.owner(command.account)
        yield f"   {kind} notify script = {view.command(command)}, uid:gid {owner}"


def _forwarding(it: Forwarding | None, prefix: str = "") -> str:
    what = "forwarding method = "
    if it is None:
        return f"   {what} 0x7"
    if it.method is not Method.TUN:
        return f"   {prefix}{what}{it.method.value}"
    if it.tunnel is Tunnel.IPIP:
        return f"   {prefix}{what}TUN, type = IPIP"
    port = f", port = {it.port}" if it.tunnel is Tunnel.GUE else ""
    return f"   {what}TUN, type = {it.tunnel.name}{port}, {_CHECKSUMS[it.checksum]}"


def _real_lines(real: RealServer, view: View) -> Iterator[str]:
    where = f"RIP = {real.endpoint.host}, RPORT = {real.endpoint.port}"
    yield "   ------< Real server >------"
    yield f"   {where}, WEIGHT = {real.weight} EFF WEIGHT = {real.weight}"
    yield _forwarding(real.forwarding)
    yield f"   Alpha is {_on(real.alpha)}"
    yield f"   connection timeout = {_seconds(real.connect_timeout_us)}"
    yield f"   connection limit range = {real.lower_threshold} -> {real.upper_threshold}"
    yield f"   Delay loop = {_seconds(real.delay_loop_us)}"
    yield from _retry_lines(real)
    yield f"   Inhibit on failure is {_on(real.inhibit_on_failure)}"
    yield from _script_lines(real.notify_up, "RS up", view)
    yield from _script_lines(real.notify_down, "RS down", view)
    if real.virtualhost is not None:
        yield f"    VirtualHost = '{real.virtualhost}'"
    if real.snmp_name is not None:
        yield f"   SNMP name = {real.snmp_name}"
    yield f"   Using smtp notification = {_yes(real.smtp_alert)}"
    yield f"   initial weight = {real.weight}"
    yield f"   effective weight = {real.weight}"
    yield "   previous effective_weight = 0"
    yield "   alive = 0"
    yield f"   num failed checkers = {sum(checker.alpha for checker in real.checkers)}"
    yield "   RS set = 0"
    yield "   reloaded = 0"
    if real.track_files:
        yield "   Tracked Files"
        yield from (f"     {file.name}, weight {weight(file.weight)}" for file in real.track_files)
    bfds = [checker.name for checker in real.checkers if isinstance(checker, BfdCheck)]
    if bfds:
        yield "   Tracked BFDs"
        yield from (f"     {name}" for name in bfds)


def _health_lines(configuration: Configuration, view: View) -> Iterator[str]:
    urls = [
        url
        for server in configuration.virtual_servers
        for real in server.real_servers
        for checker in real.checkers
        if isinstance(checker, HttpCheck)
        for url in checker.urls
    ]
    header = "------< Health checkers >------"
    for server in configuration.virtual_servers:
        for real in server.real_servers:
            for checker in real.checkers:
                if header:
                    yield header
                    header = ""
                yield f" {server} -> {real.endpoint.of(server.protocol.value)}"
                yield from _checker_lines(checker)
                yield from _own_lines(checker, view, urls)


def _checker_lines(checker: Checker) -> Iterator[str]:
    delay_loop_us, warmup_us, delay_us = _UNSET_TIME_US, _UNSET_TIME_US, _UNSET_TIME_US
    retry = _UNSET_NUMBER
    if not isinstance(checker, BfdCheck):
        delay_loop_us, warmup_us = checker.delay_loop_us, checker.warmup_us
        delay_us, retry = checker.delay_before_retry_us, checker.retry
    yield "   Enabled = yes"
    yield f"   Up = {_yes(not checker.alpha)}"
    yield "   Has run = no"
    yield "   Current weight = 0"
    yield f"   Alpha = {_yes(checker.alpha)}"
    yield f"   Delay loop = {delay_loop_us} us"
    yield f"   Warmup = {warmup_us} us"
    yield f"   Retries = {retry}"
    if retry:
        yield f"   Delay before retry = {delay_us} us"
        yield f"   Retries iterations = {retry}"
    yield f"   Default delay before retry = {checker.DEFAULT_DELAY_BEFORE_RETRY_US} us"
    yield f"   Log all failures = {_yes(checker.log_all_failures)}"
    if checker.connection:
        yield "   Connection"
        yield from _connection_lines(checker.connection)


def _connection_lines(connection: Connection) -> Iterator[str]:
    yield f"     Dest = {connection.destination}"
    if connection.bind.address is not None:
        yield f"     Bind to = {connection.bind}"
    if connection.bind_interface is not None:
        yield f"     Bind i/f = {connection.bind_interface}"
    if connection.fwmark:
        yield f"     Mark = {connection.fwmark}"
    yield f"     Timeout = {_seconds(connection.timeout_us)}"


@singledispatch
def _own_lines(checker: Checker, view: View, urls: list[Url]) -> Iterator[str]:
    """What there is to tell of one kind of checker; `urls` are all of the configuration."""
    raise TypeError(checker)


@_own_lines.register
def _(checker: TcpCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = TCP_CHECK"


@_own_lines.register
def _(checker: PingCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = PING_CHECK"
    yield "     ICMP seq no = 0"


@_own_lines.register
def _(checker: SmtpCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = SMTP_CHECK"
    yield f"   helo = {checker.helo_name}"


@_own_lines.register
def _(checker: DnsCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = DNS_CHECK"
    yield f"   Type = {checker.type}"
    yield f"   Name = {checker.name}"


@_own_lines.register
def _(checker: UdpCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = UDP_CHECK"
    if checker.payload is None:
        yield "   Payload specified = no"
    else:
        yield f"   Payload len = {len(checker.payload)}"
    yield f"   Require reply = {_yes(checker.require_reply)}"
    if checker.require_reply:
        yield f"     Min reply length = {checker.min_reply_length}"
        yield f"     Max reply length = {checker.max_reply_length}"
        yield f"     Reply data len = {len(checker.reply or b'')}"
        if checker.reply is not None:
            yield f"     Reply data mask = {_yes(checker.reply_mask is not None)}"


@_own_lines.register
def _(checker: MiscCheck, view: View, urls: list[Url]) -> Iterator[str]:
    name, path = view.program(checker.command)
    yield "   Keepalive method = MISC_CHECK"
    if path:
        yield f"   path = {path}"
    yield f"   script = {Command((name, *checker.command.arguments[1:])).quoted}"
    yield f"   timeout = {(checker.timeout_us or 0) // SECOND}"
    yield f"   dynamic = {_yes(checker.dynamic).upper()}"
    yield f"   uid:gid = {view.owner(checker.command.account)}"
    yield "   Last ran = 0.000000 (Thu Jan  1 00:00:00 1970.000000)"
    yield "   Last status = 0"


@_own_lines.register
def _(checker: BfdCheck, view: View, urls: list[Url]) -> Iterator[str]:
    yield "   Keepalive method = BFD_CHECK"
    yield f"   Name = {checker.name}"
    yield f"   Alpha is {_on(checker.alpha)}"


@_own_lines.register
def _(checker: HttpCheck, view: View, urls: list[Url]) -> Iterator[str]:
    kind = "SSL" if checker.tls else "HTTP"
    yield f"   Keepalive method = {kind}_GET, http protocol {checker.http_protocol.value}"
    if checker.virtualhost is not None:
        yield f"   Virtualhost = {checker.virtualhost}"
    yield f"   Enable SNI {_set(checker.enable_sni)}"
    if checker.sni_name is not None:
        yield f"     SNI name = {checker.sni_name}"
    yield f"   Fast recovery {_set(checker.fast_recovery)}"
    if checker.tls:
        yield f"   tls_compliant {_set(checker.tls_compliant)}"
    for url in checker.urls:
        yield from _url_lines(url, urls)


def _url_lines(url: Url, urls: list[Url]) -> Iterator[str]:
    yield f"   Checked url = {url.path}"
    if url.digest is not None:
        yield f"     digest = {url.digest.hex()}"
    yield f"     tls_compliant {_set(url.tls_compliant)}"
    yield "     HTTP Status Code(s)"
    for first, last in url.status_codes:
        yield f"       {first}" if first == last else f"       {first}-{last}"
    if url.virtualhost is not None:
        yield f"     Virtual host = {url.virtualhost}"
    if url.regex is None:
        return
    regex = url.regex
    others = [other.regex for other in urls if other.regex is not None]
    yield f'     Regex = "{regex.pattern}"'
    if regex.no_match:
        yield "     Regex no match"
    if regex.max_offset is not None:
        yield f"     Regex min offset = {regex.min_offset}, max_offset = {regex.max_offset}"
    elif regex.min_offset:
        yield f"     Regex min offset = {regex.min_offset}"
    # keepalived does not look which of them are set.
    yield f"     Regex options:{''.join(f' {name}' for name in REGEX_OPTIONS) if regex.options else ''}"
    same = [other for other in others if (other.pattern, other.options) == (regex.pattern, regex.options)]
    yield f"     Regex ref count = {len(same)}"
    if regex.stack:
        stacks = [other.stack for other in others if other.stack]
        start, most = (max(sizes) for sizes in zip(*stacks, strict=True))
        yield f"     Regex stack start {start}, max {most}"


def _bfd_lines(name: str, servers: tuple[VirtualServer, ...]) -> Iterator[str]:
    yield f" Checker Track BFD = {name}"
    yield "   Tracking RS :"
    for server in servers:
        for real in server.real_servers:
            for checker in real.checkers:
                if isinstance(checker, BfdCheck) and checker.name == name:
                    yield f"   {real.endpoint.of(server.protocol.value)}"


def _seconds(duration_us: Microseconds) -> str:
    return f"{duration_us // SECOND}.{duration_us % SECOND:06}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _on(value: bool) -> str:
    return "ON" if value else "OFF"


def _set(value: bool) -> str:
    return "set" if value else "unset"


def _abled(value: bool) -> str:
    return "enabled" if value else "disabled"
