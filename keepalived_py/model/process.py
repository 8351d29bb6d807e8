"""The processes of keepalived."""

from enum import IntEnum


class Process(IntEnum):
    """In the order in which `-t` reads the configuration for them: each only its own part."""

    PARENT = 0
    CHECKER = 1
    VRRP = 2
    BFD = 3
