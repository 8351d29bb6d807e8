"""What a received advert amounts to: who is to be master (RFC 5798 §6.4.2 and §6.4.3)."""

from keepalived_py.model.router import OWNER_PRIORITY
from keepalived_py.vrrp import reasons, receive, rivalry
from keepalived_py.vrrp.arrival import Arrival, Fault
from keepalived_py.vrrp.authentication import clock_difference
from keepalived_py.vrrp.effects import Scene, send_advert
from keepalived_py.vrrp.instance import Ignored, Instance, Settled
from keepalived_py.vrrp.machine import Input
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.remark import Remark
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.turn import Turn


def hear(scene: Scene, arrival: Arrival) -> Input | None:
    """Judge an advert for an instance that is BACKUP or MASTER; None: it does not count."""
    instance, advert = arrival.instance, arrival.advert
    if _is_settled(instance, advert):
        instance.counters.adverts_received += 1
        instance.wanted = State.BACKUP
        return Input.HEARD_MASTER
    instance.settled = None
    if not _is_acceptable(scene.turn, arrival):
        return None
    if instance.state is State.MASTER:
        return _hear_as_master(scene, advert)
    what = _hear_as_backup(scene, advert)
    if what is Input.HEARD_MASTER and _settles(instance, advert):
        instance.settled = Settled(advert, instance.config, instance.effective_priority)
    return what


def _is_settled(instance: Instance, advert: Advert) -> bool:
    """Whether an advert is the very one that was heard last, and would change nothing again: most are.

    Worlds may give the same object for the same packet; another that is equal is judged anew.
    """
    settled = instance.settled
    return (
        settled is not None
        and settled.advert is advert
        and settled.config is instance.config
        and settled.priority == instance.effective_priority
    )


def _settles(instance: Instance, advert: Advert) -> bool:
    """Whether nothing that was made of an advert depends on the time, on sequence numbers, or on whether
    it was remarked on before."""
    config = instance.config
    return (
        advert.ah is None
        and config.auth_hmac is None
        and not config.preempt_delay_us
        and not receive.v3_interval_difference(config, advert)
        and not receive.address_difference(config, advert, count_only=False)
    )


def _hear_as_backup(scene: Scene, advert: Advert) -> Input:
    turn, instance = scene.turn, scene.instance
    rivalry.hear_master(turn, instance, advert)
    if advert.source != instance.master_address:
        if instance.master_address is None:
            turn.log_detail(f"({instance.name}) master set to {advert.source}")
        else:
            turn.log_detail(
                f"({instance.name}) master changed from {instance.master_address} to {advert.source}"
            )
        instance.remarked = Remark.NONE
    if advert.priority == 0:
        turn.log_detail(f"({instance.name}) Backup received priority 0 advertisement")
        instance.hastened_by = reasons.gave_up(advert)
        return Input.HEARD_ZERO
    instance.master_address = advert.source
    if not _is_obeyed(turn, instance, advert):
        turn.log(
            f"({instance.name}) received lower priority ({advert.priority}) advert "
            f"from {advert.source} - discarding"
        )
        instance.ignored = Ignored(turn.now_us, advert.source, advert.priority)
        return Input.HEARD_LOWER
    _adopt(turn, instance, advert)
    _watch_preemption(turn, instance, advert)
    instance.wanted = State.BACKUP
    return Input.HEARD_MASTER


def _is_obeyed(turn: Turn, instance: Instance, advert: Advert) -> bool:
    config = instance.config
    if config.nopreempt or advert.priority >= instance.effective_priority:
        return True
    still_waiting = instance.preempt_at_us is None or turn.now_us < instance.preempt_at_us
    return bool(config.preempt_delay_us) and still_waiting


def _watch_preemption(turn: Turn, instance: Instance, advert: Advert) -> None:
    """`preempt_delay` counts from the first advert of lower priority that is let pass."""
    delay_us = instance.config.preempt_delay_us
    if not delay_us:
        return
    if advert.priority >= instance.effective_priority:
        if instance.preempt_at_us is not None:
            turn.log_detail(f"({instance.name}) stop preempt delay")
            instance.preempt_at_us = None
    elif instance.preempt_at_us is None:
        turn.log_detail(
            f"({instance.name}) start preempt delay ({delay_us // 1_000_000}.{delay_us % 1_000_000:06})"
        )
        instance.preempt_at_us = turn.now_us + delay_us


