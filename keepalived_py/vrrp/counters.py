"""What an instance has counted since the daemon started; shown by SIGUSR2."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Plain counts. A packet that is rejected increments at most one of the errors."""

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
    invalid_auth_type: int = 0
    auth_type_mismatch: int = 0
    auth_failure: int = 0
    auth_ext_missing: int = 0
    auth_ext_malformed: int = 0
    auth_ext_unknown_key: int = 0
    auth_ext_invalid_hmac: int = 0
    auth_ext_stale: int = 0
    auth_ext_replay: int = 0
    """These six are of `auth_hmac`."""
    priority_zero_received: int = 0
    priority_zero_sent: int = 0
