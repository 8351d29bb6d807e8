"""What exporters for monitoring make of the reports: a small one, which reads them as the public ones
do — keys and lines by name, whole numbers as whole numbers — both ways, JSON and text."""

import json
import re
import signal
from dataclasses import dataclass

from conformance.conftest import needs
from conformance.daemon.test_json import json_of
from conformance.daemon.test_reports import CONFIGURATION, report
from conformance.lab import Lan, wait_until
from conformance.routers import OURS, C, Router

STATES = ("INIT", "BACKUP", "MASTER", "FAULT")

OF_JSON = {
    "advert_rcvd": "Advertisements/Received",
    "advert_sent": "Advertisements/Sent",
    "become_master": "Became master",
    "release_master": "Released master",
    "packet_len_err": "Packet Errors/Length",
    "ip_ttl_err": "Packet Errors/TTL",
    "invalid_type_rcvd": "Packet Errors/Invalid Type",
    "advert_interval_err": "Packet Errors/Advertisement Interval",
    "addr_list_err": "Packet Errors/Address List",
    "invalid_authtype": "Authentication Errors/Invalid Type",
    "authtype_mismatch": "Authentication Errors/Type Mismatch",
    "auth_failure": "Authentication Errors/Failure",
    "pri_zero_rcvd": "Priority Zero/Received",
    "pri_zero_sent": "Priority Zero/Sent",
}
"""Where the text of the statistics has what JSON has under a key."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is exported of an instance: its labels, and its counters by their keys in JSON."""

    instance: str
    interface: str
    vrid: int
    state: str
    wanted: str
    arp_delay: int
    addresses: tuple[tuple[str, str], ...]
    counters: dict[str, int]


def from_json(text: str) -> list[Sample]:
    """Reads the JSON report; a number that is not whole is an error, as it is where types are strict."""

    def no_fraction(number: str) -> float:
        value = float(number)
        return value if not value.is_integer() else _refuse(number)

    samples = []
    for entry in json.loads(text, parse_float=no_fraction):
        data, statistics = entry["data"], entry["stats"]
        samples.append(
            Sample(
                data["iname"],
                data["ifp_ifname"],
                data["vrid"],
                STATES[data["state"]],
                STATES[data["wantstate"]],
                data["garp_delay"],
                tuple(map(_address, data["vips"])),
                {key: statistics[key] for key in OF_JSON},
            )
        )
    return samples


def from_text(data: str, statistics: str) -> list[Sample]:
    """Reads the files of SIGUSR1 and SIGUSR2 line by line."""
    topology = data.partition("------< VRRP Topology >------\n")[2].partition("\n------<")[0]
    samples = []
    for part in re.split(r"(?m)^ VRRP Instance = ", topology)[1:]:
        name, _, body = part.partition("\n")
        values = dict(re.findall(r"(?m)^   (\S[^=\n]*?) = (.*)$", body))
        virtual = re.search(r"(?m)^   Virtual IP \(\d+\):\n((?:     .*\n?)+)", body)
        assert virtual, body
        samples.append(
            Sample(
                name,
                values["Interface"],
                int(values["Virtual Router ID"]),
                values["State"],
                values["Wantstate"],
                int(values["Gratuitous ARP delay"]),
                tuple(map(_address, virtual[1].strip().split("\n"))),
                _counters(statistics, name),
            )
        )
    return samples


def scripts(data: str) -> dict[str, tuple[str, str]]:
    """Status and state of each tracked script."""
    section = data.partition("------< VRRP Scripts >------\n")[2].partition("\n------<")[0]
    found = {}
    for part in re.split(r"(?m)^ VRRP Script = ", section)[1:]:
        name, _, body = part.partition("\n")
        values = dict(re.findall(r"(?m)^   (\S[^=\n]*?) = (.*)$", body))
        found[name] = values["Status"], values["State"]
    return found


def _counters(statistics: str, instance: str) -> dict[str, int]:
    body = statistics.partition(f"VRRP Instance: {instance}\n")[2].partition("VRRP Instance: ")[0]
    found: dict[str, int] = {}
    section = ""
    for line in body.splitlines():
        key, _, value = line.strip().partition(":")
        if not value:
            section = key
        elif line.startswith("    "):
            found[f"{section}/{key}"] = int(value)
        else:
            found[key] = int(value)
    return {key: found[path] for key, path in OF_JSON.items()}


def _address(line: str) -> tuple[str, str]:
    """Address and interface: the first and the third word that are not about the broadcast address."""
    words = line.split()
    return words[0], words[words.index("dev") + 1]


def _refuse(number: str) -> float:
    raise ValueError(f"{number} is written with a fraction that it has not")


def test_an_exporter_sees_the_same_both_ways_and_as_of_keepalived(lan: Lan) -> None:
    needs(C)
    exported = []
    for program in (OURS, C):
        with Router(program, lan.host()) as router:
            router.host.write("/etc/keepalived/number", "5\n")
            router.start(CONFIGURATION)
            for address in ("10.0.0.101", "10.0.0.103", "10.0.0.104"):
                router.host.await_address(address)
            wait_until(lambda: scripts(_data(router))["chk"][0] == "GOOD", "chk has succeeded")
            first = from_text(_data(router), report(router, signal.SIGUSR2, "keepalived.stats").read_text())
            by_json = from_json(json_of(router).read_text())
            then = from_text(_data(router), report(router, signal.SIGUSR2, "keepalived.stats").read_text())
            for before, between, after in zip(first, by_json, then, strict=True):
                assert _labels(before) == _labels(between) == _labels(after)
                for key, value in between.counters.items():
                    assert before.counters[key] <= value <= after.counters[key]
            exported.append([(_labels(sample), sample.counters["become_master"]) for sample in by_json])
    ours, theirs = exported
    assert [labels[3] for labels, _ in ours] == ["MASTER"] * 3
    assert ours == theirs


def _data(router: Router) -> str:
    return report(router, signal.SIGUSR1, "keepalived.data").read_text()


def _labels(sample: Sample) -> tuple[object, ...]:
    return (
        sample.instance,
        sample.interface,
        sample.vrid,
        sample.state,
        sample.wanted,
        sample.arp_delay,
        sample.addresses,
    )
