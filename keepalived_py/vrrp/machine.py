"""The state machine of a virtual router, as a table that is executed.

Every state has an edge for every input. All that happens on a change of state is on its edge, in
order, so that no path into MASTER can forget an address and no path out of it can keep one. Which
input an event amounts to — is this advert better than ours? may the sync group follow? — is decided
before, in `engine`; what an effect does is in `effects`.

The machine differs from RFC 5798 §6.4 as keepalived's does: FAULT is a state of its own (an interface
or tracked object failed), INIT lasts while the first results of tracked scripts are awaited, and an
owner of the addresses starts as a backup whose timer expires at once.
"""

from dataclasses import dataclass
from enum import auto

from keepalived_py.vrrp.identity import IdentityEnum
from keepalived_py.vrrp.state import State


class Input(IdentityEnum):
    """What can happen to an instance, as far as its state is concerned."""

    START = auto()
    """The daemon starts, nothing is wrong and nothing is awaited."""
    START_OWNER = auto()
    """As START, for the owner of the addresses that is to be master from the beginning."""
    START_FAULT = auto()
    """The daemon starts, and something that is tracked has failed."""
    TIMEOUT = auto()
    """The timer of the state expired: the master is down, or our next advert is due."""
    HEARD_ZERO = auto()
    """An advert of priority 0: its sender stops being master."""
    HEARD_MASTER = auto()
    """An advert that we obey."""
    HEARD_LOWER = auto()
    """An advert that we do not obey."""
    DOWN = auto()
    """Something that is tracked has failed, the first of its kind."""
    UP = auto()
    """Nothing is wrong or awaited any more, in our sync group neither."""
    UP_OWNER = auto()
    """As UP, for the owner of the addresses before it was ever in another state."""
    ADDRESS_LOST = auto()
    """Someone else removed one of our addresses, routes or rules."""
    TOO_LATE = auto()
    """We have slept for so long that another may be master (`timer_expired_backup`)."""
    GROUP_MASTER = auto()
    GROUP_BACKUP = auto()
    GROUP_FAULT = auto()
    """Another member of the sync group has gone there."""


class Effect(IdentityEnum):
    """What is done on an edge. The order on an edge is the order on the wire and in the logs."""

    BEGIN_SEQUENCE = auto()
    """The sequence of `auth_type AH` starts anew if it has come to its end."""
    LOG_STATE = auto()
    LOG_INITIAL_STATE = auto()
    SEND_ADVERT = auto()
    SEND_ZERO = auto()
    """An advert of priority 0, counted and logged."""
    SEND_ZERO_QUIETLY = auto()
    WATCH_RIVAL = auto()
    """Another owner of the addresses may have one advert less to yield."""
    SET_ADDRESSES = auto()
    REMOVE_ADDRESSES = auto()
    ANNOUNCE = auto()
    """The first gratuitous ARP burst, and the timers of those that follow."""
    ANNOUNCE_SOURCE = auto()
    """A gratuitous ARP for our own address: a unicast master may have forgotten us."""
    ANSWER_LOWER = auto()
    """Tell those who heard a lower-priority master who the master is."""
    NOTIFY = auto()
    FORGET_MASTER = auto()
    """Our own advert interval counts again, and no preemption is being delayed."""
    ADVERT_TIMER = auto()
    DOWN_TIMER = auto()
    SKEW_TIMER = auto()
    """Take over as soon as our priority permits."""
    NO_WAIT_TIMER = auto()
    NO_TIMER = auto()


@dataclass(frozen=True, slots=True)
class Edge:
    """Where an input leads from a state, and what happens on the way."""

    target: State
    effects: tuple[Effect, ...] = ()


E = Effect

TAKE_OVER = Edge(
    State.MASTER,
    (
        E.BEGIN_SEQUENCE,
        E.ADVERT_TIMER,
        E.SEND_ADVERT,
        E.LOG_STATE,
        E.FORGET_MASTER,
        E.SET_ADDRESSES,
        E.ANNOUNCE,
        E.NOTIFY,
    ),
)
YIELD = Edge(State.BACKUP, (E.LOG_STATE, E.REMOVE_ADDRESSES, E.NOTIFY, E.DOWN_TIMER))
RELEASE_AND_RETRY = Edge(
    State.BACKUP,
    (E.LOG_STATE, E.SEND_ZERO, E.REMOVE_ADDRESSES, E.NOTIFY, E.FORGET_MASTER, E.SKEW_TIMER),
)
FAIL = Edge(
    State.FAULT,
    (E.LOG_STATE, E.SEND_ZERO_QUIETLY, E.SEND_ZERO, E.REMOVE_ADDRESSES, E.NOTIFY, E.NO_TIMER),
)
FAIL_WITH_GROUP = Edge(
    State.FAULT, (E.LOG_STATE, E.SEND_ZERO_QUIETLY, E.REMOVE_ADDRESSES, E.NOTIFY, E.NO_TIMER)
)
GIVE_UP = Edge(State.FAULT, (E.LOG_STATE, E.NOTIFY, E.NO_TIMER))
FAIL_AT_ONCE = Edge(State.FAULT, (E.NOTIFY, E.NO_TIMER))
FAIL_SILENTLY = Edge(State.FAULT, (E.NO_TIMER,))
COME_UP = Edge(State.BACKUP, (E.LOG_STATE, E.NOTIFY, E.FORGET_MASTER, E.ANNOUNCE_SOURCE, E.DOWN_TIMER))

