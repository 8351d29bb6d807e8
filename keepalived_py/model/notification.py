"""Whom to tell of a state change."""

from dataclasses import dataclass

from keepalived_py.model.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyScripts:
    """The `notify*` commands of an instance or a group; None where there is none."""

    master: Command | None = None
    backup: Command | None = None
    fault: Command | None = None
    stop: Command | None = None
    deleted: Command | None = None
    any: Command | None = None
    """`notify`: run on every change with INSTANCE|GROUP, name, state and priority appended."""
    master_rx_lower_pri: Command | None = None
    smtp_alert: bool | None = None
    """None: as `smtp_alert_vrrp`, `smtp_alert`."""
    report_deleted: bool = False
    """`notify_deleted` was given: report DELETED, not FAULT, for an instance that a reload removes."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """Those that are given."""
        given = (self.master, self.backup, self.fault, self.stop, self.deleted, self.any)
        return tuple(it for it in (*given, self.master_rx_lower_pri) if it is not None)
