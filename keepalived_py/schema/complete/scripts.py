"""Commands: those that must not or cannot run are taken out."""

from dataclasses import replace

from keepalived_py.config.diagnostic import Consequence, Severity
from keepalived_py.model.command import Command
from keepalived_py.model.definitions import Fifo
from keepalived_py.model.router import (
    SyncGroup,
    VirtualRouter,
)
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import NotifyDraft
from keepalived_py.schema.host import ScriptState


def settle_first_results(completion: Completion) -> None:
    """What is tracked waits for its first result: `init_fail` is without effect then."""
    scripts = completion.drafts.scripts
    for block in completion.drafts.tracking_blocks():
        for name in block.track.scripts:
            if name in scripts and scripts[name].init_fail:
                scripts[name] = replace(scripts[name], init_fail=False)


def check_scripts(completion: Completion) -> None:
    """Look for the commands on the host, and take out those that must not or cannot run."""
    drafts = completion.drafts
    if not drafts.instances:
        return
    states = ScriptState.NONE
    for script in list(drafts.scripts.values()):
        state = script_state(completion, script.command)
        states |= state
        head = drafts.script_heads[script.name]
        if state & ScriptState.INHIBITED:
            message = f"Disabling track script {script.name} due to insecure"
            completion.error(head, "insecure-script", message)
        elif state & ScriptState.NOT_FOUND:
            message = f"Disabling track script {script.name} since not found/accessible"
            completion.error(head, "no-script", message)
        if not usable(state):
            _forget_script(completion, script.name)
    for block in drafts.tracking_blocks():
        states |= _check_notify(completion, block.notify)
    states |= check_readers(completion, "notify_fifo", "vrrp_notify_fifo")
    if states & ScriptState.SCRIPT and not completion.definitions.script_security and not completion.halted:
        insecure = " There are insecure scripts." if states & ScriptState.INSECURE else ""
        completion.scope.error(
            next(iter(drafts.instances.values())).head,
            "script-security",
            "SECURITY VIOLATION - scripts are being executed but script_security not enabled." + insecure,
            help="add to global_defs: enable_script_security",
            severity=Severity.WARNING,
            consequence=Consequence.INSECURE,
            located=False,
        )


def check_limited_scripts(completion: Completion) -> None:
    """`startup_script` and `shutdown_script`: the parent runs them."""
    definitions = completion.definitions
    states = ScriptState.NONE
    for keyword in ("shutdown_script", "startup_script"):
        command: Command | None = getattr(definitions, keyword)
        if command is None:
            continue
        state = script_state(completion, command)
        states |= state
        if not usable(state):
            setattr(definitions, keyword, None)
        said = definitions.said[keyword]
    if states & ScriptState.SCRIPT and not definitions.script_security:
        insecure = " There are insecure scripts." if states & ScriptState.INSECURE else ""
        completion.scope.error(
            said,
            "script-security",
            "SECURITY VIOLATION - start/shutdown scripts are being executed but script_security not enabled."
            + insecure,
            help="add to global_defs: enable_script_security",
            severity=Severity.WARNING,
            consequence=Consequence.INSECURE,
            located=False,
        )


def check_readers(completion: Completion, *fifos: str) -> ScriptState:
    """The commands that read FIFOs."""
    definitions = completion.definitions
    states = ScriptState.NONE
    for name in fifos:
        fifo: Fifo = getattr(definitions, name)
        if fifo.reader:
            state = script_state(completion, fifo.reader)
            states |= state
            if not usable(state):
                setattr(definitions, name, replace(fifo, reader=None))
    return states


def script_state(completion: Completion, command: Command) -> ScriptState:
    """What there is to say of the program of a command; the host is asked once for each."""
    program = (command.arguments[0], command.account)
    state = completion.programs.get(program)
    if state is None:
        definitions = completion.definitions
        state = completion.scope.host.script_state(
            command, definitions.script_account, secure=definitions.script_security
        )
        completion.programs[program] = state
    return state


def _forget_script(completion: Completion, name: str) -> None:
    del completion.drafts.scripts[name]
    for block in completion.drafts.tracking_blocks():
        block.track.scripts.pop(name, None)


def _check_notify(completion: Completion, notify: NotifyDraft) -> ScriptState:
    states = ScriptState.NONE
    for kind in ("backup", "master", "fault", "stop", "deleted", "any", "master_rx_lower_pri"):
        command: Command | None = getattr(notify, kind)
        if command:
            state = script_state(completion, command)
            states |= state
            if not usable(state):
                setattr(notify, kind, None)
    return states


def unused_scripts(
    completion: Completion, routers: dict[str, VirtualRouter], groups: dict[str, SyncGroup]
) -> None:
    """Report scripts that nothing tracks."""
    trackers: list[VirtualRouter | SyncGroup] = [*routers.values(), *groups.values()]
    used = {tracked.name for tracker in trackers for tracked in tracker.track_scripts}
    for name, head in completion.drafts.script_heads.items():
        if name not in used:
            completion.error(
                head,
                "unused-script",
                f"Warning - script {name} is not used",
                help="list it in track_script of an instance, or remove it",
                warning=True,
                silent=True,
            )


def usable(state: ScriptState) -> bool:
    return bool(state & ScriptState.EXECUTABLE) and not state & (
        ScriptState.NOT_FOUND | ScriptState.INHIBITED
    )
