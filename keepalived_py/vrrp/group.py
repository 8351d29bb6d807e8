"""Sync groups: instances that are master together or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from keepalived_py.model.router import SyncGroup
from keepalived_py.vrrp.instance import Instance
from keepalived_py.vrrp.state import State


@dataclass(slots=True, eq=False)
class Group:
    """A sync group as it runs."""

    config: SyncGroup
    members: tuple[Instance, ...]
    state: State = State.INIT

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def is_healthy(self) -> bool:
        return all(member.is_healthy for member in self.members)

    @property
    def is_owner(self) -> bool:
        """Whether all members own their addresses and are to be master from the beginning."""
        return all(member.wanted is State.MASTER and member.config.is_owner for member in self.members)

    def agree(self) -> None:
        """Nobody begins as master unless all do."""
        if not self.is_owner:
            for member in self.members:
                if member.state is State.INIT and member.wanted is State.MASTER:
                    member.wanted = State.BACKUP

    @property
    def has_master(self) -> bool:
        """Only one that is master as a whole has any, unless a reload has just made it of instances in
        several states: then it has no state yet."""
        return any(member.state is State.MASTER for member in self.members)

    def others(self, instance: Instance) -> Iterable[Instance]:
        return (member for member in self.members if member is not instance)

    def may_follow_to_master(self, instance: Instance) -> bool:
        """Whether `instance` may become master: all the others are or want to be."""
        return self.state is State.MASTER or all(
            other.wanted is State.MASTER for other in self.others(instance)
        )
