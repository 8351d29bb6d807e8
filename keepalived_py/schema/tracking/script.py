"""`vrrp_script`: a command that is run again and again."""

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.model.command import Command
from keepalived_py.model.tracking import (
    TrackScript,
    Weight,
)
from keepalived_py.schema import commands
from keepalived_py.schema.arguments import (
    INT_MAX,
    SECONDS_MAX,
    CommandLine,
    Decimal,
    Integer,
    Words,
)
from keepalived_py.schema.draft import ScriptDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of, place_of
from keepalived_py.schema.tracking.weight import bind_weight


def _bind_script_command(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = commands.command_words(scope, statement)
    if arguments := commands.arguments_of(scope, statement, words):
        scope.block.arguments = arguments
    if len(words) > 2:
        scope.warning(
            statement,
            "unquoted-arguments",
            f"'{' '.join(words[2:])}' is ignored: the command is one word",
            word=2,
            help=f'quote the command as a whole: script "{" ".join(words[1:])}"',
            consequence=Consequence.SILENT,
        )


def _bind_script_user(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    account = commands.account(statement.words, 1)
    script: ScriptDraft = scope.block
    script.removed = account is None or not commands.known_account(scope, account)
    if script.removed:
        message = f"Unable to set uid/gid for script {' '.join(script.arguments)}"
        scope.error(statement, "unknown-account", message, word=1, help="the script is not run")
    script.account = account


def begin(scope: Scope, head: Statement) -> ScriptDraft:
    return ScriptDraft(head.words[1], head, place_of(head, 1))


def end(scope: Scope, script: ScriptDraft) -> None:
    if not script.arguments:
        scope.error(
            script.head,
            "no-script",
            f"No script set for vrrp_script {script.name} - removing",
            word=1,
            help='add: script "/path/to/command"',
        )
        return
    if not script.removed and script.account is None:
        scope.needs_script_user()
    if script.removed or script.name in scope.drafts.scripts:
        return
    scope.drafts.script_heads[script.name] = script.head
    scope.drafts.scripts[script.name] = TrackScript(
        name=script.name,
        command=Command(script.arguments, script.account),
        interval_us=script.interval_us,
        timeout_us=script.timeout_us,
        weight=Weight(script.weight, script.reverse),
        rise=script.rise,
        fall=script.fall,
        init_fail=script.init_fail,
        place=script.place,
    )


_SCRIPT_SECONDS = Decimal(0, SECONDS_MAX * 1000, decimals=3, scale=1000)


SCRIPT = table(
    Row(
        name="script",
        doc="Command whose exit status 0 means that all is well; with arguments it is quoted as a whole.",
        argument=CommandLine(),
        bind=_bind_script_command,
        default="required",
    ),
    Row(
        name="interval",
        doc="Seconds between two runs.",
        argument=_SCRIPT_SECONDS,
        field="interval_us",
        default="1",
        invalid=f"({{name}}): vrrp script interval '{{value}}' must be between "
        f"0.001 and {SECONDS_MAX} - ignoring",
        zero="({name}): vrrp script interval must be greater than 0, setting to 1",
    ),
    Row(
        name="timeout",
        doc="Seconds after which a run is killed and counts as a failure.",
        argument=_SCRIPT_SECONDS,
        field="timeout_us",
        default="the interval",
        invalid="({name}): vrrp script timeout '{value}' invalid - ignoring",
        zero="({name}): vrrp script timeout must be greater than 0, setting to 1",
    ),
    Row(
        name="weight",
        doc="Added to the priority while it succeeds, or subtracted while it fails; 0 puts a failing "
        "instance into FAULT.",
        argument=Words("<INT:-253..253> [reverse]", 1),
        bind=bind_weight,
        default="0",
    ),
    Row(
        name="rise",
        doc="Successes in a row that make it up.",
        argument=Integer(1, INT_MAX, "runs"),
        field="rise",
        default="1",
        invalid="({name}): vrrp script rise value '{value}' invalid, defaulting to 1",
        fallback=1,
    ),
    Row(
        name="fall",
        doc="Failures in a row that make it down.",
        argument=Integer(1, INT_MAX, "runs"),
        field="fall",
        default="1",
        invalid="({name}): vrrp script fall value '{value}' invalid, defaulting to 1",
        fallback=1,
    ),
    Row(
        name="user",
        doc="User, and group, that the command runs as.",
        argument=Words("<USER> [<GROUP>]", 1),
        bind=_bind_script_user,
        default="script_user",
    ),
    Row(
        name="init_fail",
        doc="Assume that it fails until it has run; without effect once an instance tracks it.",
        field="init_fail",
        default="off",
    ),
)
