"""What instances inherit from `global_defs`, unless strict mode wants it one way."""

from keepalived_py.model.router import (
    OWNER_PRIORITY,
    GratuitousArp,
)
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.draft import InstanceDraft


def gratuitous_arp(completion: Completion, draft: InstanceDraft, strict: bool) -> GratuitousArp:
    """When gratuitous ARPs are sent."""
    definitions = completion.definitions

    def value(field: str) -> int:
        own: int | None = getattr(draft, field)
        inherited: int = getattr(definitions, field)
        return inherited if own is None else own

    def lower(field: str, master_field: str, message: str) -> int:
        own: int | None = getattr(draft, field)
        if strict:
            if own:
                completion.reset(draft, field.removesuffix("_us"), message)
            return 0
        if own is not None:
            return own
        inherited: int | None = getattr(definitions, field)
        default: int = getattr(definitions, master_field)
        return default if inherited is None else inherited

    return GratuitousArp(
        lower_prio_repeat=lower(
            "garp_lower_prio_repeat",
            "garp_master_repeat",
            "Strict mode requires no repeat garps. resetting",
        ),
        lower_prio_delay_us=lower(
            "garp_lower_prio_delay_us",
            "garp_master_delay_us",
            "Strict mode requires no repeat garp delay. resetting",
        ),
        master_delay_us=value("garp_master_delay_us"),
        master_repeat=value("garp_master_repeat"),
        master_refresh_us=value("garp_master_refresh_us"),
        master_refresh_repeat=value("garp_master_refresh_repeat"),
    )


def strict_value(
    completion: Completion, draft: InstanceDraft, field: str, strict: bool, required: bool, message: str
) -> bool:
    """A flag that strict mode wants one way, and `global_defs` has a default for."""
    own: bool | None = getattr(draft, field)
    inherited: bool = getattr(completion.definitions, field)
    if not strict:
        return inherited if own is None else own
    if own is not None and own is not required:
        completion.reset(draft, field, message)
    return required


def ignores_adverts(completion: Completion, draft: InstanceDraft, owner: bool, strict: bool) -> bool:
    """Whether the owner of the addresses discards adverts."""
    wanted = draft.owner_ignore_adverts
    if not owner:
        if wanted:
            message = f"ignoring owner_ignore_adverts since priority is not {OWNER_PRIORITY}"
            completion.reset(draft, "owner_ignore_adverts", message)
        return False
    if wanted is None:
        return strict or completion.definitions.owner_ignore_adverts
    if not wanted:
        message = f"strict_mode with priority {OWNER_PRIORITY} requires owner_ignore_adverts"
        completion.reset(draft, "owner_ignore_adverts", message)
    return True