STAY_INIT = Edge(State.INIT)
STAY_BACKUP = Edge(State.BACKUP)
STAY_MASTER = Edge(State.MASTER)
STAY_FAULT = Edge(State.FAULT)

on = Input

TABLE: dict[State, dict[Input, Edge]] = {
    State.INIT: {
        on.START: Edge(State.BACKUP, (E.LOG_INITIAL_STATE, E.NOTIFY, E.FORGET_MASTER, E.DOWN_TIMER)),
        on.START_OWNER: Edge(State.BACKUP, (E.FORGET_MASTER, E.NO_WAIT_TIMER)),
        on.START_FAULT: FAIL_AT_ONCE,
        on.TIMEOUT: STAY_INIT,
        on.HEARD_ZERO: STAY_INIT,
        on.HEARD_MASTER: STAY_INIT,
        on.HEARD_LOWER: STAY_INIT,
        on.DOWN: FAIL_AT_ONCE,
        on.UP: COME_UP,
        on.UP_OWNER: TAKE_OVER,
        on.ADDRESS_LOST: STAY_INIT,
        on.TOO_LATE: STAY_INIT,
        on.GROUP_MASTER: TAKE_OVER,
        on.GROUP_BACKUP: COME_UP,
        on.GROUP_FAULT: FAIL_SILENTLY,
    },
    State.BACKUP: {
        on.START: STAY_BACKUP,
        on.START_OWNER: STAY_BACKUP,
        on.START_FAULT: GIVE_UP,
        on.TIMEOUT: TAKE_OVER,
        on.HEARD_ZERO: Edge(State.BACKUP, (E.SKEW_TIMER,)),
        on.HEARD_MASTER: Edge(State.BACKUP, (E.DOWN_TIMER,)),
        on.HEARD_LOWER: STAY_BACKUP,
        on.DOWN: GIVE_UP,
        on.UP: STAY_BACKUP,
        on.UP_OWNER: STAY_BACKUP,
        on.ADDRESS_LOST: STAY_BACKUP,
        on.TOO_LATE: STAY_BACKUP,
        on.GROUP_MASTER: TAKE_OVER,
        on.GROUP_BACKUP: STAY_BACKUP,
        on.GROUP_FAULT: GIVE_UP,
    },
    State.MASTER: {
        on.START: STAY_MASTER,
        on.START_OWNER: STAY_MASTER,
        on.START_FAULT: FAIL,
        on.TIMEOUT: Edge(State.MASTER, (E.SEND_ADVERT, E.WATCH_RIVAL, E.ADVERT_TIMER)),
        on.HEARD_ZERO: Edge(State.MASTER, (E.SEND_ADVERT, E.ADVERT_TIMER)),
        on.HEARD_MASTER: YIELD,
        on.HEARD_LOWER: Edge(State.MASTER, (E.ANSWER_LOWER,)),
        on.DOWN: FAIL,
        on.UP: STAY_MASTER,
        on.UP_OWNER: STAY_MASTER,
        on.ADDRESS_LOST: RELEASE_AND_RETRY,
        on.TOO_LATE: YIELD,
        on.GROUP_MASTER: STAY_MASTER,
        on.GROUP_BACKUP: YIELD,
        on.GROUP_FAULT: FAIL_WITH_GROUP,
    },
    State.FAULT: {
        on.START: STAY_FAULT,
        on.START_OWNER: STAY_FAULT,
        on.START_FAULT: STAY_FAULT,
        on.TIMEOUT: STAY_FAULT,
        on.HEARD_ZERO: STAY_FAULT,
        on.HEARD_MASTER: STAY_FAULT,
        on.HEARD_LOWER: STAY_FAULT,
        on.DOWN: Edge(State.FAULT, (E.NOTIFY,)),
        on.UP: COME_UP,
        on.UP_OWNER: TAKE_OVER,
        on.ADDRESS_LOST: STAY_FAULT,
        on.TOO_LATE: STAY_FAULT,
        on.GROUP_MASTER: TAKE_OVER,
        on.GROUP_BACKUP: COME_UP,
        on.GROUP_FAULT: STAY_FAULT,
    },
}
