"""What a person is told of the mistakes that are made most, whoever finds them: the reader, the tables of
keywords or a rule of lint. Each is at least a warning, at the words in «»."""

from pathlib import Path

import pytest
from marked import (
    GLOBAL,
    GROUP,
    OTHER,
    PASSWORD,
    PEERS,
    TRACK,
    addresses,
    checked,
    instance,
    script,
    spans,
    without_marks,
)

from keepalived_py.config.diagnostic import Severity

SIX = "virtual_ipaddress {{\n{}\n2001:db8::2/64\n}}"

PROMISES = {
    "a script that no instance tracks": ("unused-script", script().replace("check {", "«check» {")),
    "a weight that saturates": (
        "saturated-weight",
        script("weight 60") + instance("priority 200", TRACK.replace("check", "«check»")),
    ),
    "a weight that never counts": (
        "saturated-weight",
        script("weight 10") + instance("priority 254", TRACK.replace("check", "«check»")),
    ),
    "a negative weight with nopreempt": (
        "weight-with-nopreempt",
        script("weight -20") + instance("nopreempt", TRACK.replace("check", "«check»")),
    ),
    "a weight of the owner": (
        "incompatible",
        script("weight -20") + instance("priority 255", TRACK.replace("track_script", "«track_script»")),
    ),
    "IPv6 with a first address that is not link-local": (
        "first-address",
        instance("version 3", addresses=SIX.format("«2001:db8::1/64»")),
    ),
    "IPv6 with version 2": (
        "ipv6-version-2",
        instance(addresses="version «2»\n" + SIX.format("fe80::1/64")),
    ),
    "a version that comes after IPv6 addresses": (
        "bad-version",
        instance("version «2»", addresses=SIX.format("fe80::1/64")),
    ),
    "IPv4 and IPv6 in one instance": ("family", instance(addresses=addresses("10.0.0.1/24", "«fe80::1/64»"))),
    "the own address among the peers": (
        "own-address-as-peer",
        instance(PEERS.format("10.0.0.2\n«10.0.0.1»")),
    ),
    "a peer twice": ("duplicate", instance(PEERS.format("10.0.0.2\n«10.0.0.2»"))),
    "one address in two instances": (
        "address-twice",
        instance() + instance(name="W", vrid=52, addresses=addresses("«10.0.0.101/24»")),
    ),
    "one address twice in an instance": (
        "duplicate",
        instance(addresses=addresses("10.0.0.101/24", "«10.0.0.101/24»")),
    ),
    "a VRID twice": (
        "duplicate-vrid",
        instance() + instance(name="W", vrid=51, addresses=OTHER).replace("instance W", "instance «W»"),
    ),
    "a network address": ("not-a-host-address", instance(addresses=addresses("«10.0.0.0/24»"))),
    "a broadcast address": ("not-a-host-address", instance(addresses=addresses("«10.0.0.255/24»"))),
    "a multicast address": ("not-a-host-address", instance(addresses=addresses("«224.0.0.18»"))),
    "a timeout longer than the interval": (
        "timeout-over-interval",
        script("interval 1", "timeout «2»") + instance(TRACK),
    ),
    "shell syntax": ("shell-syntax", script(command="/bin/a «|» /bin/b") + instance(TRACK)),
    "a redirection": ("shell-syntax", script(command="/bin/a «>/dev/null»") + instance(TRACK)),
    "an include of nothing": ("include", "include «/nonexistent/*.conf»\n"),
    "an include of no file": ("include", "include «/nonexistent/a.conf»\n"),
    "a keyword twice": ("repeated-keyword", instance("priority 100", "«priority» 101")),
    "words after the last argument": ("ignored-words", instance("priority 100 «101»")),
    "a byte order mark": ("odd-character", "«\ufeff»global_defs {\n}\n"),
    "a no-break space": ("odd-character", instance("priority«\u00a0»100")),
    "smart quotes": ("odd-character", script().replace('"/bin/check"', "«“»/bin/check”")),
    "a weighted script of a group's member": (
        "incompatible",
        script("weight -20")
        + GROUP
        + instance(TRACK.replace("track_script", "«track_script»"))
        + instance(name="W", vrid=52, addresses=OTHER),
    ),
    "a password of more than eight characters": (
        "password-too-long",
        instance(PASSWORD.format("«wintermute»")),
    ),
    "a tutorial's password": ("tutorial-password", instance(PASSWORD.format("«1111»"))),
    "a password with a comment": ("comment-in-password", instance(PASSWORD.format("«a»#b"))),
    "more addresses than an advert carries": (
        "too-many-addresses",
        instance(addresses=addresses(*(f"10.1.{n // 250}.{n % 250 + 1}/32" for n in range(300)))).replace(
            "virtual_ipaddress", "«virtual_ipaddress»"
        ),
    ),
    "vrrp_strict with a password": (
        "auth",
        GLOBAL.format("vrrp_strict")
        + instance(PASSWORD.format("7hGq0aZx").replace("auth_type", "«auth_type»")),
    ),
    "vrrp_strict with unicast": (
        "incompatible",
        GLOBAL.format("vrrp_strict")
        + instance(PEERS.format("10.0.0.2").replace("unicast_peer", "«unicast_peer»")),
    ),
    "vrrp_strict with preempt_delay": (
        "incompatible",
        GLOBAL.format("vrrp_strict") + instance("«preempt_delay» 5"),
    ),
    "vrrp_strict with an address that is to answer": (
        "strict-without-accept",
        GLOBAL.format("«vrrp_strict»") + instance(),
    ),
    "nopreempt with state MASTER": ("incompatible", instance("state MASTER", "priority 100", "«nopreempt»")),
    "version 3 with a password": (
        "auth",
        instance("version 3", PASSWORD.format("7hGq0aZx").replace("auth_type", "«auth_type»")),
    ),
    "a rule without a preference": (
        "no-preference",
        instance("virtual_rules {\n«from 10.0.0.101 table 100»\n}"),
    ),
    "the own interface tracked": ("own-interface", instance("«track_interface» {\neth0\n}")),
    "a script that does not exist": (
        "unknown-name",
        instance(TRACK.replace("check", "«chekc»")),
    ),
    "an instance that does not exist": ("unknown-name", GROUP.replace("G {", "«G» {", 1) + instance()),
    "a group of one": (
        "no-members",
        GROUP.replace("W\n", "").replace("G {", "«G» {", 1) + instance(),
    ),
    "an unknown keyword": ("unknown-keyword", instance("«prioritty» 100")),
    "a keyword in the wrong block": ("misplaced-keyword", instance("«auth_pass» 7hGq0aZx")),
    "a priority out of range": ("bad-value", instance("priority «256»")),
    "no virtual address": ("no-address", instance(addresses="").replace("instance V", "instance «V»")),
    "no interface": ("unknown-interface", instance().replace("interface eth0\n", "").replace("V {", "«V» {")),
    "no virtual router id": (
        "no-vrid",
        instance().replace("virtual_router_id 51\n", "").replace("V {", "«V» {"),
    ),
    "a brace too many": ("extra-close-brace", instance() + "«}»\n"),
    "a brace too few": ("missing-close-brace", instance().replace("V {", "V «{»")[:-2]),
    "a quote that is not closed": (
        "unterminated-quote",
        script("interval 1").replace('script "/bin/check"', 'script «"/bin/check»'),
    ),
}


@pytest.mark.parametrize("mistake", PROMISES)
def test_a_mistake_is_at_least_a_warning_at_the_exact_words(tmp_path: Path, mistake: str) -> None:
    code, marked = PROMISES[mistake]
    text, places = without_marks(marked)
    found = checked(tmp_path, text)
    assert places
    assert spans(found, code) == places
    assert Severity.NOTE not in {one.severity for one in found if one.code == code}
