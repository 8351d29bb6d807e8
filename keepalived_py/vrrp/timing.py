"""The timers of RFC 3768 §6.1 (version 2) and RFC 5798 §6.1 (version 3), as keepalived counts them."""

from keepalived_py.model.units import CENTISECOND, SECOND, Microseconds


def skew_time_us(version: int, priority: int, master_advert_interval_us: Microseconds) -> Microseconds:
    """How long a backup waits beyond the missed adverts: the higher its priority, the shorter.

    Version 2: (256 − priority) / 256 seconds. Version 3: the same share of the master's interval.
    """
    share = 256 - priority
    if version == 3:
        return share * (master_advert_interval_us // CENTISECOND) * 625 // 16
    return share * SECOND // 256


def takeover_us(version: int, priority: int, advert_interval_us: Microseconds) -> Microseconds:
    """How long after the last advert of a master a backup of this priority takes over at the earliest."""
    return 3 * advert_interval_us + (256 - priority) * (SECOND if version == 2 else advert_interval_us) // 256


def master_down_interval_us(
    version: int, priority: int, master_advert_interval_us: Microseconds, adverts: int
) -> Microseconds:
    """How long the master may be silent; `adverts` is `down_timer_adverts`, 3 in the RFCs."""
    skew = skew_time_us(version, priority, master_advert_interval_us)
    return adverts * master_advert_interval_us + skew
