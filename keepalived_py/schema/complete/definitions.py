"""`global_defs`, with everything applied."""

from keepalived_py.model.configuration import GlobalDefinitions, Mail
from keepalived_py.schema.complete.completion import Completion


def definitions(completion: Completion) -> GlobalDefinitions:
    """The globals, with every default."""
    draft = completion.definitions
    return GlobalDefinitions(
        router_id=draft.router_id,
        mail=Mail(
            server=draft.smtp_server,
            port=draft.smtp_port,
            helo_name=draft.smtp_helo_name,
            connect_timeout_us=draft.smtp_connect_timeout_us,
            sender=draft.email_from,
            recipients=tuple(draft.emails),
        ),
        smtp_alert=draft.smtp_alert,
        default_interface=draft.default_interface,
        script_account=draft.script_account,
        script_security=draft.script_security,
        dynamic_interfaces=draft.dynamic_interfaces,
        garp_interval_us=draft.garp_interval_us,
        gna_interval_us=draft.gna_interval_us,
        log_unknown_vrids=draft.log_unknown_vrids,
        notify_fifo=draft.notify_fifo,
        vrrp_notify_fifo=draft.vrrp_notify_fifo,
        net_namespace=draft.net_namespace,
        instance=draft.instance,
        use_pid_dir=draft.use_pid_dir,
        child_wait_time_us=draft.child_wait_time_us,
        umask=draft.umask,
        vrrp_no_swap=draft.vrrp_no_swap,
        vrrp_nice=draft.vrrp_nice,
        vrrp_realtime_priority=draft.vrrp_realtime_priority,
        startup_delay_us=draft.startup_delay_us,
    )
