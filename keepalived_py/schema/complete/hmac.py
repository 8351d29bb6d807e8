"""`auth_hmac`: whether it can be used, and what does not go with it."""

from dataclasses import replace

from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.router import AuthType
from keepalived_py.model.units import SECOND
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import InstanceDraft

WINDOW_FLOOR, WINDOW_MAX = 5, 300
"""Seconds, where the window follows from the advert interval."""


def auth_hmac(
    completion: Completion, draft: InstanceDraft, auth_type: AuthType, strict: bool
) -> AuthHmac | None:
    """The settings as they are used; None without, or without the active key."""
    hmac = draft.auth_hmac
    if hmac is None:
        return None
    if auth_type is not AuthType.NONE:
        message = "auth_hmac cannot be combined with authentication, dropping legacy auth"
        completion.reset(draft, "auth_hmac", message)
    if hmac.active_key not in hmac.keys:
        message = f"auth_hmac active_key {hmac.active_key} is not defined, disabling extension"
        completion.reset(draft, "auth_hmac", message)
        return None
    if strict and hmac.mode is not HmacMode.ENFORCE:
        completion.reset(draft, "auth_hmac", "strict mode requires auth_hmac mode enforce")
        hmac = replace(hmac, mode=HmacMode.ENFORCE)
    if hmac.anti_replay_by_time and not hmac.time_window_seconds:
        # keepalived does not round the interval before, nor has it a default by then.
        three_adverts = 3 * ((draft.advert_interval_us or 0) // SECOND)
        hmac = replace(hmac, time_window_seconds=min(max(three_adverts, WINDOW_FLOOR), WINDOW_MAX))
    return hmac
