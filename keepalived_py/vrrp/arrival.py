"""An advert that has reached an instance, and what may be wrong with it."""

from dataclasses import dataclass
from typing import NamedTuple

from keepalived_py.model.units import Microseconds
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.packet.advert import Advert
from keepalived_py.vrrp.remark import Remark


class Arrival(NamedTuple):
    """`wall_us` is when: microseconds since 1970 (UTC)."""

    instance: Instance
    advert: Advert
    wall_us: Microseconds


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an advert is dropped, for the log, and what is counted, if anything.

    A fault with a remark is logged once; one without always.
    """

    text: str
    counter: str | None
    remark: Remark = Remark.NONE
