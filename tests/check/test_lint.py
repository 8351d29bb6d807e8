"""Each rule of lint, with a configuration in which it finds something, at the words in «», and the
nearest one in which it does not."""

from ipaddress import IPv4Interface
from pathlib import Path

import pytest
from marked import (
    CHECKED,
    GLOBAL,
    GROUP,
    MARKED_TRACK,
    MISC,
    OTHER,
    PASSWORD,
    PEERS,
    SERVER,
    TRACK,
    addresses,
    checked,
    instance,
    script,
    spans,
    without_marks,
)

from keepalived_py.check.findings import findings
from keepalived_py.check.lint import RULES
from keepalived_py.config.diagnostic import Consequence
from keepalived_py.model.command import Account, Command
from keepalived_py.model.units import Interface
from keepalived_py.schema.host import AnyHost, ScriptState
from keepalived_py.schema.load import load

CASES = [
    ("odd-character", instance("priority«\u00a0»100"), instance("priority 100 # priority\u00a0100")),
    ("odd-character", "«\ufeff»global_defs {\n}\n", "global_defs {\n}\n"),
    (
        "odd-character",
        GLOBAL.format("router_id «\u201c»lb\u201d"),
        GLOBAL.format('router_id "\u201clb\u201d"'),
    ),
    ("odd-character", instance("advert_int «\u2013»1"), instance("advert_int 1")),
    (
        "escaped-quote",
        'vrrp_script check {\nscript «\\"»/bin/check\\"\n}\n' + instance(TRACK),
        script(command="/bin/check x") + instance(TRACK),
    ),
    ("repeated-keyword", instance("priority 100", "«priority» 90"), instance("priority 90")),
    ("repeated-keyword", instance("nopreempt", "«preempt»"), instance("nopreempt")),
    ("repeated-keyword", instance("accept", "«no_accept»"), instance("accept")),
    ("ignored-words", instance("priority 100 «now»"), instance("priority 100 # now")),
    ("ignored-words", instance("nopreempt «false»"), instance("nopreempt")),
    ("comment-in-password", instance(PASSWORD.format("«geh»!eim")), instance(PASSWORD.format('"geh!eim"'))),
    ("comment-in-password", instance(PASSWORD.format("«geh»\\#eim")), instance(PASSWORD.format('"geh#eim"'))),
    ("escaped-comment", instance("notify /bin/a«\\#»b"), instance('notify "/bin/a\\#b"')),
    ("undefined-name", instance("priority «$PRIORITY»"), "$PRIORITY=100\n" + instance("priority $PRIORITY")),
    (
        "undefined-name",
        "$D=/bin\n" + script(command="«$D»/check") + instance(TRACK),
        "$D=/bin\n" + script(command="${D}/check") + instance(TRACK),
    ),
    ("newer-keyword", instance("«owner_ignore_adverts»"), instance("accept")),
    (
        "shell-syntax",
        script(command="/usr/bin/pgrep nginx «>/dev/null» 2>&1") + instance(TRACK),
        script(command="/bin/sh -c 'pgrep nginx >/dev/null'") + instance(TRACK),
    ),
    ("shell-syntax", script(command="/bin/a «&&» /bin/b") + instance(TRACK), script() + instance(TRACK)),
    (
        "shell-syntax",
        instance('notify_master "/bin/kill «$(cat» /run/x.pid)"'),
        instance('notify_master "/bin/kill x"'),
    ),
    (
        "shell-syntax",
        instance('notify "«A=1» /bin/b"'),
        instance('notify "/bin/b A=1 http://a/?b=1&c=2;d"'),
    ),
    (
        "needs-bash",
        script(command="«</dev/tcp/127.0.0.1/80»") + instance(TRACK),
        script(command="</run/nginx.pid") + instance(TRACK),
    ),
    ("shell-syntax", instance('notify "«~/notify»"'), instance('notify "/root/notify"')),
    (
        "check-always-succeeds",
        script(command="sh -c 'ps -C nginx | «wc» -l'") + instance(TRACK),
        script(command="sh -c 'test $(ps -C nginx | wc -l) -gt 1'") + instance(TRACK),
    ),
    (
        "check-always-succeeds",
        script(command="sh -c '/bin/a || «true»'") + instance(TRACK),
        script(command="sh -c '/bin/a && true'") + instance(TRACK),
    ),
    (
        "check-always-succeeds",
        script(command="bash -c '/bin/a; «exit» 0'") + instance(TRACK),
        script(command="bash -c '/bin/a && exit 1 || exit 0'") + instance(TRACK),
    ),
    (
        "check-always-succeeds",
        script(command="pidof «keepalived»") + instance(TRACK),
        script(command="pidof haproxy") + instance(TRACK),
    ),
    (
        "grep-finds-itself",
        script(command="sh -c 'ps aux | «grep» nginx'") + instance(TRACK),
        script(command="sh -c 'ps aux | grep [n]ginx'") + instance(TRACK),
    ),
    (
        "grep-finds-itself",
        script(command="sh -c '«pgrep» -f nginx && /bin/a'") + instance(TRACK),
        script(command="sh -c 'pgrep -f nginx'") + instance(TRACK),
    ),
    (
        "grep-finds-itself",
        script(command="sh -c 'ps -ef | «/bin/grep» nginx'") + instance(TRACK),
        script(command="sh -c 'ps -ef | grep nginx | grep -v grep'") + instance(TRACK),
    ),
    (
        "check-never-ends",
        script(command="/bin/«ping» 10.0.0.254").replace("/bin/«ping»", "«/bin/ping»") + instance(TRACK),
        script(command="ping -W 1 -c1 10.0.0.254") + instance(TRACK),
    ),
    (
        "check-never-ends",
        script(command="sh -c '«tail» -f /var/log/x | grep -q up'") + instance(TRACK),
        script(command="sh -c 'timeout 1 tail -f /var/log/x | grep -q up'") + instance(TRACK),
    ),
    (
        "curl-without-fail",
        script(command="«curl» -s http://localhost/") + instance(TRACK),
        script(command="curl -sf http://localhost/") + instance(TRACK),
    ),
    (
        "curl-without-fail",
        script(command="sh -c '«/usr/bin/curl» http://localhost/ || exit 1'") + instance(TRACK),
        script(command="sh -c 'curl http://localhost/ | grep -q OK'") + instance(TRACK),
    ),
    (
        "command-in-tmp",
        script(command="«/tmp/check.sh»") + instance(TRACK),
        script(command="/bin/check /tmp/file") + instance(TRACK),
    ),
    ("command-in-tmp", instance('notify "bash «/var/tmp/n»"'), instance('notify "bash /root/n"')),
    ("relative-command", instance("notify «./notify.sh»"), instance("notify notify.sh")),
    (
        "relative-command",
        instance('notify "«scripts/notify» a/b"'),
        instance('notify "${_PWD}/scripts/notify a/b"'),
    ),
    (
        "command-stops-keepalived",
        instance('notify_fault "«systemctl» restart keepalived"'),
        instance('notify_fault "systemctl restart nginx"'),
    ),
    (
        "command-stops-keepalived",
        script(command="sh -c 'pidof nginx || «killall» keepalived'") + instance(TRACK),
        script(command="sh -c 'pidof nginx || killall -0 keepalived'") + instance(TRACK),
    ),
    ("template-not-filled", instance("priority «{{ priority }}»"), instance("priority 100 # {{ priority }}")),
    ("template-not-filled", instance("state «<STATE>»"), instance("state MASTER")),
    (
        "misc-timeout-over-delay-loop",
        SERVER.format(MISC.format("«11»")),
        SERVER.format(MISC.format("10")),
    ),
    (
        "unused-bfd",
        "bfd_instance «b» {\nneighbor_ip 10.0.0.2\n}\n" + instance(),
        "bfd_instance b {\nneighbor_ip 10.0.0.2\n}\n" + instance("track_bfd {\nb\n}"),
    ),
    (
        "prefixes-overlap",
        instance(addresses=addresses("«10.0.0.101/24»", "10.0.1.102/16")),
        instance(addresses=addresses("10.0.0.101/24", "10.0.0.102", "10.0.1.102/16 dev eth1")),
    ),
    (
        "gateway-is-virtual",
        instance("virtual_routes {\n10.9.0.0/16 via «10.0.0.101»\n}"),
        instance("virtual_routes {\n10.9.0.0/16 via 10.0.0.102 src 10.0.0.101\n}"),
    ),
    (
        "members-differ",
        GROUP
        + instance("state MASTER", "priority 100")
        + instance("«state» BACKUP", name="W", vrid=52, addresses=OTHER),
        GROUP + instance("state BACKUP") + instance(name="W", vrid=52, addresses=OTHER),
    ),
    (
        "members-differ",
        GROUP + instance("nopreempt") + instance("«preempt»", name="W", vrid=52, addresses=OTHER),
        GROUP + instance("nopreempt") + instance("nopreempt", name="W", vrid=52, addresses=OTHER),
    ),
    (
        "members-differ",
        GROUP + instance("nopreempt") + instance(name="«W»", vrid=52, addresses=OTHER),
        GROUP + instance("preempt") + instance(name="W", vrid=52, addresses=OTHER),
    ),
    (
        "check-of-other-server",
        SERVER.format(CHECKED + "\nreal_server 10.0.0.3 80 {\nTCP_CHECK {\nconnect_ip «10.0.0.2»\n}\n}"),
        SERVER.format(CHECKED + "\nreal_server 10.0.0.3 80 {\nTCP_CHECK {\nconnect_ip 10.0.0.4\n}\n}"),
    ),
    (
        "unused-virtual-server-group",
        "virtual_server_group «G» {\n10.0.0.101 80\n}\n",
        "virtual_server_group G {\n10.0.0.101 80\n}\n"
        + SERVER.format(CHECKED).replace("10.0.0.101 80", "group G"),
    ),
    (
        "virtual-server-twice",
        SERVER.format(CHECKED) + SERVER.format(CHECKED).replace("10.0.0.101", "«10.0.0.101»"),
        SERVER.format(CHECKED) + SERVER.format(CHECKED).replace("TCP\n", "UDP\n"),
    ),
    (
        "mail-never-sent",
        GLOBAL.format("«notification_email» {\na@example.com\n}") + instance(),
        GLOBAL.format("notification_email {\na@example.com\n}\nsmtp_alert") + instance(),
    ),
    (
        "command-not-quoted",
        instance("notify_master /bin/a «MASTER»"),
        instance('notify_master "/bin/a MASTER"'),
    ),
    ("command-not-quoted", instance("notify /bin/a «-v x»"), instance("notify /bin/a root wheel")),
    (
        "timeout-over-interval",
        script("interval 2", "timeout «3»") + instance(TRACK),
        script("interval 2", "timeout 2") + instance(TRACK),
    ),
    (
        "unused-process",
        "vrrp_track_process «p» {\nprocess nginx\n}\n" + instance(),
        "vrrp_track_process p {\nprocess nginx\n}\n" + instance("track_process {\np\n}"),
    ),
    (
        "unused-file",
        "track_file «f» {\nfile /run/f\n}\n" + instance(),
        "track_file f {\nfile /run/f\n}\n" + instance("track_file {\nf\n}"),
    ),
    (
        "saturated-weight",
        script("weight 101") + instance("priority 200", MARKED_TRACK),
        script("weight 54") + instance("priority 200", TRACK),
    ),
    (
        "saturated-weight",
        script("weight -20") + instance("priority 20", MARKED_TRACK),
        script("weight -20") + instance("priority 21", TRACK),
    ),
    (
        "saturated-weight",
        script("weight -1") + instance("priority 254", "track_interface {\n«eth1» weight 1\n}"),
        script("weight -1") + instance("priority 253", "track_interface {\neth1 weight 1\n}"),
    ),
    (
        "weight-with-nopreempt",
        script("weight -20") + instance("priority 100", "nopreempt", MARKED_TRACK),
        script("weight 0") + instance("priority 100", "nopreempt", TRACK),
    ),
    ("owner-by-default", instance("«state MASTER»"), instance("state MASTER", "priority 100")),
    (
        "not-a-host-address",
        instance(addresses=addresses("«10.0.0.0/24»")),
        instance(addresses=addresses("10.0.0.0/31")),
    ),
    (
        "not-a-host-address",
        instance(addresses=addresses("«10.0.0.255/24»")),
        instance(addresses=addresses("10.0.0.255/23")),
    ),
    (
        "not-a-host-address",
        instance(addresses=addresses("«224.0.0.5»")),
        instance(addresses=addresses("223.0.0.5")),
    ),
    (
        "not-a-host-address",
        instance(addresses=addresses("«127.0.0.2»")),
        instance(addresses=addresses("127.0.0.2 dev lo")),
    ),
    (
        "address-twice",
        instance() + instance(name="W", vrid=52, addresses=addresses("«10.0.0.101/24»")),
        instance() + instance(name="W", vrid=52, addresses=addresses("10.0.0.102/24")),
    ),
    (
        "address-twice",
        instance(addresses=addresses("fe80::1"))
        + instance(name="W", vrid=52, addresses=addresses("«fe80::1»")),
        instance(addresses=addresses("fe80::1"))
        + instance(name="W", vrid=52, addresses=addresses("fe80::1 dev eth1")),
    ),
    (
        "alias-interface",
        instance(addresses=addresses("«10.0.0.101» dev eth0:1")),
        instance(addresses=addresses("10.0.0.101 dev eth0 label eth0:1")),
    ),
    (
        "ipv6-version-2",
        instance("version «2»", addresses="").replace("}", addresses("fe80::1") + "\n}"),
        instance("version 3", addresses="").replace("}", addresses("fe80::1") + "\n}"),
    ),
    ("own-address-as-peer", instance(PEERS.format("«10.0.0.1»")), instance(PEERS.format("10.0.0.2"))),
    ("virtual-address-as-peer", instance(PEERS.format("«10.0.0.101»")), instance(PEERS.format("10.0.0.102"))),
    (
        "virtual-address-as-peer",
        instance("priority 100", "mcast_src_ip «10.0.0.101»"),
        instance("priority 255", "mcast_src_ip 10.0.0.101"),
    ),
    (
        "password-without-type",
        instance("authentication {\n«auth_pass» 7hGq0aZx\n}"),
        instance(PASSWORD.format("7hGq0aZx")),
    ),
    ("tutorial-password", instance(PASSWORD.format("«1111»")), instance(PASSWORD.format("7hGq0aZx"))),
    (
        "strict-without-accept",
        GLOBAL.format("«vrrp_strict»") + instance(),
        GLOBAL.format("vrrp_strict\nvrrp_version 3") + instance("accept"),
    ),
    (
        "unchecked-real-server",
        SERVER.format("real_server «10.0.0.2» 80 {\n}"),
        SERVER.format(CHECKED),
    ),
    (
        "virtual-server-elsewhere",
        instance() + SERVER.format(CHECKED).replace("10.0.0.101", "«10.0.0.102»"),
        instance() + SERVER.format(CHECKED),
    ),
    (
        "alert-to-nobody",
        instance("«smtp_alert»"),
        GLOBAL.format("notification_email {\na@example.com\n}") + instance("smtp_alert"),
    ),
]


