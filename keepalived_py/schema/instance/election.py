"""Who becomes master: state, priority, version and rhythm of a virtual router."""

from typing import Any

from keepalived_py.config.statement import Entry
from keepalived_py.model.router import OWNER_PRIORITY, InitialState
from keepalived_py.model.units import SECOND
from keepalived_py.schema.arguments import (
    UINT_MAX,
    Boolean,
    Decimal,
    Integer,
    Words,
)
from keepalived_py.schema.draft import InstanceDraft
from keepalived_py.schema.row import Row, table
from keepalived_py.schema.scope import Scope, head_of


def _bind_state(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    word = statement.words[1]
    if word == "BACKUP" and instance.state is InitialState.MASTER:
        message = f"({instance.name}) state previously set as MASTER - ignoring BACKUP"
        scope.error(statement, "duplicate", message, word=1)
    elif word in InitialState.__members__:
        instance.state = InitialState[word]
    else:
        message = f"({instance.name}) unknown state '{word}', defaulting to BACKUP"
        scope.error(statement, "bad-state", message, word=1, help="MASTER or BACKUP")
        instance.state = InitialState.BACKUP


def _bind_version(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    instance: InstanceDraft = scope.block
    version = Integer(2, 3).read(scope, statement, 1)
    if version is None:
        scope.error(statement, "bad-version", f"({instance.name}): Version must be either 2 or 3", word=1)
    elif instance.version not in (None, version) or (version == 2 and instance.family == 6):
        message = (
            f"({instance.name}) vrrp_version {version} conflicts with configured "
            f"or deduced version {instance.version or 0}; ignoring."
        )
        scope.error(statement, "bad-version", message, word=1)
    else:
        instance.version = version


def _bind_native_ipv6(scope: Scope, row: Row, entry: Entry) -> None:
    instance: InstanceDraft = scope.block
    if instance.family == 4:
        message = f"({instance.name}) Cannot specify native_ipv6 with IPv4 addresses"
        scope.error(head_of(entry), "family", message)
        return
    instance.family, instance.version = 6, 3


_INVALID = "({name}) invalid {keyword} {value} specified"


def _bind_skip_check(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if Boolean().read(scope, statement, 1) is None:
        message = f"({scope.block.name}) invalid skip_check_adv_addr {statement.words[1]} specified"
        scope.error(statement, "bad-boolean", message, word=1, help="true or nothing")
    else:  # keepalived takes `false` for true
        scope.block.skip_check_adv_addr = True


def _bind_timer_expired(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if new := row.renamed_to:
        message = f"({scope.block.name}) {row.name} - please replace with keyword '{new}'"
        scope.error(statement, "deprecated", message, help=new)
    priority: int | None = OWNER_PRIORITY - 1
    if len(statement.words) > 1:
        priority = Integer(1, OWNER_PRIORITY - 1).read(scope, statement, 1)
    if priority is None:
        message = (
            f"({scope.block.name}) timer_expired_backup highest_other_priority not valid! "
            f"must be between 1 & {OWNER_PRIORITY - 1}"
        )
        scope.error(statement, "bad-number", message, word=1)
    else:
        scope.block.highest_other_priority = priority


def _boolean(name: str, field: str, doc: str, invalid: str, **more: Any) -> Row:
    return Row(name=name, field=field, doc=doc, argument=Boolean(), invalid=invalid, **more)


ELECTION = table(
    Row(
        name="state",
        doc="State to start in.",
        argument=Words("MASTER|BACKUP", 1),
        bind=_bind_state,
        default="MASTER if priority is 255, else BACKUP",
    ),
    Row(
        name="virtual_router_id",
        doc="Number of the virtual router, the same on all its nodes.",
        argument=Integer(1, 255),
        field="vrid",
        default="required",
        invalid="({name}): VRID '{value}' not valid - must be between 1 & 255",
    ),
    Row(
        name="priority",
        doc="The highest becomes master; 255 owns the addresses.",
        argument=Integer(1, 255),
        field="priority",
        default="255 with state MASTER, else 100",
        invalid="({name}) Priority not valid! must be between 1 & 255. Using default 100",
        fallback=100,
    ),
    Row(
        name="advert_int",
        doc="Seconds between adverts: whole in version 2, hundredths up to 40.95 in version 3.",
        argument=Decimal(SECOND // 100, 255 * SECOND),
        field="advert_interval_us",
        default="1",
        invalid="({name}) Advert interval ({value}) not valid! Must be > 0 - ignoring",
    ),
    Row(
        name="version",
        doc="Version of VRRP.",
        argument=Words("<INT:2..3>", 1),
        bind=_bind_version,
        default="vrrp_version, for IPv6 3",
    ),
    Row(name="native_ipv6", doc="Be an IPv6 router whatever addresses follow.", bind=_bind_native_ipv6),
    Row(name="nopreempt", doc="Do not take over from a master of lower priority.", field="nopreempt"),
    Row(
        name="preempt",
        doc="Take over from a master of lower priority.",
        field="nopreempt",
        sets=False,
        default="on",
    ),
    Row(
        name="preempt_delay",
        doc="Seconds to leave a master of lower priority alone.",
        argument=Decimal(0, 1000 * SECOND),
        field="preempt_delay_us",
        default="0",
        invalid="({name}) Preempt_delay not valid! must be between 0-1000",
        fallback=0,
    ),
    Row(
        name="down_timer_adverts",
        doc="Adverts that must be missed before the master counts as down.",
        argument=Integer(1, 100, "adverts"),
        field="down_timer_adverts",
        default="vrrp_down_timer_adverts",
        invalid="({name}): Invalid down_timer_adverts [1:100] '{value}'",
    ),
    Row(
        name="accept",
        doc="Accept packets to the addresses when not their owner.",
        field="accept",
        default="on, unless strict_mode",
    ),
    Row(
        name="no_accept",
        doc="Drop packets to the addresses when not their owner.",
        field="accept",
        sets=False,
    ),
    Row(
        name="skip_check_adv_addr",
        doc="Do not compare the addresses in adverts of the master that is known.",
        argument=Boolean(),
        bind=_bind_skip_check,
        default="vrrp_skip_check_adv_addr",
    ),
    _boolean("strict_mode", "strict", "Hold to the RFC.", _INVALID, default="vrrp_strict"),
    _boolean(
        "lower_prio_no_advert",
        "lower_prio_no_advert",
        "As master do not answer adverts of lower priority at once.",
        _INVALID,
        default="vrrp_lower_prio_no_advert",
    ),
    _boolean(
        "higher_prio_send_advert",
        "higher_prio_send_advert",
        "Send an advert before yielding to a higher priority.",
        _INVALID,
        default="vrrp_higher_prio_send_advert",
    ),
    _boolean(
        "owner_ignore_adverts",
        "owner_ignore_adverts",
        "Discard adverts while owner of the addresses.",
        _INVALID,
        default="vrrp_owner_ignore_adverts",
        since="2.3.3",
    ),
    Row(
        name="v3_checksum_as_v2",
        doc="Compute the checksum of version 3 over IPv4 without pseudo-header, as version 2 does.",
        argument=Boolean(),
        field="v3_checksum_as_v2",
        invalid=_INVALID,
        since="2.2.8",
        default="v3_checksum_as_v2",
    ),
    Row(
        name="timer_expired_backup",
        doc="Step down if our timer ran so late that a backup of at most this priority may be master.",
        argument=Words("[<INT:1..254>]"),
        bind=_bind_timer_expired,
        since="2.2.8",
        default="off; 254 without a number",
    ),
    Row(
        name="thread_timer_expired",
        doc="Old name of timer_expired_backup.",
        argument=Words("[<INT:1..254>]"),
        bind=_bind_timer_expired,
        renamed_to="timer_expired_backup",
        since="2.3.2",
    ),
    Row(
        name="kernel_rx_buf_size",
        doc="Octets of the receive buffer of adverts.",
        argument=Integer(0, UINT_MAX, "bytes"),
        field="kernel_rx_buffer_bytes",
        invalid="({name}) invalid kernel_rx_buf_size specified",
        missing="({name}) invalid kernel_rx_buf_size specified",
        default="vrrp_rx_bufs_policy",
    ),
    Row(
        name="debug",
        doc="Has no function.",
        argument=Integer(0, 4),
        field="debug",
        invalid="({name}) Debug value '{value}' not valid; must be between 0-4",
        default="0",
    ),
)
