"""Keywords that are known, so that their blocks are read as keepalived reads them, but that nothing
acts on yet: virtual servers and their checkers."""

from typing import Any

from keepalived_py.schema.arguments import CommandLine, Entries, Words
from keepalived_py.schema.row import Row, Table, table


def _rows(names: str) -> Table:
    return table(*(Row(name=name, doc="", argument=Words("[...]"), runs=False) for name in names.split()))


def _commands(names: str) -> Table:
    return table(*(Row(name=name, doc="", argument=CommandLine(), runs=False) for name in names.split()))


def _block(name: str, rows: Table, **more: Any) -> Row:
    return Row(name=name, doc="", argument=Words("{ ... }"), rows=rows, runs=False, **more)


def _list(name: str, doc: str, what: str, **more: Any) -> Row:
    return Row(name=name, doc=doc, argument=Entries(what), entries=True, runs=False, **more)


_OLD_RETRY = table(
    Row(
        name="nb_get_retry",
        doc="retry.",
        argument=Words("<INT>"),
        renamed_to="retry",
        deprecated="nb_get_retry is deprecated - please use 'retry'",
        runs=False,
    )
)
_CHECK = _rows("retry delay_before_retry warmup delay_loop alpha log_all_failures")
_CONNECT = _CHECK | _rows("connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark")
_URL = _rows(
    "path digest status_code virtualhost regex_no_match regex_options regex_min_offset "
    "regex_max_offset regex_stack"
) | _commands("regex")
_HTTP = _CONNECT | _OLD_RETRY | _rows("virtualhost http_protocol enable_sni sni_name fast_recovery")

REAL_SERVER = (
    _rows(
        "weight lvs_method uthreshold lthreshold inhibit_on_failure alpha retry "
        "delay_before_retry warmup connect_timeout delay_loop smtp_alert virtualhost snmp_name"
    )
    | _commands("notify_up notify_down")
    | table(
        _block("MISC_CHECK", _CHECK | _rows("misc_timeout misc_dynamic user") | _commands("misc_path")),
        _block("SMTP_CHECK", _CONNECT | _rows("helo_name") | table(_block("host", _CONNECT))),
        _block("TCP_CHECK", _CONNECT),
        _block("PING_CHECK", _CONNECT),
        _block("UDP_CHECK", _CONNECT | _rows("payload require_reply min_reply_length max_reply_length")),
        _block("HTTP_GET", _HTTP | table(_block("url", _URL))),
        _block(
            "SSL_GET",
            _HTTP | _rows("tls_compliant") | table(_block("url", _URL | _rows("tls_compliant"))),
        ),
        _block("DNS_CHECK", _CONNECT | _rows("type name")),
        _block("FILE_CHECK", _rows("track_file weight")),
        _block("BFD_CHECK", _rows("name alpha")),
    )
)

VIRTUAL_SERVER = (
    _rows(
        "ip_family retry delay_before_retry warmup connect_timeout delay_loop inhibit_on_failure "
        "lb_algo lvs_sched hashed ops flag-1 flag-2 flag-3 sh-port sh-fallback mh-port "
        "mh-fallback lb_kind lvs_method persistence_engine persistence_timeout "
        "persistence_granularity protocol ha_suspend smtp_alert virtualhost snmp_name alpha omega "
        "quorum hysteresis weight sorry_server sorry_server_inhibit sorry_server_lvs_method"
    )
    | _commands("quorum_up quorum_down")
    | table(_block("real_server", REAL_SERVER))
)

UNBUILT = table(
    _block("virtual_server", VIRTUAL_SERVER, subsystem="checker"),
    _list(
        "virtual_server_group",
        "Addresses that virtual servers share.",
        "ADDRESS",
        subsystem="checker",
        named=True,
    ),
    _block("SSL", _rows("password ca certificate key")),
)
