"""What each code of a finding means: those of the rules of lint in their own words, those of what
keepalived itself reports here."""

from keepalived_py.check import cluster, lint

REPORTED = {
    "auth": "The authentication is not possible here: no password, or not with this version or mode.",
    "bad-address": "Not an address as it is needed here: malformed, with a mask, or of the wrong kind.",
    "bad-bfd": "A BFD session that cannot be used for this.",
    "bad-boolean": "Neither `true`, `on`, `yes` nor `false`, `off`, `no`, in lower case.",
    "bad-broadcast": "The prefix leaves no room for a broadcast address.",
    "bad-command": "A command that keepalived cannot use.",
    "bad-digest": "Not the hexadecimal digits of an MD5 digest.",
    "bad-group": "A virtual server refers to a group that does not exist or does not fit.",
    "bad-interface": "No name of an interface, or one that cannot be used for this.",
    "bad-key": "A key of `auth_hmac` that is too short or too long, or whose file cannot be used.",
    "bad-label": "A label of an address is longer than the kernel permits.",
    "bad-name": "A name that cannot be used for this.",
    "bad-number": "Not a number, or out of range.",
    "bad-peer": "The peer of an address does not go with the address.",
    "bad-prefix": "A prefix length that does not exist in this family.",
    "bad-range": "A range of addresses or ports that is malformed or too large.",
    "bad-regex": "A regular expression, or an option of one, that cannot be used.",
    "bad-scope": "Not a scope that the kernel knows.",
    "bad-sequence": "A `~SEQ` or `~LST` that is not well formed.",
    "bad-state": "`state` is neither MASTER nor BACKUP.",
    "bad-substitution": "A definition cannot be put in here, for example because the line becomes too long.",
    "bad-ttl": "Bounds of the TTL that no packet can meet.",
    "bad-value": "The argument of the keyword is not one it takes.",
    "bad-version": "The VRRP version does not exist, or conflicts with what was said before.",
    "bad-vmac": "`use_vmac` of an address without an interface.",
    "deprecated": "An old name or form that still works.",
    "delay": "A change of an interface is to count later than others may be left without adverts.",
    "duplicate": "Something is defined or listed a second time; the first one counts.",
    "duplicate-vrid": "Two instances of one VRID would hear each other's adverts as their own.",
    "embedded-nul": "There are NUL bytes in the line: this is not a text file.",
    "empty-list": "A block of values without a value.",
    "expansion-limit": "Definitions and sequences expand to more lines than anybody can mean.",
    "extra-close-brace": "A `}` too many.",
    "extra-words": "There are words after what the line can hold.",
    "family": "IPv4 and IPv6 are mixed where they must not be.",
    "first-address": "The first IPv6 address of an instance is not link-local, as the RFC demands.",
    "goto": "A rule jumps to a rule that cannot be its target.",
    "include": "A file that is included is missing or cannot be read.",
    "include-loop": "A file includes itself, or too many files are included.",
    "incompatible": "Two settings exclude each other; keepalived drops one of them.",
    "insecure-script": "Others than root could change a script that root would run.",
    "line-too-long": "A line is longer than keepalived's buffer.",
    "interface": "Something about an interface that keepalived does differently from what is said.",
    "link-local": "A link-local address needs an interface.",
    "long-delay": "A delay that is hardly meant.",
    "misplaced-keyword": "The keyword exists, but in another block. Often a brace is missing or too many.",
    "missing-argument": "A keyword lacks an argument.",
    "missing-close-brace": "A block is not closed at the end of the files.",
    "missing-open-brace": "A block does not begin with `{`.",
    "name": "A block lacks its name, or has more than one.",
    "name-too-long": "A name is longer than the kernel permits; the rest of it is lost.",
    "no-action": "A rule that does not say what to do.",
    "no-address": "An instance has no virtual address.",
    "no-delay": "A delay that no interface has.",
    "no-destination": "A route without a destination.",
    "no-directory": "The directory of a file to watch does not exist.",
    "no-entries": "A block of values without a value.",
    "no-file": "A block lacks the file that it is about.",
    "no-interface": "An interface does not exist on this machine.",
    "no-members": "A group without an instance, or with only one.",
    "no-name": "A checker lacks the name it needs.",
    "no-neighbor": "A BFD instance lacks its neighbour.",
    "no-path": "A URL lacks its path.",
    "no-preference": "A rule without a preference gets one from keepalived, which may change with the file.",
    "no-process": "A process to track lacks its name.",
    "no-real-server": "A virtual server without a real server.",
    "no-regex": "An option of a regular expression that is not there.",
    "no-script": "A script is not set, or not found.",
    "no-sorry-server": "A setting for a sorry server that does not exist.",
    "no-table": "A rule has an option that only goes with a table.",
    "no-url": "An HTTP checker without a URL.",
    "no-vrid": "An instance lacks its `virtual_router_id`.",
    "not-built": "keepalived-py understands this, and does not act on it yet.",
    "not-supported": "An option that keepalived does not support.",
    "own-interface": "The interface of an instance is tracked in any case.",
    "password-too-long": "A password counts up to its eighth character.",
    "protocol": "A route or rule that is tracked has another protocol than keepalived.",
    "quorum": "A quorum that its maximum does not permit, or the other way round.",
    "readable-secret": "A file with a key can be read by others than its owner.",
    "script-security": "Scripts run without `enable_script_security`.",
    "several-files": "The path of the configuration matches several files, and all are read.",
    "slow-bfd": "A timer of a BFD instance is longer than makes sense for what is to be quick.",
    "too-many-addresses": "An advert cannot carry so many addresses; keepalived takes some out of it.",
    "track-group": "A static entry of a track group lacks the interface that is tracked.",
    "unexpected-open-brace": "A `{` where no block begins.",
    "unicast": "A setting for unicast in an instance without peers.",
    "unknown-account": "A user or a group does not exist on this machine.",
    "unknown-interface": "An instance lacks its interface.",
    "unknown-keyword": "There is no such keyword.",
    "unknown-name": "What is referred to is not defined before, or not without error.",
    "unknown-option": "There is no such option of this keyword.",
    "unmatched-quote": "A quote is not closed; the words after it are lost.",
    "unquoted-arguments": "A command with arguments is not quoted as a whole, so that they are lost.",
    "unreadable-file": "The file is missing or cannot be read. For a missing one, `keepalived -t` exits 0.",
    "unterminated-quote": "A double quote is not closed in its line.",
    "unwatchable": "A file is where the kernel tells of no changes, or where nobody may write.",
    "unused-script": "A `vrrp_script` that no instance and no group tracks: nothing depends on it.",
    "virtual-server": "A virtual server says something that cannot be; keepalived sets it right.",
    "vmac": "A virtual MAC address is not possible here.",
}


