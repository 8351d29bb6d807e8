"""The states of an instance and of a sync group."""

from keepalived_py.vrrp.identity import IdentityEnum


class State(IdentityEnum):
    """The value is keepalived's number for the state, as its files and JSON have it.

    INIT lasts until every tracked script that can put the instance into FAULT has ended once.
    """

    INIT = 0
    BACKUP = 1
    MASTER = 2
    FAULT = 3
    DELETED = 97
    STOP = 98
