"""Rules about what the nodes track."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from keepalived_py.check.cluster.elections import Cluster, Member
from keepalived_py.check.lint.rule import Finding, rule
from keepalived_py.model.tracking import Tracked

_KINDS = {
    "track_script": "track_scripts",
    "track_process": "track_processes",
    "track_file": "track_files",
    "track_interface": "track_interfaces",
    "track_bfd": "track_bfds",
}
"""The keyword of each list of trackers, and its field in the model."""

_ADDRESS = re.compile(r"[0-9a-fA-F:.]+")


def trackers_of(member: Member) -> Iterator[tuple[str, Tracked]]:
    """What an instance tracks, by itself and with its sync group: the keyword, and the entry."""
    for owner in (member.router, member.group):
        for keyword, field in _KINDS.items() if owner else ():
            for tracked in getattr(owner, field):
                yield keyword, tracked


@rule("cluster-tracker")
def tracker_on_one_side(cluster: Cluster) -> Iterator[Finding]:
    """A node tracks something that another node of the virtual router does not: there a failure of it
    changes nothing. Interfaces are not compared, whose names differ from node to node."""
    for election in cluster.elections:
        for member in election.members:
            for keyword, tracked in trackers_of(member):
                lacking = [
                    other for other in election.members if not _tracks(other, member, keyword, tracked)
                ]
                if keyword == "track_interface" or not lacking:
                    continue
                names = " and ".join(map(str, lacking))
                yield Finding(
                    member.node.text.span(tracked.place),
                    f"({member.router.name}) {tracked.name} is tracked on {member} and not on {names}: there "
                    "its failure changes nothing",
                    f"the same {keyword} on all nodes",
                    tuple(other.related("does not track it", keyword) for other in lacking),
                )


def _tracks(member: Member, like: Member, keyword: str, tracked: Tracked) -> bool:
    """Whether a member tracks the same, under whatever name."""
    wanted = _meaning(like, keyword, tracked.name)
    return any(
        kind == keyword and (one.name == tracked.name or _meaning(member, kind, one.name) == wanted)
        for kind, one in trackers_of(member)
    )


def _meaning(member: Member, keyword: str, name: str) -> object:
    """What is looked at, apart from its name."""
    configuration = member.node.configuration
    if keyword == "track_script":
        return configuration.scripts[name].command.arguments
    if keyword == "track_process":
        process = configuration.processes[name]
        return process.path, process.parameters
    if keyword == "track_file":
        return configuration.files[name].path
    return name


@rule("cluster-nobody-left")
def nobody_left(cluster: Cluster) -> Iterator[Finding]:
    """All nodes of a virtual router track with weight 0 whether the same third party answers, such as the
    gateway. When that one fails, every node is in FAULT, and the addresses are nowhere."""
    for election in cluster.elections:
        first, *others = election.members
        for keyword, tracked in trackers_of(first):
            if keyword != "track_script" or tracked.weight.value:
                continue
            script = first.node.configuration.scripts[tracked.name]
            asked = _third_party(script.command.arguments[1:])
            if asked and all(_faults_with(other, script.command.arguments) for other in others):
                yield Finding(
                    first.node.text.span(tracked.place),
                    f"({first.router.name}) when {asked} does not answer, {tracked.name} fails on every "
                    "node: all are in FAULT, and nobody serves",
                    "a weight, so that the nodes are compared; when all fail, the highest still serves",
                    tuple(other.related("the same question", "track_script") for other in others),
                )


def _faults_with(member: Member, arguments: tuple[str, ...]) -> bool:
    scripts = member.node.configuration.scripts
    return any(
        keyword == "track_script"
        and not tracked.weight.value
        and scripts[tracked.name].command.arguments == arguments
        for keyword, tracked in trackers_of(member)
    )


def _third_party(words: tuple[str, ...]) -> str | None:
    """The first address among the words of a command that is not this machine's own."""
    for word in words:
        for candidate in _ADDRESS.findall(word):
            try:
                address = ip_address(candidate)
            except ValueError:
                continue
            if not address.is_loopback and not address.is_unspecified:
                return str(address)
    return None