def identifiers(case: tuple[str, str, str]) -> str:
    return case[0]


@pytest.mark.parametrize("case", CASES, ids=identifiers)
def test_a_rule_finds_what_it_is_for_at_the_exact_words(tmp_path: Path, case: tuple[str, str, str]) -> None:
    code, marked, _ = case
    text, places = without_marks(marked)
    found = checked(tmp_path, text)
    assert spans(found, code) == places
    assert all(one.help for one in found if one.code == code)


@pytest.mark.parametrize("case", CASES, ids=identifiers)
def test_it_finds_nothing_in_the_nearest_right_configuration(
    tmp_path: Path, case: tuple[str, str, str]
) -> None:
    code, _, right = case
    assert spans(checked(tmp_path, right), code) == []


def test_every_rule_has_a_case_a_code_of_its_own_and_a_documentation() -> None:
    assert {rule.code for rule in RULES} == {code for code, _, _ in CASES + HOST_CASES}
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.documentation.endswith(".") for rule in RULES)


@pytest.mark.parametrize("case", CASES, ids=identifiers)
def test_the_configuration_test_of_the_daemon_is_silent_about_it(
    tmp_path: Path, case: tuple[str, str, str]
) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text(without_marks(case[1])[0])
    assert case[0] not in {one.code for one in load(str(file), config_id="here").diagnostics}
    assert {one.consequence for one in findings(str(file), "here") if one.code == case[0]} == {
        Consequence.SILENT
    }


