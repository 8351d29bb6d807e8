"""The JSON report (SIGRTMIN+2), in the form of keepalived's /tmp/keepalived.json.

Exporters read it by these keys, so that keys, their order, and the types of their values are
keepalived's: a flag may be a number or a boolean, and a duration whole or fractional seconds.
"""

import json
from collections.abc import Iterable
from typing import TypeAlias

from keepalived_py.dump.addresses import address_lines
from keepalived_py.dump.view import View
from keepalived_py.model.route_text import rule_line
from keepalived_py.model.router import AuthType
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.vrrp.counters import Counters
from keepalived_py.vrrp.engine import Engine
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.processes import Process
from keepalived_py.vrrp.turn import Timer

Value: TypeAlias = "str | int | float | list[str]"
Fields: TypeAlias = dict[str, Value]


def json_text(engine: Engine, view: View) -> str:
    """The report, one line; `json_version` 1 is a list of the instances, 2 an object that has more."""
    instances = [
        {"data": _data(it, engine, view), "stats": _statistics(it.counters)}
        for it in engine.instances.values()
    ]
    report: object = instances
    if engine.configuration.definitions.json_version == 2:
        processes = [_process(it, engine) for it in engine.processes.values()]
        report = {"vrrp": instances} | ({"track_process": processes} if processes else {})
    text = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/")  # as keepalived has it; both mean the same


def _data(instance: Instance, engine: Engine, view: View) -> Fields:
    config = instance.config
    garp = config.garp
    data: Fields = {
        "iname": instance.name,
        "dont_track_primary": int(not config.track_primary),
        "skip_check_adv_addr": int(config.skip_check_adv_addr),
        "strict_mode": int(config.strict),
        "vmac_ifname": (config.own_interface and config.own_interface.name) or "",
    }
    if config.device:
        data["ifp_ifname"] = config.device
    data |= {
        "master_priority": instance.master_priority,
        "last_transition": _wall_seconds(instance.last_transition_us, view),
        "garp_delay": _seconds(garp.master_delay_us),
        "garp_refresh": garp.master_refresh_us // SECOND,
        "garp_rep": garp.master_repeat,
        "garp_refresh_rep": garp.master_refresh_repeat,
        "garp_lower_prio_delay": garp.lower_prio_delay_us // SECOND,
        "garp_lower_prio_rep": garp.lower_prio_repeat,
        "lower_prio_no_advert": int(config.lower_prio_no_advert),
        "higher_prio_send_advert": int(config.higher_prio_send_advert),
        "vrid": config.vrid,
        "base_priority": config.priority,
        "effective_priority": instance.effective_priority,
        "vipset": instance.addresses_set,
        "promote_secondaries": config.promote_secondaries,
        "adver_int": _seconds(config.advert_interval_us),
        "master_adver_int": _seconds(instance.master_advert_interval_us),
        "accept": int(config.accept),
        "nopreempt": config.nopreempt,
        "preempt_delay": config.preempt_delay_us // SECOND,
        "state": instance.state.value,
        "wantstate": instance.wanted.value,
        "version": config.version,
        "smtp_alert": bool(config.notify.smtp_alert),
        "notify_deleted": config.notify.report_deleted,
    }
    scripts = {
        "script_backup": config.notify.backup,
        "script_master": config.notify.master,
        "script_fault": config.notify.fault,
        "script_stop": config.notify.stop,
        "script_deleted": config.notify.deleted,
        "script": config.notify.any,
        "script_master_rx_lower_pri": config.notify.master_rx_lower_pri,
    }
    data |= {key: view.words(command) for key, command in scripts.items() if command}
    lists = _lists(instance, engine, view)
    data |= {key: values for key, values in lists.items() if values}
    data["auth_type"] = config.auth_type.value
    if config.auth_type is not AuthType.NONE:
        data["auth_data"] = "********"
    return data


def _lists(instance: Instance, engine: Engine, view: View) -> dict[str, list[str]]:
    config, scripts = instance.config, engine.configuration.scripts
    return {
        "vips": _stripped(address_lines(config, config.virtual_addresses, instance.addresses_set)),
        "evips": _stripped(address_lines(config, config.excluded_addresses, instance.addresses_set)),
        "vroutes": [view.route(it) for it in config.virtual_routes],
        "vrules": [rule_line(it) for it in config.virtual_rules],
        "track_ifp": [it.name for it in config.track_interfaces],
        "track_script": [view.words(scripts[it.name].command) for it in config.track_scripts],
        "track_process": [it.name for it in config.track_processes],
    }


def _statistics(counters: Counters) -> Fields:
    return {
        "advert_rcvd": counters.adverts_received,
        "advert_sent": counters.adverts_sent,
        "become_master": counters.became_master,
        "release_master": counters.released_master,
        "packet_len_err": counters.packet_length_errors,
        "advert_interval_err": counters.advert_interval_errors,
        "ip_ttl_err": counters.ttl_errors,
        "invalid_type_rcvd": counters.invalid_type_received,
        "addr_list_err": counters.address_list_errors,
        "invalid_authtype": counters.invalid_auth_type,
        "authtype_mismatch": counters.auth_type_mismatch,
        "auth_failure": counters.auth_failure,
        "auth_ext_missing": counters.auth_ext_missing,
        "auth_ext_malformed": counters.auth_ext_malformed,
        "auth_ext_unknown_key": counters.auth_ext_unknown_key,
        "auth_ext_invalid_hmac": counters.auth_ext_invalid_hmac,
        "auth_ext_stale": counters.auth_ext_stale,
        "auth_ext_replay": counters.auth_ext_replay,
        "pri_zero_rcvd": counters.priority_zero_received,
        "pri_zero_sent": counters.priority_zero_sent,
    }


def _process(process: Process, engine: Engine) -> Fields:
    config = process.config
    fields: Fields = {"process": process.name}
    if config.parameters is not None:
        fields["parameters"] = " ".join(config.parameters)
    fields["param_match"] = "none" if config.parameters is None else config.parameter_match.value
    fields["min_processes"] = config.quorum
    if config.quorum_max is not None:
        fields["max_processes"] = config.quorum_max
    is_deciding = engine.deadlines.get((Timer.PROCESS_QUORUM, process.name)) is not None
    return fields | {
        "current_processes": process.count,
        "have_quorum": process.has_quorum,
        "weight": -config.weight.value if config.weight.reverse else config.weight.value,
        "terminate_delay": _seconds(config.terminate_delay_us),
        "fork_delay": _seconds(config.fork_delay_us),
        "fork_delay_timer_running": is_deciding and not process.has_quorum,
        "terminate_delay_timer_running": is_deciding and process.has_quorum,
        "full_command": config.full_command,
    }


def _stripped(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines]


def _seconds(duration_us: Microseconds) -> float:
    """Seconds, without a fraction where there is none."""
    whole, fraction = divmod(duration_us, SECOND)
    return duration_us / SECOND if fraction else whole


def _wall_seconds(monotonic_us: Microseconds, view: View) -> float:
    return (monotonic_us + view.wall_offset_us) / SECOND
