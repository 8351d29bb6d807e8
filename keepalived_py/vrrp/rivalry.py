"""Two routers that both own the addresses, priority 255 against 255: a mistake that must not last.

The one with the lower address yields, as to any better master. The one with the higher address gives it
time to: if it is still heard after two more adverts of ours and a bit more than the longer of the two
intervals, it never yields, and we cede: our priority is 254 until the conflict is over.
"""

from keepalived_py.model.router import OWNER_PRIORITY
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.turn import Timer, Turn

ADVERTS = 2


def meet(turn: Turn, instance: Instance, advert: Advert) -> None:
    """An owner that is master hears another owner. If it cedes, its priority is lower after this."""
    name, rival = instance.name, advert.source
    conflict = (
        f"({name}) CONFIGURATION ERROR: local instance and {rival} are both configured as address owner, "
        "please resolve"
    )
    if int(rival) > int(instance.source_address or 0):
        turn.log(conflict)
    elif turn.deadlines.get((Timer.RIVAL, name)) is not None:
        turn.log(
            f"({name}) {rival} is still advertising as address owner, please resolve - reducing our priority"
        )
        turn.cancel(Timer.RIVAL, name)
        instance.has_ceded = True
        instance.effective_priority = instance.owner_priority
    else:
        instance.rival_interval_us = advert.advert_interval_us
        if not instance.rival_adverts:
            turn.log(conflict)
            instance.rival_adverts = ADVERTS


def advert_sent(turn: Turn, instance: Instance) -> None:
    """A master has sent an advert because it was time to."""
    if not instance.rival_adverts:
        return
    instance.rival_adverts -= 1
    if not instance.rival_adverts:
        longer_us = max(instance.rival_interval_us, instance.config.advert_interval_us)
        turn.in_time(Timer.RIVAL, instance.name, longer_us * 12 // 10)


def silent(turn: Turn, instance: Instance) -> None:
    """The rival was not heard again."""
    turn.log(f"({instance.name}): rogue address owner appears to have stopped advertising")


def leave(turn: Turn, instance: Instance) -> None:
    """We are master no longer."""
    turn.cancel(Timer.RIVAL, instance.name)
    instance.rival_adverts = 0


def hear_master(turn: Turn, instance: Instance, advert: Advert) -> None:
    """A backup that has ceded owns its addresses again as soon as another is master, or none is 255."""
    if instance.has_ceded and (advert.source != instance.master_address or advert.priority != OWNER_PRIORITY):
        turn.log(
            f"({instance.name}) Restoring our priority to {OWNER_PRIORITY} "
            "since received advert with lower priority"
        )
        instance.has_ceded = False
        instance.effective_priority = instance.owner_priority
