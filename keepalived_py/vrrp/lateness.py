"""`timer_expired_backup`: a master that has slept may no longer be the only one."""

from collections.abc import Iterable, Iterator

from keepalived_py.model.units import SECOND
from keepalived_py.vrrp import reasons
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.state import State
from keepalived_py.vrrp.timing import takeover_us
from keepalived_py.vrrp.turn import Turn


def overtaken(turn: Turn, instances: Iterable[Instance]) -> Iterator[tuple[Instance, str]]:
    """The masters whose last advert is so old that a backup may have taken over, and why it may."""
    due_us = turn.deadlines.next()
    for instance in instances:
        config = instance.config
        wait_us = takeover_us(config.version, config.highest_other_priority, config.advert_interval_us)
        if (
            instance.state is State.MASTER
            and due_us is not None
            and turn.now_us >= instance.last_advert_us + wait_us
        ):
            turn.log(f"VRRP thread timer expired {(turn.now_us - due_us) / SECOND:.6f} seconds ago")
            silent_us = turn.now_us - instance.last_advert_us
            yield instance, reasons.too_late(silent_us, config.highest_other_priority, wait_us)