def _hear_as_master(scene: Scene, advert: Advert) -> Input | None:
    turn, instance = scene.turn, scene.instance
    if advert.priority == 0:
        turn.log_detail(f"({instance.name}) Master received priority 0 message")
        return Input.HEARD_ZERO
    own = (instance.effective_priority, int(instance.source_address or 0))
    theirs = (advert.priority, int(advert.source))
    if theirs == own:
        turn.log(
            f"({instance.name}) WARNING - equal priority advert received from remote host "
            "with our IP address."
        )
        return None
    if own[0] == theirs[0] == OWNER_PRIORITY:
        rivalry.meet(turn, instance, advert)
        own = (instance.effective_priority, own[1])
    if theirs < own:
        consequence = "" if instance.config.lower_prio_no_advert else ", forcing new election"
        turn.log(
            f"({instance.name}) Received advert from {advert.source} with lower priority "
            f"{advert.priority}, ours {instance.effective_priority}{consequence}"
        )
        if advert.ah:
            turn.log(f"({instance.name}) IPSEC-AH : Syncing seq_num - Increment seq")
            instance.ah.resume_after(advert.ah.sequence)
        return Input.HEARD_LOWER
    if instance.config.higher_prio_send_advert:
        send_advert(scene)
    difference = (
        f"higher priority {advert.priority}, ours {instance.effective_priority}"
        if advert.priority > instance.effective_priority and not instance.config.is_owner
        else f"same priority {advert.priority} but higher IP address than ours"
    )
    turn.log(f"({instance.name}) Master received advert from {advert.source} with {difference}")
    instance.ah.cycle = False
    instance.master_address = advert.source
    _adopt(turn, instance, advert)
    instance.wanted = State.BACKUP
    return Input.HEARD_MASTER


def _adopt(turn: Turn, instance: Instance, advert: Advert) -> None:
    """Remember the master; in version 3 its interval counts for us (RFC 5798 §6.4.2)."""
    instance.master_priority = advert.priority
    instance.follows_master = True
    if instance.config.version == 3 and advert.advert_interval_us != instance.master_advert_interval_us:
        turn.log_detail(
            f"({instance.name}) advertisement interval updated from "
            f"{instance.master_advert_interval_us // 1000}ms to "
            f"{advert.advert_interval_us // 1000}ms by master"
        )
        instance.master_advert_interval_us = advert.advert_interval_us


def _is_acceptable(turn: Turn, arrival: Arrival) -> bool:
    """Apply all checks, counting and remarking on what is wrong."""
    instance, advert = arrival.instance, arrival.advert
    config, counters, checksum = instance.config, instance.counters, instance.unicast_checksum
    for check in receive.DROP:
        if fault := check(arrival):
            _drop(turn, instance, fault)
            return False
    if instance.unicast_checksum is not checksum:
        turn.log(f"({instance.name}) Setting unicast VRRPv3 checksum to old version")
    if difference := clock_difference(arrival):
        _remark(turn, instance, Remark.AUTH_EXT_CLOCK_SKEW, difference)
    if difference := receive.v3_interval_difference(config, advert):
        _remark(turn, instance, Remark.ADVERT_INTERVAL, difference)
    counters.adverts_received += 1
    known_master = instance.state is State.BACKUP and advert.source == instance.master_address
    count_only = config.skip_check_adv_addr and known_master
    if found := receive.address_difference(config, advert, count_only=count_only):
        counters.address_list_errors += 1
        _remark(turn, instance, *found)
    if unknown := receive.unicast_source_fault(arrival):
        _drop(turn, instance, unknown)
        return False
    if advert.priority == 0:
        counters.priority_zero_received += 1
    return True


def _drop(turn: Turn, instance: Instance, fault: Fault) -> None:
    if fault.counter:
        _count(instance, fault.counter)
    if not fault.remark & instance.remarked:
        turn.log(fault.text)
    instance.remarked |= fault.remark


def _count(instance: Instance, counter: str) -> None:
    setattr(instance.counters, counter, getattr(instance.counters, counter) + 1)


def _remark(turn: Turn, instance: Instance, remark: Remark, text: str) -> None:
    if not remark & instance.remarked:
        instance.remarked |= remark
        turn.log(f"({instance.name}) {text}")