class Node(AnyHost):
    """A machine with one address, on eth0, and nothing to execute but /bin/right."""

    def own_addresses(self, interface: str) -> tuple[Interface, ...]:
        return (IPv4Interface("10.0.0.1/24"),) if interface == "eth0" else ()

    def script_state(self, command: Command, default: Account | None, *, secure: bool) -> ScriptState:
        right = command.arguments[0] == "/bin/right"
        return ScriptState.EXECUTABLE if right else ScriptState.NOT_FOUND


HOST_CASES = [
    (
        "address-off-subnet",
        instance(addresses=addresses("«10.0.1.101/24»")),
        instance(addresses=addresses("10.0.0.101", "10.0.1.101/24 dev eth1")),
    ),
    (
        "own-address-as-virtual",
        instance(addresses=addresses("«10.0.0.1/24»")),
        instance("priority 255", addresses=addresses("10.0.0.1/24")),
    ),
    ("command-not-found", instance("notify «/bin/wrong»"), instance("notify /bin/right")),
    (
        "own-address-as-peer",
        instance("unicast_peer {\n«10.0.0.1»\n}"),
        instance("unicast_peer {\n10.0.0.2\n}"),
    ),
]


@pytest.mark.parametrize("case", HOST_CASES, ids=identifiers)
def test_a_rule_about_the_host_finds_what_only_the_host_can_tell(
    tmp_path: Path, case: tuple[str, str, str]
) -> None:
    code, marked, right = case
    text, places = without_marks(marked)
    assert spans(checked(tmp_path, text, Node()), code) == places
    assert spans(checked(tmp_path, text), code) == []
    assert spans(checked(tmp_path, right, Node()), code) == []
