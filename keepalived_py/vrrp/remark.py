"""What is logged once of an instance, and not again until its state or its master changes."""

from enum import Flag


class Remark(Flag):
    """What may be wrong with adverts, numbered as the "Rate-limit flags" of keepalived's data file."""

    NONE = 0
    INVALID_TTL = 0x1
    WRONG_VERSION = 0x2
    NOT_ADVERTISEMENT = 0x4
    INCOMPLETE_PACKET = 0x8
    WRONG_ADDRESS_COUNT = 0x20
    ADDRESS_MISMATCH = 0x40
    WRONG_AUTH = 0x80
    BAD_AUTH = 0x100
    BAD_AH_HEADER = 0x200
    BAD_LENGTH = 0x800
    WRONG_PASSWORD = 0x1000
    ADVERT_INTERVAL = 0x2000
    BAD_CHECKSUM = 0x4000
    UNICAST_OR_MULTICAST = 0x8000
    UNKNOWN_UNICAST_SOURCE = 0x10000
    TTL_NOT_IN_RANGE = 0x20000
    OWNER_IGNORES = 0x40000
    AUTH_EXT_MISSING = 0x80000
    AUTH_EXT_MALFORMED = 0x100000
    AUTH_EXT_UNKNOWN_KEY = 0x200000
    AUTH_EXT_INVALID_HMAC = 0x400000
    AUTH_EXT_STALE = 0x800000
    AUTH_EXT_REPLAY = 0x1000000
    AUTH_EXT_CLOCK_SKEW = 0x2000000
