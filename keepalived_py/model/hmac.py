"""Authentication of adverts by an HMAC trailer (`auth_hmac`)."""

from dataclasses import dataclass, field
from enum import Enum

KEY_OCTETS_MIN, KEY_OCTETS_MAX = 32, 64


class HmacMode(Enum):
    """Whether the trailer is sent and required; the value is the keyword."""

    ENFORCE = "enforce"
    PERMISSIVE = "permissive"
    RECEIVE_ONLY = "receive-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthHmac:
    """An `auth_hmac` block. Keys are by id, 1..255; one from a file of a host that is not known is
    None. `active_key` is one of them."""

    keys: dict[int, bytes | None] = field(default_factory=dict, repr=False)
    active_key: int = 0
    time_window_seconds: int = 0
    """1..300: how far a sender's clock may be from ours; not used with `anti_replay monotonic`."""
    anti_replay_by_time: bool = True
    """False: `anti_replay monotonic`."""
    mode: HmacMode = HmacMode.ENFORCE

    @property
    def signs(self) -> bool:
        """Whether adverts are sent with a trailer."""
        return self.mode is not HmacMode.RECEIVE_ONLY
