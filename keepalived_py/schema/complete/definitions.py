"""`global_defs`, with everything applied."""

from dataclasses import fields

from keepalived_py.model.definitions import GlobalDefinitions, LimitedScript, Mail
from keepalived_py.model.router import GratuitousArp
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import GlobalDraft

_SCRIPTS = {"startup_script", "shutdown_script"}
_AS_THEY_ARE = tuple(
    ({field.name for field in fields(GlobalDefinitions)} & {field.name for field in fields(GlobalDraft)})
    - _SCRIPTS
)


def definitions(completion: Completion) -> GlobalDefinitions:
    """The globals, with every default."""
    draft = completion.definitions
    return GlobalDefinitions(
        **{name: getattr(draft, name) for name in _AS_THEY_ARE},
        mail=Mail(
            server=draft.smtp_server,
            port=draft.smtp_port,
            helo_name=draft.smtp_helo_name,
            connect_timeout_us=draft.smtp_connect_timeout_us,
            sender=draft.email_from,
            recipients=tuple(draft.emails),
        ),
        garp=GratuitousArp(
            master_delay_us=draft.garp_master_delay_us,
            master_repeat=draft.garp_master_repeat,
            master_refresh_us=draft.garp_master_refresh_us,
            master_refresh_repeat=draft.garp_master_refresh_repeat,
        ),
        startup_script=LimitedScript(command=draft.startup_script, timeout_us=draft.startup_script_timeout_us)
        if draft.startup_script
        else None,
        shutdown_script=LimitedScript(
            command=draft.shutdown_script, timeout_us=draft.shutdown_script_timeout_us
        )
        if draft.shutdown_script
        else None,
    )
