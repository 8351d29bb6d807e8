"""When checks are made: keywords that virtual servers, real servers and checkers share, each with its
own words for a bad value."""

from keepalived_py.schema.arguments import UINT_MAX, Decimal, Integer
from keepalived_py.schema.row import Row, table

TIMER_MAX_US = 2**64 - 2
TIMER, INTERVAL = Decimal(0, TIMER_MAX_US), Decimal(1, TIMER_MAX_US)
CONNECT_TIMEOUT = Decimal(1, UINT_MAX)


def timing(
    *,
    retry: str,
    delay_before_retry: str,
    warmup: str,
    delay_loop: str,
    inherited: str,
    retry_least: int = 1,
    delay_loop_default: str = "",
) -> dict[str, Row]:
    """The rows, given what is said of a bad value of each, and where defaults come from."""
    return table(
        Row(
            name="retry",
            doc="So many failures in a row are retried before a checker counts as failed.",
            argument=Integer(retry_least, UINT_MAX, "retries"),
            field="retry",
            default=inherited,
            invalid=retry,
        ),
        Row(
            name="delay_before_retry",
            doc="Seconds before a failed check is tried again.",
            argument=TIMER,
            field="delay_before_retry_us",
            default=inherited,
            invalid=delay_before_retry,
        ),
        Row(
            name="warmup",
            doc="The first check is made within so many seconds, at a random moment.",
            argument=TIMER,
            field="warmup_us",
            default=f"{inherited}, else delay_loop",
            invalid=warmup,
        ),
        Row(
            name="delay_loop",
            doc="Seconds between two checks.",
            argument=INTERVAL,
            field="delay_loop_us",
            default=delay_loop_default or inherited,
            invalid=delay_loop,
        ),
    )


def connect_timeout(invalid: str, default: str) -> Row:
    """The row of `connect_timeout` of a virtual or real server."""
    return Row(
        name="connect_timeout",
        doc="Seconds that making a connection may take.",
        argument=CONNECT_TIMEOUT,
        field="connect_timeout_us",
        default=default,
        invalid=invalid,
    )