def documentation(code: str) -> str:
    """What a code means. Raises KeyError for a code that does not exist."""
    rules = {rule.code: rule.documentation for rule in lint.RULES}
    rules |= {rule.code: rule.documentation for rule in cluster.RULES}
    return rules.get(code) or REPORTED[code]


def reference() -> str:
    """The page about all codes, in Markdown."""
    lines = [
        "# Codes of findings",
        "",
        "Made by `python -m keepalived_py.check.codes` from the rules. A code never changes its meaning.",
        "",
        "## What keepalived takes in silence",
        "",
        "`keepalived -t` says nothing of these, and neither does `keepalived-py -t`.",
    ]
    for rule in sorted(lint.RULES, key=lambda rule: rule.code):
        lines += ["", f"### {rule.code}", "", f"({rule.severity.value}) {rule.documentation}"]
    lines += ["", "## What shows only when the nodes are compared (`check --cluster`)"]
    for between in sorted(cluster.RULES, key=lambda rule: rule.code):
        lines += ["", f"### {between.code}", "", f"({between.severity.value}) {between.documentation}"]
    lines += ["", "## What keepalived reports, too", "", "| code | meaning |", "|---|---|"]
    lines += [f"| {code} | {text} |" for code, text in sorted(REPORTED.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(reference(), end="")
