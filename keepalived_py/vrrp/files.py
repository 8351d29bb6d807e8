"""`track_file`: what a number in a file does to an instance."""

from keepalived_py.model.tracking import Weight

FAULT_STATUS = -254
"""The least that a file can add to a priority; it puts the instance into FAULT."""
_STATUS_MAX = 253


def file_status(value: int, weight: Weight) -> int:
    """The number times the weight, FAULT_STATUS..253, negated by `reverse`.

    With weight 0 any number but 0 is a fault; reversed, 0 is.
    """
    if not weight.value:
        return FAULT_STATUS if bool(value) is not weight.reverse else 0
    status = value * weight.value
    return max(FAULT_STATUS, min(-status if weight.reverse else status, _STATUS_MAX))
