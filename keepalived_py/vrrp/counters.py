"""What an instance has counted since the daemon started; shown by SIGUSR2."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Plain counts. A packet that is rejected increments exactly one of the errors."""

    adverts_received: int = 0
    adverts_sent: int = 0
    became_master: int = 0
    released_master: int = 0
    packet_length_errors: int = 0
    ttl_errors: int = 0
    version_errors: int = 0
    checksum_errors: int = 0
    invalid_type_received: int = 0
    advert_interval_errors: int = 0
    address_list_errors: int = 0
    unicast_errors: int = 0
    """Unicast where multicast was expected or the other way round, or an unknown peer."""
    owner_ignored: int = 0
    """Dropped because the address owner ignores adverts (`owner_ignore_adverts`)."""
    invalid_auth_type: int = 0
    auth_type_mismatch: int = 0
    auth_failure: int = 0
    priority_zero_received: int = 0
    priority_zero_sent: int = 0
