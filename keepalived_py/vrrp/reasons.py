"""Why an instance changes its state, in words: the cause first, then the numbers that decided.

`advert from 10.0.0.2 with priority 102 > 100 = 150 − 50 (script chk failed)`: other routers' numbers stand
on the left, ours on the right. Only what changes a state is put into words, so that this costs nothing
while all is well.
"""

from keepalived_py.model.route import Route, Rule
from keepalived_py.model.router import OWNER_PRIORITY
from keepalived_py.model.units import SECOND, Microseconds, format_seconds
from keepalived_py.vrrp.group import Group
from keepalived_py.vrrp.instance import Instance, Wait
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.processes import Process

OWNER = f"owner of the addresses, priority {OWNER_PRIORITY}"
START = "start, nothing has failed"
STOP = "keepalived stops"
RELOAD = "reload"
RETIRED = "reload: not in the configuration any more"


def outranked(instance: Instance, advert: Advert) -> str:
    """A master has heard a better one."""
    ours, theirs = instance.effective_priority, advert.priority
    text = f"advert from {advert.source} with priority {theirs}"
    if theirs == ours:
        return f"{text} = {priority(instance)}, and {advert.source} > {instance.source_address}"
    return f"{text} > {priority(instance)}"


def gave_up(advert: Advert) -> str:
    return f"{advert.source} has given up (priority 0)"


def timed_out(instance: Instance, now_us: Microseconds) -> str:
    """The wait of a backup is over."""
    skew_us, interval_us = instance.skew_us, instance.master_advert_interval_us
    match instance.wait:
        case Wait.NOTHING:
            return OWNER
        case Wait.SKEW:
            unit = f" × {format_seconds(interval_us)}" if instance.config.version == 3 else ""
            share = f"(256 − {instance.waiting_priority})/256{unit} s"
            return f"{instance.hastened_by}, no better master within {_rounded(skew_us)} s = {share}"
        case Wait.MASTER_DOWN:
            total_us = instance.master_down_interval_us
            wait = silence(total_us, instance.config.down_timer_adverts, interval_us, skew_us)
            ignored = instance.ignored
            if ignored and ignored.at_us >= now_us - total_us:
                delay_us = instance.config.preempt_delay_us
                until = f", after preempt_delay {format_seconds(delay_us)} s" if delay_us else ""
                theirs = f"{ignored.source} has {ignored.priority} < {priority(instance)}{until}"
                return f"no better master heard for {wait}; {theirs}"
            if instance.follows_master:
                return f"master {instance.master_address} silent for {wait}"
            return f"no master heard for {wait}"


def silence(total_us: Microseconds, adverts: int, interval_us: Microseconds, skew_us: Microseconds) -> str:
    """How the time is made up that a master may be silent."""
    return f"{_rounded(total_us)} s = {adverts} × {format_seconds(interval_us)} s + {_rounded(skew_us)} s"


def priority(instance: Instance) -> str:
    """Our effective priority, and what has made it: `100 = 150 − 50 (script chk failed)`."""
    config, effective = instance.config, instance.effective_priority
    parts = [(what, weight) for what, weight in instance.weights if weight]
    if config.is_owner or not parts:
        return str(effective)
    terms = [f"{'−' if weight < 0 else '+'} {abs(weight)} ({what})" for what, weight in parts]
    text = f"{effective} = {' '.join([str(config.priority), *terms])}"
    total = config.priority + sum(weight for _, weight in parts)
    if total == effective:
        return text
    return f"{text}, at {'most' if total > effective else 'least'} {effective}"


def faulty(instance: Instance, group: Group | None) -> str:
    """Something is wrong from the beginning, with it or with another member of its sync group."""
    if instance.faults or group is None:
        return ", ".join(sorted(instance.faults))
    member = next(each for each in group.members if each.faults)
    return with_member(group.name, member.name, faulty(member, group))


def failed(instance: Instance, event: str) -> str:
    """Something has failed in an event; a reload does not say what."""
    return f"{event}: {', '.join(sorted(instance.faults))}" if event == RELOAD else event


def with_member(group: str, member: str, reason: str) -> str:
    """A sync group moves because one of its members does."""
    return f"sync group {group} follows {member}: {reason}"


def quorum(process: Process) -> str:
    """A tracked process has gained or lost its quorum."""
    least, most = process.config.quorum, process.config.quorum_max
    wanted = f"at least {least}" if most is None else f"{least} to {most}"
    change = "gained" if process.has_quorum else "lost"
    return f"process {process.name} {change} its quorum ({process.count} running, wanted {wanted})"


def too_late(silent_us: Microseconds, priority_of_other: int, wait_us: Microseconds) -> str:
    """A master has slept (`timer_expired_backup`)."""
    wait = f"{_rounded(wait_us)} s after which priority {priority_of_other} takes over"
    return f"silent for {_rounded(silent_us)} s ≥ {wait}"


def named(item: Route | Rule) -> str:
    """A route or rule, briefly."""
    if isinstance(item, Route):
        return f"route {item.destination}" if item.destination else "route default"
    return f"rule {item.priority}" if item.priority is not None else "a rule"


def _rounded(duration_us: Microseconds) -> str:
    return f"{duration_us / SECOND:.{2 if duration_us >= SECOND // 10 else 3}f}"
