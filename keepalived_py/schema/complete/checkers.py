"""Health checkers: what they inherit from their real servers, and commands that must not or cannot
run."""

from functools import singledispatch
from typing import Any, TypedDict

from keepalived_py.config.diagnostic import Consequence, Severity
from keepalived_py.model.checker import (
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
)
from keepalived_py.model.command import Command
from keepalived_py.model.endpoint import Endpoint
from keepalived_py.model.place import Place
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.scripts import check_readers, script_state, usable
from keepalived_py.schema.host import ScriptState
from keepalived_py.schema.lvs.draft import (
    BfdDraft,
    CheckerDraft,
    DnsDraft,
    HttpDraft,
    MiscDraft,
    PingDraft,
    RealServerDraft,
    SmtpDraft,
    TcpDraft,
    UdpDraft,
    VirtualServerDraft,
)
from keepalived_py.schema.scope import place_of


def disable_scripts(completion: Completion, servers: list[VirtualServerDraft]) -> None:
    """Look for the commands on the host, and take out those that must not or cannot run."""
    if not servers:
        return
    reals = [real for server in servers for real in server.reals]
    states = ScriptState.NONE
    for real in reals:
        states |= _check_misc(completion, real)
    for server in servers:
        states |= _check_notifications(completion, server, "quorum_up", "quorum_down")
    for real in reals:
        states |= _check_notifications(completion, real, "notify_up", "notify_down")
    definitions = completion.definitions
    states |= check_readers(completion, "notify_fifo", "lvs_notify_fifo")
    if states & ScriptState.SCRIPT and not definitions.script_security:
        insecure = " There are insecure scripts." if states & ScriptState.INSECURE else ""
        completion.scope.error(
            servers[0].head,
            "script-security",
            "SECURITY VIOLATION - check scripts are being executed but script_security not enabled."
            + insecure,
            word=1,
            help="add to global_defs: enable_script_security",
            severity=Severity.WARNING,
            consequence=Consequence.INSECURE,
            located=False,
        )


def _check_misc(completion: Completion, real: RealServerDraft) -> ScriptState:
    states = ScriptState.NONE
    for draft in [draft for draft in real.checkers if isinstance(draft, MiscDraft)]:
        command = Command(draft.arguments, draft.account)
        state = script_state(completion, command)
        states |= state
        if state & ScriptState.INHIBITED:
            problem, code = "due to insecure", "insecure-script"
        elif state & ScriptState.NOT_FOUND:
            problem, code = "since not found/accessible", "no-script"
        else:
            problem = ""
        if problem:
            completion.scope.error(
                draft.head,
                code,
                f"Disabling misc script {command.quoted} {problem}",
                consequence=Consequence.SILENT,
                located=False,
            )
        if not usable(state):
            real.checkers.remove(draft)
    return states


def _check_notifications(
    completion: Completion, block: VirtualServerDraft | RealServerDraft, *fields: str
) -> ScriptState:
    states = ScriptState.NONE
    for field in fields:
        command: Command | None = getattr(block, field)
        if command:
            state = script_state(completion, command)
            states |= state
            if not usable(state):
                setattr(block, field, None)
    return states


class _Common(TypedDict):
    """What every checker has."""

    alpha: bool
    retry: int
    delay_before_retry_us: Microseconds
    warmup_us: Microseconds
    delay_loop_us: Microseconds
    log_all_failures: bool
    connection: Connection | None
    place: Place


def _common(draft: CheckerDraft, kind: type[Checker]) -> _Common:
    real = draft.real
    delay_loop_us = _first(draft.delay_loop_us, real.delay_loop_us, 60 * SECOND)
    delay_us = kind.DEFAULT_DELAY_BEFORE_RETRY_US or delay_loop_us
    return _Common(
        alpha=_first(draft.alpha, real.alpha, False),
        retry=_first(draft.retry, real.retry, kind.DEFAULT_RETRY),
        delay_before_retry_us=_first(draft.delay_before_retry_us, real.delay_before_retry_us, delay_us),
        warmup_us=_first(draft.warmup_us, real.warmup_us, delay_loop_us),
        delay_loop_us=delay_loop_us,
        log_all_failures=draft.log_all_failures,
        connection=_connection(draft),
        place=place_of(draft.head),
    )


def _first(*values: Any) -> Any:
    """The first value that is given."""
    return next(value for value in values if value is not None)


def _connection(draft: CheckerDraft) -> Connection | None:
    it = draft.connection
    if it is None:
        return None
    return Connection(
        destination=Endpoint(it.address, it.port),
        bind=Endpoint(it.bind_address, it.bind_port),
        bind_interface=it.bind_interface,
        fwmark=it.fwmark,
        timeout_us=_first(it.timeout_us, draft.real.connect_timeout_us),
    )


@singledispatch
def checker(draft: CheckerDraft) -> Checker:
    """The checker that a draft means."""
    raise TypeError(draft)


@checker.register
def _(draft: TcpDraft) -> TcpCheck:
    return TcpCheck(**_common(draft, TcpCheck))


@checker.register
def _(draft: PingDraft) -> PingCheck:
    return PingCheck(**_common(draft, PingCheck))


@checker.register
def _(draft: SmtpDraft) -> SmtpCheck:
    assert draft.helo_name is not None
    return SmtpCheck(**_common(draft, SmtpCheck), helo_name=draft.helo_name)


@checker.register
def _(draft: HttpDraft) -> HttpCheck:
    return HttpCheck(
        **_common(draft, HttpCheck),
        tls=draft.tls,
        http_protocol=draft.http_protocol,
        virtualhost=draft.virtualhost,
        enable_sni=draft.enable_sni,
        sni_name=draft.sni_name,
        fast_recovery=draft.fast_recovery,
        tls_compliant=draft.tls_compliant,
        urls=tuple(draft.urls),
    )


@checker.register
def _(draft: DnsDraft) -> DnsCheck:
    return DnsCheck(**_common(draft, DnsCheck), type=draft.type, name=draft.name or "")


@checker.register
def _(draft: UdpDraft) -> UdpCheck:
    return UdpCheck(
        **_common(draft, UdpCheck),
        payload=draft.payload,
        require_reply=draft.require_reply,
        reply=draft.reply,
        reply_mask=draft.reply_mask,
        min_reply_length=draft.min_reply_length,
        max_reply_length=draft.max_reply_length,
    )


@checker.register
def _(draft: MiscDraft) -> MiscCheck:
    return MiscCheck(
        **_common(draft, MiscCheck),
        command=Command(draft.arguments, draft.account),
        timeout_us=draft.timeout_us,
        dynamic=draft.dynamic,
    )


@checker.register
def _(draft: BfdDraft) -> BfdCheck:
    assert draft.name is not None
    return BfdCheck(**_common(draft, BfdCheck), name=draft.name)
