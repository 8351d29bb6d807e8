"""`global_defs`, with everything applied."""

from keepalived_py.model.definitions import GlobalDefinitions, Mail, ProcessSettings
from keepalived_py.model.router import GratuitousArp
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
        smtp_alert_vrrp=draft.smtp_alert_vrrp,
        smtp_alert_checker=draft.smtp_alert_checker,
        multicast_group_4=draft.multicast_group_4,
        multicast_group_6=draft.multicast_group_6,
        version=draft.version,
        strict=draft.strict,
        garp=GratuitousArp(
            master_delay_us=draft.garp_master_delay_us,
            master_repeat=draft.garp_master_repeat,
            master_refresh_us=draft.garp_master_refresh_us,
            master_refresh_repeat=draft.garp_master_refresh_repeat,
        ),
        garp_lower_prio_delay_us=draft.garp_lower_prio_delay_us,
        garp_lower_prio_repeat=draft.garp_lower_prio_repeat,
        down_timer_adverts=draft.down_timer_adverts,
        lower_prio_no_advert=draft.lower_prio_no_advert,
        higher_prio_send_advert=draft.higher_prio_send_advert,
        owner_ignore_adverts=draft.owner_ignore_adverts,
        check_unicast_source=draft.check_unicast_source,
        skip_check_adv_addr=draft.skip_check_adv_addr,
        notify_priority_changes=draft.notify_priority_changes,
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
        vrrp_process=ProcessSettings(
            nice=draft.vrrp_nice,
            no_swap=draft.vrrp_no_swap,
            realtime_priority=draft.vrrp_realtime_priority,
        ),
        startup_delay_us=draft.startup_delay_us,
    )
